import { dig } from '#model/dig.ts';
import { isRecord, list, text, texts } from '#model/shape.ts';
import type { Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { type Applied, changed, doubted, isFor, type Patch, patched } from './kustomize-patch.ts';

type Data = Record<string, unknown>;

/** Labels that a kustomization adds, and where besides the object itself. */
interface LabelEntry {
  readonly pairs: Data;
  readonly selectors: boolean;
  readonly templates: boolean;
}

/** Fields that a kustomization copies from elsewhere. */
interface Replacement {
  readonly target: Data;
  readonly paths: readonly (readonly string[])[];
}

/** What a kustomization does to all that it includes. */
export interface Transformers {
  /** The kustomization itself. */
  readonly tree: Tree;
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly images: readonly Data[];
  readonly replicas: readonly Data[];
  readonly labels: readonly LabelEntry[];
  readonly annotations: Data | undefined;
  readonly patches: readonly Patch[];
  readonly replacements: readonly Replacement[];
}

/** Reads what a kustomization does to what it includes; patches are read by who knows the files. */
export function readTransformers(tree: Tree, body: Data, patches: readonly Patch[]): Transformers {
  return {
    tree, patches, namespace: text(body['namespace']), prefix: text(body['namePrefix']) ?? '', suffix: text(body['nameSuffix']) ?? '', images: list(body['images'] as Data[]), replicas: list(body['replicas'] as Data[]),
    labels: [
      ...list(body['labels'] as Data[]).flatMap(({ pairs, includeSelectors, includeTemplates }) =>
        isRecord(pairs) ? [{ pairs, selectors: includeSelectors === true, templates: includeSelectors === true || includeTemplates === true }] : []),
      ...(isRecord(body['commonLabels']) ? [{ pairs: body['commonLabels'], selectors: true, templates: true }] : []),
    ],
    annotations: isRecord(body['commonAnnotations']) ? body['commonAnnotations'] : undefined,
    replacements: list(body['replacements'] as Data[]).flatMap((one) => list(one['targets'] as Data[])).map(({ select, fieldPaths }) => ({
      target: isRecord(select) ? select : {}, paths: texts(fieldPaths as string[]).map((path) => path.split('.')),
    })),
  };
}

/** What one kustomization makes of an object, in the order in which kustomize does it: patches, namespace, labels, annotations, replicas, images, replacements. */
export function transformed(given: Applied, root: Transformers, namespaced: boolean): Applied | undefined {
  let applied = given;
  for (const patch of root.patches) {
    const meant = isFor(patch, applied);
    if (meant === false) continue;
    const next = meant === undefined ? doubted(applied, patch.by) : patched(applied, patch);
    if (!next) return undefined;
    applied = next;
  }
  const { tree } = given;
  const set = (path: readonly string[], value: unknown, origin: Origin): void => {
    if (dig(applied.object, ...path) === value) return;
    const object = changed(applied.object, path, tree, { value, origin, insert: false, create: true });
    if (object) applied = { ...applied, object };
  };
  const kind = text(applied.object['kind']) ?? '';
  if (root.namespace !== undefined && (namespaced || kind === 'Namespace'))
    // A Namespace is renamed along with what lies in it.
    set(['metadata', namespaced ? 'namespace' : 'name'], root.namespace, { tree: root.tree, on: root.tree.root as Data, key: 'namespace' });
  for (const { pairs, selectors, templates } of root.labels)
    for (const [label, value] of Object.entries(pairs)) {
      const origin = { tree: root.tree, on: pairs, key: label };
      set(['metadata', 'labels', label], String(value), origin);
      const pod = templatePath(kind, applied.object);
      if (templates && pod) set([...pod, 'metadata', 'labels', label], String(value), origin);
      const selector = selectors ? selectorPaths[kind] : undefined;
      if (selector && (selector.create || isRecord(dig(applied.object, ...selector.path)))) set([...selector.path, label], String(value), origin);
    }
  for (const [key, value] of Object.entries(root.annotations ?? {})) {
    const origin = { tree: root.tree, on: root.annotations ?? {}, key };
    set(['metadata', 'annotations', key], String(value), origin);
    const pod = templatePath(kind, applied.object);
    if (pod) set([...pod, 'metadata', 'annotations', key], String(value), origin);
  }
  const name = text(dig(applied.object, 'metadata', 'name'));
  // The object keeps its name, because kustomize renames the references along with it; others may name it by the new one.
  if (root.prefix + root.suffix !== '' && name !== undefined && !['Namespace', 'CustomResourceDefinition', 'APIService'].includes(kind))
    applied = { ...applied, alias: `${root.prefix}${applied.alias ?? name}${root.suffix}` };
  if (replicated.has(kind)) for (const entry of root.replicas) if (entry['name'] === name && typeof entry['count'] === 'number') set(['spec', 'replicas'], entry['count'], { tree: root.tree, on: entry, key: 'count' });
  if (root.images.length > 0 && kind !== 'CustomResourceDefinition') for (const { path, written } of imagesIn(applied.object)) {
    let image = written;
    let key: string | undefined;
    let on: object = root.images;
    for (const entry of root.images) {
      const next = overridden(image, entry);
      if (next === image) continue;
      image = next;
      on = entry;
      key = ['digest', 'newTag', 'newName'].find((one) => Object.hasOwn(entry, one));
    }
    if (image !== written) set(path, image, { tree: root.tree, on, key });
  }
  for (const { target, paths } of root.replacements) {
    const select = { target: { kind: text(target['kind']), name: text(target['name']), namespace: text(target['namespace']), group: text(target['group']) }, exact: true };
    if (isFor(select, applied) !== false) for (const path of paths) applied = doubted(applied, root.tree.source.id, path);
  }
  return applied;
}

/** Kinds whose pod template kustomize knows, and where it is. */
const templates = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job']);
function templatePath(kind: string, object: Data): readonly string[] | undefined {
  const path = templates.has(kind) ? ['spec', 'template'] : kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : undefined;
  return path && isRecord(dig(object, ...path.slice(0, -1))) ? path : undefined;
}
/** Selectors that labels are added to (kubernetes-sigs/kustomize, default field specs of commonLabels). */
const selectorPaths: Readonly<Record<string, { readonly path: readonly string[]; readonly create: boolean } | undefined>> = {
  Service: { path: ['spec', 'selector'], create: true }, ReplicationController: { path: ['spec', 'selector'], create: true },
  ...Object.fromEntries(['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].map((kind) => [kind, { path: ['spec', 'selector', 'matchLabels'], create: true }])),
  Job: { path: ['spec', 'selector', 'matchLabels'], create: false }, PodDisruptionBudget: { path: ['spec', 'selector', 'matchLabels'], create: false },
  NetworkPolicy: { path: ['spec', 'podSelector', 'matchLabels'], create: false }, CronJob: { path: ['spec', 'jobTemplate', 'spec', 'selector', 'matchLabels'], create: false },
};
const replicated = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']);

/** The images of containers, wherever they are. */
function imagesIn(node: unknown, path: readonly string[] = [], found: { path: string[]; written: string }[] = []): { path: string[]; written: string }[] {
  if (Array.isArray(node)) for (const [at, item] of node.entries()) imagesIn(item, [...path, String(at)], found);
  else if (isRecord(node))
    for (const [key, value] of Object.entries(node)) {
      if ((key === 'containers' || key === 'initContainers') && Array.isArray(value)) {
        for (const [at, item] of value.entries()) if (isRecord(item) && typeof item['image'] === 'string') found.push({ path: [...path, key, String(at), 'image'], written: item['image'] });
      } else if (typeof value === 'object') imagesIn(value, [...path, key], found);
    }
  return found;
}

/** An image after one `images` entry. */
function overridden(image: string, entry: Data): string {
  const [, name = image, rest = ''] = /^([^@]*?)((?::[^/:@]*)?(?:@.*)?)$/.exec(image) ?? [];
  if (text(entry['name']) !== name) return image;
  const [tag, digest] = [scalar(entry['newTag']), text(entry['digest'])];
  const suffix = tag === undefined && digest === undefined ? rest : `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return (text(entry['newName']) ?? name) + suffix;
}

/** A tag may be written as a number. */
const scalar = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
