import { dig, digRecord } from '#model/dig.ts';
import { isNotSet } from '#model/hidden.ts';
import { groupOf } from '#model/kinds.ts';
import { doubtOf } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Origin } from '#syntax/graft.ts';

/*
 * What the patches of a Composition read: composite resources and claims that ask for what it makes, and the defaults that their
 * definition gives to what they leave out (Crossplane documentation, Composite Resource Definitions; Claims; Composite Resources).
 */

/** The value at a path of a composite resource. */
export type Told =
  | { readonly value: unknown; readonly origin: Origin; readonly assuming?: string }
  | { readonly why: string }
  | 'nothing';

/** One way in which a Composition is used. */
export interface Use {
  /** The composite resource or claim; undefined if the files contain none of them. */
  readonly by?: AnyResource;
  tell(path: readonly string[]): Told;
}

/** More than these are not judged one by one: what they set is unknown. */
const mostUses = 100;

const keyOf = (group: string, kind: string): string => `${group} ${kind}`;

/** All objects of the files, among which those are found that use a Composition. */
export class Composites {
  readonly #all = new Map<string, AnyResource[]>();
  readonly #definitions = new Map<string, AnyResource[]>();
  readonly #compositions = new Map<string, number>();

  constructor(objects: Iterable<AnyResource>) {
    for (const object of objects) {
      push(this.#all, keyOf(object.group, object.kind), object);
      const spec = dig(object.object, 'spec');
      if (object.group !== 'apiextensions.crossplane.io') continue;
      if (object.kind === 'CompositeResourceDefinition')
        push(this.#definitions, keyOf(text(dig(spec, 'group')) ?? '', text(dig(spec, 'names', 'kind')) ?? ''), object);
      if (object.kind === 'Composition') {
        const type = typeOf(object);
        this.#compositions.set(type.key, (this.#compositions.get(type.key) ?? 0) + 1);
      }
    }
  }

  usesOf(composition: AnyResource): readonly Use[] {
    const type = typeOf(composition);
    const definitions = this.#definitions.get(type.key) ?? [];
    const definition = definitions.length === 1 ? definitions[0] : undefined;
    const claim = text(dig(definition?.object, 'spec', 'claimNames', 'kind'));
    const asking = [type.kind, ...(claim === undefined ? [] : [claim])].flatMap(
      (kind) => this.#all.get(keyOf(type.group, kind)) ?? [],
    );
    const users = asking.filter((one) => this.#uses(one, composition, type.key, definition));
    const fits = users.length <= mostUses;
    if (users.length === 0 || !fits) return [new Asked(type, definition, undefined, fits)];
    return users.map((by) => new Asked(type, definition, by, true));
  }

  /** By its name, by labels, or as the only one there is. */
  #uses(one: AnyResource, composition: AnyResource, key: string, definition: AnyResource | undefined): boolean {
    const spec = dig(one.object, 'spec');
    const holders = [spec, dig(spec, 'crossplane')];
    const enforced = text(dig(definition?.object, 'spec', 'enforcedCompositionRef', 'name'));
    const name = enforced ?? holders.map((holder) => text(dig(holder, 'compositionRef', 'name'))).find((at) => at);
    if (name !== undefined) return name === composition.name;
    const labels = holders.map((holder) => digRecord(holder, 'compositionSelector', 'matchLabels')).find((at) => at);
    if (labels)
      return Object.entries(labels).every(
        ([label, value]) => dig(composition.object, 'metadata', 'labels', label) === value,
      );
    const preferred = text(dig(definition?.object, 'spec', 'defaultCompositionRef', 'name'));
    return preferred === undefined ? this.#compositions.get(key) === 1 : preferred === composition.name;
  }
}

interface Type {
  readonly key: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
function typeOf(composition: AnyResource): Type {
  const reference = dig(composition.object, 'spec', 'compositeTypeRef');
  const apiVersion = text(dig(reference, 'apiVersion')) ?? '';
  const kind = text(dig(reference, 'kind')) ?? '';
  const group = groupOf(apiVersion);
  return { key: keyOf(group, kind), group, kind, version: apiVersion.slice(apiVersion.lastIndexOf('/') + 1) };
}

/** A composite resource as the API server completes it. */
class Asked implements Use {
  readonly by?: AnyResource;
  readonly #type: Type;
  readonly #definition: AnyResource | undefined;
  readonly #schema: unknown;
  readonly #isOpen: boolean;

  /** `isKnown`: whether no other composite resources of the files use the Composition. */
  constructor(type: Type, definition: AnyResource | undefined, by: AnyResource | undefined, isKnown: boolean) {
    if (by) this.by = by;
    this.#type = type;
    this.#definition = definition;
    this.#isOpen = !isKnown;
    const versions = dig(definition?.object, 'spec', 'versions');
    const own = Array.isArray(versions) ? versions.find((one) => dig(one, 'name') === type.version) : undefined;
    this.#schema = dig(own, 'schema', 'openAPIV3Schema');
  }

  tell(path: readonly string[]): Told {
    const { by } = this;
    const written = path.join('.');
    const why = isNotSet(this.#type.kind === '' ? written : `${written} of ${this.#type.kind}`);
    const [first, second] = path;
    const isSpec = first === 'spec';
    // Names of composite resources of claims are made up, and Crossplane adds labels.
    if (this.#isOpen || (!isSpec && !(first === 'metadata' && (second === 'labels' || second === 'annotations'))))
      return { why };
    const change = by?.changes.find((one) => one.path.every((step, at) => at >= path.length || step === path[at]));
    if (change) return { why: doubtOf(change) };

    let node: unknown = by?.object ?? {};
    let origin: Origin | undefined = by && { tree: by.tree, on: by.object };
    let schema: unknown = this.#schema;
    let isDefault = false;
    for (const [at, step] of path.entries()) {
      const required = dig(schema, 'required');
      const inner = Array.isArray(node) ? dig(schema, 'items') : dig(schema, 'properties', step);
      schema = inner;
      const value = entryOf(node, step);
      if (value !== undefined && value !== null) {
        if (origin) origin = { tree: origin.tree, on: node as object, key: step };
        node = value;
      } else if (this.#definition && isRecord(inner) && inner['default'] !== undefined) {
        origin = { tree: this.#definition.tree, on: inner, key: 'default' };
        node = inner['default'];
        isDefault = true;
      } else if (by || isDefault) {
        // Without the definition it is unknown whether it has a default.
        return isSpec && this.#schema !== undefined ? 'nothing' : { why };
      } else if (
        at < path.length - 1 &&
        isRecord(inner) &&
        (at === 0 || (Array.isArray(required) && required.includes(step)))
      )
        node = {}; // whoever asks has to write it
      else return { why };
    }
    if (!origin) return { why };
    return { value: node, origin, ...(isDefault ? { assuming: `the default of ${written}` } : {}) };
  }
}

const entryOf = (node: unknown, step: string): unknown =>
  Array.isArray(node) ? (/^\d+$/.test(step) ? (node[Number(step)] as unknown) : undefined) : dig(node, step);
