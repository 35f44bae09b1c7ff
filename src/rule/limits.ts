import { isRecord } from '#model/shape.ts';
import type { Resource } from '#model/resource.ts';
import { Workload } from '#model/resource.ts';
import type { Limit, Rows } from './limit.ts';
import { ofAll, rowsOf } from './limits-of-kinds.ts';
import { ofEndless, ofPods } from './limits-of-pods.ts';

/** Classes that every cluster has. */
const systemClasses = new Set(['system-cluster-critical', 'system-node-critical']);
/** Kinds whose pods never end on their own. */
const endless = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController']);

/**
 * Rows with the same first step, grouped: they are checked for every object, and most objects have few of the steps.
 */
interface Branch {
  readonly name: string;
  readonly isList: boolean;
  readonly limits: Limit[];
  /** The remaining steps, parsed only if an object has the first. */
  readonly rest: [path: string, limit: Limit][];
}

const branchesOf = new WeakMap<Rows, readonly Branch[]>();
function branched(rows: Rows): readonly Branch[] {
  const known = branchesOf.get(rows);
  if (known) return known;
  const branches = new Map<string, Branch>();
  for (const [path, limit] of rows) {
    const dot = path.indexOf('.');
    const step = dot < 0 ? path : path.slice(0, dot);
    let branch = branches.get(step);
    if (!branch) {
      const isList = step.endsWith('[]');
      branch = { name: isList ? step.slice(0, -2) : step, isList, limits: [], rest: [] };
      branches.set(step, branch);
    }
    if (dot < 0) branch.limits.push(limit);
    else branch.rest.push([path.slice(dot + 1), limit]);
  }
  const made = [...branches.values()];
  branchesOf.set(rows, made);
  return made;
}

/** A value that the API server rejects. */
export interface Excess {
  readonly path: string;
  readonly on: object;
  readonly key: string | number;
  readonly value: unknown;
  readonly wanted: string;
  /** Whether other fields next to the value make it wrong. */
  readonly isBeside: boolean;
}

// Two rules use this: one about values, one about combinations of fields.
const known = new WeakMap<Resource<object>, readonly Excess[]>();

/** The values of an object that exceed the limits. */
export function excessesOf(resource: Resource<object>): readonly Excess[] {
  const answer = known.get(resource) ?? findExcesses(resource);
  known.set(resource, answer);
  return answer;
}

function findExcesses(resource: Resource<object>): readonly Excess[] {
  const found: Excess[] = [];
  const ask = (root: unknown, rows: Rows): void => {
    if (isRecord(root)) judge(root, branched(rows), { root, before: '', found });
  };
  ask(resource.object, ofAll);
  const isSystem = resource.kindName === 'PriorityClass' && systemClasses.has(resource.name);
  if (!isSystem) ask(resource.object, rowsOf(resource.kindName));
  if (resource instanceof Workload && !resource.byShape) {
    ask(resource.pod, ofPods);
    if (endless.has(resource.kindName)) ask(resource.pod, ofEndless);
  }
  return found;
}

interface Way {
  readonly root: Readonly<Record<string, unknown>>;
  readonly before: string;
  readonly found: Excess[];
}

function judge(holder: unknown, branches: readonly Branch[], way: Way): void {
  if (!isRecord(holder)) return;
  const { root, before, found } = way;
  for (const { name, isList, limits, rest } of branches) {
    const value = holder[name];
    if (value === undefined || value === null || (isList && !Array.isArray(value))) continue;
    const path = before === '' ? name : `${before}.${name}`;
    const entries = isList ? [...(value as unknown[]).entries()] : [[undefined, value] as const];
    for (const [index, entry] of entries) {
      const there = index === undefined ? path : `${path}[${index}]`;
      const place = index === undefined ? { on: holder, key: name } : { on: value, key: index };
      for (const limit of limits)
        if (!limit.allows(entry, isList ? {} : holder, root))
          found.push({ ...place, path: there, value: entry, wanted: limit.wanted, isBeside: limit.beside === true });
      if (rest.length > 0) judge(entry, branched(rest), { root, before: there, found });
    }
  }
}
