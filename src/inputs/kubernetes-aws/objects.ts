import { hasNoDefault, labelsSelect, whyTemplate } from '#model/hidden.ts';
import { push } from '#model/selector.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Change } from '#model/resource.ts';
import { doubtOf } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field, type Part, type Place, type Resolved } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import { folderOf } from '#sources/layout.ts';
import { span, type Tree } from '#syntax/tree.ts';
import { isObserved } from './observed.ts';

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
  /** Its ID in a graph of kro. */
  readonly node?: string | undefined;
}

/** A kind of object that may stand for an argument. */
export interface Target {
  /** `iam.services.k8s.aws Role`. */
  readonly kind: string;
  /** What it is to AWS, where it need not be described. */
  readonly type?: string | undefined;
  /** The namespace in which it is looked for; anywhere where absent. */
  readonly namespace?: string | undefined;
}

/** The objects that are applied together. */
export class Index {
  readonly #byKind = new Map<string, Given[]>();
  readonly #byName = new Map<string, Given[]>();
  readonly #byNode = new Map<string, Given>();

  constructor(all: readonly Given[]) {
    for (const one of all) {
      const { group, kind, name } = one.resource;
      push(this.#byKind, `${group} ${kind}`, one);
      // What an object only observes is defined elsewhere: a reference keeps its name.
      if (isObserved(one.resource)) continue;
      push(this.#byName, `${group} ${kind} ${name}`, one);
      if (one.node !== undefined) this.#byNode.set(one.node, one);
    }
  }
  /**
   * A field that an expression of kro sets to the status of another object of its graph refers to that object, and one
   * that names a cluster by an unknown name to the cluster with the same one.
   */
  leadInGraph(field: Field, kind: string, type: string | undefined): Field {
    const { why, found } = field;
    if (why === undefined || this.#byNode.size === 0 || typeof found !== 'string') return field;
    const [, node = ''] = /^\$\{\s*(\w+(?:\[\d+\])?)\.status\.[\w.?]+\s*\}$/.exec(found) ?? [];
    const target = this.#byNode.get(node) ?? this.find(kind, found, field.tree);
    const is = target && `${target.resource.group} ${target.resource.kind}`;
    return target && is === kind ? field.naming(target.id, type) : field;
  }
  /**
   * The one object of a kind with a name. If several folders have a copy of it, the one in the file, else in the folder,
   * of what refers to it.
   */
  find(kind: string, name: unknown, { source }: Pick<Tree, 'source'>, namespace?: string): Given | undefined {
    const alike = typeof name === 'string' ? (this.#byName.get(`${kind} ${name}`) ?? []) : [];
    const exact = alike.filter(({ resource }) => resource.namespace === namespace);
    const all = exact.length > 0 ? exact : alike.filter(({ resource }) => mayBeIn(resource.namespace, namespace));
    const only = (some: readonly Given[]): Given | undefined => (some.length === 1 ? some[0] : undefined);
    if (all.length < 2) return only(all);
    const near = (placeOf: (path: string) => string): readonly Given[] =>
      all.filter(({ resource }) => placeOf(resource.tree.source.path) === placeOf(source.path));
    return only(near((path) => path)) ?? only(near(folderOf));
  }
  /**
   * A field that names an object of a kind refers to it. The name of an object that is defined elsewhere says nothing
   * about the resource, but the name of a cluster identifies the cluster.
   */
  lead(field: Field, { kind, type, namespace }: Target): Field {
    if (field.why !== undefined) return field;
    const found = this.find(kind, field.value, field.tree, namespace);
    const [, word = ''] = kind.split(' ');
    return found || word !== 'Cluster' ? field.naming(found?.id ?? `${word}/${String(field.value)}`, type) : field;
  }
  /** The objects that a selector of labels may mean, and why there may be others (Crossplane documentation, Managed resources). */
  select(
    selector: Field,
    { kind, type, namespace }: Target,
  ): { readonly found: readonly Field[]; readonly why: string | undefined } {
    const [labels, sameOwner] = [selector.get('matchLabels'), selector.get('matchControllerRef')];
    const told = selector.why ?? labels.why ?? sameOwner.why;
    const pairs = labels.entries();
    if (told !== undefined) return { found: [], why: told };
    const all = (this.#byKind.get(kind) ?? []).filter(({ resource }) => mayBeIn(resource.namespace, namespace));
    // Objects of one Composition have the same owner.
    const owned =
      sameOwner.value === true && all.every(({ resource }) => resource.belonging.unit.startsWith('composition:'));
    if (sameOwner.value === true ? !owned : pairs.length === 0) return { found: [], why: labelsSelect };
    const answers = all.map(({ whole, id }) => {
      const own = whole.get('metadata').get('labels');
      const values = pairs.map(([key, label]) => ({ label, is: own.get(key) }));
      const why = values.map(({ label, is }) => label.why ?? is.why).find((one) => one !== undefined);
      const differs = values.some(({ label, is }) => (label.why ?? is.why) === undefined && label.value !== is.value);
      return differs ? undefined : { why, field: selector.naming(id, type) };
    });
    const may = answers.filter((one) => one !== undefined);
    const unclear = may.find(({ why }) => why !== undefined)?.why;
    return {
      found: may.filter(({ why }) => why === undefined).map(({ field }) => field),
      why: unclear ?? (owned && may.length > 0 ? undefined : labelsSelect),
    };
  }
}
/** Whether objects of a namespace are among those that are looked for. Files need not say it. */
const mayBeIn = (own: string, namespace: string | undefined): boolean =>
  namespace === undefined || own === '' || namespace === '' || own === namespace;

/** Template marks of Helm, Flux, envsubst and clusterctl. */
const mark = /\{\{|\{%|\$\{[A-Za-z_]|^\$[A-Za-z_]\w*$/;
function unrendered(value: unknown): string | undefined {
  if (typeof value !== 'string' || !mark.test(withoutNames(value))) return undefined;
  const [, name] = /\$\{?([A-Za-z_]\w*)/.exec(filledIn(value).text) ?? [];
  // A path is an expression, such as of kro.
  const isPath = name !== undefined && value.includes(`{${name}.`);
  return name === undefined || isPath || /\{\{|\{%/.test(value) ? whyTemplate : hasNoDefault(name);
}

/** A variable with a default, as clusterctl and Flux fill it in (Cluster API book, Writing templates; Flux documentation, Post build). */
const defaulted = /\$\{([A-Za-z_]\w*):?[=-]([^{}]*)\}/g;
/** A text with the defaults of its variables, and the names of these. */
function filledIn(value: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const text = value.replace(defaulted, (_, name: string, fallback: string) => {
    names.push(name);
    return fallback.replace(/^(["'])(.*)\1$/, '$2');
  });
  return { text, names };
}
/** The value of a string in which each variable has a default. */
function fromDefaults(value: unknown, { tree, on, key }: Place): Resolved | undefined {
  if (typeof value !== 'string' || !value.includes('${')) return undefined;
  const { text, names } = filledIn(value);
  if (names.length === 0 || unrendered(text) !== undefined) return undefined;
  // The text of a file is filled in before it is read: without quotes, `${COUNT:=3}` is a number.
  const [, , start] = (key === undefined ? undefined : span(tree, on, key)) ?? [];
  const isQuoted = start === undefined || /["'|>]/.test(tree.source.text[start] ?? '');
  const isPlain = !isQuoted && /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(text);
  return { value: isPlain ? JSON.parse(text) : text, assuming: `the default of ${[...new Set(names)].join(' and ')}` };
}
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
    const { text, names } = filledIn(hole);
    const why = unrendered(hole) ?? whyTemplate;
    parts.push(
      value.slice(from, index),
      names.length > 0 ? text : Field.of({ converts: false, unknown: () => why }, tree, [hole], 0),
    );
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

/** An object as fields. A value that a patch changes in an unknown way is unknown;  `assuming` are the assumptions that entries depend on. */
export function fieldOf(
  { object, tree, changes, group, version }: AnyResource,
  assuming?: ReadonlyMap<object, ReadonlyMap<string, string>>,
): Field {
  const doubts = changes.length === 0 ? undefined : doubtsOf(object, changes);
  const doubtAt = (on: object, key: string) => doubts?.get(on)?.get(key) ?? doubts?.get(on)?.get('*');
  const dialect: Dialect = {
    converts: false,
    unknown: unrendered,
    parts: partsOf,
    resolve(value, place) {
      const { on, key } = place;
      const under = key === undefined ? undefined : assuming?.get(on)?.get(String(key));
      return under === undefined ? fromDefaults(value, place) : { value, assuming: under };
    },
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
