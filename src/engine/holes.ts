import { dig } from '#model/dig.ts';
import { whyNotStored } from '#model/hidden.ts';
import { groupOf } from '#model/kinds.ts';
import { type Change, doubtOf, Workload } from '#model/resource.ts';
import type { Inside, Path, Schema } from '#model/schema.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { customSchemaOf } from '#rule/schema';
import { markSigns, unrendered, whyTemplate } from '#rule/unknown';
import { notStored } from '#syntax/tree.ts';

/*
 * Places in an object whose content is unknown: a mark that Flux, Terraform or clusterctl replaces in place of a value
 * or a whole map (`hostNetwork: ${X}`, `securityContext: ${X}`), and what a replacement or transformer of kustomize
 * sets. If a rule looks there and finds nothing, that is not an answer.
 */

/** One place, and its possible content. */
export interface Hole {
  readonly on: object;
  readonly key: string;
  readonly why: string;
  /** The keys that lead to it, without indexes; the last is the key of its value. */
  readonly path: readonly string[];
  /** The keys that the content may have; undefined if unknown. */
  readonly keys: ReadonlySet<string> | undefined;
  readonly isText: boolean;
  /** Something else sets it, so the written value says nothing about it. Rules about strings handle marks themselves. */
  readonly isReplaced?: boolean;
}

const onlyMarks = /^\s*(?:\$\{[^{}]*\}|\{\{[^{}]*\}\}|\{%[^%]*%\})+\s*$/;
const known = new WeakMap<object, readonly Hole[]>();
const none: readonly Hole[] = [];

/** The holes of an object. */
export function holesOf(resource: AnyResource, workspace: Workspace): readonly Hole[] {
  const { object, changes, tree } = resource;
  // Most strings have no mark, and are not searched.
  const mayBeMarked = resource.embedded || hasMarks(tree.source);
  const isStored = tree.source.isStored === true;
  if (!mayBeMarked && !isStored && changes.length === 0) return none;
  let holes = known.get(resource);
  if (holes) return holes;
  const insideOf = insideAs(schemaOf(resource, workspace), workspace);
  const own = mayBeMarked ? holderOfPods(resource) : undefined;
  holes = [
    ...(own ? marksIn(own, insideAs(schemaOfPart(own, workspace), workspace)) : []),
    ...(mayBeMarked && !own ? marksIn(object, insideOf) : []),
    ...(isStored ? unstoredIn(object) : []),
    // A missing patch puts the whole object in doubt, and what is certain without it is still judged.
    ...changes
      .filter(({ path, absent }) => path.length > 0 && absent !== true)
      .map((one) => changed(object, one, insideOf)),
  ];
  known.set(resource, holes);
  return holes;
}

const marked = new WeakMap<object, boolean>();
function hasMarks(source: AnyResource['tree']['source']): boolean {
  let found = marked.get(source);
  if (found === undefined) marked.set(source, (found = markSigns.some((sign) => source.text.includes(sign))));
  return found;
}

const schemaOf = (resource: AnyResource, workspace: Workspace): Schema | undefined =>
  workspace.schemas.ofBuiltIn(resource.apiVersion, resource.kind) ?? customSchemaOf(resource, workspace)?.schemas[0];
const schemaOfPart = (
  { apiVersion, kind }: Readonly<Record<string, unknown>>,
  { schemas }: Workspace,
): Schema | undefined => {
  const [type, written] = [String(kind), String(apiVersion)];
  const version = written.slice(written.lastIndexOf('/') + 1);
  return schemas.ofBuiltIn(written, type) ?? schemas.ofPublished(groupOf(written), type).get(version);
};

/**
 * What a location may contain. The metadata of all kinds is the same, and schemas of custom resources leave it out. A
 * schema says nothing of what is in a part of any form, such as a template.
 */
const insideAs =
  (schema: Schema | undefined, { schemas }: Workspace) =>
  (path: Path): Inside | undefined => {
    const any = path[0] === 'metadata' ? schemas.ofBuiltIn('v1', 'ConfigMap') : undefined;
    const found = [schema, any].map((one) => one && schemas.inside(one, path)).find((one) => one !== undefined);
    if (found) return found;
    const [pod, own] = [schemas.ofBuiltIn('v1', 'Pod'), pathInPod(path)];
    return (own && pod && schemas.inside(pod, own)) ?? (isText(path) ? plainText : undefined);
  };

/** Calls `visit` with each entry of an object and its path; true from it leaves out what is below the entry. */
function visitEntries(
  object: object,
  visit: (on: object, key: string, value: unknown, at: Path) => boolean,
  path: Path = [],
): void {
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const at = [...path, Array.isArray(object) ? Number(key) : key];
    const isLeft = visit(object, key, value, at);
    if (!isLeft && typeof value === 'object' && value !== null && at.length < deepest) visitEntries(value, visit, at);
  }
}

/**
 * The Kubernetes object inside a custom resource that has its pods, if these were found by their shape: what a
 * ResourceGraphDefinition of kro says elsewhere, such as of a ConfigMap, says nothing of its Deployment.
 */
function holderOfPods(resource: AnyResource): Readonly<Record<string, unknown>> | undefined {
  if (!(resource instanceof Workload) || !resource.byShape) return undefined;
  const { template, pod, object } = resource;
  /** The innermost Kubernetes object around the pods; null if there is none below the node. */
  const find = (node: unknown, depth: number): Readonly<Record<string, unknown>> | null | undefined => {
    if (node === template || node === pod) return null;
    if (typeof node !== 'object' || node === null || depth > deepest) return undefined;
    for (const one of Object.values(node)) {
      const found = find(one, depth + 1);
      if (found === undefined) continue;
      const isObject = isRecord(node) && typeof node['apiVersion'] === 'string' && typeof node['kind'] === 'string';
      return found ?? (isObject ? node : null);
    }
    return undefined;
  };
  const found = find(object, 0) ?? undefined;
  return found === object ? undefined : found;
}

/** Marks in place of a value or a whole map. A mark inside a string leaves the rest of it to be judged. */
function marksIn(object: object, insideOf: (path: Path) => Inside | undefined): Hole[] {
  const holes: Hole[] = [];
  const add = (on: object, key: string, at: Path): void => {
    holes.push({ on, key, why: whyTemplate, path: namesIn(at), ...whatIs(insideOf(at)) });
  };
  visitEntries(object, (on, key, value, at) => {
    if (at.length === 1 && key === 'status') return true;
    // An entry whose key is a mark may be any entry of the map.
    const isMarked = !Array.isArray(on) && unrendered(key);
    if (isMarked) add(on, key, at.slice(0, -1));
    else if (typeof value === 'string' && unrendered(value))
      if (onlyMarks.test(value) || insideOf(at)?.isText === false) add(on, key, at);
    return isMarked;
  });
  return holes;
}

/** Texts that a snapshot does not store, or not all of. */
function unstoredIn(object: object): Hole[] {
  const holes: Hole[] = [];
  visitEntries(object, (on, key, value, at) => {
    if (typeof value === 'string' && value.includes(notStored))
      holes.push({ on, key, why: whyNotStored, path: namesIn(at), keys: undefined, isText: true });
    return false;
  });
  return holes;
}
/** No real object is deeper. */
const deepest = 100;

/** Places that something else sets, where they are or would be. */
function changed(object: object, change: Change, insideOf: (path: Path) => Inside | undefined): Hole {
  let [on, key, node]: [object, string, unknown] = [object, '', object];
  const at: (string | number)[] = [];
  for (const step of change.path) {
    const list: readonly unknown[] | undefined = Array.isArray(node) ? node : undefined;
    const found = list?.findIndex((item) => isRecord(item) && item['name'] === step) ?? -1;
    const next: string = found < 0 ? step : String(found);
    if (typeof node === 'object' && node !== null) [on, key] = [node, next];
    at.push(list || step === '-' || /^\d+$/.test(step) ? Math.max(0, found) : step);
    node = dig(node, next);
  }
  // A string that Terraform partly computes is still a string, and rules know its written part.
  const isReplaced = change.why === undefined;
  return { on, key, why: doubtOf(change), path: namesIn(at), isReplaced, ...whatIs(insideOf(at)) };
}

/** The parts of a pod that are lists of maps under names that nothing else has. */
const partsOfPod = new Set<unknown>(['initContainers', 'containers', 'ephemeralContainers', 'volumes']);

/** For a custom resource without a schema: a location in its pods as one in a Pod. */
function pathInPod(path: Path): Path | undefined {
  const part = path.findLastIndex((step, i) => partsOfPod.has(step) && i < path.length - 1);
  if (part >= 0) return ['spec', ...path.slice(part)];
  const template = path.lastIndexOf('template');
  return template >= 0 && ['metadata', 'spec'].includes(String(path[template + 1]))
    ? path.slice(template + 1)
    : undefined;
}

/** For a custom resource without a schema: fields that are strings wherever they occur. */
const plainText: Inside = { keys: new Set(), isText: true };
function isText(path: Path): boolean {
  const [parent = '', last = ''] = namesIn(path).slice(-2);
  return (
    last === 'args' ||
    last === 'command' ||
    // The second is of Argo workflows.
    (['env', 'parameters'].includes(parent) && last === 'value') ||
    (parent === 'metadata' && (last === 'name' || last === 'namespace')) ||
    parent === 'labels' ||
    parent === 'annotations'
  );
}

const whatIs = (inside: Inside | undefined): Pick<Hole, 'keys' | 'isText'> => ({
  keys: inside?.keys,
  isText: inside?.isText ?? false,
});
const namesIn = (path: Path): string[] => path.filter((step) => typeof step === 'string');

/** Entries of these are identified by their names. */
const byName = new Set(['env', 'annotations', 'labels']);

/** Whether a rule may have found something in a hole. */
export function hides({ why, path, keys, isText, isReplaced }: Hole, rule: AnyRule, resource: AnyResource): boolean {
  const { needs, reads, kinds, id } = rule;
  // Even an object that is hidden as a whole has no other keys.
  if (reads && path[0] !== undefined && !reads.includes(path[0])) return false;
  // Only rules that look at values are in doubt: the keys are known.
  if (why === whyNotStored) return id.startsWith('secrets/') || (needs?.some((key) => path.includes(key)) ?? false);
  // Another string replaces the written one, so its correctness does not matter.
  if (isText && id.startsWith('correctness/')) return false;
  const isWorkload = resource instanceof Workload;
  const last = path.at(-1) ?? '';
  if (path[0] === 'metadata' && needs === undefined) return false;
  // Whatever the namespace of its account is, a binding grants the same.
  if (path.at(-2) === 'subjects' && last === 'namespace') return needs?.includes(last) ?? false;
  if (needs) {
    const isEntry = byName.has(path.at(-2) ?? '') && isReplaced !== true;
    if (isEntry && rule.namesOnly && !needs.includes(last)) return false;
    if (needs.includes(last) || (keys === undefined ? isWorkload : needs.some((key) => keys.has(key)))) return true;
    // The path of a `hostPath`, the type of a `seccompProfile`; not what a variable or annotation holds.
    if (!byName.has(path.at(-2) ?? '') && last !== 'name' && needs.includes(path.at(-2) ?? '')) return true;
    // A rule about one kind of object looks at everything below the keys it names, such as the verbs in the rules of a
    // role.
    return !isWorkload && needs.some((key) => path.includes(key));
  }
  if (isReplaced === true && last === 'image' && id.startsWith('images/') && kinds.includes('Workload')) return true;
  // It is not known what a rule without `needs` looks for, but it cannot have found it if the whole object is hidden.
  if (kinds.includes('Workload') && isWorkload) return last === 'containers' || (keys?.has('containers') ?? false);
  return kinds.some((kind) => kind === resource.known) && path.length === 1;
}
