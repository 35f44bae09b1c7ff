import { isRecord } from '#model/shape.ts';

/*
 * What an audit keeps of an object as it arrives: a large cluster has 100,000 pods, most of them copies. What no rule reads, and what may
 * hold secrets, is not kept; what a pod shares with the other pods of its owner is kept once.
 */

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Fields that the API server writes for itself (Kubernetes API reference, ObjectMeta). */
const serverFields = new Set(['managedFields', 'uid', 'resourceVersion', 'generation', 'selfLink', 'generateName']);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** The volume that the API server adds to pods for their token (Kubernetes documentation, Managing Service Accounts). */
const injected = /^kube-api-access-[a-z0-9]{5}$/;

/** The version that an object was applied in, which rules ask; the rest of the annotation may hold secrets. */
function headOf(applied: string): string {
  try {
    const { apiVersion, kind } = JSON.parse(applied) as Json;
    return JSON.stringify({ apiVersion, kind });
  } catch {
    return '{}';
  }
}

function metadataOf(metadata: Json): Json {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(metadata))
    if (!serverFields.has(key) || (key === 'generateName' && metadata['name'] === undefined)) kept[key] = metadata[key];
  const annotations = kept['annotations'];
  if (isRecord(annotations) && annotations[lastApplied] !== undefined)
    kept['annotations'] = { ...annotations, [lastApplied]: headOf(text(annotations[lastApplied])) };
  return kept;
}

const named = (key: string) => (one: unknown) => isRecord(one) && injected.test(text(one[key]));

/** A pod spec without the volume that the API server adds under a name that no two pods share. */
function podSpecOf(spec: Json): Json {
  const { volumes } = spec;
  if (!Array.isArray(volumes) || !volumes.some(named('name'))) return spec;
  const kept: Record<string, unknown> = { ...spec, volumes: volumes.filter((one) => !named('name')(one)) };
  if ((kept['volumes'] as unknown[]).length === 0) delete kept['volumes'];
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    if (Array.isArray(spec[list]))
      kept[list] = spec[list].map((one: unknown): unknown => {
        if (!isRecord(one) || !Array.isArray(one['volumeMounts'])) return one;
        const { volumeMounts, ...container } = one;
        const mounts = volumeMounts.filter((mount) => !named('name')(mount));
        return mounts.length === 0 ? container : { ...container, volumeMounts: mounts };
      });
  return kept;
}

/** What is kept of an object. */
export function project(item: Json): Json {
  const { metadata, status, apiVersion: _, kind: __, ...others } = item;
  // Whether a pod has run to its end is all of the status that rules ask.
  const phase = isRecord(status) ? status['phase'] : undefined;
  const { spec } = others;
  return {
    ...(isRecord(metadata) ? { metadata: metadataOf(metadata) } : metadata === undefined ? {} : { metadata }),
    ...others,
    ...(isRecord(spec) && Array.isArray(spec['containers']) ? { spec: podSpecOf(spec) } : {}),
    ...(phase === undefined ? {} : { status: { phase } }),
  };
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, i) => isEqual(item, other[i]));
  if (Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual((one as Json)[key], (other as Json)[key]))
  );
}

/** The values of a map, those that another map has as well taken from there. */
function shareValues(map: Json, other: unknown): Json {
  if (!isRecord(other)) return map;
  const shared: Record<string, unknown> = {};
  for (const key of Object.keys(map)) shared[key] = isEqual(map[key], other[key]) ? other[key] : map[key];
  return shared;
}

/**
 * Makes what an object has in common with the last one of the same controller the same data. Such objects are judged at their controller,
 * so nobody asks for a place in the data that they share.
 */
export function sharing(): (item: Json) => Json {
  const last = new Map<string, Json>();
  return (item) => {
    const { metadata, spec } = item;
    const owners = isRecord(metadata) ? metadata['ownerReferences'] : undefined;
    const owner: unknown = Array.isArray(owners)
      ? owners.find((one) => isRecord(one) && one['controller'] === true)
      : undefined;
    if (!isRecord(metadata) || !isRecord(spec) || !isRecord(owner)) return item;
    const key = `${text(metadata['namespace'])}/${text(owner['kind'])}/${text(owner['name'])}`;
    const other = last.get(key);
    // On which node a copy runs is the scheduler's choice, and the only thing in which copies differ.
    const { nodeName: _, ...rest } = spec;
    const whole = { ...item, spec: rest };
    const shared = !other
      ? whole
      : {
          ...whole,
          metadata: shareValues(metadata, other['metadata']),
          spec: isEqual(rest, other['spec']) ? other['spec'] : shareValues(rest, other['spec']),
          ...('status' in whole && isEqual(whole['status'], other['status']) ? { status: other['status'] } : {}),
        };
    last.set(key, shared);
    return shared;
  };
}
