import { isRecord } from './shape.ts';

/** What a path of keys leads to; undefined if a step is not a map. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  let node = value;
  for (const key of path) node = isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return node;
}

/** The map that a path of keys leads to; undefined if there is none. */
export function digRecord(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  const found = dig(value, ...path);
  return isRecord(found) ? found : undefined;
}

/** The maps in the list that a path of keys leads to; none if there is no list. */
export function digList(value: unknown, ...path: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  const found = dig(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}
