import { defineRule } from '#rule';
import { mountsToken } from '#rule/rbac';

export default defineRule({
  title: 'Workload should use its own service account',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  messages: {
    shared: '{workload} runs as ServiceAccount "default", so it shares permissions with other pods in the namespace',
  },
  help: 'Create a ServiceAccount for it and set serviceAccountName, or set automountServiceAccountToken: false',
  equivalents: [
    'kube-linter:default-service-account',
    'popeye:300',
    'cis-eks-1.7:4.1.5',
    'kubescape:C-0189',
    'kubescape:C-0225',
    'kics:Service Account Name Undefined Or Empty',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7'],
  check(workload, { report, workspace }) {
    if (workload.template.spec === undefined || (workload.serviceAccount || 'default') !== 'default') return;
    if (workload.pod.automountServiceAccountToken === false) return;
    if (!mountsToken(workload, workspace.unit(workload))) return;
    const key =
      'serviceAccount' in workload.pod && !('serviceAccountName' in workload.pod)
        ? 'serviceAccount'
        : 'serviceAccountName';
    report({ message: 'shared', data: { workload: workload.title }, on: workload.pod, key });
  },
});
