import { isRecord } from '#model/shape.ts';
import type { ObjectList } from './snapshot.ts';

/*
 * What an audit keeps of an object as it arrives: a large cluster has 100,000 pods, most of them copies. Fields that no
 * rule reads, and those that may contain secrets, are dropped; data that a pod shares with the other pods of its owner
 * is kept once.
 */

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Fields that the API server writes for its own use (Kubernetes API reference, ObjectMeta). */
const serverFields = new Set(['managedFields', 'uid', 'resourceVersion', 'generation', 'selfLink', 'generateName']);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/**
 * The volume that the API server adds to pods for their token (Kubernetes documentation, Managing Service Accounts).
 */
const injected = /^kube-api-access-[a-z0-9]{5}$/;

/** The version in which an object was applied, which rules need; the rest of the annotation may contain secrets. */
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

/** A pod spec without the volume that the API server adds under a unique name. */
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

/**
 * The parts of a status that rules need, in addition to how a Job ended: whether a pod has completed, the load
 * balancers of Services, Ingresses and Gateways, and what a node class has selected.
 */
const askedStatus = new Set(['phase', 'loadBalancer', 'addresses', 'amis', 'securityGroups', 'subnets']);

/** The part of an object that is kept. */
export function project(item: Json): Json {
  const { metadata, status, apiVersion: _, kind: __, ...others } = item;
  const { spec } = others;
  // Objects that own others are identified by their UID.
  const isMaker = isRecord(spec) && ('template' in spec || 'jobTemplate' in spec);
  const kept = isRecord(metadata) && isMaker ? { uid: metadata['uid'] } : {};
  return {
    ...(isRecord(metadata)
      ? { metadata: { ...metadataOf(metadata), ...kept } }
      : metadata === undefined
        ? {}
        : { metadata }),
    ...others,
    ...(isRecord(spec) && Array.isArray(spec['containers']) ? { spec: podSpecOf(spec) } : {}),
    ...statusOf(status),
  };
}

/** Whether a condition of a Job says that it has ended (Kubernetes documentation, Jobs, Terminal Job conditions). */
const isEnd = (condition: unknown): boolean =>
  isRecord(condition) &&
  (condition['type'] === 'Complete' || condition['type'] === 'Failed') &&
  condition['status'] === 'True';

/** The status fields that rules need. */
function statusOf(status: unknown): Json {
  if (!isRecord(status)) return {};
  const { conditions } = status;
  const told = Object.entries(status).filter(([key]) => askedStatus.has(key));
  const ends = Array.isArray(conditions) ? conditions.filter(isEnd) : [];
  if (ends.length > 0)
    told.push(['conditions', ends.map((one: Json) => ({ type: one['type'], status: one['status'] }))]);
  return told.length === 0 ? {} : { status: Object.fromEntries(told) };
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

/** The values of a map, reusing those that another map also has. */
function shareValues(map: Json, other: unknown): Json {
  if (!isRecord(other)) return map;
  const shared: Record<string, unknown> = {};
  for (const key of Object.keys(map)) shared[key] = isEqual(map[key], other[key]) ? other[key] : map[key];
  return shared;
}

/** Anyone can write the name of an owner; the uid shows whether it is really that owner. */
const keyOf = (kind: unknown, namespace: unknown, { name, uid }: Json): string =>
  [kind, namespace, name, uid].map(text).join('/');

/** The controller of an object, as a key; undefined if it has none. */
function controllerOf({ metadata }: Json): string | undefined {
  const owners = isRecord(metadata) ? metadata['ownerReferences'] : undefined;
  const owner: unknown = Array.isArray(owners)
    ? owners.find((one) => isRecord(one) && one['controller'] === true)
    : undefined;
  return isRecord(metadata) && isRecord(owner) ? keyOf(owner['kind'], metadata['namespace'], owner) : undefined;
}

/** Controllers whose pods are alike, and that record their number. */
const copying: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController']);
/** If the pods of one controller differ in more ways than this, all are kept. */
const mostWays = 8;

/**
 * The lists with one pod for those that are alike: they are judged at their controller, which must also have been read,
 * and lookups only ask if there is one. `alike`: how many were left out.
 */
export function withoutCopies(lists: readonly ObjectList[]): ObjectList[] {
  const controllers = new Set<string>();
  for (const { kind, items } of lists)
    if (copying.has(kind))
      for (const { metadata } of items)
        if (isRecord(metadata)) controllers.add(keyOf(kind, metadata['namespace'], metadata));
  return lists.map((list) => {
    if (list.kind !== 'Pod' || list.group !== '') return list;
    const kept = new Map<string, Json[]>();
    const items = list.items.filter((item) => {
      const key = controllerOf(item);
      if (key === undefined || !controllers.has(key)) return true;
      const others = kept.get(key) ?? [];
      if (others.some((other) => isAlike(item, other))) return false;
      if (others.length < mostWays) kept.set(key, [...others, item]);
      return true;
    });
    const alike = list.items.length - items.length;
    return alike === 0 ? list : { ...list, items, alike };
  });
}

/**
 * Annotations that give a pod other permissions or another runtime than its copies; `test/rule/pod-annotations.test.ts`
 * checks the rules against them. Annotations that networks and webhooks write (addresses, IDs, times) are not needed to
 * judge.
 */
const judgedDomains =
  /(?:^|[./])(?:k8s|kubernetes|karpenter|helm)\.(?:io|sh)\/|^iam\.amazonaws\.com\/|^eks\.amazonaws\.com\//;
export const isJudged = (annotation: string): boolean => judgedDomains.test(annotation);

/** Whether two pods differ only in their names, start times, and annotations that no rule needs. */
function isAlike(one: Json, other: Json): boolean {
  const [{ metadata: a, ...rest }, { metadata: b, ...others }] = [one, other];
  return isRecord(a) && isRecord(b) && isEqual(unnamed(a), unnamed(b)) && isEqual(rest, others);
}
function unnamed({ annotations, ...metadata }: Json): Json {
  const judged = isRecord(annotations) ? Object.entries(annotations).filter(([key]) => isJudged(key)) : [];
  return {
    ...metadata,
    name: '',
    creationTimestamp: '',
    ...(judged.length === 0 ? {} : { annotations: Object.fromEntries(judged) }),
  };
}

/**
 * Makes an object share equal data with the last one of the same controller. Such objects are judged at their
 * controller, so the locations in the shared data are not needed.
 */
export function sharing(): (item: Json) => Json {
  const last = new Map<string, Json>();
  return (item) => {
    const { metadata, spec } = item;
    const key = controllerOf(item);
    if (!isRecord(metadata) || !isRecord(spec) || key === undefined) return item;
    const other = last.get(key);
    // The node of a copy is chosen by the scheduler, and is the only difference between copies.
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
