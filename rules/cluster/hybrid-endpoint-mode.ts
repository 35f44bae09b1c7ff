import { defineRule } from '#rule';
import { clusterStart, whereWritten } from '#rule/cluster';

export default defineRule({
  title: 'Cluster with hybrid nodes should have only one API endpoint',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    both: '{cluster} has hybrid nodes and both API endpoints, so the nodes resolve the public address and may not reach it',
  },
  help: 'Set EndpointPublicAccess (Terraform endpoint_public_access, eksctl clusterEndpoints.publicAccess) or its private counterpart to false',
  equivalents: [],
  sources: ['Amazon EKS User Guide, EKS Hybrid Nodes prerequisites'],
  check(cluster, { report }) {
    const { endpoint, network } = cluster;
    report({
      when: network.remoteNodes.empty.not().and(endpoint.public.is(true)).and(endpoint.private.is(true)),
      message: 'both',
      data: { cluster: clusterStart(cluster) },
      at: whereWritten(endpoint.public, endpoint.private),
    });
  },
});
