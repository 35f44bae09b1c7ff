import { calendarOf, clusterTitle, defineRule, olderThanCalendar, upgradeEdits } from '#rule';

export default defineRule({
  title: 'Kubernetes version is past extended support',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: the next minor version; repeat until a version in standard support is reached',
  options: {
    today: { type: 'string', default: '', description: 'The day to judge by, as 2026-11-21; empty = today.' },
  },
  messages: {
    over: 'Kubernetes {version} of {cluster} is out of all support{since}, so EKS upgrades it whenever it likes and creates no cluster with it any more',
  },
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
    const end = calendarOf(version.value ?? '')?.endExtended;
    report({
      when: version.where((one) => olderThanCalendar(one) || (end !== undefined && end < today)),
      message: 'over',
      data: {
        version: version.value ?? '',
        cluster: clusterTitle(cluster),
        since: end === undefined ? '' : ` since ${end}`,
      },
      at: version.at,
      fix: { safe: false, edits: upgradeEdits(cluster) },
    });
  },
});
