import { graft, type Origin, originOf } from '#syntax/graft.ts';
import { isRecord } from '#model/shape.ts';
import type { Tree } from '#syntax/tree.ts';

/* JSON patches (RFC 6902) on data that remembers the locations of its entries. */

type Data = Record<string, unknown>;

/**
 * Containers that patches have copied, with the origins of their entries: the next patch of the object need not copy
 * them again.
 */
export type Own = Map<object, Map<string, Origin> | Origin[]>;

/** Maximum number of values that `copy` may add to an object; copies of copies multiply. */
const mostCopied = 100_000;

/** Maximum number of steps in a path: no text that is read is nested deeper. */
const deepest = 100;

/**
 * An object with the operations applied; containers in `own` are changed in place. What a failing operation would
 * change is in doubt: kustomize rejects it.
 */
export function jsonPatched(
  object: Data,
  home: Tree,
  operations: readonly Data[],
  tree: Tree,
  doubt: (path: string[]) => void,
  spend: (entries: number) => void,
  own: Own = new Map(),
): Data {
  let made = object;
  let copied = 0;
  /**
   * From here on the value must not change, because it occurs in two places. False if it is too large to occur there.
   */
  const share = (value: unknown): boolean => {
    if (++copied > mostCopied) return false;
    if (typeof value !== 'object' || value === null) return true;
    own.delete(value);
    return Object.values(value).every(share);
  };
  for (const operation of operations) {
    const { op, path, from } = operation;
    if (op === 'test') continue;
    if (op === 'replace' && path === '' && isRecord(operation['value'])) {
      const whole = operation['value'];
      const entries = new Map(Object.keys(whole).map((key): [string, Origin] => [key, { tree, on: whole, key }]));
      spend(entries.size);
      made = graft(Object.assign(Object.create(null), whole) as Data, { tree, on: operation, key: 'value' }, entries);
      continue;
    }
    const steps = stepsOf(path);
    if (!steps || !kinds.has(op)) {
      doubt(steps ?? []);
      continue;
    }
    spend(steps.length);
    if (steps.length > deepest) {
      doubt(steps.slice(0, deepest));
      continue;
    }
    let value: unknown;
    let origin: Origin = { tree, on: operation, key: 'value' };
    if (op === 'move' || op === 'copy') {
      const source = stepsOf(from) ?? [];
      const holder = source.slice(0, -1).reduce<unknown>((node, step) => {
        const key = keyIn(node, step);
        return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Data)[key] : undefined;
      }, made);
      const end = source.at(-1);
      const last = end === undefined ? undefined : keyIn(holder, end);
      if (
        typeof holder !== 'object' ||
        holder === null ||
        last === undefined ||
        last === 'length' ||
        !Object.hasOwn(holder, last) ||
        (op === 'copy' && !share((holder as Data)[last]))
      ) {
        doubt(steps);
        continue;
      }
      value = (holder as Data)[last];
      origin = originOf(home, holder, last);
      if (op === 'move') made = changed(made, source, home, { remove: true }, own) ?? made;
    } else value = operation['value'];
    const next = changed(
      made,
      steps,
      home,
      op === 'remove' ? { remove: true } : { value, origin, insert: op !== 'replace' },
      own,
    );
    if (next) made = next;
    else doubt(steps);
  }
  return made;
}

const kinds: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy']);

/**
 * The steps of a path; undefined if no operation accepts it. What stands before the first slash is not looked at
 * (evanphx/json-patch 4.12, findObject).
 */
const stepsOf = (path: unknown): string[] | undefined =>
  typeof path === 'string' && path.includes('/')
    ? path
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    : undefined;

/** What is created on a path if it is missing: maps, or also a list for a number. */
export type Creates = 'maps' | 'maps and lists';

/** An index of a list; negative ones count from its end (evanphx/json-patch 4.12, SupportNegativeIndices). */
function indexOf(step: string, length: number): number {
  if (!/^[+-]?\d+$/.test(step)) return NaN;
  const index = Number(step);
  return index < 0 ? index + length : index;
}
const keyIn = (node: unknown, step: string): string =>
  Array.isArray(node) && /^[+-]\d+$/.test(step) ? String(indexOf(step, node.length)) : step;

/** The operation at the end of a path. */
type Leaf =
  | { readonly remove: true }
  | {
      readonly remove?: never;
      readonly value: unknown;
      readonly origin: Origin;
      readonly insert: boolean;
      readonly create?: Creates;
    };

/**
 * A copy of some data with the entry at a path changed; undefined if the path does not exist. With `create`, what is
 * missing on the path is created. Containers in `own` are changed in place.
 */
export function changed<T extends object>(
  node: T,
  [step = '', ...rest]: readonly string[],
  home: Tree,
  leaf: Leaf,
  own: Own = new Map(),
): T | undefined {
  if (Array.isArray(node)) {
    // An added item may come after the last one.
    const isAdded = rest.length === 0 && leaf.remove !== true && leaf.insert;
    const index = step === '-' ? node.length : indexOf(step, node.length + (isAdded ? 1 : 0));
    const isNew = index === node.length;
    const creates = !leaf.remove && leaf.create === 'maps and lists';
    if (
      !(index >= 0 && index <= node.length) ||
      (isNew && (leaf.remove || (rest.length > 0 ? !creates : !leaf.insert)))
    )
      return undefined;
    const old: unknown = isNew && rest.length > 0 && creates ? containerFor(rest, leaf) : node[index];
    const inner =
      rest.length > 0 && typeof old === 'object' && old !== null ? changed(old, rest, home, leaf, own) : undefined;
    if (rest.length > 0 && !inner) return undefined;
    const made = own.has(node) ? (node as unknown[]) : [...node];
    const origins =
      (own.get(node) as Origin[] | undefined) ?? node.map((_, at): Origin => ({ tree: home, on: node, key: at }));
    if (inner) {
      made[index] = inner;
      if (isNew && !leaf.remove) origins[index] = leaf.origin;
    } else if (leaf.remove) {
      made.splice(index, 1);
      origins.splice(index, 1);
    } else {
      made.splice(index, leaf.insert ? 0 : 1, leaf.value);
      origins.splice(index, leaf.insert ? 0 : 1, leaf.origin);
    }
    if (own.has(made)) return made as T;
    own.set(made, origins);
    return graft(made, { tree: home, on: node }, { get: (key) => origins[Number(key)] }) as T;
  }
  const has = Object.hasOwn(node, step);
  const child = has ? (node as Data)[step] : undefined;
  const missing = child === undefined || child === null;
  let next: unknown;
  if (rest.length > 0) {
    if (missing ? leaf.remove || !leaf.create : typeof child !== 'object') return undefined;
    const inner = missing && !leaf.remove ? containerFor(rest, leaf) : (child as object);
    next = changed(inner, rest, home, leaf, own);
    if (!next) return undefined;
  } else if (leaf.remove ? !has : !has && !leaf.insert && !leaf.create) return undefined;

  const made = own.has(node) ? (node as Data) : (Object.assign(Object.create(null), node) as Data);
  const origins = (own.get(node) as Map<string, Origin> | undefined) ?? new Map<string, Origin>();
  if (rest.length > 0) {
    made[step] = next;
    if (missing && !leaf.remove) origins.set(step, leaf.origin);
  } else if (leaf.remove) {
    delete made[step];
  } else {
    made[step] = leaf.value;
    origins.set(step, leaf.origin);
  }
  if (own.has(made)) return made as T;
  own.set(made, origins);
  return graft(made, { tree: home, on: node }, origins) as T;
}

/** What is created for the rest of a path. */
function containerFor([step = '']: readonly string[], { origin, create }: Exclude<Leaf, { remove: true }>): object {
  const isList = create === 'maps and lists' && /^\d+$/.test(step);
  return graft<object>(isList ? [] : (Object.create(null) as object), origin);
}
