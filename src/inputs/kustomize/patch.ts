import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import type { Change } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, list, text, table } from '#model/shape.ts';
import { graft, type Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { jsonPatched, type Own } from './json-patch.ts';

/*
 * Patches as kustomize applies them: strategic merge patches (kubernetes-sigs/kustomize, kyaml merge2) and JSON patches
 * (RFC 6902). Patched objects are copies along the path of what changes; the rest remains the data of the base, and
 * every entry keeps its location.
 */

type Data = Record<string, unknown>;

/** An object while kustomizations are applied to it. */
export interface Applied {
  /** The object as it is written, and in its current state. */
  readonly written: Data;
  readonly object: Data;
  /** The name with the prefixes and suffixes of kustomizations, if any. */
  readonly alias?: string | undefined;
  /** The names that it had at earlier steps. */
  readonly names?: readonly string[] | undefined;
  /** The tree of the object as it is written. */
  readonly tree: Tree;
  /** Parts that are changed in a way that cannot be determined. */
  readonly changes: readonly Change[];
}

/** Whether a value matches a target's pattern; undefined if that is unknown. */
export type Wish = (value: string) => boolean | undefined;

/** The objects to which a patch or a replacement applies. */
export interface Target {
  readonly group?: Wish | undefined;
  readonly version?: Wish | undefined;
  readonly kind?: Wish | undefined;
  readonly name?: Wish | undefined;
  readonly namespace?: Wish | undefined;
  readonly labels?: ((labels: unknown) => boolean | undefined) | undefined;
  readonly annotations?: ((annotations: unknown) => boolean | undefined) | undefined;
  /** A strategic merge patch names its object, by any name that it has had; a target contains regular expressions. */
  readonly exact: boolean;
  /** Kind and name if they are literals and not patterns: the key of an index. */
  readonly plainKind?: string | undefined;
  readonly plainName?: string | undefined;
}

/** A patch of a kustomization. */
export interface Patch {
  readonly target: Target;
  /** Undefined if it was not read. */
  readonly body: unknown;
  /** Where the body is written; locations of its containers are determined there. */
  readonly tree: Tree;
  /** The entry of the kustomization that names it. */
  readonly entry: Origin;
  /** The kustomization names a schema of its own, so lists of custom kinds may merge too. */
  readonly custom: boolean;
  /** Identifying fields that a strategic merge patch changes, too. */
  readonly renames: Renames;
}

/**
 * What the `options` of a patch allow: kustomize otherwise keeps the kind and the name (kustomize, Resource.ApplySmPatch).
 */
export interface Renames {
  readonly kind: boolean;
  readonly name: boolean;
}

/** Where a patch comes from, and how its kustomization reads it. */
export type PatchSource = Pick<Patch, 'tree' | 'entry' | 'custom'>;

/** What an entry of a kustomization says of its patch, in the fields of these names. */
export interface Asked {
  readonly target?: unknown;
  readonly options?: unknown;
}

/** Reads one patch. */
export function readPatch(body: unknown, { target, options }: Asked, source: PatchSource): Patch[] {
  // Kustomize marks what is allowed with annotations, which a patch may also contain (kustomize, utils.Enabled).
  const may = (what: string): boolean =>
    dig(options, what) === true ||
    dig(body, 'metadata', 'annotations', `internal.config.kubernetes.io/${what}`) === 'enabled';
  const from = { ...source, renames: { kind: may('allowKindChange'), name: may('allowNameChange') } };
  if (isRecord(target)) return [{ target: targetOf(target, false), body, ...from }];
  if (!isRecord(body)) return [];
  const { name, namespace } = isRecord(body['metadata']) ? body['metadata'] : ({} as Data);
  const { kind, apiVersion } = body;
  return [{ target: targetOf({ group: groupOf(apiVersion), kind, name, namespace }, true), body, ...from }];
}

/** Reads a target; an empty field among patterns matches everything. */
export function targetOf(written: Data, exact: boolean): Target {
  const plain = (value: unknown): string | undefined => {
    const wanted = exact ? text(value) : text(value) || undefined;
    return wanted === undefined || (!exact && isPattern(wanted)) ? undefined : wanted;
  };
  const wish = (value: unknown): Wish | undefined => {
    const wanted = exact ? text(value) : text(value) || undefined;
    if (wanted === undefined) return undefined;
    return exact || !isPattern(wanted) ? (is) => is === wanted : patternWish(wanted);
  };
  const { group, version, kind, name, namespace, labelSelector, annotationSelector } = written;
  return {
    exact,
    group: wish(group),
    version: wish(version),
    kind: wish(kind),
    name: wish(name),
    namespace: wish(namespace),
    labels: text(labelSelector) ? selectorWish(text(labelSelector) ?? '') : undefined,
    annotations: text(annotationSelector) ? selectorWish(text(annotationSelector) ?? '') : undefined,
    plainKind: plain(kind),
    plainName: plain(name),
  };
}

/** Whether a text is more than plain text as a regular expression. */
export const isPattern = (wanted: string): boolean => /[\\^$.*+?()[\]{}|]/.test(wanted);

/** Targets are anchored regular expressions of Go. They come from strangers, so those that could take long, or that differ in JavaScript, are not tried. */
export function patternWish(pattern: string): Wish {
  const quantifiers = pattern.match(/[*+?{]/g)?.length ?? 0;
  if (
    pattern.length > 100 ||
    quantifiers > 2 ||
    !/^(?:[\w.^$|/*+?:,-]|\[[\w.^-]+\]|\((?!\?)|\)(?![*+{])|\\[.-])*$/.test(pattern)
  )
    return () => undefined;
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch {
    return () => undefined; // kustomize rejects it as well
  }
  return (is) => (is.length > 253 ? undefined : expression.test(is));
}

/**
 * A label selector as a string (Kubernetes documentation, Labels and Selectors); undefined if it uses undocumented
 * syntax.
 */
function selectorWish(selector: string): (labels: unknown) => boolean | undefined {
  const terms = selector.split(/,(?![^(]*\))/).map((term) => {
    const [, not, lone, key, sign, one, many] =
      /^\s*(?:(!?)\s*([\w./-]+)|([\w./-]+)\s*(?:(==|=|!=)\s*([\w.-]*)|((?:not)?in\s*\([^()]*\))))\s*$/.exec(term) ?? [];
    if (lone !== undefined) return (labels: unknown) => (dig(labels, lone) !== undefined) === (not === '');
    if (key === undefined) return () => undefined;
    const values =
      many === undefined
        ? [one]
        : many
            .replace(/^[^(]*\(|\)$/g, '')
            .split(',')
            .map((value) => value.trim());
    const wanted = sign !== '!=' && many?.startsWith('not') !== true;
    return (labels: unknown) => values.includes(text(dig(labels, key))) === wanted;
  });
  return (labels) => {
    let all: boolean | undefined = true;
    for (const term of terms) {
      const meets = term(labels);
      if (meets === false) return false;
      if (meets === undefined) all = undefined;
    }
    return all;
  };
}

/** Whether a target matches an object; undefined if that cannot be determined. */
export function isFor(target: Target, applied: Applied): boolean | undefined {
  const { written, object } = applied;
  const apiVersion = text(object['apiVersion']) ?? '';
  let all: boolean | undefined = true;
  const meet = (answer: boolean | undefined): boolean => {
    if (answer === undefined) all = undefined;
    return answer !== false;
  };
  const oneOf = (wish: Wish, values: readonly string[]): boolean | undefined => {
    const answers = values.map(wish);
    return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  };
  const { group, version, kind, name, namespace, labels, annotations, exact } = target;
  if (kind && !meet(kind(text(object['kind']) ?? ''))) return false;
  // Patterns apply to the first and the last name.
  if (name && !meet(oneOf(name, namesOf(exact ? applied : { ...applied, names: undefined })))) return false;
  if (group && !meet(group(groupOf(apiVersion)))) return false;
  if (version && !meet(version(apiVersion.slice(apiVersion.lastIndexOf('/') + 1)))) return false;
  // Kustomize also identifies an object by the namespace it was written with.
  if (
    namespace &&
    !meet(
      oneOf(
        namespace,
        [object, written].map((one) => text(dig(one, 'metadata', 'namespace')) ?? 'default'),
      ),
    )
  )
    return false;
  if (labels && !meet(labels(dig(object, 'metadata', 'labels')))) return false;
  if (annotations && !meet(annotations(dig(object, 'metadata', 'annotations')))) return false;
  return all;
}

/** The names by which kustomizations may refer to an object at this point. */
export const namesOf = ({ written, object, alias, names }: Applied): readonly string[] => [
  ...new Set([
    text(dig(object, 'metadata', 'name')) ?? '',
    text(dig(written, 'metadata', 'name')) ?? '',
    ...(names ?? []),
    ...(alias === undefined ? [] : [alias]),
  ]),
];

/**
 * The patches of a kustomization in order, indexed by what they apply to: most apply to one object, and there are many
 * objects.
 */
export class PatchSet {
  readonly all: readonly Patch[];
  readonly #places = new Map<string, number[]>();

  constructor(all: readonly Patch[]) {
    this.all = all;
    for (const [at, { target }] of all.entries())
      push(this.#places, `${target.plainKind ?? ''}/${target.plainName ?? ''}`, at);
  }

  /** Patches after a position that may apply to an object, each with its position. */
  after(last: number, applied: Applied): (readonly [number, Patch])[] {
    if (this.all.length === 0) return [];
    const kind = text(applied.object['kind']) ?? '';
    const keys = new Set(['/', `${kind}/`]);
    for (const name of namesOf(applied)) keys.add(`/${name}`).add(`${kind}/${name}`);
    return [...keys]
      .flatMap((key) => this.#places.get(key) ?? [])
      .filter((at) => at > last)
      .sort((a, b) => a - b)
      .map((at) => [at, this.all[at] as Patch] as const);
  }
}

/**
 * The result of a patch on an object to which it applies; undefined if it deletes the object. `spend` is called with
 * the amount of data that is visited and copied.
 */
export function patched(
  applied: Applied,
  { body, tree, custom, renames }: Patch,
  spend: (entries: number) => void,
  own: Own = new Map(),
): Applied | undefined {
  const changes: Change[] = [];
  const by = tree.source.id;
  const object = Array.isArray(body)
    ? // kustomize rejects such an operation, so the value stays
      jsonPatched(
        applied.object,
        applied.tree,
        list(body as Data[]),
        tree,
        (path) => changes.push({ path, by, absent: true }),
        spend,
        own,
      )
    : merged(applied, body, { tree, custom, renames }, (path) => changes.push({ path, by }), spend, own);
  return (
    object && { ...applied, object, changes: changes.length === 0 ? applied.changes : [...applied.changes, ...changes] }
  );
}

/** Whether a patch may turn objects of some kinds into objects of other kinds. */
export function changesKind({ body, renames, target }: Patch, kinds: readonly string[]): boolean {
  const changes = Array.isArray(body)
    ? list(body as Data[]).some(
        ({ op, path }) => op !== 'test' && (path === '' || /^[^/]*\/kind$/.test(text(path) ?? '')),
      )
    : renames.kind;
  return changes && kinds.some((kind) => target.kind?.(kind) !== false);
}

/** An applied object of which some or all parts are changed in ways that cannot be determined. */
export function doubted(applied: Applied, more: readonly Change[]): Applied {
  if (more.length === 0) return applied;
  const keyOf = ({ path, by }: Change): string => [by, ...path].join('\n');
  const known = new Set(applied.changes.map(keyOf));
  const fresh = more.filter((change) => known.size < known.add(keyOf(change)).size);
  return fresh.length === 0 ? applied : { ...applied, changes: [...applied.changes, ...fresh] };
}

/** The key of a list item as a step of a path; a map or a list is not a valid key. */
const keyText = (key: unknown): string => (typeof key === 'object' ? '' : String(key));

/**
 * Lists whose items are merged by a key, in kinds for which kustomize has the schema (patchMergeKey in the Kubernetes
 * API 1.21, which kustomize uses). Other lists, and those of other kinds, are replaced.
 */
const mergeKeys: Readonly<Record<string, string>> = table({
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  secrets: 'name',
  webhooks: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  ownerReferences: 'uid',
});
const secondKeys: Readonly<Record<string, string>> = table({
  port: 'protocol',
  containerPort: 'protocol',
  topologyKey: 'whenUnsatisfiable',
});
const known =
  /^(?:(?:apps|policy|autoscaling|(?:networking|rbac\.authorization|storage|scheduling)\.k8s\.io)\/)?v1$|^(?:batch|admissionregistration\.k8s\.io)\/v1(?:beta1)?$/;

/** What the lists of a new item are merged with. */
const noItems: readonly unknown[] = [];

/** Whether a patch is merged into the existing container, which keeps its location, or replaces it. */
const isMerged = (old: unknown, patch: unknown): boolean =>
  Array.isArray(old) ? Array.isArray(patch) : isRecord(old) && isRecord(patch) && patch['$patch'] !== 'replace';

function merged(
  { object, tree: home }: Applied,
  body: unknown,
  { tree, custom, renames }: Pick<Patch, 'tree' | 'custom' | 'renames'>,
  doubt: (path: string[]) => void,
  spend: (entries: number) => void,
  own: Own,
): Data | undefined {
  if (!isRecord(body)) return object;
  const kind = text(object['kind']) ?? '';
  const schema =
    known.test(text(object['apiVersion']) ?? '') && !(kind === 'Job' && object['apiVersion'] !== 'batch/v1');
  const keyOf = (name: string, sample: unknown): string | undefined => {
    if (!schema || (kind === 'ServiceAccount' && name === 'imagePullSecrets')) return undefined;
    return name === 'ports' ? (dig(sample, 'containerPort') === undefined ? 'port' : 'containerPort') : mergeKeys[name];
  };

  /** The value after a patch; undefined if the patch deletes it. New values may contain directives, too. */
  const mergeValue = (base: unknown, patch: unknown, name: string, path: string[]): unknown => {
    if (patch === null) return undefined;
    if (isRecord(patch)) return mergeMap(isRecord(base) ? base : undefined, patch, path);
    return Array.isArray(patch) ? mergeList(Array.isArray(base) ? base : undefined, patch, name, path) : patch;
  };
  // In kustomize, the content of a new list item is merged with an empty list, and any other new content with nothing.
  const listIn = (isNew: boolean, value: unknown, key: string): unknown =>
    isNew && Array.isArray(value) && keyOf(key, value[0]) !== undefined ? noItems : undefined;
  const mergeMap = (given: Data | undefined, patch: Data, path: string[], isItem = false): Data | undefined => {
    if (patch['$patch'] === 'delete') return undefined;
    // Kustomize replaces the value of a map key, never an item or the whole object.
    if (patch['$patch'] === 'replace' && isItem && given) return given;
    const base = patch['$patch'] === 'replace' ? undefined : given;
    const isOwn = base !== undefined && own.has(base);
    const result = isOwn ? base : (Object.assign(Object.create(null), base) as Data);
    const entries = (isOwn ? own.get(base) : new Map<string, Origin>()) as Map<string, Origin>;
    spend(isOwn ? 1 : Object.keys(result).length);
    for (const [key, value] of Object.entries(patch)) {
      if (path.length === 0 && (key === 'apiVersion' || (key === 'kind' && !renames.kind))) continue;
      if (path.length === 1 && path[0] === 'metadata' && (key === 'namespace' || (key === 'name' && !renames.name)))
        continue;
      if (key.startsWith('$')) {
        if (key !== '$patch') doubt(path);
        continue;
      }
      const old = base && Object.hasOwn(base, key) ? base[key] : listIn(isItem && !base, value, key);
      const next = mergeValue(old, value, key, [...path, key]);
      // A deleted entry still records who set it last: a fix in the earlier text would be lost.
      if (next === undefined) delete result[key];
      else {
        result[key] = next;
        if (base && (next === value || !isMerged(old, value))) entries.set(key, { tree, on: patch, key });
      }
    }
    if (isOwn) return result;
    own.set(result, entries);
    return graft(result, base ? { tree: home, on: base } : { tree, on: patch }, entries);
  };

  /** As in kustomize, items of the patch come first. */
  const mergeList = (
    given: readonly unknown[] | undefined,
    patch: readonly unknown[],
    name: string,
    path: string[],
  ): unknown[] | undefined => {
    const sample = [...patch, ...(given ?? [])].find((item) => isRecord(item) && Object.keys(item).join() !== '$patch');
    const by = keyOf(name, sample);
    const scalars = schema && name === 'finalizers';
    if (by === undefined && !scalars) {
      if (custom && !schema && given) doubt(path);
      return patch as unknown[];
    }
    // The first item with a directive applies to the list, if it contains nothing else.
    const about = patch.find((item) => isRecord(item) && Object.hasOwn(item, '$patch'));
    const directive = isRecord(about) && Object.keys(about).length === 1 ? about['$patch'] : undefined;
    // If there is no list, kustomize leaves the directive there, and drops the other items.
    if (directive !== undefined && !given)
      return graft([about], { tree, on: patch }, new Map([['0', { tree, on: patch, key: patch.indexOf(about) }]]));
    if (directive === 'delete') return undefined;
    const base = directive === 'replace' ? [] : (given ?? []);
    const items = [...patch.entries()].filter(([, item]) => directive === undefined || item !== about);
    const all = [...base, ...items.map(([, item]) => item)];
    spend(all.length);
    const second = secondKeys[by ?? ''];
    const lacks = (key: string) => all.some((item) => dig(item, key) === undefined);
    // An item without its key makes kustomize drop others.
    if (
      !scalars &&
      (lacks(by as string) ||
        (second === 'whenUnsatisfiable' && lacks(second) && all.some((item) => dig(item, second) !== undefined)))
    ) {
      doubt(path);
      return (given?.length ? given : patch) as unknown[];
    }
    const keyed = (item: unknown) =>
      scalars ? item : JSON.stringify([dig(item, by as string), second === undefined ? '' : (dig(item, second) ?? '')]);
    // An item without a protocol and one with it are two to kustomize, which then loses the one of the patch if the list has the other.
    const kindOf = (item: unknown, isBare: boolean): string => JSON.stringify([dig(item, by as string), isBare]);
    const isBare = (item: unknown): boolean => second === undefined || dig(item, second) === undefined;
    const inList = new Set(second === undefined ? [] : base.map((item) => kindOf(item, isBare(item))));
    const isLost = (item: unknown): boolean => second !== undefined && inList.has(kindOf(item, !isBare(item)));
    // The first of a name counts.
    const indexIn = (list: Iterable<readonly [number, unknown]>) =>
      new Map([...list].toReversed().map(([at, item]) => [keyed(item), at]));
    const [inBase, inPatch] = [indexIn(base.entries()), indexIn(items)];
    const made: unknown[] = [];
    const entries = new Map<string, Origin>();
    const add = (item: unknown, origin: Origin) => {
      entries.set(String(made.length), origin);
      made.push(item);
    };
    for (const [at, item] of items) {
      if (inPatch.get(keyed(item)) !== at) continue;
      const index = inBase.get(keyed(item)) ?? -1;
      if (index < 0 && isLost(item)) continue;
      const next = isRecord(item)
        ? mergeMap(isRecord(base[index]) ? base[index] : undefined, item, [...path, keyText(dig(item, by ?? ''))], true)
        : item;
      if (next !== undefined)
        add(next, index >= 0 ? { tree: home, on: base, key: index } : { tree, on: patch, key: at });
    }
    for (const [at, item] of base.entries())
      if (!inPatch.has(keyed(item))) add(item, { tree: home, on: base, key: at });
    const isThere = given && given !== noItems;
    return graft(made, isThere ? { tree: home, on: given } : { tree, on: patch }, entries);
  };
  return mergeMap(object, body, [], true);
}
