import { defineRule } from '#rule';

export default defineRule({
  title: 'Pod must not share the IPC namespace of the node',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostIPC'],
  scope: 'resource',
  fix: 'suggestion: remove hostIPC',
  messages: {
    shared: "{workload} shares the node's IPC namespace, so it can access shared memory of other processes",
  },
  help: 'Remove hostIPC: true from the pod spec',
  equivalents: [
    'kube-linter:host-ipc',
    'polaris:hostIPCSet',
    'checkov:CKV_K8S_18',
    'trivy:KSV-0008',
    'kubescape:C-0038',
    'kubescape:C-0195',
    'kubescape:C-0276',
    'cis-eks-1.7:4.2.3',
    'prowler:core_minimize_hostIPC_containers',
    'monokle:PSS102',
    'kics:Shared Host IPC Namespace',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'CIS Amazon EKS Benchmark 1.7'],
  check({ pod, title }, { report }) {
    if (pod.hostIPC !== true) return;
    report({
      message: 'shared',
      data: { workload: title },
      on: pod,
      key: 'hostIPC',
      fix: { safe: false, edits: [{ op: 'remove', on: pod, key: 'hostIPC' }] },
    });
  },
});
