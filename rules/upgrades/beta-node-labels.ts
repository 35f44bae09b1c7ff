import { defineRule, Workload } from '#rule';
import { digList, digRecord, table } from '#rule/shape';

/** Labels of nodes that were renamed (Kubernetes documentation, Well-Known Labels). */
const stable: Readonly<Record<string, string>> = table({
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
});
/** The label of control planes, which was removed in 1.24, and which EKS nodes never had. */
const master = 'node-role.kubernetes.io/master';

/** A place where a node label is used: as a key of a map, or as the value of a field. */
interface Use {
  readonly label: string;
  readonly on: object;
  readonly key: string;
  readonly isKey: boolean;
}
const valueAt = (on: Readonly<Record<string, unknown>>, key: string): Use[] => {
  const label = on[key];
  return typeof label === 'string' ? [{ label, on, key, isKey: false }] : [];
};
/** The maps under a key of some maps. */
const inside = (maps: readonly object[], key: string): readonly Readonly<Record<string, unknown>>[] =>
  maps.map((one) => digRecord(one, key)).filter((one) => one !== undefined);
/** The keys of the expressions of node selector terms. */
const termUses = (terms: readonly Readonly<Record<string, unknown>>[]): Use[] =>
  terms.flatMap((term) => digList(term, 'matchExpressions').flatMap((one) => valueAt(one, 'key')));

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function podUses({ pod }: Workload): Use[] {
  const selector = digRecord(pod, 'nodeSelector');
  const nodes = digRecord(pod, 'affinity', 'nodeAffinity');
  return [
    ...Object.keys(selector ?? {}).map((label) => ({ label, on: selector ?? {}, key: label, isKey: true })),
    ...termUses(digList(nodes, required, 'nodeSelectorTerms')),
    ...termUses(inside(digList(nodes, preferred), 'preference')),
    ...['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
      const affinity = digRecord(pod, 'affinity', kind);
      return [...digList(affinity, required), ...inside(digList(affinity, preferred), 'podAffinityTerm')].flatMap(
        (term) => valueAt(term, 'topologyKey'),
      );
    }),
    ...digList(pod, 'topologySpreadConstraints').flatMap((one) => valueAt(one, 'topologyKey')),
    // Add-ons tolerate the old control plane taint, which is harmless.
    ...digList(pod, 'tolerations').flatMap((one) => valueAt(one, 'key').filter(({ label }) => label !== master)),
  ];
}

export default defineRule({
  title: 'Node selectors should use stable labels',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolume', 'StorageClass'],
  needs: ['nodeSelector', 'matchExpressions', 'topologyKey', 'tolerations', 'matchLabelExpressions'],
  scope: 'resource',
  fix: 'safe: use the stable label, except in a PersistentVolume, where it is immutable',
  messages: {
    old: '{subject} uses the deprecated node label {label}, which a later release may no longer set on nodes',
    gone: '{subject} uses node label {label}, which no EKS node has, so it matches no node',
  },
  help: {
    old: 'Use the stable label: topology.kubernetes.io/zone or region, kubernetes.io/arch or os, node.kubernetes.io/instance-type',
    gone: 'Remove the label; EKS does not run pods on its control plane',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Well-Known Labels'],
  check(subject, { report }) {
    const uses =
      subject instanceof Workload
        ? podUses(subject)
        : subject.kind === 'PersistentVolume'
          ? termUses(digList(subject.object, 'spec', 'nodeAffinity', 'required', 'nodeSelectorTerms'))
          : digList(subject.object, 'allowedTopologies').flatMap((one) =>
              digList(one, 'matchLabelExpressions').flatMap((expression) => valueAt(expression, 'key')),
            );
    for (const { label, on, key, isKey } of uses) {
      if (label === master) report({ message: 'gone', data: { subject: subject.title, label }, on, key });
      const better = Object.hasOwn(stable, label) ? stable[label] : undefined;
      if (better === undefined) continue;
      const isFixable = subject.kind !== 'PersistentVolume' && !(isKey && Object.hasOwn(on, better));
      report({
        message: 'old',
        data: { subject: subject.title, label },
        on,
        key,
        ...(isFixable
          ? {
              fix: {
                safe: true,
                edits: [{ op: isKey ? ('rename' as const) : ('set' as const), on, key, value: better }],
              },
            }
          : {}),
      });
    }
  },
});
