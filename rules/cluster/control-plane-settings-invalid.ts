import { defineRule, type Value } from '#rule';
import { clusterStart, minorOf } from '#rule/cluster';
import { editDistance } from '#rule/nearest';

const tiers = ['standard', 'tier-xl', 'tier-2xl', 'tier-4xl', 'tier-8xl', 'tier-ultra'];
const egress = ['AWS_MANAGED', 'CUSTOMER_ROUTED', 'CUSTOMER_ISOLATED'];
const strategies = ['LeastAllocated', 'MostAllocated'];
const isMisspelled = (text: string, known: readonly string[]): boolean =>
  !known.includes(text) && known.some((one) => editDistance(text.toLowerCase(), one) <= 2);

export default defineRule({
  title: 'Control plane settings must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    value: '{cluster} has "{value}" as {what}, but EKS accepts only {known}',
    range: '{cluster} has {value} as {what}, outside {range}, so EKS rejects it',
    ports: '{cluster} has node ports from {from} to {to}, so EKS rejects it',
    version: '{cluster} sets control plane parameters, which EKS does not support on Kubernetes {version}',
  },
  help: {
    value: 'Use an accepted value: {known}',
    range: 'Use a number from {range}',
    ports: 'Use a range within 1 to 65535, lower port first, e.g. 30000-32767',
    version: 'Upgrade to Kubernetes 1.31 or newer, or remove the parameters',
  },
  equivalents: [],
  sources: [
    'Amazon EKS API Reference, CreateCluster and UpdateClusterVersion',
    'AWS CloudFormation schema, AWS::EKS::Cluster',
    'Amazon EKS User Guide, Control plane configuration',
  ],
  check(cluster, { report }) {
    const { controlPlane, egressMode, version } = cluster;
    const name = clusterStart(cluster);
    const judge = (what: string, fact: Value<string>, allowed: (one: string) => boolean, known: string): void =>
      report({
        when: fact.where((one) => !allowed(one)),
        message: 'value',
        data: { cluster: name, what, value: fact.value ?? '', known },
        at: fact.at,
      });
    // A tier that is newer than this rule is not an error.
    judge('tier', controlPlane.tier, (one) => !isMisspelled(one, tiers), tiers.join(', '));
    judge('egress mode', egressMode, (one) => egress.includes(one), egress.join(', '));
    judge('scoring strategy', controlPlane.scoringStrategy, (one) => strategies.includes(one), strategies.join(', '));
    for (const [what, fact] of [
      ['event lifetime', controlPlane.eventTtl],
      ['sync period', controlPlane.autoscalerSyncPeriod],
    ] as const)
      judge(what, fact, (one) => /^\d+(?:ms|s|m|h)$/.test(one), '60m');
    const numbers = [
      ['rollback timeout', controlPlane.rollbackTimeout, 120, 10_080],
      ['terminated pod limit', controlPlane.terminatedPods, 1, 1_000_000],
      ...[...controlPlane.scoringWeights].map((weight) => ['weight', weight, 1, 100] as const),
    ] as const;
    for (const [what, fact, low, high] of numbers)
      report({
        when: fact.where((one) => one < low || one > high),
        message: 'range',
        data: { cluster: name, what, value: fact.value ?? '', range: `${low} to ${high}` },
        at: fact.at,
      });
    const { from, to } = controlPlane.nodePorts;
    const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
    const last = to.value;
    report({
      when: from
        .where((port) => !isPort(port) || (last !== undefined && port > last))
        .or(to.where((port) => !isPort(port))),
      message: 'ports',
      data: { cluster: name, from: from.value ?? '', to: to.value ?? '' },
      at: from.at,
    });
    const written = [
      from,
      controlPlane.eventTtl,
      controlPlane.autoscalerSyncPeriod,
      controlPlane.terminatedPods,
      controlPlane.scoringStrategy,
    ].filter((one) => one.written);
    const tuned = written.find(({ state }) => state === 'set') ?? written[0];
    if (tuned)
      report({
        when: tuned.present.and(version.where((one) => (minorOf(one) ?? 31) < 31)),
        message: 'version',
        data: { cluster: name, version: version.value ?? '' },
        at: tuned.at,
      });
  },
});
