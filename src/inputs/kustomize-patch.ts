import { dig } from '#model/dig.ts';
import type { Change } from '#model/resource.ts';
import { isRecord, list, text } from '#model/shape.ts';
import { graft, type Origin, originOf } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';

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
  /** The tree of the object as it is written. */
  readonly tree: Tree;
  /** Parts that something changes in a way that cannot be told. */
  readonly changes: readonly Change[];
}

/** A patch of a kustomization and the objects it is meant for. */
export interface Patch {
  readonly target: { readonly group?: string | undefined; readonly version?: string | undefined; readonly kind?: string | undefined; readonly name?: string | undefined; readonly namespace?: string | undefined; readonly labels?: string | undefined; readonly annotations?: string | undefined };
  /** A strategic merge patch names its object; a target holds regular expressions. */
  readonly exact: boolean;
  readonly body: unknown;
  /** Where the body is written; its containers are settled there. */
  readonly tree: Tree;
  /** The file that says so, as users read its name. */
  readonly by: string;
}

/** Reads one patch; `target` is the field of that name of the kustomization's entry. */
export function readPatch(body: unknown, target: Data | undefined, tree: Tree, by: string): Patch[] {
  if (target) {
    const { group, version, kind, name, namespace, labelSelector, annotationSelector } = target;
    const wanted = { group: text(group), version: text(version), kind: text(kind), name: text(name), namespace: text(namespace), labels: text(labelSelector), annotations: text(annotationSelector) };
    return [{ target: wanted, exact: false, body, tree, by }];
  }
  if (!isRecord(body)) return [];
  return [{ target: { group: groupOf(body['apiVersion']), kind: text(body['kind']), name: text(dig(body, 'metadata', 'name')), namespace: text(dig(body, 'metadata', 'namespace')) }, exact: true, body, tree, by }];
}

const groupOf = (apiVersion: unknown): string => (typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

/** Whether a patch is meant for an object; undefined where that cannot be told. */
export function isFor({ target, exact }: Pick<Patch, 'target' | 'exact'>, { written, object }: Applied): boolean | undefined {
  const apiVersion = text(object['apiVersion']) ?? '';
  const facts = [
    [target.group, groupOf(apiVersion)], [target.version, apiVersion.slice(apiVersion.indexOf('/') + 1)], [target.kind, text(object['kind']) ?? ''], [target.name, text(dig(object, 'metadata', 'name')) ?? ''],
  ] as const;
  for (const [wanted, is] of facts) {
    if (wanted === undefined || wanted === is) continue;
    const meets = exact ? false : meetsPattern(wanted, is);
    if (!meets) return meets;
  }
  const { namespace } = target;
  // Kustomize knows an object by the namespace it was written with, too.
  const namespaces = [object, written].map((one) => text(dig(one, 'metadata', 'namespace')) ?? 'default');
  if (namespace !== undefined && !namespaces.includes(namespace) && (exact || !namespaces.some((one) => meetsPattern(namespace, one)))) return false;
  for (const [selector, at] of [[target.labels, 'labels'], [target.annotations, 'annotations']] as const) {
    if (selector === undefined) continue;
    const meets = meetsSelector(selector, dig(object, 'metadata', at));
    if (!meets) return meets;
  }
  return true;
}

/** Targets are anchored regular expressions. Long or nested ones are not tried, as they come from strangers. */
function meetsPattern(pattern: string, name: string): boolean | undefined {
  if (!/[\\^$.*+?()[\]{}|]/.test(pattern)) return pattern === name;
  if (!/^[\w.^$|-]*(?:\.[*+][\w.^$|-]*){0,2}$/.test(pattern) || pattern.length > 100 || name.length > 253) return undefined;
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
export function patched(applied: Applied, { body, tree, by }: Patch): Applied | undefined {
  const changes: Change[] = [];
  const object = Array.isArray(body) ? jsonPatched(applied, list(body as Data[]), tree, (path) => changes.push({ path, by })) : merged(applied, body, tree, (path) => changes.push({ path, by }));
  return object && { ...applied, object, changes: changes.length === 0 ? applied.changes : [...applied.changes, ...changes] };
}

/** An applied object of which a part, or all, was changed in a way that cannot be told. */
export const doubted = (applied: Applied, by: string, path: readonly string[] = []): Applied => ({ ...applied, changes: [...applied.changes, { path, by }] });

// Strategic merge

/** Lists whose items merge by a key, for the kinds of Kubernetes itself (patchMergeKey in the Kubernetes API types). Other lists, and those of custom kinds, are replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name', initContainers: 'name', ephemeralContainers: 'name', env: 'name', volumes: 'name', imagePullSecrets: 'name', secrets: 'name', resourceClaims: 'name',
  volumeMounts: 'mountPath', volumeDevices: 'devicePath', hostAliases: 'ip', topologySpreadConstraints: 'topologyKey',
};
/** Groups of Kubernetes itself have no dot, or end so. */
const isBuiltIn = (apiVersion: unknown): boolean => /^[a-z]*$|\.k8s\.io$/.test(groupOf(apiVersion));

function merged({ object, tree: home }: Applied, body: unknown, tree: Tree, doubt: (path: string[]) => void): Data | undefined {
  if (!isRecord(body)) return object;
  const builtIn = isBuiltIn(object['apiVersion']);
  const keyOf = (name: string, sample: Data): string | undefined => {
    if (!builtIn) return undefined;
    return name === 'ports' ? (sample['containerPort'] === undefined ? 'port' : 'containerPort') : mergeKeys[name];
  };

  const mergeMap = (base: Data, patch: Data, path: string[]): Data | undefined => {
    if (patch['$patch'] === 'delete') return undefined;
    if (patch['$patch'] === 'replace') return graft(without(patch), { tree, on: patch });
    const result = Object.assign(Object.create(null), base) as Data;
    const entries = new Map<string, Origin>();
    for (const [key, value] of Object.entries(patch)) {
      if (path.length === 0 && (key === 'apiVersion' || key === 'kind')) continue;
      if (path.length === 1 && path[0] === 'metadata' && (key === 'name' || key === 'namespace')) continue; // what names the object is no change
      const known = Object.hasOwn(base, key) ? base[key] : undefined;
      let next: unknown = value;
      if (key.startsWith('$')) {
        if (key !== '$patch') doubt(path);
        continue;
      } else if (isRecord(value) && isRecord(known)) next = mergeMap(known, value, [...path, key]) ?? null;
      else if (Array.isArray(value) && Array.isArray(known)) next = mergeList(known, value, key, [...path, key]) ?? value;
      if (next === null) delete result[key];
      else {
        result[key] = next;
        // A container that is merged stands where its base stands.
        if (next === value) entries.set(key, { tree, on: patch, key });
      }
    }
    return graft(result, { tree: home, on: base }, entries);
  };

  /** Undefined where the list is no set of named items. As in kustomize, items of the patch come first. */
  const mergeList = (base: readonly unknown[], patch: readonly unknown[], name: string, path: string[]): unknown[] | undefined => {
    const sample = [...patch, ...base].find((item) => isRecord(item) && item['$patch'] !== 'replace');
    const by = isRecord(sample) ? keyOf(name, sample) : undefined;
    if (by === undefined || ![...base, ...patch].every(isRecord) || patch.some((item) => isRecord(item) && item['$patch'] === 'replace')) return undefined;
    const same = (a: unknown, b: unknown) => dig(a, by) === dig(b, by) && (by !== 'port' && by !== 'containerPort' || (dig(a, 'protocol') ?? 'TCP') === (dig(b, 'protocol') ?? 'TCP'));
    const made: unknown[] = [];
    const entries = new Map<string, Origin>();
    const add = (item: unknown, origin: Origin) => {
      entries.set(String(made.length), origin);
      made.push(item);
    };
    for (const [at, item] of (patch as readonly Data[]).entries()) {
      const index = base.findIndex((one) => same(one, item));
      if (index >= 0) {
        const next = mergeMap(base[index] as Data, item, [...path, String(dig(item, by))]);
        if (next) add(next, { tree: home, on: base, key: index });
      } else if (item['$patch'] === undefined) add(item, { tree, on: patch, key: at });
    }
    for (const [at, item] of base.entries()) if (!patch.some((one) => same(one, item))) add(item, { tree: home, on: base, key: at });
    return graft(made, { tree: home, on: base }, entries);
  };
  return mergeMap(object, body, []);
}

const without = (patch: Data): Data => Object.assign(Object.create(null), Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'))) as Data;

// JSON patch

/** An object with the operations made. What one that fails would change is in doubt: kustomize refuses it. */
function jsonPatched({ object, tree: home }: Applied, operations: readonly Data[], tree: Tree, doubt: (path: string[]) => void): Data {
  let made = object;
  for (const operation of operations) {
    const { op, path, from } = operation;
    const steps = stepsOf(path);
    if (!steps || steps.length === 0 || op === 'test') continue;
    let value: unknown;
    let origin: Origin = { tree, on: operation, key: 'value' };
    if (op === 'move' || op === 'copy') {
      const source = stepsOf(from) ?? [];
      const holder = source.slice(0, -1).reduce<unknown>((node, step) => (typeof node === 'object' && node !== null && Object.hasOwn(node, step) ? (node as Data)[step] : undefined), made);
      const last = source.at(-1);
      if (typeof holder !== 'object' || holder === null || last === undefined) {
        doubt(steps);
        continue;
      }
      value = (holder as Data)[last];
      origin = originOf(home, holder, last);
      if (op === 'move') made = changed(made, source, home, { remove: true }) ?? made;
    } else value = operation['value'];
    const next = changed(made, steps, home, op === 'remove' ? { remove: true } : { value, origin, insert: op !== 'replace' });
    if (next) made = next;
    else doubt(steps);
  }
  return made;
}

const stepsOf = (path: unknown): string[] | undefined =>
  typeof path === 'string' && (path === '' || path.startsWith('/')) ? path.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;

/** What happens at the end of a path. */
type Leaf = { readonly remove: true } | { readonly remove?: never; readonly value: unknown; readonly origin: Origin; readonly insert: boolean; readonly create?: boolean };

/** A copy of some data with the entry at a path changed; undefined where the path does not lead there. With `create`, missing maps on the way are made. */
export function changed<T extends object>(node: T, [step = '', ...rest]: readonly string[], home: Tree, leaf: Leaf): T | undefined {
  const base: Origin = { tree: home, on: node };
  if (Array.isArray(node)) {
    const index = step === '-' ? node.length : /^\d+$/.test(step) ? Number(step) : NaN;
    if (!(index <= node.length) || (index === node.length && (rest.length > 0 || leaf.remove || !leaf.insert))) return undefined;
    const origins = node.map((_, at): Origin => ({ tree: home, on: node, key: at }));
    const made = [...node] as unknown[];
    if (rest.length > 0) {
      const inner = typeof made[index] === 'object' && made[index] !== null ? changed(made[index] as object, rest, home, leaf) : undefined;
      if (!inner) return undefined;
      made[index] = inner;
    } else if (leaf.remove) {
      made.splice(index, 1);
      origins.splice(index, 1);
    } else {
      made.splice(index, leaf.insert ? 0 : 1, leaf.value);
      origins.splice(index, leaf.insert ? 0 : 1, leaf.origin);
    }
    return graft(made, base, new Map(origins.map((origin, at) => [String(at), origin]))) as T;
  }
  const made = Object.assign(Object.create(null), node) as Data;
  const has = Object.hasOwn(node, step);
  if (rest.length === 0) {
    if (leaf.remove) {
      if (!has) return undefined;
      delete made[step];
      return graft(made, base) as T;
    }
    if (!has && !leaf.insert && !leaf.create) return undefined;
    made[step] = leaf.value;
    return graft(made, base, new Map([[step, leaf.origin]])) as T;
  }
  const child = made[step];
  const missing = child === undefined || child === null;
  if (missing && (leaf.remove || !leaf.create)) return undefined;
  if (!missing && typeof child !== 'object') return undefined;
  const inner = missing ? graft(Object.create(null) as object, (leaf as { origin: Origin }).origin) : (child as object);
  const next = changed(inner, rest, home, leaf);
  if (!next) return undefined;
  made[step] = next;
  return graft(made, base, missing ? new Map([[step, (leaf as { origin: Origin }).origin]]) : new Map()) as T;
}
