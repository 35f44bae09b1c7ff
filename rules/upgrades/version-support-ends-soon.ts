import { calendarOf, clusterTitle, daysBetween, defineRule } from '#rule';

export default defineRule({
  title: 'Support of this version ends soon',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  options: {
    days: {
      type: 'integer',
      minimum: 0,
      default: 60,
      description: 'Days before the end of support from which on it is reported.',
    },
  },
  messages: {
    standard:
      'Standard support of Kubernetes {version} ends on {end}, in {days} days; from then on {cluster} costs six times as much',
    extended:
      'Extended support of Kubernetes {version} ends on {end}, in {days} days; then EKS upgrades {cluster} by itself',
    forced:
      'Standard support of Kubernetes {version} ends on {end}, in {days} days, and EKS then upgrades {cluster} by itself because its support type is STANDARD',
    overdue:
      'Standard support of Kubernetes {version} ended on {end}, so EKS upgrades {cluster} by itself any day because its support type is STANDARD',
  },
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Kubernetes version lifecycle (60 day notice)',
    'EKS Best Practices Guide, Upgrades > Review the EKS release calendar',
  ],
  check(cluster, { options, today, report }) {
    const { version, supportType } = cluster;
    const row = calendarOf(version.value ?? '');
    const forced = supportType.value === 'STANDARD';
    const inStandard = row !== undefined && row.endStandard >= today;
    const end = row && (inStandard || forced ? row.endStandard : row.endExtended);
    const days = end === undefined ? 0 : daysBetween(today, end);
    const facts = { version: version.value ?? '', cluster: clusterTitle(cluster), end: end ?? '' };
    const at = version.at;
    // Behind the end of extended support, upgrades/version-end-of-support speaks.
    const when = version
      .where(() => row !== undefined && row.endExtended >= today && days <= options.days)
      .and(supportType.present);
    if (!forced) report({ when, message: inStandard || !row ? 'standard' : 'extended', data: { ...facts, days }, at });
    else if (days < 0) report({ when, message: 'overdue', data: facts, at, severity: 'high' });
    else report({ when, message: 'forced', data: { ...facts, days }, at, severity: 'high' });
  },
});
