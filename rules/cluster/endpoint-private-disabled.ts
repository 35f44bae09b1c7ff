import { defineRule } from '#rule';
import { clusterTitle, whereWritten } from '#rule/cluster';

export default defineRule({
  title: 'Nodes should reach the API server inside the VPC',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'safe: enable the private endpoint',
  messages: {
    off: 'The private API endpoint of {cluster} is off, so traffic from its nodes to the API server leaves the VPC',
  },
  help: 'Set EndpointPrivateAccess (Terraform endpoint_private_access, eksctl clusterEndpoints.privateAccess) to true',
  equivalents: [
    'prowler:eks_cluster_private_nodes_enabled',
    'cis-eks-1.7:5.4.2',
    'cis-eks-1.8:5.4.2',
    'kubescape:C-0228',
  ],
  sources: ['EKS Best Practices Guide, Networking > VPC and Subnet Considerations', 'CIS Amazon EKS Benchmark, 5.4.2'],
  check(cluster, { report, judges }) {
    const { public: isPublic, private: isPrivate } = cluster.endpoint;
    // Without any endpoint the cluster is unreachable, which is reported once.
    const other = judges('cluster/endpoint-none') ? isPublic.is(false).not() : cluster.outpost.is(true).not();
    report({
      when: isPrivate.is(false).and(other).and(cluster.outpost.is(true).not()),
      message: 'off',
      data: { cluster: clusterTitle(cluster) },
      at: whereWritten(isPrivate, isPublic),
      fix: { safe: true, edits: isPrivate.write(true) },
    });
  },
});
