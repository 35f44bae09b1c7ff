import type { Tree } from './document.ts';

/*
 * Data that is composed from several texts: a base and the changes of a kustomization. A graft is a copy of a container
 * that records where its entries come from, so that a location refers to the text that actually contains the value.
 */

/** The location of a container, or of one of its entries. */
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
  /** The previous container; it gives the location of entries that are not in `entries`. */
  readonly base: Origin;
  readonly entries: Origins;
}

const grafts = new WeakMap<object, Graft>();

/**
 * Records for a new container what it was before, and which of its entries come from elsewhere. Items of lists are
 * identified by their new index.
 */
export function graft<T extends object>(made: T, base: Origin, entries: Origins = new Map()): T {
  grafts.set(made, { base, entries });
  return made;
}

/**
 * Records for all containers in some data that they are in a tree; with `at`, that all of them are at that one
 * location.
 */
export function settleIn(data: unknown, tree: Tree, at?: Origin): void {
  if (typeof data !== 'object' || data === null || grafts.has(data)) return;
  grafts.set(data, { base: at ?? { tree, on: data }, entries: new Map() });
  for (const value of Object.values(data)) settleIn(value, tree, at);
}

/** The actual location of a container of a tree, or of one of its entries. */
export function originOf(tree: Tree, on: object, key?: string | number): Origin {
  // A loop, because each of thousands of patches may add a layer.
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
