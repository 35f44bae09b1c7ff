import type { Tree } from './document.ts';

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

/** Origins of entries by key; those of a list by index. */
export interface Origins {
  get(key: string): Origin | undefined;
}

interface Graft {
  /** What it was before; where its entries stand unless `entries` knows better. */
  readonly base: Origin;
  readonly entries: Origins;
}

const grafts = new WeakMap<object, Graft>();

/** Says of a new container what it was before, and which of its entries come from elsewhere. Items of lists go by their new index. */
export function graft<T extends object>(made: T, base: Origin, entries: Origins = new Map()): T {
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
  // A loop, as each of thousands of patches may add a layer.
  let at: Origin = { tree, on, key };
  for (;;) {
    const found = grafts.get(at.on);
    if (!found) return at;
    const entry = at.key === undefined ? undefined : found.entries.get(String(at.key));
    if (entry) {
      at = entry;
      continue;
    }
    const { base } = found;
    if (base.on === at.on) return { tree: base.tree, on: at.on, key: at.key };
    at = base.key === undefined ? { tree: base.tree, on: base.on, key: at.key } : base;
  }
}
