import { defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Cluster creator should not remain an administrator',
  severity: 'medium',
  preset: 'strict',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: set it to false',
  messages: {
    on: 'The identity that creates {cluster}, usually a CI role, becomes its administrator and keeps full access',
  },
  help: 'Set bootstrapClusterCreatorAdminPermissions to false and add an access entry for the administrators in the same change',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Remove the cluster-admin permissions from the cluster creator',
    'terraform-aws-eks: bootstrap_cluster_creator_admin_permissions',
  ],
  check(cluster, { report }) {
    const { creatorAdmin, outpost } = cluster;
    report({
      when: creatorAdmin.is(true).and(outpost.is(true).not()),
      message: 'on',
      data: { cluster: clusterTitle(cluster) },
      at: creatorAdmin.at,
      fix: { safe: false, edits: creatorAdmin.write(false) },
    });
  },
});
