import { dig } from '#model/dig.ts';
import { isRecord, list, text, texts } from '#model/shape.ts';
import type { Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { changed } from './json-patch.ts';
import { type Applied, doubted, isFor, namesOf, type Patch, patched } from './kustomize-patch.ts';

type Data = Record<string, unknown>;

/** Labels that a kustomization adds, and where besides the object itself. */
interface LabelEntry {
  readonly pairs: Data;
  readonly inSelectors: boolean;
  readonly inTemplates: boolean;
  readonly fields: readonly (FieldSpec & Patch['target'])[];
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

/** Reads what a kustomization does to what it includes; what is written elsewhere is read by who knows the files. */
export function readTransformers(
  tree: Tree,
  body: Data,
  { patches, replacements }: { readonly patches: readonly Patch[]; readonly replacements: readonly Data[] },
): Transformers {
  return {
    tree,
    patches,
    namespace: text(body['namespace']),
    prefix: text(body['namePrefix']) ?? '',
    suffix: text(body['nameSuffix']) ?? '',
    images: list(body['images'] as Data[]),
    replicas: list(body['replicas'] as Data[]),
    labels: [
      ...list(body['labels'] as Data[]).flatMap(({ pairs, includeSelectors, includeTemplates, fields }) =>
        isRecord(pairs)
          ? [
              {
                pairs,
                inSelectors: includeSelectors === true,
                inTemplates: includeSelectors === true || includeTemplates === true,
                fields: list(fields as Data[]).map(({ path, create, kind, group, version }) => ({
                  path: text(path) ?? '',
                  create: create === true,
                  kind: text(kind) || undefined,
                  group: text(group) || undefined,
                  version: text(version) || undefined,
                })),
              },
            ]
          : [],
      ),
      ...(isRecord(body['commonLabels'])
        ? [{ pairs: body['commonLabels'], inSelectors: true, inTemplates: true, fields: [] }]
        : []),
    ],
    annotations: isRecord(body['commonAnnotations']) ? body['commonAnnotations'] : undefined,
    replacements: replacements
      .flatMap((one) => list(one['targets'] as Data[]))
      .map(({ select, fieldPaths }) => ({
        target: isRecord(select) ? select : {},
        paths: texts(fieldPaths as string[]).map((path) => path.split('.')),
      })),
  };
}

/** What one kustomization makes of an object, in the order in which kustomize does it: patches, namespace, labels, annotations, patchesJson6902, replicas, images, replacements. */
export function transformed(given: Applied, root: Transformers, namespaced: boolean): Applied | undefined {
  let applied = given;
  const lay = (patches: readonly Patch[]): boolean =>
    patches.every((patch) => {
      const meant = isFor(patch, applied);
      if (meant === false) return true;
      const next =
        meant === undefined || patch.body === undefined ? doubted(applied, patch.by) : patched(applied, patch);
      if (next) applied = next;
      return next !== undefined;
    });
  if (!lay(root.patches.filter((patch) => !patch.late))) return undefined;
  const { tree } = given;
  const set = (path: readonly string[], value: unknown, origin: Origin): void => {
    if (dig(applied.object, ...path) === value) return;
    const object = changed(applied.object, path, tree, { value, origin, insert: false, create: true });
    if (object) applied = { ...applied, object };
  };
  const kind = text(applied.object['kind']) ?? '';
  if (root.namespace !== undefined && (namespaced || kind === 'Namespace'))
    // A Namespace is renamed along with what lies in it.
    set(['metadata', namespaced ? 'namespace' : 'name'], root.namespace, {
      tree: root.tree,
      on: root.tree.root as Data,
      key: 'namespace',
    });
  for (const { pairs, inSelectors, inTemplates, fields } of root.labels)
    for (const [label, value] of Object.entries(pairs)) {
      const origin = { tree: root.tree, on: pairs, key: label };
      set(['metadata', 'labels', label], String(value), origin);
      const specs = [
        ...(inTemplates
          ? [...(templates[kind] ?? []), ...(claims[kind] ?? [])].map(({ path }) => made(`${path}/labels`))
          : []),
        ...(inSelectors ? (selectors[kind] ?? []) : []),
        ...fields.filter((field) => isFor({ target: field, exact: true }, applied)),
      ];
      for (const spec of specs)
        for (const path of pathsIn(applied.object, spec)) set([...path, label], String(value), origin);
    }
  for (const [key, value] of Object.entries(root.annotations ?? {})) {
    const origin = { tree: root.tree, on: root.annotations ?? {}, key };
    set(['metadata', 'annotations', key], String(value), origin);
    for (const spec of templates[kind] ?? [])
      for (const path of pathsIn(applied.object, made(`${spec.path}/annotations`)))
        set([...path, key], String(value), origin);
  }
  const name = text(dig(applied.object, 'metadata', 'name'));
  // The object keeps its name, because kustomize renames the references along with it; others may name it by the new one.
  if (
    root.prefix + root.suffix !== '' &&
    name !== undefined &&
    !['Namespace', 'CustomResourceDefinition', 'APIService'].includes(kind)
  )
    applied = { ...applied, alias: `${root.prefix}${applied.alias ?? name}${root.suffix}`, names: namesOf(applied) };
  if (!lay(root.patches.filter((patch) => patch.late))) return undefined;
  if (replicated.has(kind))
    for (const entry of root.replicas)
      if (namesOf(applied).includes(text(entry['name']) ?? '') && typeof entry['count'] === 'number')
        set(['spec', 'replicas'], entry['count'], { tree: root.tree, on: entry, key: 'count' });
  if (root.images.length > 0 && kind !== 'CustomResourceDefinition')
    for (const { path, written } of imagesIn(applied.object)) {
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
    const select = {
      target: {
        kind: text(target['kind']),
        name: text(target['name']),
        namespace: text(target['namespace']),
        group: text(target['group']),
      },
      exact: true,
    };
    if (isFor(select, applied) !== false)
      for (const path of paths) applied = doubted(applied, root.tree.source.id, path);
  }
  return applied;
}

/** A field of some kinds that kustomize sets (its "field spec"): steps go into every item of a list, `x[]` is one, and what is missing may be created. */
interface FieldSpec {
  readonly path: string;
  readonly create: boolean;
}

/** Where the maps are that a field spec leads to. */
function pathsIn(object: Data, { path, create }: FieldSpec): (readonly string[])[] {
  const follow = (
    node: unknown,
    [step, ...rest]: readonly string[],
    done: readonly string[],
  ): (readonly string[])[] => {
    const missing = node === undefined || node === null;
    if (missing)
      return create && ![step, ...rest].some((one) => one?.endsWith('[]'))
        ? [[...done, ...(step === undefined ? [] : [step, ...rest])]]
        : [];
    if (Array.isArray(node))
      return node.flatMap((item, at) => follow(item, step === undefined ? [] : [step, ...rest], [...done, String(at)]));
    if (!isRecord(node)) return [];
    if (step === undefined) return [done];
    const key = step.replace(/\[\]$/, '');
    const next = Object.hasOwn(node, key) ? node[key] : undefined;
    return key !== step && !Array.isArray(next) ? [] : follow(next, rest, [...done, key]);
  };
  return follow(object, path.split('/'), []);
}

/** Default field specs (kubernetes-sigs/kustomize, api/internal/konfig/builtinpluginconsts): what bears labels and annotations besides the object, and selectors. */
const made = (path: string): FieldSpec => ({ path, create: true });
const found = (path: string): FieldSpec => ({ path, create: false });
const templated = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'];
const templates: Readonly<Record<string, readonly FieldSpec[]>> = {
  ...Object.fromEntries(templated.map((kind) => [kind, [made('spec/template/metadata')]])),
  CronJob: [made('spec/jobTemplate/metadata'), made('spec/jobTemplate/spec/template/metadata')],
};
/** Kustomize labels claims, but does not annotate them. */
const claims: Readonly<Record<string, readonly FieldSpec[]>> = {
  StatefulSet: [made('spec/volumeClaimTemplates[]/metadata')],
};
const terms = ['podAffinity', 'podAntiAffinity'].flatMap((field) => [
  `affinity/${field}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm`,
  `affinity/${field}/requiredDuringSchedulingIgnoredDuringExecution`,
]);
const podSelectors = [...terms, 'topologySpreadConstraints'].map((path) =>
  found(`spec/template/spec/${path}/labelSelector/matchLabels`),
);
const own = made('spec/selector/matchLabels');
const selectors: Readonly<Record<string, readonly FieldSpec[]>> = {
  Service: [made('spec/selector')],
  ReplicationController: [made('spec/selector')],
  ReplicaSet: [own],
  DaemonSet: [own],
  Deployment: [own, ...podSelectors],
  StatefulSet: [own, ...podSelectors],
  Job: [found(own.path)],
  PodDisruptionBudget: [found(own.path)],
  CronJob: [found('spec/jobTemplate/spec/selector/matchLabels')],
  NetworkPolicy: ['spec/podSelector', 'spec/ingress/from/podSelector', 'spec/egress/to/podSelector'].map((path) =>
    found(`${path}/matchLabels`),
  ),
};
const replicated = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']);

/** The images of containers, wherever they are. */
function imagesIn(
  node: unknown,
  path: readonly string[] = [],
  found: { path: string[]; written: string }[] = [],
): { path: string[]; written: string }[] {
  if (Array.isArray(node)) for (const [at, item] of node.entries()) imagesIn(item, [...path, String(at)], found);
  else if (isRecord(node))
    for (const [key, value] of Object.entries(node)) {
      if ((key === 'containers' || key === 'initContainers') && Array.isArray(value)) {
        for (const [at, item] of value.entries())
          if (isRecord(item) && typeof item['image'] === 'string')
            found.push({ path: [...path, key, String(at), 'image'], written: item['image'] });
      } else if (typeof value === 'object') imagesIn(value, [...path, key], found);
    }
  return found;
}

/** An image after one `images` entry. */
function overridden(image: string, entry: Data): string {
  const [, name = image, rest = ''] = /^([^@]*?)((?::[^/:@]*)?(?:@.*)?)$/.exec(image) ?? [];
  if (text(entry['name']) !== name) return image;
  const [tag, digest] = [scalar(entry['newTag']), text(entry['digest'])];
  const suffix =
    tag === undefined && digest === undefined
      ? rest
      : `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return (text(entry['newName']) ?? name) + suffix;
}

/** A tag may be written as a number. */
const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
