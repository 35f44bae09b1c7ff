import { defineRule } from '#rule';
import { calendarOf, clusterHour, clusterTitle, daysBetween } from '#rule/cluster';

/** `tomorrow`, `in 5 days`. */
const inDays = (days: number): string => (days === 1 ? 'tomorrow' : `in ${days} days`);

export default defineRule({
  title: 'Kubernetes version should be upgraded before its support ends',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  options: {
    days: {
      type: 'integer',
      minimum: 0,
      default: 60,
      description: 'Report if support ends within this number of days.',
    },
  },
  messages: {
    standard:
      'Kubernetes {version} of {cluster} enters extended support {soon} ({end}), which costs {extended} instead of {standard} USD per hour',
    extended:
      'Kubernetes {version} of {cluster} leaves extended support {soon} ({end}), after which EKS upgrades it automatically',
    forced:
      'Kubernetes {version} of {cluster} leaves standard support {soon} ({end}), after which EKS upgrades it automatically (support type STANDARD)',
    overdue:
      'Kubernetes {version} of {cluster} left standard support on {end}, so EKS upgrades it automatically (support type STANDARD)',
  },
  help: 'Upgrade one minor version at a time until the version is in standard support, e.g. 1.35',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Kubernetes version lifecycle (60 day notice)',
    'EKS Best Practices Guide, Upgrades > Review the EKS release calendar',
  ],
  check(cluster, { options, today, report }) {
    const { version, supportType } = cluster;
    const row = calendarOf(cluster);
    const forced = supportType.value === 'STANDARD';
    // Support ends at the start of its last day (UTC).
    const inStandard = row !== undefined && row.endStandard > today;
    const endOf = (isForced: boolean): string =>
      (inStandard || isForced ? row?.endStandard : row?.endExtended) ?? today;
    const daysTo = (isForced: boolean): number => daysBetween(today, endOf(isForced));
    // After the end of extended support, upgrades/version-end-of-support reports.
    const isSoon = (isForced: boolean) =>
      version.where(() => row !== undefined && row.endExtended > today && daysTo(isForced) <= options.days);
    const isForced = supportType.is('STANDARD');
    const when = isForced.and(isSoon(true)).or(isForced.not().and(isSoon(false)));
    const days = daysTo(forced);
    const facts = { version: version.value ?? '', cluster: clusterTitle(cluster), end: endOf(forced) };
    const at = version.at;
    const soon = inDays(days);
    const price = { standard: clusterHour.standard.toFixed(2), extended: clusterHour.extended.toFixed(2) };
    if (forced && days <= 0) report({ when, message: 'overdue', data: facts, at, severity: 'high' });
    else if (forced) report({ when, message: 'forced', data: { ...facts, soon }, at, severity: 'high' });
    else if (inStandard || !row) report({ when, message: 'standard', data: { ...facts, soon, ...price }, at });
    else report({ when, message: 'extended', data: { ...facts, soon }, at });
  },
});
