import { dig } from '#model/dig.ts';
import { push } from '#model/selector.ts';
import { isRecord, list, text, texts } from '#model/shape.ts';
import type { Change } from '#model/resource.ts';
import type { Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { changed, type Own } from './json-patch.ts';
import {
  at,
  claims,
  type FieldSpec,
  type FieldSpecs,
  isAbout,
  mapsIn,
  pathsIn,
  readSpecs,
  replicated,
  selectors,
  templates,
} from './fields.ts';
import {
  type Applied,
  doubted,
  isFor,
  isPattern,
  namesOf,
  type Patch,
  patched,
  PatchSet,
  patternWish,
  type Target,
  targetOf,
  type Wish,
} from './patch.ts';

type Data = Record<string, unknown>;

/** Labels that a kustomization adds, and where, in addition to the object itself. */
interface LabelEntry {
  readonly pairs: Data;
  readonly inSelectors: boolean;
  readonly inTemplates: boolean;
  readonly fields: readonly FieldSpec[];
  /** An entry of `labels`; configurations distinguish these from `commonLabels`. */
  readonly isEntry: boolean;
}

/** Fields that a kustomization copies from elsewhere. */
interface Replacement {
  readonly target: Target;
  readonly paths: readonly (readonly string[])[];
  /** The map with `sourceValue`, if that is the value: nothing else decides what is replaced. */
  readonly literal: Data | undefined;
}

/** The entries of a list by the name to which they apply, each with its index in the list. */
type ByName = ReadonlyMap<string, readonly (readonly [number, Data])[]>;

/** Entries of `images` whose name is a pattern: kustomize takes each name for a regular expression (api/internal/image, IsImageMatched). */
interface ImagePattern {
  readonly place: number;
  readonly entry: Data;
  readonly matches: Wish;
}
const patternsIn = (written: unknown): ImagePattern[] =>
  [...list(written as Data[]).entries()].flatMap(([place, entry]) => {
    const name = text(entry['name']) ?? '';
    // Names contain dots, and no one uses a dot as a wildcard.
    return isPattern(name.replaceAll('.', '')) ? [{ place, entry, matches: patternWish(name) }] : [];
  });

function byName(written: unknown): ByName {
  const found = new Map<string, (readonly [number, Data])[]>();
  for (const [at, entry] of list(written as Data[]).entries()) {
    const name = text(entry['name']);
    if (name !== undefined) push(found, name, [at, entry]);
  }
  return found;
}

/** A fraction of a step: an object is compared with an entry, or an entry of a map or list is visited or copied. */
const glance = 0.05;

/** How a kustomization changes everything that it includes. */
export interface Transformers {
  /** The kustomization itself, and its fields. */
  readonly tree: Tree;
  readonly body: Data;
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly images: ByName;
  readonly imagePatterns: readonly ImagePattern[];
  readonly replicas: ByName;
  readonly labels: readonly LabelEntry[];
  readonly annotations: Data | undefined;
  readonly patches: PatchSet;
  /** Patches that are applied after the other transformers: `patchesJson6902`. */
  readonly latePatches: PatchSet;
  readonly replacements: readonly Replacement[];
  /** True if it only includes. */
  readonly isPlain: boolean;
}

/** The callbacks of the transformers of a run. */
export interface Work {
  /** Counts steps: an object that is changed once more. False if there are too many. */
  spend(steps: number): boolean;
  /** A patch matched an object. */
  use(patch: Patch): void;
  /** An entry of `images` or `replicas` matched an object. */
  fit(entry: Data): void;
  /** The result of a patch on an object cannot be determined. */
  doubt(patch: Patch): void;
}

/**
 * The steps of the field path of a replacement. A period after a backslash or in brackets separates nothing; `[name=web]`
 * is the item with this name, another key or `*` may be any item (kustomize documentation, replacements; kyaml/utils,
 * SmarterPathSplitter).
 */
const stepsOf = (path: string): string[] =>
  [...path.matchAll(/\[([^\]]*)\]|((?:\\.|[^.\\])+)/g)].map(([, inside, word = '']) => {
    if (inside === undefined) return word === '*' ? '-' : word.replaceAll(/\\(.)/g, '$1');
    const [, key, value = ''] = /^([^=]*)=(.*)$/.exec(inside) ?? [];
    if (key === undefined) return inside;
    return key === 'name' ? value : '-';
  });

/**
 * Reads how a kustomization changes what it includes. The caller reads what is written in other files, because it knows
 * them.
 */
export function readTransformers(
  tree: Tree,
  body: Data,
  laid: {
    readonly patches: readonly Patch[];
    readonly latePatches: readonly Patch[];
    readonly replacements: readonly Data[];
  },
): Transformers {
  const transformers = {
    tree,
    body,
    patches: new PatchSet(laid.patches),
    latePatches: new PatchSet(laid.latePatches),
    namespace: text(body['namespace']),
    prefix: text(body['namePrefix']) ?? '',
    suffix: text(body['nameSuffix']) ?? '',
    images: byName(body['images']),
    imagePatterns: patternsIn(body['images']),
    replicas: byName(body['replicas']),
    labels: [
      ...list(body['labels'] as Data[]).flatMap(({ pairs, includeSelectors, includeTemplates, fields }) =>
        isRecord(pairs)
          ? [
              {
                pairs,
                inSelectors: includeSelectors === true,
                inTemplates: includeSelectors === true || includeTemplates === true,
                fields: readSpecs(fields),
                isEntry: true,
              },
            ]
          : [],
      ),
      ...(isRecord(body['commonLabels'])
        ? [{ pairs: body['commonLabels'], inSelectors: true, inTemplates: true, fields: [], isEntry: false }]
        : []),
    ],
    annotations: isRecord(body['commonAnnotations']) ? body['commonAnnotations'] : undefined,
    replacements: laid.replacements
      .flatMap((one) => list(one['targets'] as Data[]).map((target) => [one, target] as const))
      .map(([one, { select, reject, options, fieldPaths }]) => ({
        target: targetOf(isRecord(select) ? select : {}, true),
        paths: texts(fieldPaths as string[]).map(stepsOf),
        literal:
          typeof one['sourceValue'] === 'string' && reject === undefined && options === undefined ? one : undefined,
      })),
  };
  const { namespace, prefix, suffix, images, replicas, labels, annotations, replacements } = transformers;
  const isPlain =
    namespace === undefined &&
    annotations === undefined &&
    prefix + suffix === '' &&
    images.size + replicas.size === 0 &&
    [labels, replacements, laid.patches, laid.latePatches].every((all) => all.length === 0);
  return { ...transformers, isPlain };
}

/**
 * The result of one kustomization on an object, in the order of kustomize: patches, namespace, prefix, labels,
 * annotations, patchesJson6902, replicas, images, replacements. Undefined if a patch deletes the object.
 */
export function transformed(
  given: Applied,
  root: Transformers,
  specs: FieldSpecs,
  namespaced: boolean,
  work: Work,
): Applied | undefined {
  work.spend(1);
  if (root.isPlain) return given;
  let applied = given;
  const { tree } = given;
  const by = root.tree.source.id;
  // Our own copies are changed in place: thousands of patches or labels copy a map once.
  const own: Own = new Map();
  const lay = (patches: PatchSet): boolean => {
    let last = -1;
    for (;;) {
      const before = applied;
      for (const [index, patch] of patches.after(last, applied)) {
        last = index;
        if (!work.spend(glance)) return true;
        const meant = isFor(patch.target, applied);
        if (meant === false) continue;
        work.spend(1);
        work.use(patch);
        if (meant === undefined) {
          work.doubt(patch);
          applied = doubted(applied, [{ path: [], by }]);
          continue;
        }
        // A missing patch may set fields that are absent here; what is written here still counts.
        const next =
          patch.body === undefined
            ? doubted(applied, [{ path: [], by, absent: true }])
            : patched(applied, patch, (entries) => work.spend(entries * glance), own);
        if (!next) return false;
        // If the kustomization names its own schema, it is unknown here how lists are merged; otherwise the patch is
        // invalid.
        if (next.changes !== applied.changes && patch.body !== undefined && !patch.custom) work.doubt(patch);
        applied = next;
        const names = namesOf(applied);
        work.spend(names.length * glance);
        if (names.join('/') !== namesOf(before).join('/')) break;
      }
      // A JSON patch may rename an object: other patches may then apply to it.
      if (namesOf(applied).join('/') === namesOf(before).join('/')) return true;
    }
  };
  if (!lay(root.patches)) return undefined;
  const set = (path: readonly string[], value: unknown, origin: Origin): void => {
    if (at(applied.object, path) === value || !work.spend(1)) return;
    const object = changed(applied.object, path, tree, { value, origin, insert: false, create: 'maps' }, own);
    if (object) applied = { ...applied, object };
  };
  const origin = (key: string): Origin => ({ tree: root.tree, on: root.body, key });
  const kind = text(applied.object['kind']) ?? '';
  const more = (purpose: keyof FieldSpecs): readonly FieldSpec[] =>
    (specs[purpose] ?? []).filter((spec) => isAbout(spec, applied.object));
  if (root.namespace !== undefined) {
    // A Namespace is renamed along with its contents.
    if (namespaced || kind === 'Namespace')
      set(['metadata', namespaced ? 'namespace' : 'name'], root.namespace, origin('namespace'));
    for (const spec of more('namespace'))
      for (const path of pathsIn(applied.object, spec)) set(path, root.namespace, origin('namespace'));
  }
  const name = text(dig(applied.object, 'metadata', 'name'));
  if (root.prefix + root.suffix !== '') {
    for (const [field, add] of [
      ['namePrefix', (value: string) => root.prefix + value],
      ['nameSuffix', (value: string) => value + root.suffix],
    ] as const)
      for (const spec of more(field))
        for (const path of pathsIn(applied.object, spec)) {
          const value = at(applied.object, path);
          if (path.join('/') !== 'metadata/name' && typeof value === 'string') set(path, add(value), origin(field));
        }
    // The object keeps its name, because kustomize also renames the references to it; others may refer to it by the new
    // one.
    if (name !== undefined && !['Namespace', 'CustomResourceDefinition', 'APIService'].includes(kind)) {
      const names = namesOf(applied);
      work.spend(names.length); // each a long name
      applied = { ...applied, alias: `${root.prefix}${applied.alias ?? name}${root.suffix}`, names };
    }
  }
  for (const { pairs, inSelectors, inTemplates, fields, isEntry } of root.labels)
    for (const [label, value] of Object.entries(pairs)) {
      const from = { tree: root.tree, on: pairs, key: label };
      set(['metadata', 'labels', label], labelText(value), from);
      const wanted = [
        ...(inTemplates
          ? [...(templates[kind] ?? []), ...(claims[kind] ?? [])].map(({ path }) => ({
              path: `${path}/labels`,
              create: true,
            }))
          : []),
        ...(inSelectors ? (selectors[kind] ?? []) : []),
        ...fields.filter((spec) => isAbout(spec, applied.object)),
        ...(isEntry ? more('labels') : []),
        ...(inSelectors ? more('commonLabels') : inTemplates ? more('templateLabels') : []),
      ];
      for (const spec of wanted)
        for (const path of mapsIn(applied.object, spec)) set([...path, label], labelText(value), from);
    }
  for (const [key, value] of Object.entries(root.annotations ?? {})) {
    const from = { tree: root.tree, on: root.annotations ?? {}, key };
    set(['metadata', 'annotations', key], labelText(value), from);
    const wanted = [
      ...(templates[kind] ?? []).map(({ path }) => ({ path: `${path}/annotations`, create: true })),
      ...more('commonAnnotations'),
    ];
    for (const spec of wanted)
      for (const path of mapsIn(applied.object, spec)) set([...path, key], labelText(value), from);
  }
  if (!lay(root.latePatches)) return undefined;
  const counted = root.replicas.size === 0 ? [] : namesOf(applied).flatMap((one) => root.replicas.get(one) ?? []);
  for (const [, entry] of counted.sort(([a], [b]) => a - b)) {
    if (typeof entry['count'] !== 'number') continue;
    work.fit(entry);
    const from = { tree: root.tree, on: entry, key: 'count' };
    if (replicated.has(kind)) set(['spec', 'replicas'], entry['count'], from);
    for (const spec of more('replicas'))
      for (const path of pathsIn(applied.object, spec)) set(path, entry['count'], from);
  }
  const open: Change[] = [];
  if (root.images.size > 0 && kind !== 'CustomResourceDefinition') {
    const configured = more('images').flatMap((spec) => pathsIn(applied.object, spec));
    const known = imagesIn(applied.object, () => work.spend(glance));
    const all = new Map([...known, ...configured].map((path) => [path.join('\n'), path]));
    for (const path of all.values()) {
      const written = at(applied.object, path);
      if (typeof written !== 'string') continue;
      let image = written;
      let from: Origin | undefined;
      let last = -1;
      // An entry may give an image the name to which a later entry applies.
      for (;;) {
        const named = nameOfImage(image);
        const exact = (root.images.get(named) ?? []).find(([place]) => place > last);
        const fitting = root.imagePatterns.find(({ place, matches }) => {
          const fits = place > last && work.spend(glance) ? matches(named) : false;
          if (fits === undefined) open.push({ path, by });
          return fits === true;
        });
        const found =
          fitting && fitting.place < (exact?.[0] ?? Infinity) ? ([fitting.place, fitting.entry] as const) : exact;
        if (!found || !work.spend(glance)) break;
        const [place, entry] = found;
        last = place;
        work.fit(entry);
        // Kustomize adds it once for each field spec that leads to the image, and drops the digest (api/filters/imagetag).
        if (text(entry['tagSuffix']) && scalar(entry['newTag']) === undefined && text(entry['digest']) === undefined)
          open.push({ path, by });
        const next = overridden(image, entry);
        if (next === image) continue;
        image = next;
        const key = ['digest', 'newTag', 'newName'].find((one) => Object.hasOwn(entry, one));
        from = { tree: root.tree, on: entry, key };
      }
      if (from) set(path, image, from);
    }
  }
  for (const { target, paths, literal } of root.replacements) {
    if (!work.spend(glance)) break;
    const meant = isFor(target, applied);
    if (meant === false) continue;
    work.spend(paths.length);
    for (const { path, exact } of paths.flatMap((one) => placesOf(applied.object, one))) {
      const written = exact && at(applied.object, exact);
      const value = literal && meant === true ? sameType(written, String(literal['sourceValue'])) : undefined;
      if (exact && literal && value !== undefined)
        set(exact, value, { tree: root.tree, on: literal, key: 'sourceValue' });
      else open.push({ path, by });
    }
  }
  return doubted(applied, open);
}

/**
 * The places that the path of a replacement leads to in an object. `[name=web]` is a pattern, which part of a name
 * may match (kyaml/yaml, PathMatcher). `exact` has indexes, and is undefined if the place is not known.
 */
function placesOf(
  object: Data,
  steps: readonly string[],
): { readonly path: readonly string[]; readonly exact: readonly string[] | undefined }[] {
  let places: { path: string[]; exact: string[] | undefined; node: unknown }[] = [
    { path: [], exact: [], node: object },
  ];
  for (const step of steps)
    places = places.flatMap(({ path, exact, node }) => {
      const items = Array.isArray(node) && !/^\d+$/.test(step) ? (node as unknown[]) : undefined;
      if (!items)
        return [
          {
            path: [...path, step],
            exact: step === '-' ? undefined : exact && [...exact, step],
            node: at(node, [step]),
          },
        ];
      const isName = /^[\w-]+$/.test(step) && step !== '-';
      const named = items.flatMap((item, index) => {
        const name = text(dig(item, 'name'));
        if (!isName || name?.includes(step) !== true) return [];
        return [{ path: [...path, name], exact: exact && [...exact, String(index)], node: item }];
      });
      return named.length > 0 ? named : [{ path: [...path, isName ? step : '-'], exact: undefined, node: undefined }];
    });
  return places;
}

/** A text as the value that replaces another: kustomize keeps its type, and rejects what is not of this type. */
function sameType(written: unknown, value: string): unknown {
  if (typeof written === 'string') return value;
  if (typeof written === 'boolean') return value === 'true' || value === 'false' ? value === 'true' : undefined;
  return typeof written === 'number' && /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : undefined;
}

/**
 * The images of all containers, at any depth. `look` is called before each container of the data, and may end the
 * search.
 */
function imagesIn(
  node: unknown,
  look: () => boolean,
  path: readonly string[] = [],
  found: string[][] = [],
): string[][] {
  if (typeof node !== 'object' || node === null || !look()) return found;
  if (Array.isArray(node)) for (const [at, item] of node.entries()) imagesIn(item, look, [...path, String(at)], found);
  else if (isRecord(node))
    for (const [key, value] of Object.entries(node)) {
      if ((key === 'containers' || key === 'initContainers') && Array.isArray(value)) {
        for (const [at, item] of value.entries())
          if (isRecord(item) && typeof item['image'] === 'string') found.push([...path, key, String(at), 'image']);
      } else if (typeof value === 'object') imagesIn(value, look, [...path, key], found);
    }
  return found;
}

const imageParts = (image: string): readonly string[] => /^([^@]*?)((?::[^/:@]*)?(?:@.*)?)$/.exec(image) ?? [];
const nameOfImage = (image: string): string => imageParts(image)[1] ?? image;

/** An image after one matching `images` entry. */
function overridden(image: string, entry: Data): string {
  const [, name = image, rest = ''] = imageParts(image);
  const [tag, digest] = [scalar(entry['newTag']), text(entry['digest'])];
  const suffix =
    tag === undefined && digest === undefined
      ? rest
      : `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return (text(entry['newName']) ?? name) + suffix;
}

/** The string value of a label or annotation; kustomize rejects maps and lists, which must not end the run. */
const labelText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

/** A tag may be written as a number. */
const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
