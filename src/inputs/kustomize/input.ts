import { isMissing } from '#model/hidden.ts';
import { unitOfDeployment, unitOfFolder } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, list, texts } from '#model/shape.ts';
import { withoutCredentials } from '#model/url.ts';
import { graft, type Origin, settleIn } from '#syntax/graft.ts';
import { folderOf, type Layout } from '#sources/layout.ts';
import type { Note } from '#model/finding.ts';
import { locate, type Source, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { type FieldSpecs, joinSpecs, readConfiguration } from './fields.ts';
import { type Asked, changesKind, type Patch, readPatch } from './patch.ts';
import { readTransformers, type Transformers } from './transform.ts';

/* Reads kustomizations: which files each includes, and how it changes them. `build.ts` then applies it. */

type Data = Record<string, unknown>;

/** File names that kustomize accepts for a kustomization, in the order in which it looks for them. */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;
const fileNames: ReadonlySet<string> = new Set(kustomizationNames);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether a document is a kustomization: by its kind, or, as in kustomize, by its file name. */
export function isKustomization(tree: Tree): boolean {
  if (!isRecord(tree.root)) return false;
  const { kind, apiVersion } = tree.root;
  if (typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/')) return true;
  // Kustomize fills in missing or empty fields (kustomize, types.Kustomization, FixKustomizationPostUnmarshalling).
  return (
    fileNames.has(nameOf(tree.source.path)) &&
    isEmpty(apiVersion) &&
    (isEmpty(kind) || kind === 'Kustomization' || kind === 'Component')
  );
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The documents that kustomize reads when it builds a folder: the first one of each file with that name. */
function rootsIn(trees: readonly Tree[]): Tree[] {
  const files = new Map<string, Tree>();
  for (const tree of trees)
    if (fileNames.has(nameOf(tree.source.path)) && !files.has(tree.source.path) && isKustomization(tree))
      files.set(tree.source.path, tree);
  return [...files.values()];
}

/** Whether a document is a JSON patch (RFC 6902), which kustomizations name as files. */
export const isJsonPatch = (tree: Tree): boolean =>
  Array.isArray(tree.root) &&
  tree.root.length > 0 &&
  tree.root.every((one) => isRecord(one) && typeof one['op'] === 'string' && typeof one['path'] === 'string');

/** Fields of a kustomization that name files; all but the first three change what those include. */
const naming = [
  'resources',
  'bases',
  'components',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'configurations',
  'crds',
  'generators',
  'transformers',
  'validators',
] as const;
const others = [
  'namespace',
  'namePrefix',
  'nameSuffix',
  'images',
  'replicas',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'openapi',
  'helmCharts',
  'helmChartInflationGenerator',
  'configMapGenerator',
  'secretGenerator',
];
/** Nested fields, as far as they are read here. */
const inner = [
  'path',
  'patch',
  'target',
  'options',
  'group',
  'version',
  'kind',
  'name',
  'namespace',
  'labelSelector',
  'annotationSelector',
  'targets',
  'select',
  'fieldPaths',
  'create',
  'newName',
  'newTag',
  'tagSuffix',
  'digest',
  'count',
  'pairs',
  'includeSelectors',
  'includeTemplates',
  'fields',
];
/** A name as Go compares it: without regard to case, in which the long s and the sign of Kelvin are letters (encoding/json, foldName). */
const folded = (name: string): string => name.toUpperCase().toLowerCase();
const spelled = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [folded(name), name]));
const [outerNames, innerNames] = [spelled([...naming, ...others]), spelled(inner)];
/** Fields whose keys belong to kustomize at every depth, except `pairs`. */
const structured: ReadonlySet<string> = new Set([
  'patches',
  'patchesJson6902',
  'replacements',
  'images',
  'replicas',
  'labels',
]);

/** Data with the canonical names of fields; the same object if they already are. */
function rename(value: unknown, names: ReadonlyMap<string, string>, tree: Tree): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isOuter = names === outerNames;
  const made = (Array.isArray(value) ? [] : Object.create(null)) as Data;
  const entries = new Map<string, Origin>();
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const right = Array.isArray(value) ? key : (names.get(folded(key)) ?? key);
    const name = right !== key && Object.hasOwn(value, right) ? key : right;
    const into = isOuter ? structured.has(name) : name !== 'pairs';
    const next = into ? rename(item, innerNames, tree) : item;
    changed ||= name !== key || next !== item;
    made[name] = next;
    entries.set(name, { tree, on: value, key: Array.isArray(value) ? Number(key) : key });
  }
  return changed ? graft(made, { tree, on: value }, entries) : value;
}

/** The fields of a kustomization. Kustomize reads their names case-insensitively, as Go does for JSON. */
const fieldsOf = (tree: Tree): Data => rename(tree.root, outerNames, tree) as Data;

/** Fields that accept inline content in place of a file name: a string with several lines is not a name. */
const inline: ReadonlySet<string> = new Set([
  'patches',
  'patchesStrategicMerge',
  'generators',
  'transformers',
  'validators',
]);

/** The entries of a field that name a file, folder or URL, each with its location. */
function* entriesOf(
  body: Data,
  field: string,
): Generator<{ readonly entry: string; readonly at: Omit<Origin, 'tree'> }> {
  const items = body[field];
  if (!Array.isArray(items)) return;
  for (const [key, item] of items.entries()) {
    if (typeof item === 'string') {
      if (!inline.has(field) || !item.includes('\n')) yield { entry: item, at: { on: items, key } };
    } else if (isRecord(item) && typeof item['path'] === 'string' && item['path'] !== '')
      yield { entry: item['path'], at: { on: items, key } };
  }
}

/** Paths, relative to the workspace root, of everything that a kustomization file names. */
export function referencesOf(source: Source): string[] {
  return rootsIn(splitDocuments(source).flatMap((segment) => parseYaml(segment))).flatMap((tree) => {
    const body = fieldsOf(tree);
    return naming.flatMap((field) =>
      [...entriesOf(body, field)].flatMap(({ entry }) => join(folderOf(source.path), entry) ?? []),
    );
  });
}

/** One kustomization: what it includes, and how it changes it. */
export interface Root extends Transformers {
  readonly folder: string;
  /** The unit of what it applies. */
  readonly unit: string;
  /** Files and folders of `resources`, in order. */
  readonly resources: readonly ({ readonly file: string } | { readonly root: string })[];
  readonly components: readonly string[];
  /** Field specs of its own `configurations`. */
  readonly specs: FieldSpecs;
  /** Why it applies more than what is here: a remote base, a chart. */
  readonly gap: string | undefined;
}

/** All kustomizations of a run. */
export interface Kustomizations {
  /** By folder. */
  readonly roots: ReadonlyMap<string, Root>;
  /** What controllers of GitOps lay over the folders that they apply. */
  readonly deployed: ReadonlyMap<Deployment, Deployed>;
  /** Files that some kustomization lists as a resource. */
  readonly listed: ReadonlySet<string>;
  /** Files that kustomizations name as something else: patches, configurations, transformers. */
  readonly laid: ReadonlySet<string>;
  /** What kustomizations name but is not read. */
  readonly notes: readonly Note[];
}

/** Joins a folder and a relative path; undefined if the result is outside the workspace. */
export function join(folder: string, path: string): string | undefined {
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      // The leading `..` of a separate root must not be canceled by a later step of the path.
      if (steps.length === 0 || steps.at(-1) === '..') return undefined;
      steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** The path that a kustomization names; undefined if it leads outside the workspace. */
function follow(folder: string, entry: string, links: Layout['links']): string | undefined {
  const path = join(folder, entry);
  return path === undefined ? undefined : (links?.get(path) ?? path);
}

/** The surroundings of a kustomization. */
interface Around {
  /** The targets of names that are links. */
  readonly links: Layout['links'];
  readonly documents: ReadonlyMap<string, readonly Tree[]>;
  /** Folders that contain a kustomization. */
  readonly folders: ReadonlySet<string>;
  /**
   * Whether a file does not exist, or could not be read. A file that was read may contain documents that are not used.
   */
  isUnread(path: string): boolean;
  /** Reads an inline patch in a kustomization; undefined if it has an error. */
  parse(text: string): readonly unknown[] | undefined;
}

const remote = /^(https?:|oci:|git@|git::|ssh:|file:|github\.com|[\w.-]+\.[a-z]{2,}\/)|^[^/]+:[^/]+@|\?ref=/;

/** An object in place of the name of a file, on one line: no message shows it, because it may contain a secret. */
const objectLine = /^\s*[{[]|:\s/;

/**
 * Named files that are not read. If they belong to this repository, the run is incomplete; for files elsewhere there is
 * only a note.
 */
function missing(what: string, entry: string, path: string | undefined, tree: Tree, at: Omit<Origin, 'tree'>): Note {
  const name = objectLine.test(entry) ? '...' : withoutCredentials(entry);
  const place = locate(tree, at.on, at.key);
  if (remote.test(entry)) return { kind: 'unrendered', message: `remote ${what} is not read: ${name}`, at: place };
  const named = `${what} "${name}"`;
  const message = path === undefined ? `${named} is outside the workspace and is not read` : isMissing(named);
  return { kind: 'incomplete', message, at: place };
}

/** What a kustomization includes, and notes about included files that are not read. */
function includesOf(
  tree: Tree,
  body: Data,
  folder: string,
  { documents, folders, links, isUnread }: Around,
): Pick<Root, 'resources' | 'components'> & { readonly notes: readonly Note[] } {
  const resources: ({ file: string } | { root: string })[] = [];
  const components: string[] = [];
  const notes: Note[] = [];
  for (const field of ['helmCharts', 'helmChartInflationGenerator'])
    if (Array.isArray(body[field]))
      notes.push({
        kind: 'unrendered',
        message: `the charts of ${tree.source.id} are not rendered`,
        at: locate(tree, body, field),
      });
  for (const field of ['resources', 'bases', 'components'])
    for (const { entry, at } of entriesOf(body, field)) {
      const path = follow(folder, entry, links);
      if (path !== undefined && folders.has(path) && path !== folder) {
        if (field === 'components') components.push(path);
        else resources.push({ root: path });
      } else if (path !== undefined && documents.has(path)) resources.push({ file: path });
      else if (path === folder) continue; // a cycle, which kustomize rejects
      else if (remote.test(entry) || path === undefined || isUnread(path))
        notes.push(missing(field === 'components' ? 'component' : 'base or resource', entry, path, tree, at));
    }
  return { resources, components, notes };
}

/** Whether a document holds replacements, which kustomizations name as files. */
export const isReplacement = (tree: Tree): boolean =>
  replacementsIn(tree.root).length > 0 && !(isRecord(tree.root) && 'kind' in tree.root && 'apiVersion' in tree.root);
const replacementsIn = (root: unknown): readonly Data[] =>
  list((Array.isArray(root) ? root : [root]) as Data[]).filter(
    (one) => Array.isArray(one['targets']) && (isRecord(one['source']) || 'sourceValue' in one),
  );

/** The changes that a kustomization takes from other texts, and the files that contain them. */
interface Laid {
  readonly patches: readonly Patch[];
  readonly latePatches: readonly Patch[];
  readonly replacements: readonly Data[];
  readonly specs: FieldSpecs;
  readonly files: readonly string[];
  /** Folders whose kustomizations make settings for kustomize, and no objects. */
  readonly settings: readonly string[];
  /** What could not be read. */
  readonly notes: readonly Note[];
  /** Why there are more objects than those that are written. */
  readonly gap: string | undefined;
}

function laidBy(tree: Tree, body: Data, folder: string, { documents, folders, links, parse, isUnread }: Around): Laid {
  const patches: Patch[] = [];
  const latePatches: Patch[] = [];
  const files: string[] = [];
  const settings: string[] = [];
  const notes: Note[] = [];
  const custom = isRecord(body['openapi']) && typeof body['openapi']['path'] === 'string';
  /** The documents of a named file; undefined, with a note, if it is not read. */
  const known = (what: string, entry: string, at: Omit<Origin, 'tree'>): readonly Tree[] | undefined => {
    const path = follow(folder, entry, links);
    const found = path === undefined ? undefined : documents.get(path);
    if (path !== undefined && folders.has(path)) {
      settings.push(path);
      // Validators change nothing.
      if (what !== 'validator')
        notes.push({
          kind: 'incomplete',
          message: `${what} "${withoutCredentials(entry)}" is a folder, and its kustomization is not built for this`,
          at: locate(tree, at.on, at.key),
        });
      return undefined;
    }
    if (path !== undefined && (found || !(remote.test(entry) || isUnread(path)))) {
      files.push(path);
      return found ?? [];
    }
    notes.push(missing(what, entry, path, tree, at));
    return undefined;
  };
  /** Whether an entry is an object: kustomize looks for a file first. */
  const isInline = (entry: string): boolean => {
    if (entry.includes('\n')) return true;
    const path = follow(folder, entry, links);
    return objectLine.test(entry) && (path === undefined || !documents.has(path));
  };
  const add = (root: unknown, from: Tree, entry: Origin, asked: Asked, late: boolean): void => {
    const items =
      isRecord(root) &&
      typeof root['kind'] === 'string' &&
      root['kind'].endsWith('List') &&
      Array.isArray(root['items'])
        ? root['items']
        : [root];
    for (const item of items)
      (late ? latePatches : patches).push(...readPatch(item, asked, { tree: from, entry, custom }));
  };
  /** The content of an unread text is unknown: it may define what its objects lack. */
  const leaveOpen = (entry: Origin, { target }: Asked = {}, late = false): void =>
    add(undefined, tree, entry, { target: isRecord(target) ? target : {} }, late);
  const addFile = (name: string, at: Omit<Origin, 'tree'>, asked: Asked = {}, late = false): void => {
    const found = known('patch', name, at);
    if (!found) leaveOpen({ tree, ...at }, asked, late);
    for (const document of found ?? []) {
      settleIn(document.root, document);
      add(document.root, document, { tree, ...at }, asked, late);
    }
  };
  /** An inline patch: all of it is located at the key that holds the string. */
  const addText = (patch: string, at: Omit<Origin, 'tree'>, asked: Asked = {}, late = false): void => {
    const roots = parse(patch);
    if (!roots?.every((root) => root === null || typeof root === 'object')) {
      notes.push({ kind: 'incomplete', message: 'patch is not valid YAML', at: locate(tree, at.on, at.key) });
      return leaveOpen({ tree, ...at }, asked, late);
    }
    for (const root of roots) {
      settleIn(root, tree, { tree, ...at });
      add(root, tree, { tree, ...at }, asked, late);
    }
  };
  /** A patch in the long form, which is applied after all others. */
  const addTransformer = (root: Data, at: Omit<Origin, 'tree'>): void => {
    if (typeof root['path'] === 'string' && root['path'] !== '') addFile(root['path'], at, root, true);
    if (typeof root['patch'] === 'string') addText(root['patch'], at, root, true);
  };
  // In `patches`, a bare string is the kustomize 2 syntax for what is now `patchesStrategicMerge`.
  for (const field of ['patchesStrategicMerge', 'patches', 'patchesJson6902']) {
    const late = field === 'patchesJson6902';
    const items: unknown = body[field];
    for (const [key, patch] of (Array.isArray(items) ? (items as unknown[]) : []).entries()) {
      if (typeof patch === 'string' && !late) {
        const at = { on: items as object, key };
        if (isInline(patch)) addText(patch, at);
        else addFile(patch, at);
      }
      if (!isRecord(patch)) continue;
      if (typeof patch['path'] === 'string' && patch['path'] !== '')
        addFile(patch['path'], { on: patch, key: 'path' }, patch, late);
      if (typeof patch['patch'] === 'string') addText(patch['patch'], { on: patch, key: 'patch' }, patch, late);
    }
  }
  // Other transformers change objects in ways that only kustomize knows.
  const transformers: unknown = body['transformers'];
  for (const [key, entry] of (Array.isArray(transformers) ? (transformers as unknown[]) : []).entries()) {
    if (typeof entry !== 'string') continue;
    const at = { on: transformers as object, key };
    const found = isInline(entry) ? parse(entry) : known('transformer', entry, at)?.map(({ root }) => root);
    if (found && found.length > 0 && found.every(isPatchTransformer)) {
      for (const root of found) addTransformer(root, at);
      continue;
    }
    if (isInline(entry) || found)
      notes.push({
        kind: 'incomplete',
        message: 'transformers are not applied, so fields that they set are not judged',
        at: locate(tree, at.on, at.key),
      });
    leaveOpen({ tree, ...at });
  }
  const specs: FieldSpecs[] = [];
  for (const { entry, at } of entriesOf(body, 'configurations'))
    for (const { root } of known('configuration', entry, at) ?? []) specs.push(readConfiguration(root));
  // `crds` are definitions for kustomize itself; generators create objects that are not written in any file.
  for (const field of ['crds', 'validators'])
    for (const { entry, at } of entriesOf(body, field)) known(field.slice(0, -1), entry, at);
  const generators: unknown = body['generators'];
  let gap: string | undefined;
  for (const [key, entry] of (Array.isArray(generators) ? (generators as unknown[]) : []).entries()) {
    if (typeof entry !== 'string') continue;
    const at = { on: generators as object, key };
    const found = isInline(entry) ? parse(entry) : known('generator', entry, at)?.map(({ root }) => root);
    if (found?.every(isPlainGenerator)) continue;
    gap = 'generators are not run, so objects that they create are not judged';
    notes.push({ kind: 'unrendered', message: gap, at: locate(tree, at.on, at.key) });
  }
  const replacements: Data[] = [];
  for (const one of list(body['replacements'] as Data[])) {
    if (typeof one['path'] !== 'string') replacements.push(one);
    else {
      const at = { on: one, key: 'path' };
      const found = known('replacement', one['path'], at);
      for (const file of found ?? []) {
        const all = replacementsIn(rename(file.root, innerNames, file));
        settleIn(all, file);
        replacements.push(...all);
      }
      if (!found) leaveOpen({ tree, ...at });
    }
  }
  for (const field of ['kind', 'apiVersion']) {
    const target = replacements
      .flatMap((one) => list(one['targets'] as Data[]))
      .find(({ fieldPaths }) => texts(fieldPaths as string[]).includes(field));
    if (target)
      notes.push({
        kind: 'incomplete',
        message: `a replacement sets the ${field} of objects, which are judged as they are written`,
        at: locate(tree, body, 'replacements'),
      });
  }
  return { patches, latePatches, replacements, specs: joinSpecs(specs), files, settings, notes, gap };
}

/** Whether a document generates only ConfigMaps and Secrets. */
const isPlainGenerator = (root: unknown): boolean =>
  isRecord(root) &&
  root['apiVersion'] === 'builtin' &&
  (root['kind'] === 'ConfigMapGenerator' || root['kind'] === 'SecretGenerator');
/** Whether a document configures the built-in patch transformer of kustomize. */
const isPatchTransformer = (root: unknown): root is Data =>
  isRecord(root) && root['apiVersion'] === 'builtin' && root['kind'] === 'PatchTransformer';

/** Kinds of the objects that kustomizations generate, which are not built here. */
const generated = ['ConfigMap', 'Secret'];
const generators = ['configMapGenerator', 'secretGenerator', 'generators'];

/** Patches that may turn generated objects into others: no object is here that the patch could be tried on. */
function notesOnGenerated(roots: ReadonlyMap<string, Root>): Note[] {
  const all = [...roots.values()];
  if (!all.some(({ body }) => generators.some((field) => Array.isArray(body[field])))) return [];
  const patches = all.flatMap(({ patches, latePatches }) => [...patches.all, ...latePatches.all]);
  return patches
    .filter((patch) => changesKind(patch, generated))
    .map(({ entry: { tree, on, key } }) => ({
      kind: 'incomplete',
      message: 'the patch changes the kind of generated objects, which are not judged',
      at: locate(tree, on, key),
    }));
}

/**
 * A folder that an object makes Flux or Argo CD apply, by its path in the repository of the object's source, which may be
 * a different one.
 */
export interface Deployment {
  readonly object: object;
  readonly tree: Tree;
  readonly path: string;
  /** The fields of a kustomization that the controller adds to that of the folder; undefined if it adds none. */
  readonly body: Data | undefined;
  /** Whether the controller makes a kustomization of all files if the folder has none. */
  readonly generates: boolean;
}

/** A kustomization that only its controller writes, and notes that count if the folder is that of the controller. */
export interface Deployed {
  readonly root: Root;
  readonly notes: readonly Note[];
}

/** The kustomizations that controllers add to folders which are here. */
function readDeployments(
  deployments: readonly Deployment[],
  roots: ReadonlyMap<string, Root>,
  around: Around,
): Map<Deployment, Deployed> {
  const found = new Map<Deployment, Deployed>();
  const filesIn = new Map<string, Root['resources']>();
  for (const [index, deployment] of deployments.entries()) {
    const { tree, body, path, generates } = deployment;
    if (!body) continue;
    const folder = follow('', path, around.links);
    if (folder === undefined) continue;
    let resources: Root['resources'] = [];
    if (roots.has(folder)) resources = [{ root: folder }];
    else if (generates && folder !== '') {
      resources = filesIn.get(folder) ?? filesBelow(folder, around);
      filesIn.set(folder, resources);
    }
    if (resources.length === 0) continue;
    const { components, notes: open } = includesOf(tree, { components: body['components'] }, folder, around);
    const isLenient = body['ignoreMissingComponents'] === true;
    const notes = isLenient ? open.filter(({ kind }) => kind !== 'incomplete') : open;
    const laid = laidBy(tree, body, folder, around);
    found.set(deployment, {
      root: {
        ...readTransformers(tree, body, laid),
        resources,
        components,
        folder,
        unit: unitOfDeployment(folderOf(tree.source.path), index),
        specs: laid.specs,
        gap: notes[0]?.message,
      },
      notes: [...notes, ...laid.notes],
    });
  }
  return found;
}

/** What the controller of Flux lists for a folder: all files, and the folders that have a kustomization (fluxcd/pkg, kustomize, Generator). */
function filesBelow(top: string, { documents, folders }: Around): Root['resources'] {
  const isOwn = (folder: string): boolean => folder === top || (!folders.has(folder) && isOwn(folderOf(folder)));
  const isBelow = (path: string): boolean => path.startsWith(`${top}/`);
  return [
    ...[...documents.keys()].filter((path) => isBelow(path) && isOwn(folderOf(path))).map((file) => ({ file })),
    ...[...folders].filter((folder) => isBelow(folder) && isOwn(folderOf(folder))).map((root) => ({ root })),
  ];
}

/** Reads all kustomizations. `trees` are all documents of the run; `parse` reads an inline patch. */
export function readKustomizations(
  trees: readonly Tree[],
  { files, links, unread }: Layout,
  parse: Around['parse'],
  deployments: readonly Deployment[] = [],
): Kustomizations {
  const isUnread = (path: string): boolean => files?.has(path) === false || unread?.has(path) === true;
  const documents = new Map<string, Tree[]>();
  for (const tree of trees) push(documents, tree.source.path, tree);
  const byFolder = new Map<string, Tree[]>();
  for (const tree of rootsIn(trees)) push(byFolder, folderOf(tree.source.path), tree);
  const around: Around = { documents, links, isUnread, parse, folders: new Set(byFolder.keys()) };
  const roots = new Map<string, Root>();
  const laid = new Set<string>();
  const listed = new Set<string>();
  const settings: string[] = [];
  const notes: Note[] = [];
  for (const [folder, all] of byFolder) {
    const [tree, second] = kustomizationNames.flatMap((name) =>
      all.filter(({ source }) => nameOf(source.path) === name),
    ) as [Tree, Tree?];
    if (second)
      notes.push({
        kind: 'incomplete',
        message: 'folder has two kustomization files, so kustomize rejects it and this file is not applied',
        at: locate(second, second.root as object),
      });
    const body = fieldsOf(tree);
    const included = includesOf(tree, body, folder, around);
    const found = laidBy(tree, body, folder, around);
    for (const file of found.files) laid.add(file);
    settings.push(...found.settings);
    for (const one of included.resources) if ('file' in one) listed.add(one.file);
    notes.push(...included.notes, ...found.notes);
    roots.set(folder, {
      ...readTransformers(tree, body, found),
      ...included,
      folder,
      unit: unitOfFolder(folder),
      specs: found.specs,
      gap: included.notes[0]?.message ?? found.gap,
    });
  }
  notes.push(...notesOnGenerated(roots));
  const deployed = readDeployments(deployments, roots, around);
  const seen = new Set<string>();
  for (let folder = settings.pop(); folder !== undefined; folder = settings.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const root = roots.get(folder);
    for (const one of root?.resources ?? []) {
      if ('file' in one) laid.add(one.file);
      else settings.push(one.root);
    }
    settings.push(...(root?.components ?? []));
  }
  return { roots, deployed, listed, laid, notes };
}

/**
 * Roots that get applied: those that no other root includes, those that a tool applies, and the first by name of roots
 * that include each other in a circle.
 */
export function outermostOf(
  roots: ReadonlyMap<string, Root>,
  deployed: readonly Root[],
  applied: ReadonlySet<string>,
): readonly Root[] {
  const inner = (root: Root): string[] => [
    ...root.resources.flatMap((one) => ('root' in one ? [one.root] : [])),
    ...root.components,
  ];
  const includedRoots = new Set([...deployed, ...roots.values()].flatMap(inner));
  const sorted = [...roots.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const found = sorted.filter(({ folder }) => !includedRoots.has(folder) || applied.has(folder));
  // What a controller adds to a folder has the same folder as its kustomization.
  const reached = new Set<Root>();
  const reach = (root: Root): void => {
    const open = [root];
    for (let one = open.pop(); one; one = open.pop()) {
      if (reached.has(one)) continue;
      reached.add(one);
      for (const folder of inner(one)) {
        const next = roots.get(folder);
        if (next) open.push(next);
      }
    }
  };
  found.unshift(...deployed);
  for (const root of found) reach(root);
  for (const root of sorted)
    if (!reached.has(root)) {
      found.push(root);
      reach(root);
    }
  return found;
}
