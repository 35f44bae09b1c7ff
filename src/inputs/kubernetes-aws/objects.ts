import { whyTemplate } from '#model/hidden.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Change } from '#model/resource.ts';
import { doubtOf } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field, type Part } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import type { Tree } from '#syntax/tree.ts';

/** The AWS resource that an object describes, by its CloudFormation type. */
export interface Described {
  readonly type: string;
  readonly body: Property;
  /** Parts that are in the same object. */
  readonly parts?: readonly {
    readonly type: string;
    readonly id: string;
    readonly whole: Field;
    readonly body: Property;
  }[];
  /** The lists that contain its parts, by type. */
  readonly lists?: Readonly<Record<string, readonly Field[]>>;
}

/** How one tool describes AWS resources in Kubernetes objects; undefined for other objects. */
export type Reader = (object: Given, all: Index) => Described | undefined;

export interface Given {
  readonly resource: AnyResource;
  readonly whole: Field;
  /** Values that refer to the object. */
  readonly id: string;
}

/** The objects that are applied together. */
export class Index {
  readonly #byName = new Map<string, Given[]>();

  constructor(all: readonly Given[]) {
    for (const one of all) {
      const key = `${one.resource.kind} ${one.resource.name}`;
      this.#byName.set(key, [...(this.#byName.get(key) ?? []), one]);
    }
  }
  /** The only object of a kind with a name. */
  find(kind: string, name: unknown): Given | undefined {
    const found = typeof name === 'string' ? this.#byName.get(`${kind} ${name}`) : undefined;
    return found?.length === 1 ? found[0] : undefined;
  }
  /**
   * A field that names an object of a kind refers to it. The name of an object that is defined elsewhere says nothing
   * about the resource, but the name of a cluster identifies the cluster.
   */
  lead(field: Field, kind: string): Field {
    const found = this.find(kind, field.value);
    return found || kind !== 'Cluster' ? field.naming(found?.id ?? `${kind}/${String(field.value)}`) : field;
  }
}

/** Template marks of Helm, Flux, envsubst and clusterctl. */
const mark = /\{\{|\{%|\$\{[A-Za-z_]|^\$[A-Za-z_]\w*$/;
const unrendered = (value: unknown): string | undefined =>
  typeof value === 'string' && mark.test(withoutNames(value)) ? whyTemplate : undefined;
/** Names that aws-iam-authenticator fills in at login (README, Full Configuration Format). */
const withoutNames = (text: string): string =>
  text.replace(/\{\{(?:EC2PrivateDNSName|SessionName(?:Raw)?|AccountID|AccessKeyID)\}\}/g, (name) =>
    '_'.repeat(name.length),
  );

/** The literal parts between the marks of a template. */
function partsOf(value: unknown, tree: Tree): readonly Part[] | undefined {
  if (typeof value !== 'string' || unrendered(value) === undefined) return undefined;
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: hole, index } of withoutNames(value).matchAll(holes)) {
    parts.push(value.slice(from, index), Field.of({ converts: false, unknown: () => whyTemplate }, tree, [hole], 0));
    from = index + hole.length;
  }
  parts.push(value.slice(from));
  // The rest of a mark that does not end hides everything.
  return parts.some((part) => unrendered(part) !== undefined) ? undefined : parts.filter((part) => part !== '');
}
const holes = /\{\{[^{}]*\}\}|\{%[^{}%]*%\}|\$\{[^{}]*\}|^\$[A-Za-z_]\w*$/g;

/** Steps of a change that refer to items of a list: all of them, one by its name, one by its index. */
function itemsAt(list: readonly unknown[], step: string): unknown[] {
  if (step === '-') return [...list];
  const named = list.filter((item) => isRecord(item) && item['name'] === step);
  return named.length > 0 ? named : [list[Number(step)]];
}

/** Why entries of an object are unknown: something else changes them before they are applied. */
function doubtsOf(object: object, changes: readonly Change[]): Map<object, Map<string, { why: string; gap: boolean }>> {
  const found = new Map<object, Map<string, { why: string; gap: boolean }>>();
  const note = (on: object, key: string, change: Change): void => {
    const one = found.get(on) ?? new Map<string, { why: string; gap: boolean }>();
    found.set(on, one);
    if (!one.has(key)) one.set(key, { why: doubtOf(change), gap: change.absent === true });
  };
  const enter = (on: unknown, change: Change, depth: number): void => {
    if (typeof on !== 'object' || on === null) return;
    const step = change.path[depth];
    if (step === undefined) {
      note(on, '*', change);
      // What may be missing at any depth.
      for (const value of Object.values(on)) enter(value, change, depth);
    } else if (Array.isArray(on)) for (const item of itemsAt(on, step)) enter(item, change, depth + 1);
    else if (depth === change.path.length - 1 || !isRecord((on as Record<string, unknown>)[step])) {
      const inner: unknown = (on as Record<string, unknown>)[step];
      if (Array.isArray(inner) && depth < change.path.length - 1) enter(inner, change, depth + 1);
      else note(on, step, change);
    } else enter((on as Record<string, unknown>)[step], change, depth + 1);
  };
  for (const change of changes) enter(object, change, 0);
  return found;
}

/** An object as fields. A value that a patch changes in an unknown way is unknown. */
export function fieldOf({ object, tree, changes, group, version }: AnyResource): Field {
  const doubts = changes.length === 0 ? undefined : doubtsOf(object, changes);
  const doubtAt = (on: object, key: string) => doubts?.get(on)?.get(key) ?? doubts?.get(on)?.get('*');
  const dialect: Dialect = {
    converts: false,
    unknown: unrendered,
    parts: partsOf,
    doubt(on, key) {
      const doubt = doubtAt(on, key);
      return doubt && !doubt.gap ? doubt.why : undefined;
    },
    gap: (on, key) => doubtAt(on, key)?.why,
    // Upbound's cluster-scoped objects write blocks as lists before v1beta2 (upjet, README).
    listsMaps: version === 'v1beta1' && group.endsWith('.aws.upbound.io'),
  };
  return Field.of(dialect, tree, object);
}

export const below = (field: Field, path: string): Field => path.split('.').reduce((one, key) => one.get(key), field);
