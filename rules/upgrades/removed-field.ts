import { defineRule, type Severity } from '#rule';
import { targetOf, targetVersion } from '#rule/api';
import { dig, digList, digRecord } from '#rule/shape';

interface Row {
  readonly kind: string;
  readonly field: string;
  readonly deprecated: number;
  /** The minor version since which it has no effect or is rejected. */
  readonly removed: number | undefined;
  readonly severity: Severity;
  /** The maps that contain the field, if its value is deprecated. */
  readonly find: (resource: { readonly object: object }) => readonly object[];
  readonly key: string;
  /** The value that replaces it, and the minor version that introduced it. */
  readonly better?: { readonly value: unknown; readonly since: number };
}

/** The map at a path, if its key passes a test. */
const where =
  (path: readonly string[], key: string, test: (value: unknown) => boolean) =>
  ({ object }: { readonly object: object }): readonly object[] => {
    const on = digRecord(object, ...path);
    return on && test(on[key]) ? [on] : [];
  };
const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Deprecated fields and values without a separate rule (Kubernetes API reference; changelogs). */
const rows: readonly Row[] = [
  {
    kind: 'Service',
    field: 'spec.topologyKeys',
    deprecated: 21,
    removed: 22,
    severity: 'medium',
    key: 'topologyKeys',
    find: where(['spec'], 'topologyKeys', isSet),
  },
  {
    kind: 'Service',
    field: 'spec.trafficDistribution: PreferClose',
    deprecated: 34,
    removed: undefined,
    severity: 'low',
    key: 'trafficDistribution',
    find: where(['spec'], 'trafficDistribution', (value) => value === 'PreferClose'),
    better: { value: 'PreferSameZone', since: 34 },
  },
  {
    kind: 'Service',
    field: 'spec.loadBalancerIP',
    deprecated: 24,
    removed: undefined,
    severity: 'low',
    key: 'loadBalancerIP',
    find: where(['spec'], 'loadBalancerIP', isSet),
  },
  {
    kind: 'PersistentVolume',
    field: 'spec.persistentVolumeReclaimPolicy: Recycle',
    deprecated: 11,
    removed: undefined,
    severity: 'medium',
    key: 'persistentVolumeReclaimPolicy',
    find: where(['spec'], 'persistentVolumeReclaimPolicy', (value) => value === 'Recycle'),
    better: { value: 'Retain', since: 0 },
  },
  {
    kind: 'Node',
    field: 'spec.configSource',
    deprecated: 22,
    removed: 24,
    severity: 'medium',
    key: 'configSource',
    find: where(['spec'], 'configSource', isSet),
  },
  {
    kind: 'EndpointSlice',
    field: 'endpoints[].deprecatedTopology',
    deprecated: 20,
    removed: undefined,
    severity: 'medium',
    key: 'deprecatedTopology',
    find: ({ object }) => digList(object, 'endpoints').filter((one) => isSet(dig(one, 'deprecatedTopology'))),
  },
  {
    kind: 'CustomResourceDefinition',
    field: 'spec.preserveUnknownFields: true',
    deprecated: 16,
    removed: 22,
    severity: 'medium',
    key: 'preserveUnknownFields',
    find: where(['spec'], 'preserveUnknownFields', (value) => value === true),
    better: { value: false, since: 0 },
  },
];
const byKind = new Map<string, Row[]>();
for (const row of rows) byKind.set(row.kind, [...(byKind.get(row.kind) ?? []), row]);

export default defineRule({
  title: 'Field or value should not be deprecated or removed',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource', 'CustomResourceDefinition'],
  scope: 'resource',
  fix: 'suggestion: use the new value',
  options: {
    targetVersion,
  },
  messages: {
    removed: '{subject} sets {field}, which Kubernetes 1.{removed} and later ignore or reject, so it has no effect',
    deprecated:
      '{subject} sets {field}, deprecated since Kubernetes 1.{deprecated}, which a later release may ignore or reject',
  },
  help: 'Use the replacement, e.g. trafficDistribution: PreferSameZone, a load balancer annotation, reclaim policy Delete, or a CRD schema',
  equivalents: [],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(subject, { options, target: ofTheRun, report }) {
    const target = targetOf(options.targetVersion, ofTheRun);
    for (const { deprecated, removed, severity, field, key, find, better } of byKind.get(subject.kindName) ?? []) {
      if (deprecated > target.highest) continue;
      for (const on of find(subject)) {
        const place = { on, key };
        const rest = {
          ...place,
          ...(severity === 'medium' ? {} : { severity }),
          ...(better && better.since <= target.lowest
            ? { fix: { safe: false, edits: [{ op: 'set' as const, ...place, value: better.value }] } }
            : {}),
        };
        if (removed !== undefined && removed <= target.highest)
          report({ message: 'removed', data: { subject: subject.title, field, removed }, minor: removed, ...rest });
        else report({ message: 'deprecated', data: { subject: subject.title, field, deprecated }, ...rest });
      }
    }
  },
});
