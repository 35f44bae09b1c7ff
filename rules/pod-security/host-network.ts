import { defineRule } from '#rule';
import { allowedNamespaces, isHostProcess } from '#rule/pod';

export default defineRule({
  title: 'Pod must not use the network of the node',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostNetwork'],
  scope: 'resource',
  fix: 'suggestion: remove hostNetwork',
  options: {
    allowedNamespaces,
  },
  messages: {
    shared: "{workload} uses the node's network, so NetworkPolicies do not apply and node-local services are reachable",
  },
  help: 'Remove hostNetwork: true and expose the pod through a Service',
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
  check(workload, { options, report }) {
    const { pod, namespace, title } = workload;
    if (pod.hostNetwork !== true || options.allowedNamespaces.includes(namespace)) return;
    // The API server rejects HostProcess pods without hostNetwork (Kubernetes documentation, Create a Windows
    // HostProcess Pod)
    if (isHostProcess(workload)) return;
    report({
      message: 'shared',
      data: { workload: title },
      on: pod,
      key: 'hostNetwork',
      fix: { safe: false, edits: [{ op: 'remove', on: pod, key: 'hostNetwork' }] },
    });
  },
});
