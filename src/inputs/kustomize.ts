import { push } from '#model/selector.ts';
import { isRecord, list, texts } from '#model/shape.ts';
import { type Origin, settleIn } from '#syntax/graft.ts';
import { folderOf, type Layout } from '#sources/layout.ts';
import type { Note } from '#model/finding.ts';
import { locate, type Tree } from '#syntax/tree.ts';
import { type Applied, type Patch, readPatch } from './kustomize-patch.ts';
import { readTransformers, type Transformers, transformed } from './kustomize-transform.ts';

type Data = Record<string, unknown>;

/** File names that kustomize takes for a kustomization. */
const fileNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** Whether a document is a kustomization: by its kind, or by its file name as kustomize itself goes. */
export function isKustomization(tree: Tree): boolean {
  if (!isRecord(tree.root)) return false;
  const { kind, apiVersion } = tree.root;
  if (typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/')) return true;
  return kind === undefined && fileNames.has(tree.source.path.slice(tree.source.path.lastIndexOf('/') + 1));
}

/** Whether a document is a JSON patch (RFC 6902), which kustomizations name as files. */
export const isJsonPatch = (tree: Tree): boolean =>
  Array.isArray(tree.root) &&
  tree.root.length > 0 &&
  tree.root.every((one) => isRecord(one) && typeof one['op'] === 'string' && typeof one['path'] === 'string');

interface Root extends Transformers {
  readonly folder: string;
  /** Files and folders of `resources`, in their order. */
  readonly resources: readonly ({ readonly file: string } | { readonly root: string })[];
  readonly components: readonly string[];
  /** Why it applies more than what lies here: a remote base, a chart. */
  readonly gap: string | undefined;
}

/** One way in which the objects of a file are applied: an outermost kustomization, and all that acts on them on their way out to it. */
export interface Way {
  /** The kustomization file of the outermost root; where the file is included there more than once, of the root that includes it this time. */
  readonly by: string;
  readonly unit: string;
  /** An object as it is applied; undefined where a patch takes it away. */
  apply(object: Data, tree: Tree, namespaced: boolean): Applied | undefined;
}

/** All kustomizations of a run: which files they include, which are patches, and what they change. */
export interface Kustomizations {
  /** None for a file that no kustomization includes. */
  of(path: string): readonly Way[];
  readonly patchFiles: ReadonlySet<string>;
  /** What kustomizations apply besides, which is not read. */
  readonly notes: readonly Note[];
  /** Units that hold more than what lies here, and why. */
  readonly gaps: ReadonlyMap<string, string>;
  /** True where kustomizations include one another so often that not every way could be followed. */
  readonly cut: boolean;
}

/** Ways that are followed in a run: includes of includes multiply. */
const mostWays = 50_000;

/** Joins a folder and a relative path; undefined where it leaves the workspace. */
function join(folder: string, path: string): string | undefined {
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      // The `..` in front of a root of its own is no step that a path may take back.
      if (steps.length === 0 || steps.at(-1) === '..') return undefined;
      steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** What lies around a kustomization. */
interface Around {
  readonly documents: ReadonlyMap<string, readonly Tree[]>;
  /** Folders that hold a kustomization. */
  readonly folders: ReadonlySet<string>;
  readonly files: ReadonlySet<string> | undefined;
  /** Reads a patch that is written as text inside a kustomization; undefined where it has a fault. */
  parse(text: string): readonly unknown[] | undefined;
}

const remote = /^(https?:|oci:|git@|ssh:|github\.com|[\w.-]+\.[a-z]{2,}\/)|\?ref=/;

/** What a kustomization includes, and notes of what it includes that is not read. */
function includesOf(
  tree: Tree,
  { documents, folders, files }: Around,
): Pick<Root, 'resources' | 'components'> & { readonly notes: readonly Note[] } {
  const body = tree.root as Data;
  const folder = folderOf(tree.source.path);
  const resources: ({ file: string } | { root: string })[] = [];
  const components: string[] = [];
  const notes: Note[] = [];
  const pass = (kind: Note['kind'], message: string, on: object, key: string | number): number =>
    notes.push({ kind, message, at: locate(tree, on, key) });
  for (const field of ['helmCharts', 'helmChartInflationGenerator'])
    if (Array.isArray(body[field])) pass('unrendered', `the charts of ${tree.source.id} are not rendered`, body, field);
  for (const field of ['resources', 'bases', 'components']) {
    const entries: unknown = body[field];
    if (!Array.isArray(entries)) continue;
    for (const [key, entry] of entries.entries()) {
      if (typeof entry !== 'string') continue;
      const path = join(folder, entry);
      if (path !== undefined && folders.has(path) && path !== folder) {
        if (field === 'components') components.push(path);
        else resources.push({ root: path });
      } else if (path !== undefined && documents.has(path)) resources.push({ file: path });
      else if (remote.test(entry)) pass('unrendered', `remote kustomize base not read: ${entry}`, entries, key);
      else if (path === undefined) pass('skipped', `not read: ${entry} leaves the workspace`, entries, key);
      else if (files?.has(path) === false)
        pass('skipped', `not found: ${entry}, which the kustomization includes`, entries, key);
    }
  }
  return { resources, components, notes };
}

/** Whether a document holds replacements, which kustomizations name as files. */
export const isReplacement = (tree: Tree): boolean => replacementsIn(tree.root).length > 0;
const replacementsIn = (root: unknown): readonly Data[] =>
  list((Array.isArray(root) ? root : [root]) as Data[]).filter(
    (one) => Array.isArray(one['targets']) && (isRecord(one['source']) || 'sourceValue' in one),
  );

/** What a kustomization lays over its objects from other texts, and the files that this, or what else is no object, is written in. */
interface Laid {
  readonly patches: readonly Patch[];
  readonly replacements: readonly Data[];
  readonly files: readonly string[];
  /** Patches that could not be read. */
  readonly notes: readonly Note[];
}

function laidBy(tree: Tree, { documents, parse }: Around): Laid {
  const body = tree.root as Data;
  const patches: Patch[] = [];
  const files: string[] = [];
  const notes: Note[] = [];
  const known = (entry: string): readonly Tree[] | undefined => {
    const path = join(folderOf(tree.source.path), entry);
    const found = path === undefined ? undefined : documents.get(path);
    if (found) files.push(path as string);
    return found;
  };
  /** Nobody can tell what a text says that is not read: whatever it is meant for is in doubt. */
  const leaveOpen = (what: string, { on, key }: Origin, target: Data = {}, late = false): void => {
    notes.push({ kind: 'skipped', message: `not read: ${what}`, at: locate(tree, on, key) });
    patches.push(...readPatch(undefined, target, tree, late));
  };
  const custom = isRecord(body['openapi']) && typeof body['openapi']['path'] === 'string';
  const add = (root: unknown, from: Tree, target: Data | undefined, late: boolean): void => {
    const items =
      isRecord(root) &&
      typeof root['kind'] === 'string' &&
      root['kind'].endsWith('List') &&
      Array.isArray(root['items'])
        ? root['items']
        : [root];
    for (const item of items) patches.push(...readPatch(item, target, from, late, custom));
  };
  const addFile = (entry: string, at: Origin, target?: Data, late = false): void => {
    const found = known(entry);
    if (!found) leaveOpen(`the patch ${entry}`, at, target, late);
    for (const document of found ?? []) {
      settleIn(document.root, document);
      add(document.root, document, target, late);
    }
  };
  /** A patch that is written as text: all of it stands at the key that holds the text. */
  const addText = (patch: string, at: Origin, target?: Data, late = false): void => {
    const roots = parse(patch);
    if (!roots?.every((root) => root === null || typeof root === 'object'))
      return leaveOpen('a patch that is no YAML', at, target, late);
    for (const root of roots) {
      settleIn(root, tree, at);
      add(root, tree, target, late);
    }
  };
  const merges: unknown[] = Array.isArray(body['patchesStrategicMerge']) ? body['patchesStrategicMerge'] : [];
  for (const [key, patch] of merges.entries()) {
    if (typeof patch !== 'string') continue;
    if (patch.includes('\n')) addText(patch, { tree, on: merges, key });
    else addFile(patch, { tree, on: merges, key });
  }
  for (const field of ['patches', 'patchesJson6902']) {
    const late = field === 'patchesJson6902';
    for (const patch of list(body[field] as Data[])) {
      const target = isRecord(patch['target']) ? patch['target'] : undefined;
      if (typeof patch['path'] === 'string' && patch['path'] !== '')
        addFile(patch['path'], { tree, on: patch, key: 'path' }, target, late);
      if (typeof patch['patch'] === 'string') addText(patch['patch'], { tree, on: patch, key: 'patch' }, target, late);
    }
  }
  // Other transformers change objects in ways that only kustomize knows.
  const transformers: unknown = body['transformers'];
  for (const [key, entry] of (Array.isArray(transformers) ? transformers : []).entries()) {
    if (typeof entry !== 'string') continue;
    known(entry);
    leaveOpen(entry.includes('\n') ? 'a transformer' : `the transformer ${entry}`, {
      tree,
      on: transformers as object,
      key,
    });
  }
  // `crds` are definitions for kustomize itself: no objects.
  for (const field of ['configurations', 'generators', 'crds'])
    for (const entry of texts(body[field] as string[])) known(entry);
  const replacements: Data[] = [];
  for (const one of list(body['replacements'] as Data[])) {
    if (typeof one['path'] !== 'string') replacements.push(one);
    else {
      const found = known(one['path']);
      if (found) replacements.push(...found.flatMap(({ root }) => replacementsIn(root)));
      else leaveOpen(`the replacements ${one['path']}`, { tree, on: one, key: 'path' });
    }
  }
  return { patches, replacements, files, notes };
}

/** Reads all kustomizations. `trees` are all documents of the run; `parse` reads a patch that is written as text. */
export function readKustomizations(trees: readonly Tree[], { files }: Layout, parse: Around['parse']): Kustomizations {
  const documents = new Map<string, Tree[]>();
  for (const tree of trees) push(documents, tree.source.path, tree);
  const kustomizations = trees.filter(isKustomization);
  const around: Around = {
    documents,
    files,
    parse,
    folders: new Set(kustomizations.map((tree) => folderOf(tree.source.path))),
  };
  const roots = new Map<string, Root>();
  const patchFiles = new Set<string>();
  const notes: Note[] = [];
  for (const tree of kustomizations) {
    const included = includesOf(tree, around);
    const laid = laidBy(tree, around);
    for (const file of laid.files) patchFiles.add(file);
    notes.push(...included.notes, ...laid.notes);
    const folder = folderOf(tree.source.path);
    roots.set(folder, {
      ...readTransformers(tree, tree.root as Data, laid),
      ...included,
      folder,
      gap: included.notes[0]?.message,
    });
  }

  // Files in a folder `patches` beside a kustomization that lists them nowhere as a resource are patches too.
  const included = new Set(
    [...roots.values()].flatMap((root) => root.resources.flatMap((one) => ('file' in one ? [one.file] : []))),
  );
  for (const path of documents.keys()) {
    const folder = folderOf(path);
    if (folder.endsWith('/patches') && roots.has(folderOf(folder)) && !included.has(path)) patchFiles.add(path);
  }

  const chains = new Map<string, { readonly unit: string; readonly chain: readonly Root[] }[]>();
  const gaps = new Map<string, string>();
  let count = 0;
  for (const outermost of outermostOf(roots)) {
    const unit = `kustomization:${outermost.folder}`;
    const gathered: { readonly file: string; readonly chain: Root[] }[] = [];
    // As kustomize does it: what a root includes, then its components, each of which acts on all that is gathered so far, then the root itself.
    const gather = (
      root: Root,
      items: { readonly file: string; readonly chain: Root[] }[],
      trail: readonly string[],
    ): void => {
      if (count++ >= mostWays) return;
      if (root.gap !== undefined && !gaps.has(unit)) gaps.set(unit, root.gap);
      for (const one of root.resources) {
        if ('file' in one) {
          if (count++ < mostWays) items.push({ file: one.file, chain: [] });
          continue;
        }
        const inner = roots.get(one.root);
        if (!inner || trail.includes(one.root)) continue;
        const own: typeof items = [];
        gather(inner, own, [...trail, one.root]);
        items.push(...own);
      }
      for (const folder of root.components) {
        const component = roots.get(folder);
        if (component && !trail.includes(folder)) gather(component, items, [...trail, folder]);
      }
      for (const { chain } of items) chain.push(root);
    };
    gather(outermost, gathered, [outermost.folder]);
    for (const { file, chain } of gathered) push(chains, file, { unit, chain });
  }
  const ways = new Map(
    [...chains].map(([file, all]) => {
      // Where ways part, seen from outside: that is what tells them from one another.
      let shared = 0;
      while (
        all.length > 1 &&
        all.every(({ chain }) => shared < chain.length - 1 && chain.at(-1 - shared) === all[0]?.chain.at(-1 - shared))
      )
        shared++;
      return [file, all.map(({ unit, chain }) => wayOf(unit, chain, chain.at(-1 - shared) as Root))] as const;
    }),
  );
  return { of: (path) => ways.get(path) ?? [], patchFiles, notes, gaps, cut: count >= mostWays };
}

/** Roots that no other includes, which are what gets applied; of a circle of roots the first by name. */
function outermostOf(roots: ReadonlyMap<string, Root>): readonly Root[] {
  const inner = (root: Root): string[] => [
    ...root.resources.flatMap((one) => ('root' in one ? [one.root] : [])),
    ...root.components,
  ];
  const includedRoots = new Set([...roots.values()].flatMap(inner));
  const sorted = [...roots.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const found = sorted.filter(({ folder }) => !includedRoots.has(folder));
  const reached = new Set<string>();
  const reach = (root: Root): void => {
    if (reached.has(root.folder)) return;
    reached.add(root.folder);
    for (const folder of inner(root)) {
      const next = roots.get(folder);
      if (next) reach(next);
    }
  };
  for (const root of found) reach(root);
  for (const root of sorted)
    if (!reached.has(root.folder)) {
      found.push(root);
      reach(root);
    }
  return found;
}

/** What the roots of a chain, the innermost first, make of an object. */
function wayOf(unit: string, chain: readonly Root[], by: Root): Way {
  return {
    unit,
    by: by.tree.source.id,
    apply: (object, tree, namespaced) =>
      chain.reduce<Applied | undefined>((applied, root) => applied && transformed(applied, root, namespaced), {
        written: object,
        object,
        tree,
        changes: [],
      }),
  };
}
