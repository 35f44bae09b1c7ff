import { defineRule } from '#rule';
import { addedCapabilities } from '#rule/pod';

export default defineRule({
  title: 'Container must not allow privilege escalation',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['allowPrivilegeEscalation'],
  scope: 'resource',
  fix: 'suggestion: set allowPrivilegeEscalation to false',
  messages: {
    enabled:
      'Container "{container}" of {workload} sets allowPrivilegeEscalation: true, so setuid binaries can gain root',
  },
  help: 'Set allowPrivilegeEscalation: false; remove SYS_ADMIN first if the container adds it',
  equivalents: [
    'kube-linter:privilege-escalation-container',
    'hardeneks:disallow_privilege_escalation',
    'cis-eks-1.7:4.2.5',
    'kubescape:C-0016',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'CIS Amazon EKS Benchmark 1.7'],
  check(workload, { report }) {
    if (workload.windows) return;
    for (const container of workload.containers) {
      const { security } = container;
      if (container.privileged || security?.allowPrivilegeEscalation !== true) continue;
      // The API server rejects false next to CAP_SYS_ADMIN, which capability-dangerous-added reports
      const fixable = !addedCapabilities(container).some(({ name }) => name === 'SYS_ADMIN');
      report({
        message: 'enabled',
        data: { container: container.name, workload: workload.title },
        on: security,
        key: 'allowPrivilegeEscalation',
        ...(fixable
          ? {
              fix: { safe: false, edits: [{ op: 'set', on: security, key: 'allowPrivilegeEscalation', value: false }] },
            }
          : {}),
      });
    }
  },
});
