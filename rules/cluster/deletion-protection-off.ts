import { defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Cluster should have deletion protection',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: enable deletion protection',
  options: {
    skipTags: {
      type: 'array',
      items: { type: 'string', pattern: '^[^=]+=.*$' },
      default: ['environment=dev', 'environment=test', 'environment=sandbox'],
      description: 'Clusters with one of these tags may be deleted, as key=value; case does not matter.',
    },
  },
  messages: {
    off: 'Deletion protection of {cluster} is off, so one mistaken command deletes the cluster and everything that runs on it',
  },
  help: 'Set DeletionProtection (Terraform deletion_protection) to true',
  equivalents: ['prowler:eks_cluster_deletion_protection_enabled'],
  sources: ['Amazon EKS User Guide, Protect EKS clusters from accidental deletion'],
  check(cluster, { options, report }) {
    const { deletionProtection, tags } = cluster;
    if (!deletionProtection.sayable) return;
    const skipped = options.skipTags.map((tag) => tag.toLowerCase());
    const [keys, pairs] = [skipped.map((tag) => tag.slice(0, tag.indexOf('='))), new Set(skipped)];
    const lacks = tags.lacks(({ key, value }) =>
      key
        .where((one) => keys.includes(one.toLowerCase()))
        .and(value.where((one) => pairs.has(`${(key.value ?? '').toLowerCase()}=${one.toLowerCase()}`))),
    );
    report({
      when: deletionProtection.is(false).and(lacks),
      message: 'off',
      data: { cluster: clusterTitle(cluster) },
      at: deletionProtection.at,
      fix: { safe: false, edits: deletionProtection.write(true) },
    });
  },
});
