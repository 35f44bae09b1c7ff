import type { Tree } from './tree.ts';

/*
 * Data that is put together from several texts: a base and what a kustomization lays over it. A graft is a copy of a container that
 * remembers where its entries come from, so that a place is that of the text which really says so.
 */

/** Where a container, or one of its entries, stands. */
export interface Origin {
  readonly tree: Tree;
  readonly on: object;
  readonly key?: string | number | undefined;
}

interface Graft {
  /** What it was before; where its entries stand unless `entries` knows better. */
  readonly base: Origin;
  readonly entries: ReadonlyMap<string, Origin>;
}

const grafts = new WeakMap<object, Graft>();

/** Says of a new container what it was before, and which of its entries come from elsewhere. Items of lists go by their new index. */
export function graft<T extends object>(made: T, base: Origin, entries: ReadonlyMap<string, Origin> = new Map()): T {
  grafts.set(made, { base, entries });
  return made;
}

/** Says of all containers in some data that they stand in a tree; with `at`, that all of it stands at that one place. */
export function settleIn(data: unknown, tree: Tree, at?: Origin): void {
  if (typeof data !== 'object' || data === null || grafts.has(data)) return;
  grafts.set(data, { base: at ?? { tree, on: data }, entries: new Map() });
  for (const value of Object.values(data)) settleIn(value, tree, at);
}

/** Where a container of a tree, or one of its entries, really stands. */
export function originOf(tree: Tree, on: object, key?: string | number): Origin {
  const found = grafts.get(on);
  if (!found) return { tree, on, key };
  const entry = key === undefined ? undefined : found.entries.get(String(key));
  if (entry) return originOf(entry.tree, entry.on, entry.key);
  const { base } = found;
  if (base.on === on) return { tree: base.tree, on, key };
  return base.key === undefined ? originOf(base.tree, base.on, key) : originOf(base.tree, base.on, base.key);
}
