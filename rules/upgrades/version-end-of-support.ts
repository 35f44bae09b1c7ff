import { defineRule } from '#rule';
import { calendarOf, clusterTitle, olderThanCalendar, upgradeEdits } from '#rule/cluster';

export default defineRule({
  title: 'Kubernetes version must be supported by EKS',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: use the next minor version; repeat until the version is in standard support',
  options: {
    today: { type: 'string', default: '', description: 'Date to judge by, e.g. 2026-11-21. If empty, today.' },
  },
  messages: {
    over: 'Kubernetes {version} of {cluster} is past extended support{since}, so EKS upgrades it automatically and rejects new clusters with it',
  },
  help: 'Upgrade one minor version at a time until the version is in standard support, e.g. 1.35',
  equivalents: [
    'checkov:CKV_AWS_339',
    'prowler:eks_cluster_uses_a_supported_version',
    'securityhub:EKS.2',
    'hardeneks:check_eks_version',
  ],
  sources: ['Amazon EKS User Guide, Kubernetes version lifecycle', 'AWS Security Hub CSPM, EKS.2'],
  check(cluster, { options, today: now, report }) {
    const today = options.today === '' ? now : options.today;
    const { version } = cluster;
    const end = calendarOf(cluster)?.endExtended;
    report({
      when: version.where((one) => olderThanCalendar(one) || (end !== undefined && end <= today)),
      message: 'over',
      data: {
        version: version.value ?? '',
        cluster: clusterTitle(cluster),
        since: end === undefined ? '' : ` (ended on ${end})`,
      },
      at: version.at,
      fix: { safe: false, edits: upgradeEdits(cluster) },
    });
  },
});
