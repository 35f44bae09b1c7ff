import { defineRule } from '#rule';

export default defineRule({
  title: 'Pod must not share the PID namespace of the node',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPID'],
  scope: 'resource',
  fix: 'suggestion: remove hostPID',
  messages: {
    shared: "{workload} shares the node's PID namespace, so it can see and signal every process on the node",
  },
  help: 'Remove hostPID: true; to see processes inside the pod, set shareProcessNamespace: true',
  equivalents: [
    'kube-linter:host-pid',
    'polaris:hostPIDSet',
    'checkov:CKV_K8S_17',
    'trivy:KSV-0010',
    'kubescape:C-0038',
    'kubescape:C-0194',
    'kubescape:C-0275',
    'cis-eks-1.7:4.2.2',
    'prowler:core_minimize_hostPID_containers',
    'monokle:PSS102',
    'kics:Shared Host PID Namespace',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'CIS Amazon EKS Benchmark 1.7'],
  check({ pod, title }, { report }) {
    if (pod.hostPID !== true) return;
    report({
      message: 'shared',
      data: { workload: title },
      on: pod,
      key: 'hostPID',
      fix: { safe: false, edits: [{ op: 'remove', on: pod, key: 'hostPID' }] },
    });
  },
});
