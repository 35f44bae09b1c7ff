import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import { push } from '#model/selector.ts';
import { list, text } from '#model/shape.ts';
import type { Note } from '#model/finding.ts';
import { locate, type Tree } from '#syntax/tree.ts';
import { type Deployed, type Deployment, type Kustomizations, outermostOf, type Root } from './input.ts';
import { type FieldSpecs, joinSpecs } from './fields.ts';
import type { Applied, Patch } from './patch.ts';
import { transformed, type Work } from './transform.ts';

/*
 * Builds kustomizations from the inside out, as kustomize does: the result of a root is computed once, however many
 * other roots include it.
 */

/** One object in the files. */
export interface Part {
  readonly object: Record<string, unknown>;
  readonly tree: Tree;
  readonly namespaced: boolean;
}

/** One way in which an object is applied. */
export interface Way {
  readonly unit: string;
  /**
   * The kustomization file of the outermost root; if the object is included there more than once, that of the root that
   * includes it this time.
   */
  readonly by: string;
  readonly made: Applied;
}

/** The results of all kustomizations of a run. */
export interface Built {
  /** None for an object that no kustomization applies. */
  of(part: Part): readonly Way[];
  /** The deployments whose changes are applied. */
  readonly proven: ReadonlySet<Deployment>;
  /** Patches that matched an object. */
  readonly used: ReadonlySet<Patch>;
  readonly notes: readonly Note[];
  /** Units that contain more than what is here, and why. */
  readonly gaps: ReadonlyMap<string, string>;
  /** The number of steps that were taken, for tests. */
  readonly steps: number;
}

/** The roots that an object went through, from the outside in. */
interface Chain {
  readonly root: Root;
  readonly inner: Chain | undefined;
}

/** An object while it is built. */
interface Item {
  readonly part: Part;
  readonly made: Applied;
  readonly chain: Chain | undefined;
}

/**
 * Steps of a run: an object that passes through a kustomization, and each field or patch that changes it there. Some
 * are free; each object and each kustomization adds as many as real repositories need, so that the work grows with the
 * input.
 */
const freeSteps = 30_000;
const stepsPerText = 25;
/** Maximum number of ways of one object that are judged; each is judged by every rule. */
const mostWays = 500;
/**
 * Resources that overlays create beyond the first of each object: a fixed number, plus as many for each object and
 * kustomization.
 */
const freeCopies = 10_000;
const copiesPerText = 2;
/** Maximum depth of kustomizations inside kustomizations; real ones have a tenth of it. */
const deepest = 200;
const tooOften = 'kustomizations include each other too often';
const tooDeep = `kustomizations are nested more than ${deepest} deep`;

/** Builds all kustomizations that get applied. `partsOf` gives the objects of a file; `texts` is how many there are. */
export function buildKustomizations(
  { roots, deployed }: Kustomizations,
  partsOf: (file: string) => readonly Part[],
  {
    texts,
    deployments = [],
  }: {
    readonly texts: number;
    readonly deployments?: readonly Deployment[];
  },
): Built {
  const most = freeSteps + stepsPerText * (texts + roots.size);
  const used = new Set<Patch>();
  const fitting = new Set<object>();
  const odd = new Map<Patch, Note>();
  const cut = new Map<Root, Note>();
  const twice = new Map<Root, Note>();
  let steps = 0;
  const work: Work = {
    spend: (count) => (steps += count) < most,
    use: (patch) => used.add(patch),
    fit: (entry) => fitting.add(entry),
    doubt(patch) {
      const { tree, on, key } = patch.entry;
      if (!odd.has(patch))
        odd.set(patch, {
          kind: 'incomplete',
          message: 'kustomize rejects this patch, or what it changes cannot be determined',
          at: locate(tree, on, key),
        });
    },
  };
  const stop = (root: Root, why: string): void => {
    gapOf.set(root, 'some overlays of the objects are not judged');
    if (!cut.has(root))
      cut.set(root, {
        kind: 'incomplete',
        message: `${why}, so some overlays of its objects are not judged`,
        at: locate(root.tree, root.tree.root as object),
      });
  };

  const specsOf = new Map<Root, FieldSpecs>();
  const outputs = new Map<Root, readonly Item[]>();
  const open = new Set<Root>();
  /** Why roots apply more than what is here, directly or through what they include. */
  const gapOf = new Map<Root, string>();
  /** Applies the changes of a root to items. */
  const layOver = (root: Root, items: readonly Item[], specs: FieldSpecs): Item[] =>
    items.flatMap((item) => {
      if (steps >= most) {
        stop(root, tooOften);
        return [];
      }
      const made = transformed(item.made, root, specs, item.part.namespaced, work);
      if (steps >= most) {
        // It may be only partly built.
        stop(root, tooOften);
        return [];
      }
      return made ? [{ part: item.part, made, chain: { root, inner: item.chain } }] : [];
    });
  /** Merges what is included. Kustomize rejects an object that occurs twice; the first one counts. */
  const gatherer = (root: Root, items: Item[]) => {
    const known = new Map<string, Item>();
    return (more: readonly Item[]): void => {
      for (const item of more) {
        const id = idOf(item.made);
        const first = id === undefined ? undefined : known.get(id);
        if (first && first.made.object !== item.made.object && !twice.has(root))
          twice.set(root, {
            kind: 'incomplete',
            message: `kustomize rejects this kustomization: ${text(item.made.object['kind']) ?? ''} "${text(dig(item.made.object, 'metadata', 'name')) ?? ''}" is included more than once`,
            at: locate(root.tree, root.tree.root as object),
          });
        if (first) continue;
        if (id !== undefined) known.set(id, item);
        items.push(item);
      }
    };
  };
  /** Collects what a root includes and lets its components change it: the input of the root's own changes. */
  const gather = (root: Root, items: Item[], add: (more: readonly Item[]) => void): FieldSpecs => {
    const specs: FieldSpecs[] = [root.specs];
    if (root.gap !== undefined) gapOf.set(root, root.gap);
    const inherit = (inner: Root): void => {
      const gap = gapOf.get(inner);
      if (gap !== undefined && !gapOf.has(root)) gapOf.set(root, gap);
    };
    for (const one of root.resources) {
      if (steps >= most) {
        stop(root, tooOften);
        break;
      }
      if ('file' in one) {
        const parts = partsOf(one.file);
        work.spend(parts.length);
        add(
          parts.map((part) => ({
            part,
            made: { written: part.object, object: part.object, tree: part.tree, changes: [] },
            chain: undefined,
          })),
        );
      } else {
        const inner = roots.get(one.root);
        if (!inner || open.has(inner)) continue;
        add(outputOf(inner));
        inherit(inner);
        specs.push(specsOf.get(inner) ?? {});
      }
    }
    for (const folder of root.components) {
      const component = roots.get(folder);
      if (!component || open.has(component)) continue;
      if (!work.spend(1)) {
        stop(root, tooOften);
        break;
      }
      // A component acts on everything collected so far, and is therefore built again for each kustomization that names
      // it.
      open.add(component);
      if (open.size > deepest) stop(root, tooDeep);
      const theirs = open.size > deepest ? {} : gather(component, items, add);
      open.delete(component);
      inherit(component);
      const all = joinSpecs([...specs, theirs]);
      items.splice(0, items.length, ...layOver(component, items, all));
      specs.push(theirs);
    }
    return joinSpecs(specs);
  };
  const outputOf = (root: Root): readonly Item[] => {
    const known = outputs.get(root);
    if (known) return known;
    if (open.size >= deepest) {
      stop(root, tooDeep);
      return [];
    }
    open.add(root);
    const items: Item[] = [];
    const specs = gather(root, items, gatherer(root, items));
    specsOf.set(root, specs);
    const made = layOver(root, items, specs);
    open.delete(root);
    outputs.set(root, made);
    return made;
  };

  let copies = freeCopies + copiesPerText * (texts + roots.size);
  const found = new Map<object, { readonly unit: string; readonly item: Item }[]>();
  const gaps = new Map<string, string>();
  // A patch that finds its object shows that the folder is that of the controller, and not one of the same name; without
  // patches, a component, an image or a count.
  const isProven = ({ patches, components, body }: Root): boolean =>
    patches.all.length > 0
      ? patches.all.some((patch) => patch.body !== undefined && used.has(patch))
      : components.length > 0 ||
        [body['images'], body['replicas']].some((all) => list(all as object[]).some((one) => fitting.has(one)));
  const proven = new Map<Deployment, Deployed>();
  for (const [deployment, one] of deployed) {
    outputOf(one.root);
    if (isProven(one.root)) proven.set(deployment, one);
    else for (const notes of [cut, twice]) notes.delete(one.root);
  }
  const laid = [...proven.values()].map(({ root }) => root);
  const applied = new Set(deployments.filter((one) => !proven.has(one)).map(({ path }) => path));
  for (const outermost of outermostOf(roots, laid, applied)) {
    const { unit } = outermost;
    for (const item of outputOf(outermost)) {
      steps++;
      const ways = found.get(item.part.object);
      if (ways && ways.length >= mostWays) stop(outermost, `more than ${mostWays} overlays apply the same object`);
      else if (ways && copies-- <= 0) stop(outermost, tooOften);
      else push(found, item.part.object, { unit, item });
    }
    const gap = gapOf.get(outermost);
    if (gap !== undefined) gaps.set(unit, gap);
  }
  const ways = new Map([...found].map(([object, all]) => [object, waysOf(all)]));
  return {
    of: ({ object }) => ways.get(object) ?? [],
    used,
    notes: [...[...proven.values()].flatMap(({ notes }) => notes), ...cut.values(), ...twice.values(), ...odd.values()],
    proven: new Set(proven.keys()),
    gaps,
    steps,
  };
}

/** The identity of an object in kustomize; undefined for an unnamed object, of which there may be several. */
function idOf({ object, alias }: Applied): string | undefined {
  const name = alias ?? text(dig(object, 'metadata', 'name'));
  if (name === undefined) return undefined;
  return [
    groupOf(object['apiVersion']),
    text(object['kind']) ?? '',
    text(dig(object, 'metadata', 'namespace')) ?? 'default',
    name,
  ].join('\n');
}

/** The ways of one object, each named after the outermost root at which it differs from the others. */
function waysOf(all: readonly { readonly unit: string; readonly item: Item }[]): Way[] {
  let chains = all.map(({ item }) => item.chain as Chain);
  while (chains.length > 1 && chains.every((one) => one.inner && one.root === chains[0]?.root))
    chains = chains.map((one) => one.inner as Chain);
  return all.map(({ unit, item }, index) => ({
    unit,
    by: (chains[index] as Chain).root.tree.source.id,
    made: item.made,
  }));
}
