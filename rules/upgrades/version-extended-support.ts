import { calendarOf, clusterHour, clusterTitle, defineRule, upgradeEdits } from '#rule';

export default defineRule({
  title: 'Kubernetes version is in paid extended support',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: next minor version',
  messages: {
    extended:
      'Standard support of Kubernetes {version} ended on {endStandard}: {cluster} costs {extended} instead of {standard} USD an hour until EKS upgrades it by force after {endExtended}',
  },
  equivalents: ['securityhub:EKS.2', 'hardeneks:check_eks_version'],
  sources: [
    'Amazon EKS User Guide, Kubernetes version lifecycle',
    'EKS Best Practices Guide, Upgrades > Keep your cluster up-to-date',
  ],
  check(cluster, { today, report }) {
    const { version, supportType } = cluster;
    // A cluster without extended support is upgraded instead: upgrades/version-support-ends-soon tells of it.
    if (supportType.value === 'STANDARD') return;
    const { endStandard = '', endExtended = '' } = calendarOf(version.value ?? '') ?? {};
    report({
      when: version
        .where(() => endStandard !== '' && endStandard < today && endExtended >= today)
        .and(supportType.present),
      message: 'extended',
      at: version.at,
      fix: { safe: false, edits: upgradeEdits(cluster) },
      data: {
        version: version.value ?? '',
        cluster: clusterTitle(cluster),
        endStandard,
        endExtended,
        standard: clusterHour.standard.toFixed(2),
        extended: clusterHour.extended.toFixed(2),
      },
    });
  },
});
