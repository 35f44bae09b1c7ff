import { compositionPatch } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import { type Change, Resource, type Variant } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { settleIn } from '#syntax/graft.ts';
import { locate, type Tree } from '#syntax/tree.ts';
import { at } from '../kustomize/fields.ts';
import { changed } from '../kustomize/json-patch.ts';
import type { Composites, Use } from './composite.ts';
import { stepsOf } from './field-path.ts';

/* Objects that a Crossplane Composition creates for each composite resource (Crossplane documentation, Compositions; Patches and Transforms). */

const maps = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);

/** The value after the transforms; undefined if it is unknown. */
function transformed(value: unknown, transforms: unknown): unknown {
  return maps(transforms).reduce<unknown>((one, transform) => {
    const { type, map, convert, string } = transform;
    if (one === undefined) return undefined;
    if (type === 'map') return isRecord(map) && Object.hasOwn(map, String(one)) ? map[String(one)] : undefined;
    if (type === 'convert') return converted(one, isRecord(convert) ? convert : {});
    const { type: how = 'Format', fmt, convert: to } = isRecord(string) ? string : {};
    if (type !== 'string') return undefined;
    if (how === 'Convert' && to === 'ToUpper') return String(one).toUpperCase();
    if (how === 'Convert' && to === 'ToLower') return String(one).toLowerCase();
    const plain = how === 'Format' && typeof fmt === 'string' && /^[^%]*%[sv][^%]*$/.test(fmt);
    return plain && typeof one === 'string' ? fmt.replace(/%[sv]/, () => one) : undefined;
  }, value);
}
function converted(value: unknown, { toType, format }: Record<string, unknown>): unknown {
  if (format !== undefined && format !== 'none') return undefined;
  if (typeof value === 'object') return undefined;
  if (toType === 'string') return String(value);
  if (toType === 'bool')
    return value === 'true' || value === true ? true : value === 'false' || value === false ? false : undefined;
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
  return /^(?:int|int64|float64)$/.test(String(toType)) && isNumber ? Number(value) : undefined;
}

/** An object while patches are made, one after the other. */
export interface Work {
  object: Record<string, unknown>;
  changes: Change[];
  /** The assumptions that values depend on, by the location of the value. */
  assuming: Map<string, { readonly path: readonly string[]; readonly text: string }>;
}

function patch(
  work: Work,
  patches: unknown,
  sets: ReadonlyMap<string, unknown>,
  tree: Tree,
  use: Use,
  depth = 0,
): void {
  const by = compositionPatch;
  for (const { type, patchSetName, toFieldPath, fromFieldPath, transforms, policy } of maps(patches)) {
    if (type === 'PatchSet') {
      if (depth === 0) patch(work, sets.get(text(patchSetName) ?? ''), sets, tree, use, 1);
      else work.changes.push({ path: [], by, absent: true });
      continue;
    }
    if (typeof type === 'string' && /^To|ToComposite$|ToEnvironment$/.test(type)) continue;
    const written = text(toFieldPath) ?? text(fromFieldPath);
    if (written === undefined) {
      work.changes.push({ path: [], by, absent: true });
      continue;
    }
    const path = stepsOf(written);
    const isPlain =
      (type ?? 'FromCompositeFieldPath') === 'FromCompositeFieldPath' && typeof fromFieldPath === 'string';
    const told = isPlain ? use.tell(stepsOf(fromFieldPath)) : undefined;
    // What is there is replaced, unless the policy says how to merge it: ToFieldPathPolicy in function-patch-and-transform,
    // before that mergeOptions.
    const { fromFieldPath: need, toFieldPath: way = 'Replace', ...merging } = isRecord(policy) ? policy : {};
    const replaces = way === 'Replace' && Object.keys(merging).length === 0;
    // A patch from nothing is left out, unless it is required: then nothing is made.
    if (told === 'nothing' && need !== 'Required') continue;
    const change = { path, by, ...(told && told !== 'nothing' && 'why' in told ? { why: told.why } : {}) };
    if (!told || told === 'nothing' || 'why' in told || path.includes('*') || !replaces) {
      work.changes.push(change);
      continue;
    }
    const value = transformed(told.value, transforms);
    const { origin, assuming } = told;
    settleIn(value, origin.tree, value === told.value ? undefined : origin);
    const insert = at(work.object, path) === undefined;
    const object =
      value === undefined
        ? undefined
        : changed(work.object, path, tree, { value, origin, insert, create: 'maps and lists' });
    if (!object) {
      work.changes.push(change);
      continue;
    }
    work.object = object;
    // The earlier value here or below is no longer in doubt.
    work.changes = work.changes.filter((one) => !path.every((step, index) => one.path[index] === step));
    const key = path.join('\n');
    if (assuming === undefined) work.assuming.delete(key);
    else work.assuming.set(key, { path, text: assuming });
  }
}

/** An object that a Composition makes, or a graph of kro. */
export interface Base {
  readonly resource: AnyResource;
  /** What it is called there. */
  readonly title: string;
  /** Its ID in a graph of kro. */
  readonly node?: string;
  /** The assumptions that its entries depend on, by the map or list that contains them. */
  readonly assuming: ReadonlyMap<object, ReadonlyMap<string, string>>;
  /** Why it may not be made. */
  readonly maybe?: string | undefined;
}

/**
 * Functions that create no AWS resources: they report readiness, find objects for later steps, delay or filter what
 * other steps create, or write conditions (the README of each: https://github.com/crossplane-contrib/function-auto-ready).
 */
const helpers =
  /function-(?:auto-ready|environment-configs|extra-resources|sequencer|status-transformer|tag-manager|cel-filter)$/;
/** It adds tags to everything that other steps create (https://github.com/crossplane-contrib/function-tag-manager). */
const tagging = /function-tag-manager$/;
const tagged: Change = {
  path: ['spec', 'forProvider', 'tags'],
  by: compositionPatch,
  why: 'a function of the Composition adds tags: lint the output of crossplane render',
};
/** The name of the function that a step runs. */
const functionOf = ({ functionRef }: Record<string, unknown>): string | undefined =>
  isRecord(functionRef) ? text(functionRef['name']) : undefined;

/**
 * The steps of a pipeline whose functions are programs or templates: they are not run, so what they create is not
 * judged. Patch and Transform lists its resources.
 */
export function unreadSteps({ object, tree, name }: AnyResource): Note[] {
  const spec = object['spec'];
  return maps(isRecord(spec) ? spec['pipeline'] : undefined).flatMap((step): Note[] => {
    const { input } = step;
    const of = functionOf(step) ?? 'a function';
    if (helpers.test(of) || (isRecord(input) && Array.isArray(input['resources']))) return [];
    return [
      {
        kind: 'partial',
        message: `what ${of} creates in Composition "${name}" is not judged: lint the output of crossplane render`,
        at: locate(tree, step, 'functionRef'),
      },
    ];
  });
}

/** One of several ways in which a Composition or a graph of kro is used: by an object that asks for what it makes. */
export const variantOf = (by: AnyResource | undefined, uses: readonly unknown[]): Variant | undefined =>
  by && uses.length > 1 ? { by: by.tree.source.id, of: uses.length, namespace: '', with: true } : undefined;

/** The objects, for each use of the Composition. */
export function basesOf(composition: AnyResource, composites: Composites): Base[] {
  const { object, tree } = composition;
  const spec = object['spec'];
  if (!isRecord(spec)) return [];
  const steps = maps(spec['pipeline']);
  const sources = [spec, ...steps.map((step) => step['input'])].filter(isRecord);
  const isTagged = steps.some((step) => tagging.test(functionOf(step) ?? ''));
  const uses = composites.usesOf(composition);
  return uses.flatMap((use, index) => {
    const unit = `composition:${tree.source.path}:${tree.index}:${index}`;
    const variant = variantOf(use.by, uses);
    return sources.flatMap((source) => {
      const sets = new Map(maps(source['patchSets']).map((set) => [text(set['name']) ?? '', set['patches']]));
      return maps(source['resources']).flatMap(({ name, base, patches }): Base[] => {
        if (!isRecord(base)) return [];
        const work: Work = { object: base, changes: [], assuming: new Map() };
        patch(work, patches, sets, tree, use);
        const changes = isTagged ? [...work.changes, tagged] : work.changes;
        const belonging = { unit, bundle: unit };
        const resource = new Resource({
          object: work.object,
          written: base,
          tree,
          belonging,
          changes,
          variant,
        });
        return [{ resource, title: text(name) ?? resource.name, assuming: assumedIn(work) }];
      });
    });
  });
}

/** The assumptions of a finished object. */
export function assumedIn({ object, assuming }: Work): Base['assuming'] {
  const found = new Map<object, Map<string, string>>();
  for (const { path, text: under } of assuming.values()) {
    const holder = at(object, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof holder !== 'object' || holder === null || key === undefined) continue;
    found.set(holder, (found.get(holder) ?? new Map<string, string>()).set(key, under));
  }
  return found;
}
