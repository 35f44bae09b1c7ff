import { defineRule } from '#rule';
import { clusterStart, whereWritten } from '#rule/cluster';

export default defineRule({
  title: 'Cluster must have an API endpoint',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'safe: enable the private endpoint',
  messages: {
    none: '{cluster} has neither a public nor a private API endpoint, so EKS rejects it',
  },
  help: 'Set EndpointPrivateAccess (Terraform endpoint_private_access, eksctl clusterEndpoints.privateAccess) to true',
  equivalents: [],
  sources: ['eksctl validation and schema: one of public or private clusterEndpoints must be enabled'],
  check(cluster, { report }) {
    const { public: isPublic, private: isPrivate } = cluster.endpoint;
    report({
      when: isPrivate.is(false).and(isPublic.is(false)),
      message: 'none',
      data: { cluster: clusterStart(cluster) },
      at: whereWritten(isPublic, isPrivate),
      fix: { safe: true, edits: isPrivate.write(true) },
    });
  },
});
