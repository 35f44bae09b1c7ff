import { isRecord } from '#model/shape.ts';
import type { Resource } from '#model/resource.ts';
import { Workload } from '#model/resource.ts';
import type { Limit, Rows } from './limit.ts';
import { ofAll, ofKinds } from './limits-of-kinds.ts';
import { ofEndless, ofPods } from './limits-of-pods.ts';

const noRows: Rows = [];
/** Classes that every cluster has. */
const systemClasses = new Set(['system-cluster-critical', 'system-node-critical']);
/** Kinds whose pods never end by themselves. */
const endless = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController']);

const split = new WeakMap<Rows, readonly (readonly [steps: readonly string[], limit: Limit])[]>();
/** Rows with their paths taken apart: they are asked of every object. */
function splitOnce(rows: Rows) {
  const known = split.get(rows) ?? rows.map(([path, limit]) => [path.split('.'), limit] as const);
  split.set(rows, known);
  return known;
}

/** A value that the API server refuses. */
export interface Excess {
  readonly path: string;
  readonly on: object;
  readonly key: string | number;
  readonly value: unknown;
  readonly wanted: string;
  /** Whether it is what stands beside the value that makes it wrong. */
  readonly isBeside: boolean;
}

// Two rules ask: one about values, one about what stands together.
const known = new WeakMap<Resource<object>, readonly Excess[]>();

/** Where the values of an object lie outside of the limits. */
export function excessesOf(resource: Resource<object>): readonly Excess[] {
  const answer = known.get(resource) ?? findExcesses(resource);
  known.set(resource, answer);
  return answer;
}

function findExcesses(resource: Resource<object>): readonly Excess[] {
  const found: Excess[] = [];
  const judge = (root: unknown, rows: Rows): void => {
    if (!isRecord(root)) return;
    for (const [steps, limit] of splitOnce(rows))
      for (const { on, ...place } of placesOf(root, steps, ''))
        if (!limit.allows(place.value, isRecord(on) ? on : {}, root))
          found.push({ ...place, on, wanted: limit.wanted, isBeside: limit.beside === true });
  };
  judge(resource.object, ofAll);
  const isSystem = resource.kindName === 'PriorityClass' && systemClasses.has(resource.name);
  if (!isSystem) judge(resource.object, ofKinds[resource.kindName] ?? noRows);
  if (resource instanceof Workload && !resource.byShape) {
    judge(resource.pod, ofPods);
    if (endless.has(resource.kindName)) judge(resource.pod, ofEndless);
  }
  return found;
}

/** The values at a path in which `[]` stands for each entry of a list. */
function* placesOf(
  root: unknown,
  [step = '', ...rest]: readonly string[],
  before: string,
): Generator<Omit<Excess, 'wanted' | 'isBeside'>> {
  if (!isRecord(root)) return;
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  const value = root[name];
  const path = before === '' ? name : `${before}.${name}`;
  if (!isList) {
    if (rest.length > 0) yield* placesOf(value, rest, path);
    else if (value !== undefined && value !== null) yield { path, on: root, key: name, value };
  } else if (Array.isArray(value))
    for (const [index, entry] of value.entries())
      if (rest.length > 0) yield* placesOf(entry, rest, `${path}[${index}]`);
      else yield { path: `${path}[${index}]`, on: value, key: index, value: entry };
}
