import { defineRule } from '#rule';
import { addedCapabilities, containerContext, contextEdit } from '#rule/pod';

export default defineRule({
  title: 'Container should set allowPrivilegeEscalation to false',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set allowPrivilegeEscalation to false',
  messages: {
    missing:
      'Container "{container}" of {workload} does not set allowPrivilegeEscalation: false, so setuid binaries can gain root',
  },
  help: 'Set securityContext.allowPrivilegeEscalation: false',
  family: { of: containerContext, as: { missing: 'set allowPrivilegeEscalation: false' } },
  equivalents: [
    'polaris:privilegeEscalationAllowed',
    'checkov:CKV_K8S_20',
    'trivy:KSV-0001',
    'kubescape:C-0016',
    'kubescape:C-0197',
    'prowler:core_minimize_allowPrivilegeEscalation_containers',
    'monokle:PSS202',
    'kics:Privilege Escalation Allowed',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'CIS Amazon EKS Benchmark 1.7'],
  check(workload, { report }) {
    if (workload.windows) return;
    for (const container of workload.containers) {
      const written: unknown = container.security?.allowPrivilegeEscalation;
      if (container.privileged || written === true || written === false) continue;
      const edit = contextEdit(container.object, 'allowPrivilegeEscalation', false);
      // The API server rejects false next to CAP_SYS_ADMIN, which capability-dangerous-added reports.
      const fixable = !addedCapabilities(container).some(({ name }) => name === 'SYS_ADMIN');
      report({
        message: 'missing',
        data: { container: container.name, workload: workload.title },
        on: edit.on,
        key: edit.key,
        ...(fixable ? { fix: { safe: false, edits: [edit] } } : {}),
      });
    }
  },
});
