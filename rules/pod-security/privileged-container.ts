import { defineRule } from '#rule';
import { allowedNamespaces, privilegedChange } from '#rule/pod';
import { doubtOf, unrendered, whyTemplate } from '#rule/unknown';

export default defineRule({
  title: 'Container must not run privileged',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['privileged'],
  scope: 'resource',
  fix: 'suggestion: remove securityContext.privileged',
  options: {
    allowedNamespaces,
  },
  messages: {
    privileged:
      'Container "{container}" of {workload} is privileged, so a compromise of it is a compromise of the node',
  },
  help: 'Remove privileged: true and add only the capability or device that the program needs',
  equivalents: [
    'kube-linter:privileged-container',
    'kube-score:container-security-context-privileged',
    'polaris:runAsPrivileged',
    'checkov:CKV_K8S_16',
    'trivy:KSV-0017',
    'kubescape:C-0057',
    'kubescape:C-0193',
    'cis-eks-1.7:4.2.1',
    'prowler:core_minimize_privileged_containers',
    'monokle:PSS103',
    'kics:Container Is Privileged',
  ],
  sources: [
    'Kubernetes documentation, Pod Security Standards',
    'NSA/CISA Kubernetes Hardening Guide',
    'CIS Amazon EKS Benchmark 1.7',
  ],
  check(workload, { options, report, undetermined }) {
    if (options.allowedNamespaces.includes(workload.namespace)) return;
    let open: (typeof workload.containers)[number] | undefined;
    for (const container of workload.containers) {
      const { security } = container;
      if (security && unrendered(security.privileged)) undetermined(whyTemplate, { on: security, key: 'privileged' });
      if (!security || !container.privileged) {
        open ??= container;
        continue;
      }
      report({
        message: 'privileged',
        data: { container: container.name, workload: workload.title },
        on: security,
        key: 'privileged',
        fix: { safe: false, edits: [{ op: 'remove', on: security, key: 'privileged' }] },
      });
    }
    const change = open && privilegedChange(workload);
    if (open && change) undetermined(doubtOf(change), { on: open.object, key: 'securityContext' });
  },
});
