import type { Change, ImageOverride } from '#model/resource.ts';
import { isRecord, list, text, texts } from '#model/shape.ts';
import { folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';

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
  Array.isArray(tree.root) && tree.root.length > 0 && tree.root.every((one) => isRecord(one) && typeof one['op'] === 'string' && typeof one['path'] === 'string');

interface Patch {
  /** The objects it changes; an undefined field matches any. */
  readonly target: { readonly kind?: string | undefined; readonly name?: string | undefined };
  readonly paths: readonly (readonly string[])[];
  readonly by: string;
}

interface Root {
  readonly folder: string;
  readonly files: Set<string>;
  readonly roots: Set<string>;
  readonly namespace: string | undefined;
  readonly images: readonly ImageOverride[];
  readonly replicas: ReadonlyMap<string, number>;
  readonly patches: readonly Patch[];
  readonly component: boolean;
}

/** What the kustomizations of a run make of an object. */
export interface Kustomized {
  readonly units: readonly string[];
  readonly bundle: string;
  readonly memberOf: readonly string[];
  readonly namespace: string | undefined;
  readonly images: readonly ImageOverride[];
  replicas(name: string): number | undefined;
  changes(kind: string, name: string): readonly Change[];
}

/** All kustomizations of a run: which files they include, which are patches, and what they change. */
export interface Kustomizations {
  /** Undefined for a file that no kustomization includes. */
  of(path: string): Kustomized | undefined;
  readonly patchFiles: ReadonlySet<string>;
  /** Remote resources, which are not read. */
  readonly remotes: readonly { readonly tree: Tree; readonly on: object; readonly key: string | number; readonly url: string }[];
  /** Paths that lead out of the workspace, which are not read. */
  readonly outside: readonly { readonly tree: Tree; readonly on: object; readonly key: string | number; readonly path: string }[];
}

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

/** The leaves that a strategic merge patch sets, as paths of keys; list items go by their `name`. */
function touched(node: unknown, path: readonly string[], found: string[][]): string[][] {
  if (Array.isArray(node)) {
    const named = node.every((item) => isRecord(item) && typeof item['name'] === 'string');
    if (!named) found.push([...path]);
    else for (const item of node) touched(item, [...path, (item as { name: string }).name], found);
  } else if (isRecord(node)) {
    for (const [key, value] of Object.entries(node)) {
      if (path.length === 0 && ['apiVersion', 'kind'].includes(key)) continue;
      if (key === 'name') continue; // what names an object or a list item is no change
      if (key === '$patch') found.push([...path]);
      else touched(value, [...path, key], found);
    }
  } else found.push([...path]);
  return found;
}

function readPatch(body: unknown, target: Record<string, unknown> | undefined, by: string): Patch[] {
  const wanted = target ? { kind: text(target['kind']), name: text(target['name']) } : undefined;
  if (Array.isArray(body)) {
    const paths = list(body as Record<string, unknown>[]).map((one) => (text(one['path']) ?? '').split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')));
    return [{ target: wanted ?? {}, paths, by }];
  }
  if (!isRecord(body)) return [];
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  return [{ target: wanted ?? { kind: text(body['kind']), name: text(metadata['name']) }, paths: touched(body, [], []), by }];
}

/** Reads all kustomizations. `trees` are all documents of the run; `parse` reads a patch that is written as text inside a kustomization. */
export function readKustomizations(trees: readonly Tree[], parse: (text: string) => unknown[]): Kustomizations {
  const roots = new Map<string, Root>();
  const patchFiles = new Set<string>();
  const remotes: { tree: Tree; on: object; key: string | number; url: string }[] = [];
  const outside: { tree: Tree; on: object; key: string | number; path: string }[] = [];
  const documents = new Map<string, Tree[]>();
  for (const tree of trees) {
    const known = documents.get(tree.source.path);
    if (known) known.push(tree);
    else documents.set(tree.source.path, [tree]);
  }
  const kustomizations = trees.filter(isKustomization);
  const folders = new Set(kustomizations.map((tree) => folderOf(tree.source.path)));

  for (const tree of kustomizations) {
    const body = tree.root as Record<string, unknown>;
    const folder = folderOf(tree.source.path);
    const files = new Set<string>();
    const inner = new Set<string>();
    for (const field of ['resources', 'bases', 'components', 'crds'] as const) {
      const entries = body[field];
      if (!Array.isArray(entries)) continue;
      for (const [key, entry] of entries.entries()) {
        if (typeof entry !== 'string') continue;
        const path = join(folder, entry);
        if (path !== undefined && folders.has(path) && path !== folder) inner.add(path);
        else if (path !== undefined && documents.has(path)) files.add(path);
        else if (/^(https?:|git@|ssh:|github\.com|[\w.-]+\.[a-z]{2,}\/)/.test(entry) || entry.includes('?ref=')) remotes.push({ tree, on: entries, key, url: entry });
        else if (path === undefined) outside.push({ tree, on: entries, key, path: entry });
      }
    }
    const patches: Patch[] = [];
    const addFile = (entry: string, target: Record<string, unknown> | undefined) => {
      const path = join(folder, entry);
      if (path === undefined || !documents.has(path)) return;
      patchFiles.add(path);
      for (const document of documents.get(path) ?? []) patches.push(...readPatch(document.root, target, document.source.id));
    };
    for (const patch of Array.isArray(body['patchesStrategicMerge']) ? body['patchesStrategicMerge'] : []) {
      if (typeof patch !== 'string') continue;
      if (patch.includes('\n')) for (const one of parse(patch)) patches.push(...readPatch(one, undefined, tree.source.id));
      else addFile(patch, undefined);
    }
    for (const field of ['patches', 'patchesJson6902']) {
      for (const patch of list(body[field] as Record<string, unknown>[])) {
        const target = isRecord(patch['target']) ? patch['target'] : undefined;
        if (typeof patch['path'] === 'string') addFile(patch['path'], target);
        if (typeof patch['patch'] === 'string') for (const one of parse(patch['patch'])) patches.push(...readPatch(one, target, tree.source.id));
      }
    }
    // Other transformers change fields in ways that only kustomize knows: what they name is no object of its own.
    for (const field of ['transformers', 'configurations', 'generators', 'replacements'])
      for (const entry of texts(body[field] as string[])) {
        const path = join(folder, entry);
        if (path !== undefined && documents.has(path)) patchFiles.add(path);
      }
    roots.set(folder, {
      folder, files, roots: inner, namespace: text(body['namespace']), patches, component: body['kind'] === 'Component',
      images: list(body['images'] as Record<string, unknown>[]).map((image) => ({
        name: text(image['name']) ?? '', newName: text(image['newName']), digest: text(image['digest']),
        newTag: scalar(image['newTag']),
      })),
      replicas: new Map(list(body['replicas'] as Record<string, unknown>[]).flatMap((one) => (typeof one['count'] === 'number' ? [[text(one['name']) ?? '', one['count']] as const] : []))),
    });
  }

  // Files in a folder `patches` beside a kustomization that lists them nowhere as a resource are patches too.
  const included = new Set([...roots.values()].flatMap((root) => [...root.files]));
  for (const path of documents.keys()) {
    const folder = folderOf(path);
    if (folder.endsWith('/patches') && roots.has(folderOf(folder)) && !included.has(path)) patchFiles.add(path);
  }

  /** Roots that a folder stands for: itself and all it includes. A cycle ends where it began. */
  const closure = (folder: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(folder)) return seen;
    seen.add(folder);
    for (const next of roots.get(folder)?.roots ?? []) closure(next, seen);
    return seen;
  };
  const closures = new Map([...roots.keys()].map((folder) => [folder, closure(folder)]));
  const innerRoots = new Set([...roots.values()].flatMap((root) => [...root.roots]));
  const directRoots = new Map<string, string[]>();
  for (const root of roots.values()) for (const file of root.files) directRoots.set(file, [...(directRoots.get(file) ?? []), root.folder]);

  const reach = (folder: string): number => closures.get(folder)?.size ?? 0;
  const componentsOf = (folder: string): string[] => [...(roots.get(folder)?.roots ?? [])].filter((inner) => roots.get(inner)?.component).flatMap((inner) => [...(closures.get(inner) ?? [])]).filter((inner) => roots.get(inner)?.component);

  const cache = new Map<string, Kustomized | undefined>();
  const of = (path: string): Kustomized | undefined => {
    if (cache.has(path)) return cache.get(path);
    const direct = directRoots.get(path);
    let result: Kustomized | undefined;
    if (direct) {
      const all = [...closures].filter(([, members]) => direct.some((folder) => members.has(folder))).map(([folder]) => folder).sort();
      const tops = all.filter((folder) => !innerRoots.has(folder));
      // Components change what the kustomization that names them has gathered, as if they stood in it.
      const acting = new Set(all.flatMap((folder) => [folder, ...componentsOf(folder)]));
      // The outermost comes first: it is applied last, so what it says counts.
      const chain = [...acting].map((folder) => roots.get(folder)).filter((root) => root !== undefined).sort((a, b) => reach(b.folder) - reach(a.folder) || (a.folder < b.folder ? -1 : 1));
      const namespaceIn = (top: string) => chain.find((root) => root.namespace !== undefined && closures.get(top)?.has(root.folder))?.namespace;
      const namespaces = new Set((tops.length > 0 ? tops : all).map(namespaceIn));
      result = {
        units: (tops.length > 0 ? tops : all).map((folder) => `kustomization:${folder}`),
        bundle: `kustomization:${direct[0]}`,
        memberOf: all.map((folder) => `kustomization:${folder}`),
        namespace: namespaces.size === 1 ? [...namespaces][0] : undefined,
        images: chain.flatMap((root) => root.images),
        replicas: (name) => chain.map((root) => root.replicas.get(name)).find((count) => count !== undefined),
        changes: (kind, name) => chain.flatMap((root) => root.patches.filter(({ target }) => names(target.kind, kind) && names(target.name, name)).flatMap(({ paths, by }) => paths.map((one) => ({ path: one, by })))),
      };
    }
    cache.set(path, result);
    return result;
  };
  return { of, patchFiles, remotes, outside };
}

/** Targets are anchored regular expressions in kustomize; anything beyond a plain name may match. */
const names = (wanted: string | undefined, name: string): boolean => wanted === undefined || wanted === name || /[.*+?|()[\]]/.test(wanted);

/** A tag may be written as a number. */
const scalar = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
