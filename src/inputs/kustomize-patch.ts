import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import type { Change } from '#model/resource.ts';
import { isRecord, list, text } from '#model/shape.ts';
import { graft, type Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { jsonPatched } from './json-patch.ts';

/*
 * Patches as kustomize applies them: strategic merge patches (kubernetes-sigs/kustomize, kyaml merge2) and JSON patches (RFC 6902).
 * Patched objects are copies along the path of what changes; the rest stays the data of the base, and every entry keeps its place.
 */

type Data = Record<string, unknown>;

/** An object on its way through kustomizations. */
export interface Applied {
  /** As it is written, and as it is by now. */
  readonly written: Data;
  readonly object: Data;
  /** The name with the prefixes and suffixes of kustomizations, where there are any. */
  readonly alias?: string | undefined;
  /** The names that it had on its way. */
  readonly names?: readonly string[] | undefined;
  /** The tree of the object as it is written. */
  readonly tree: Tree;
  /** Parts that something changes in a way that cannot be told. */
  readonly changes: readonly Change[];
}

/** A patch of a kustomization and the objects it is meant for. */
export interface Patch {
  readonly target: {
    readonly group?: string | undefined;
    readonly version?: string | undefined;
    readonly kind?: string | undefined;
    readonly name?: string | undefined;
    readonly namespace?: string | undefined;
    readonly labels?: string | undefined;
    readonly annotations?: string | undefined;
  };
  /** A strategic merge patch names its object; a target holds regular expressions. */
  readonly exact: boolean;
  /** Undefined where it could not be read. */
  readonly body: unknown;
  /** Where the body is written; its containers are settled there. */
  readonly tree: Tree;
  /** The file that says so, as users read its name. */
  readonly by: string;
  /** Laid over what the other transformers made: `patchesJson6902`. */
  readonly late: boolean;
  /** The kustomization has a schema of its own: lists of custom kinds may merge, too. */
  readonly custom: boolean;
}

/** Reads one patch; `target` is the field of that name of the kustomization's entry. */
export function readPatch(body: unknown, target: Data | undefined, tree: Tree, late: boolean, custom = false): Patch[] {
  if (target) {
    const { group, version, kind, name, namespace, labelSelector, annotationSelector } = target;
    // What is empty is not asked for.
    const wish = (value: unknown) => text(value) || undefined;
    const wanted = {
      group: wish(group),
      version: wish(version),
      kind: wish(kind),
      name: wish(name),
      namespace: wish(namespace),
      labels: wish(labelSelector),
      annotations: wish(annotationSelector),
    };
    return [{ target: wanted, exact: false, body, tree, by: tree.source.id, late, custom }];
  }
  if (!isRecord(body)) return [];
  return [
    {
      target: {
        group: groupOf(body['apiVersion']),
        kind: text(body['kind']),
        name: text(dig(body, 'metadata', 'name')),
        namespace: text(dig(body, 'metadata', 'namespace')),
      },
      exact: true,
      body,
      tree,
      by: tree.source.id,
      late,
      custom,
    },
  ];
}

/** Whether a patch is meant for an object; undefined where that cannot be told. */
export function isFor({ target, exact }: Pick<Patch, 'target' | 'exact'>, applied: Applied): boolean | undefined {
  const { written, object } = applied;
  const apiVersion = text(object['apiVersion']) ?? '';
  const facts = [
    [target.group, groupOf(apiVersion)],
    [target.version, apiVersion.slice(apiVersion.lastIndexOf('/') + 1)],
    [target.kind, text(object['kind']) ?? ''],
  ] as const;
  for (const [wanted, is] of facts) {
    if (wanted === undefined || wanted === is) continue;
    const meets = exact ? false : meetsPattern(wanted, is);
    if (!meets) return meets;
  }
  const { namespace, name } = target;
  // Patterns are for the first name and the last one.
  const names = namesOf(exact ? applied : { ...applied, names: undefined });
  if (name !== undefined && !names.includes(name)) {
    const meets = exact ? [] : names.map((one) => meetsPattern(name, one));
    if (!meets.includes(true)) return meets.includes(undefined) ? undefined : false;
  }
  // Kustomize knows an object by the namespace it was written with, too.
  const namespaces = [object, written].map((one) => text(dig(one, 'metadata', 'namespace')) ?? 'default');
  if (
    namespace !== undefined &&
    !namespaces.includes(namespace) &&
    (exact || !namespaces.some((one) => meetsPattern(namespace, one)))
  )
    return false;
  for (const [selector, at] of [
    [target.labels, 'labels'],
    [target.annotations, 'annotations'],
  ] as const) {
    if (selector === undefined) continue;
    const meets = meetsSelector(selector, dig(object, 'metadata', at));
    if (!meets) return meets;
  }
  return true;
}

/** The names by which kustomizations may call an object by now. */
export const namesOf = ({ written, object, alias, names }: Applied): readonly string[] => [
  ...new Set([
    text(dig(object, 'metadata', 'name')) ?? '',
    text(dig(written, 'metadata', 'name')) ?? '',
    ...(names ?? []),
    ...(alias === undefined ? [] : [alias]),
  ]),
];

/** Targets are anchored regular expressions. Long or nested ones are not tried, as they come from strangers. */
function meetsPattern(pattern: string, name: string): boolean | undefined {
  if (!/[\\^$.*+?()[\]{}|]/.test(pattern)) return pattern === name;
  if (!/^[\w.^$|-]*(?:\.[*+][\w.^$|-]*){0,2}$/.test(pattern) || pattern.length > 100 || name.length > 253)
    return undefined;
  return new RegExp(`^(?:${pattern})$`).test(name);
}

/** A label selector as text; undefined where it says more than equality. */
function meetsSelector(selector: string, labels: unknown): boolean | undefined {
  let all: boolean | undefined = true;
  for (const term of selector.split(',')) {
    const [, key, sign, value] = /^\s*([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)\s*$/.exec(term) ?? [];
    if (key === undefined) all &&= undefined;
    else if ((dig(labels, key) === value) === (sign === '!=')) return false;
  }
  return all;
}

/** What a patch makes of an object that it is meant for; undefined where it takes the object away. */
export function patched(applied: Applied, { body, tree, by, custom }: Patch): Applied | undefined {
  const changes: Change[] = [];
  const object = Array.isArray(body)
    ? jsonPatched(applied.object, applied.tree, list(body as Data[]), tree, (path) => changes.push({ path, by }))
    : merged(applied, body, tree, custom, (path) => changes.push({ path, by }));
  return (
    object && { ...applied, object, changes: changes.length === 0 ? applied.changes : [...applied.changes, ...changes] }
  );
}

/** An applied object of which a part, or all, was changed in a way that cannot be told. */
export const doubted = (applied: Applied, by: string, path: readonly string[] = []): Applied => ({
  ...applied,
  changes: [...applied.changes, { path, by }],
});

/**
 * Lists whose items merge by a key, in kinds that kustomize has the schema of (patchMergeKey in the Kubernetes API 1.21, which it goes by).
 * Other lists, and those of other kinds, are replaced.
 */
const mergeKeys: Readonly<Record<string, string>> = {
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
};
const secondKeys: Readonly<Record<string, string>> = {
  port: 'protocol',
  containerPort: 'protocol',
  topologyKey: 'whenUnsatisfiable',
};
const known =
  /^(?:(?:apps|policy|autoscaling|(?:networking|rbac\.authorization|storage|scheduling)\.k8s\.io)\/)?v1$|^(?:batch|admissionregistration\.k8s\.io)\/v1(?:beta1)?$/;

function merged(
  { object, tree: home }: Applied,
  body: unknown,
  tree: Tree,
  custom: boolean,
  doubt: (path: string[]) => void,
): Data | undefined {
  if (!isRecord(body)) return object;
  const kind = text(object['kind']) ?? '';
  const schema =
    known.test(text(object['apiVersion']) ?? '') && !(kind === 'Job' && object['apiVersion'] !== 'batch/v1');
  const keyOf = (name: string, sample: unknown): string | undefined => {
    if (!schema || (kind === 'ServiceAccount' && name === 'imagePullSecrets')) return undefined;
    return name === 'ports' ? (dig(sample, 'containerPort') === undefined ? 'port' : 'containerPort') : mergeKeys[name];
  };

  /** What a patch says of a value; undefined where it takes it away. What is new may hold directives, too. */
  const mergeValue = (base: unknown, patch: unknown, name: string, path: string[]): unknown => {
    if (patch === null) return undefined;
    if (isRecord(patch)) return mergeMap(isRecord(base) ? base : undefined, patch, path);
    return Array.isArray(patch) ? mergeList(Array.isArray(base) ? base : undefined, patch, name, path) : patch;
  };
  const mergeMap = (given: Data | undefined, patch: Data, path: string[], isItem = false): Data | undefined => {
    if (patch['$patch'] === 'delete') return undefined;
    // Kustomize replaces what a key of a map holds, never an item or the whole object.
    if (patch['$patch'] === 'replace' && isItem && given) return given;
    const base = patch['$patch'] === 'replace' ? undefined : given;
    const result = Object.assign(Object.create(null), base) as Data;
    const entries = new Map<string, Origin>();
    for (const [key, value] of Object.entries(patch)) {
      if (path.length === 0 && (key === 'apiVersion' || key === 'kind')) continue;
      if (path.length === 1 && path[0] === 'metadata' && (key === 'name' || key === 'namespace')) continue; // what names the object is no change
      if (key.startsWith('$')) {
        if (key !== '$patch') doubt(path);
        continue;
      }
      const old = base && Object.hasOwn(base, key) ? base[key] : undefined;
      const next = mergeValue(old, value, key, [...path, key]);
      if (next === undefined) delete result[key];
      else {
        result[key] = next;
        // A container that is merged stands where its base stands.
        if (base && (next === value || typeof old !== 'object' || old === null))
          entries.set(key, { tree, on: patch, key });
      }
    }
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
    // An item that is nothing but a directive is about the list, if there is one.
    const about = given && patch.find((item) => isRecord(item) && Object.hasOwn(item, '$patch'));
    const directive = isRecord(about) && Object.keys(about).length === 1 ? about['$patch'] : undefined;
    if (directive === 'delete') return undefined;
    const base = directive === 'replace' ? [] : (given ?? []);
    const items = [...patch.entries()].filter(([, item]) => directive === undefined || item !== about);
    const all = [...base, ...items.map(([, item]) => item)];
    const second = secondKeys[by ?? ''];
    const lacks = (key: string) => all.some((item) => dig(item, key) === undefined);
    // An item without its key makes kustomize drop others.
    if (
      !scalars &&
      (lacks(by as string) ||
        (second === 'whenUnsatisfiable' && lacks(second) && all.some((item) => dig(item, second) !== undefined)))
    ) {
      doubt(path);
      return (given ?? patch) as unknown[];
    }
    const keyed = (item: unknown) =>
      scalars
        ? item
        : JSON.stringify([dig(item, by as string), second === undefined ? '' : (dig(item, second) ?? 'TCP')]);
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
      const next = isRecord(item)
        ? mergeMap(isRecord(base[index]) ? base[index] : undefined, item, [...path, String(dig(item, by ?? ''))], true)
        : item;
      if (next !== undefined)
        add(next, index >= 0 ? { tree: home, on: base, key: index } : { tree, on: patch, key: at });
    }
    for (const [at, item] of base.entries())
      if (!inPatch.has(keyed(item))) add(item, { tree: home, on: base, key: at });
    return graft(made, given ? { tree: home, on: given } : { tree, on: patch }, entries);
  };
  return mergeMap(object, body, [], true);
}
