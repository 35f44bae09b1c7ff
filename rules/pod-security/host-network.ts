import { defineRule } from '#rule';

export default defineRule({
  title: 'Pod must not use the host network',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'safe: remove hostNetwork',
  options: {
    allowedNamespaces: {
      type: 'array',
      items: { type: 'string' },
      default: ['kube-system'],
      description: 'Namespaces whose pods are left out.',
    },
  },
  messages: {
    shared:
      '{workload} uses the network of its node, so NetworkPolicies pass it by and it reaches what listens on the node alone',
  },
  equivalents: [
    'kube-linter:host-network',
    'polaris:hostNetworkSet',
    'checkov:CKV_K8S_19',
    'trivy:KSV-0009',
    'kubescape:C-0041',
    'kubescape:C-0196',
    'cis-eks-1.7:4.2.4',
    'prowler:core_minimize_hostNetwork_containers',
    'monokle:PSS102',
    'kics:Shared Host Network Namespace',
  ],
  sources: [
    'Kubernetes documentation, Pod Security Standards',
    'CIS Amazon EKS Benchmark 1.7',
    'EKS Best Practices Guide, Security',
  ],
  check({ pod, namespace, title }, { options, report }) {
    if (pod.hostNetwork !== true || options.allowedNamespaces.includes(namespace)) return;
    report({
      message: 'shared',
      data: { workload: title },
      on: pod,
      key: 'hostNetwork',
      fix: { safe: true, edits: [{ op: 'remove', on: pod, key: 'hostNetwork' }] },
    });
  },
});
