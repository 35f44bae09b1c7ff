import { defineRule } from '#rule';
import { calendarOf, clusterHour, clusterTitle, upgradeEdits } from '#rule/cluster';

export default defineRule({
  title: 'Kubernetes version must be in standard support',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: use the next minor version',
  messages: {
    extended:
      'Kubernetes {version} of {cluster} entered extended support on {endStandard} ({extended} instead of {standard} USD per hour), and EKS upgrades it after {endExtended}',
  },
  help: 'Upgrade one minor version at a time until the version is in standard support, e.g. 1.35',
  equivalents: ['securityhub:EKS.2', 'hardeneks:check_eks_version'],
  sources: [
    'Amazon EKS User Guide, Kubernetes version lifecycle',
    'EKS Best Practices Guide, Upgrades > Keep your cluster up-to-date',
  ],
  check(cluster, { today, report }) {
    const { version, supportType } = cluster;
    // A cluster without extended support is upgraded instead; upgrades/version-support-ends-soon reports it.
    if (supportType.value === 'STANDARD') return;
    const { endStandard = '', endExtended = '' } = calendarOf(cluster) ?? {};
    report({
      when: version
        .where(() => endStandard !== '' && endStandard <= today && endExtended > today)
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
