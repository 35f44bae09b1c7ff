import { dig } from '#model/dig.ts';
import { isNotEvaluated, isNotSet, untilDeployed } from '#model/hidden.ts';
import { type Change, doubtOf, Resource } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { graft, type Origin, settleIn } from '#syntax/graft.ts';
import { makeResources, type PodTemplates } from '../kubernetes/objects.ts';
import { changed, type Own } from '../kustomize/json-patch.ts';
import { Evaluation, type Named, type Names, parse, plain, type Result, shown, whyPartly } from './cel.ts';
import type { Instances } from './graph-instances.ts';
import { isExpression, type Node, nodesIn, type Part, partsOf, writtenIn } from './graph-nodes.ts';
import { assumedIn, type Base, variantOf, type Work } from './composition.ts';

/*
 * Objects that kro makes of a ResourceGraphDefinition for each of its instances (kro documentation, Resource Graph
 * Definitions; Simple Schema; Conditionals; Collections).
 */

/** More instances, or items of a collection, than these are not judged one by one: what they set is unknown. */
const most = 100;
/** A longer text with expressions is not computed. */
const longest = 100_000;
/** Fields of objects that lead to one another. No real graph has more in a row. */
const deepest = 100;

const undecided = { why: isNotEvaluated('includeWhen') };

/** What a graph makes. */
export interface Made extends Base {
  /** The instance that it is made for. */
  readonly by: AnyResource | undefined;
  /**
   * Fields of which readers of AWS resources know a part, unlike rules about objects: references to other objects of
   * the graph, which they follow, and texts with unknown parts.
   */
  readonly partial: readonly Change[];
}

/** The objects that a graph makes, for each of its instances. */
export function nodesOf(graph: AnyResource, instances: Instances): Made[] {
  const trees = new Map<string, ReturnType<typeof parse>>();
  const parsed = (expression: string): ReturnType<typeof parse> => {
    if (!trees.has(expression)) trees.set(expression, parse(expression));
    return trees.get(expression);
  };
  const nodes = nodesIn(graph, parsed);
  const all = instances.of(graph);
  const texts = [...nodes.values()].reduce((sum, { written }) => sum + written.length, 0);
  const isFew =
    all.length > 0 &&
    all.length <= most &&
    all.length * nodes.size <= instances.room &&
    all.length * texts <= instances.budget.left;
  const uses = isFew ? all : [undefined];
  return uses.flatMap((by, index) => {
    const unit = `graph:${graph.tree.source.path}:${graph.tree.index}:${graph.belonging.unit}:${index}`;
    return new Use(graph, by, nodes, instances, parsed).made(unit, variantOf(by, uses));
  });
}

/**
 * The resources that rules see for an object that a graph makes: kro applies it where its instance is. Without an
 * instance, it silences findings about others of the unit of the graph.
 */
export function appliedBy(
  { resource, by, partial, maybe }: Made,
  graph: AnyResource,
  templates: PodTemplates,
): AnyResource[] {
  const { object, written, tree, changes, variant, namespaced, namespace } = resource;
  if (!by) {
    const belonging = { unit: graph.belonging.unit, bundle: resource.belonging.bundle };
    return makeResources({ object, written, tree, belonging, changes: [...changes, ...partial] }, templates);
  }
  const { unit, bundle } = by.belonging;
  const path = ['metadata', 'namespace'];
  const origin = { tree: by.tree, on: dig(by.object, 'metadata') as object, key: 'namespace' };
  const isOpen = namespaced && namespace === '' && by.namespace !== '';
  const placed = isOpen
    ? changed(object, path, tree, { value: by.namespace, origin, insert: true, create: 'maps' })
    : object;
  return makeResources(
    {
      object: placed ?? object,
      written,
      tree,
      // What may not be made causes no finding elsewhere.
      belonging: { unit, bundle: maybe === undefined ? bundle : `${bundle} of ${resource.belonging.unit}` },
      changes: [...changes, ...partial],
      // Unlike the ways of an overlay, instances make different objects, each with a namespace of its own.
      variant: variant && { ...variant, namespace: !namespaced ? '' : namespace === '' ? by.namespace : namespace },
    },
    templates,
  );
}

/** One use of a graph. */
class Use {
  readonly #graph: AnyResource;
  readonly #by: AnyResource | undefined;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #instances: Instances;
  readonly #parsed: (expression: string) => ReturnType<typeof parse>;
  /** The values of texts that only use names of the whole graph. */
  readonly #known = new Map<string, Result>();
  readonly #items = new Map<Node, readonly Names[] | undefined>();
  readonly #included = new Map<Node, boolean | { readonly why: string }>();
  #depth = 0;

  constructor(
    graph: AnyResource,
    by: AnyResource | undefined,
    nodes: ReadonlyMap<string, Node>,
    instances: Instances,
    parsed: (expression: string) => ReturnType<typeof parse>,
  ) {
    this.#graph = graph;
    this.#by = by;
    this.#nodes = nodes;
    this.#instances = instances;
    this.#parsed = parsed;
  }

  made(unit: string, variant: Base['resource']['variant']): Made[] {
    return [...this.#nodes.values()].flatMap((node): Made[] => {
      const { id, template, isMade } = node;
      const included = isMade && this.#isIncluded(node);
      if (included === false) return [];
      const all = node.loops.length > 0 ? this.#itemsOf(node) : [this.#names];
      const items = all && all.length <= Math.max(1, this.#instances.room) ? all : undefined;
      const scopes = items ?? [this.#oneOf(node)];
      this.#instances.room -= scopes.length;
      return scopes.map((names, at): Made => {
        this.#instances.budget.left -= node.written.length;
        const name = node.loops.length > 0 && items ? `${id}[${at}]` : id;
        const { work, partial } = this.#fill(node, names);
        // Only an instance shows that a default applies.
        const assumed = [...(this.#by ? [] : work.assuming.values())].map(({ path, text: by }): Change => {
          return { path, by, why: `${by} may not apply` };
        });
        const resource = new Resource({
          object: work.object,
          written: template,
          tree: this.#graph.tree,
          belonging: { unit, bundle: unit },
          changes: work.changes,
          variant,
        });
        const maybe = included === true ? undefined : included.why;
        return {
          resource,
          title: name,
          node: name,
          by: this.#by,
          partial: [...partial, ...assumed],
          assuming: assumedIn(work),
          maybe,
        };
      });
    });
  }

  /**
   * Whether an object is made. It is not if one that it depends on is not (kro documentation, Dependencies and Skipped
   * Resources).
   */
  #isIncluded(node: Node): boolean | { readonly why: string } {
    const known = this.#included.get(node);
    if (known !== undefined) return known;
    if (this.#depth >= deepest) return undecided;
    this.#included.set(node, true); // a circle decides nothing
    this.#depth++;
    const results = node.conditions.map((condition): boolean | { readonly why: string } => {
      if (!isExpression(condition)) return undecided;
      const told = this.#evaluate(condition.expression, this.#names);
      if (!('value' in told)) return { why: 'why' in told ? told.why : told.absent };
      // Only an instance shows that the default applies.
      if (typeof told.value !== 'boolean') return undecided;
      return told.assuming === undefined || this.#by ? told.value : { why: `${told.assuming} may not apply` };
    });
    for (const id of node.uses) {
      const other = this.#nodes.get(id);
      if (other && other !== node) results.push(this.#isIncluded(other));
    }
    this.#depth--;
    const found = results.find((one) => one === false) ?? results.find((one) => one !== true) ?? true;
    this.#included.set(node, found);
    return found;
  }

  /** The names for each item of a collection; undefined if the items are unknown. */
  #itemsOf(node: Node): readonly Names[] | undefined {
    if (this.#items.has(node)) return this.#items.get(node);
    this.#items.set(node, undefined);
    let scopes: Names[] = [this.#names];
    for (const [variable, list] of node.loops) {
      const lists = scopes.map((names) => (isExpression(list) ? this.#evaluate(list.expression, names) : undefined));
      const made = scopes.flatMap((names, at) => {
        const told = lists[at];
        if (!told || !('value' in told) || !Array.isArray(told.value)) return [];
        return told.value.map((value: unknown) => withName(names, variable, value));
      });
      const areKnown = lists.every((told) => told && 'value' in told && Array.isArray(told.value));
      if (!areKnown || made.length > most) return undefined;
      scopes = made;
    }
    this.#items.set(node, scopes);
    return scopes;
  }
  /** The names of a collection whose items are unknown. */
  #oneOf(node: Node): Names {
    const variables = new Map(node.loops);
    return (asked) => {
      if (!variables.has(asked)) return this.#names(asked);
      const list = variables.get(asked);
      return { why: isNotEvaluated(isExpression(list) ? shown(list.expression) : asked), text: asked };
    };
  }

  readonly #names: Names = (asked) => {
    if (asked === 'schema') return new Asked((steps) => this.#tell(steps), 'schema');
    const node = this.#nodes.get(asked);
    if (!node) return undefined;
    if (node.loops.length === 0) return new Asked((steps) => this.#ofNode(node, steps, this.#names), asked);
    const items = this.#itemsOf(node)?.map(
      (names, at) => new Asked((steps) => this.#ofNode(node, steps, names), `${asked}[${at}]`),
    );
    const whole = { why: untilDeployed(asked), text: asked };
    const get = (key: string | number): Named | Result => items?.[Number(key)] ?? whole;
    return { whole, get, ...(items ? { items } : {}) };
  };

  #evaluate(expression: string, names: Names): Result {
    const isShared = names === this.#names;
    const known = isShared ? this.#known.get(expression) : undefined;
    if (known) return known;
    const circle = { why: isNotEvaluated(shown(expression)), text: expression };
    if (this.#depth >= deepest) return circle;
    if (isShared) this.#known.set(expression, circle);
    const ast = this.#parsed(expression);
    this.#depth++;
    const found = ast ? new Evaluation(expression, this.#instances.budget).run(ast, names) : circle;
    this.#depth--;
    if (isShared) this.#known.set(expression, found);
    return found;
  }
  /** The value of a text: of its one expression, or of all of them in what is between them. */
  #valueOf(parts: readonly Part[], names: Names): Result {
    const [only, ...more] = parts;
    if (more.length === 0 && isExpression(only)) return this.#evaluate(only.expression, names);
    const results = parts.map((part): Result =>
      isExpression(part) ? this.#evaluate(part.expression, names) : { value: part },
    );
    const assuming = results.find((one) => 'value' in one && one.assuming !== undefined) as
      | { readonly assuming: string }
      | undefined;
    const texts = results.map((one) => String(plain(one)));
    const length = texts.reduce((sum, one) => sum + one.length, 0);
    this.#instances.budget.left -= Math.ceil(length / 10);
    // Objects that each repeat the text of another one would double it.
    if (length > longest) {
      const [first] = parts.filter(isExpression);
      const expression = first?.expression ?? '';
      return { why: isNotEvaluated(shown(expression)), text: expression };
    }
    return { value: texts.join(''), assuming: assuming?.assuming, partly: whyPartly(results) };
  }

  /** A field of another object of the graph, as its template sets it. */
  #ofNode({ id, template }: Node, steps: readonly (string | number)[], names: Names): Result {
    const path = [id, ...steps].join('.');
    const unknown = { why: untilDeployed(path), text: path };
    const holder = reach(template, steps.slice(0, -1));
    const key = steps.at(-1) ?? '';
    const value = steps.length === 0 ? undefined : reach(holder, [key]);
    if (typeof value === 'string') {
      const on = holder as object;
      const parts = partsOf(value);
      const told: Result = parts.some(isExpression) ? this.#valueOf(parts, names) : { value };
      return 'value' in told ? { origin: { tree: this.#graph.tree, on, key }, ...told } : told;
    }
    if (value === undefined || value === null) return unknown;
    if (typeof value === 'object' && writtenIn(value).length > 0) return unknown;
    return { value, origin: { tree: this.#graph.tree, on: holder as object, key } };
  }

  /** The value at a path below `schema`, as an instance or the default of the schema sets it. */
  #tell(steps: readonly (string | number)[]): Result {
    const by = this.#by;
    const path = steps.map(String);
    const written = path.join('.');
    const kind = text(dig(this.#graph.object, 'spec', 'schema', 'kind')) ?? 'the instance';
    const unknown = { why: isNotSet(`${written} of ${kind}`), text: `schema.${written}` };
    if (written === 'kind' || written === 'apiVersion') return this.#identity(written) ?? unknown;
    if (path.length < 2 || (path[0] !== 'spec' && path[0] !== 'metadata')) return unknown;
    const change = by?.changes.find((one) => one.path.every((step, at) => at >= path.length || step === path[at]));
    if (change) return { ...unknown, why: doubtOf(change) };
    const key = path.at(-1) ?? '';
    const marked = dig(this.#graph.object, 'spec', 'schema', ...path);
    const holder = reach(by?.object, path.slice(0, -1));
    const own = reach(holder, [key]);
    if (path[0] === 'spec' && isRecord(marked) && (own === undefined || own === null || isRecord(own)))
      return this.#tellAll(path, marked, unknown);
    if (by && own !== undefined && own !== null)
      return { value: own, origin: { tree: by.tree, on: holder as object, key } };
    return (path[0] === 'spec' && this.#preset(path, unknown)) || unknown;
  }
  /** The kind or API version of the instances, which the schema decides (https://kro.run, Resource Graph Definitions). */
  #identity(key: 'kind' | 'apiVersion'): Result | undefined {
    const { object, tree } = this.#graph;
    const on: unknown = dig(object, 'spec', 'schema');
    const own = text(dig(on, key));
    if (own === undefined || !isRecord(on)) return undefined;
    const value = key === 'kind' ? own : `${text(on['group']) ?? 'kro.run'}/${own}`;
    return { value, origin: { tree, on, key } };
  }
  /** The default of the field that a path leads to, or into. */
  #preset(path: readonly string[], { why }: { readonly why: string }): Result | undefined {
    const by = this.#by;
    for (let length = path.length; length > 1; length--) {
      const steps = path.slice(0, length);
      const on = dig(this.#graph.object, 'spec', 'schema', ...steps.slice(0, -1));
      const key = steps.at(-1) ?? '';
      const marked = dig(on, key);
      if (typeof marked !== 'string') continue;
      const preset = this.#instances.defaultOf(marked);
      const isWhole = length === path.length;
      if (!preset) return by && isWhole && plainType.test(marked) ? { absent: why } : undefined;
      const isSet = !isWhole && reach(by?.object, steps) !== undefined;
      const value = isSet ? undefined : reach(preset.value, path.slice(length));
      const origin = { tree: this.#graph.tree, on: on as object, key };
      return value === undefined ? undefined : { value, origin, assuming: `the default of ${steps.join('.')}` };
    }
    return undefined;
  }
  /** A map of the schema, with the defaults of its fields. */
  #tellAll(path: readonly string[], schema: Record<string, unknown>, unknown: Result): Result {
    if (!this.#by) return unknown;
    const entries = new Map<string, Origin>();
    const made = Object.create(null) as Record<string, unknown>;
    let assuming: string | undefined;
    for (const key of Object.keys(schema)) {
      const told = this.#tell([...path, key]);
      if ('absent' in told) continue;
      made[key] = plain(told);
      if ('value' in told) {
        assuming ??= told.assuming;
        if (told.origin) entries.set(key, told.origin);
      }
    }
    const base = { tree: this.#graph.tree, on: schema };
    return { value: graft(made, base, entries), assuming, origin: base };
  }

  /** An object with the values of its expressions. */
  #fill({ template, written }: Node, names: Names): { work: Work; partial: Change[] } {
    const work: Work = { object: template, changes: [], assuming: new Map() };
    const partial: Change[] = [];
    const own: Own = new Map();
    const { tree } = this.#graph;
    for (const { at, parts, on } of written) {
      const told = this.#valueOf(parts, names);
      if (!('value' in told)) {
        const change: Change = { path: at, by: '', why: 'why' in told ? told.why : told.absent };
        const isReference = 'text' in told && this.#nodes.has(/^\w+/.exec(told.text)?.[0] ?? '');
        if (isReference && parts.length === 1) partial.push(change);
        else work.changes.push(change);
      } else if (told.partly !== undefined) partial.push({ path: at, by: '', why: told.partly });
      const key = at.at(-1) ?? '';
      const here = { tree, on, key: Array.isArray(on) ? Number(key) : key };
      const [only] = parts;
      const value = plain(told);
      if (isExpression(only) && value === `\${${only.expression}}`) continue;
      const origin = ('value' in told ? told.origin : undefined) ?? here;
      settleIn(value, origin.tree, 'value' in told && told.origin ? undefined : here);
      const object = changed(work.object, at, tree, { value, origin, insert: false, create: 'maps and lists' }, own);
      if (!object) continue;
      work.object = object;
      const assuming = 'value' in told ? told.assuming : undefined;
      if (assuming !== undefined) work.assuming.set(at.join('\n'), { path: at, text: assuming });
    }
    return { work, partial };
  }
}

/** The names of one item of a collection. */
function withName(names: Names, variable: string, value: unknown): Names {
  const isOpen = typeof value === 'string' && value.includes('${');
  return (asked) =>
    asked !== variable ? names(asked) : isOpen ? { why: isNotEvaluated(shown(value)), text: asked } : { value };
}

/** Types whose fields have no defaults. Those that the schema defines itself may have some. */
const plainType = /^(?:\[\]|map\[|(?:string|integer|boolean|float|object|any)\b)/;

/** What a path leads to, also through lists. */
function reach(value: unknown, path: readonly (string | number)[]): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || key === 'length' || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node;
}

/** A path that is followed as far as an expression asks. */
class Asked implements Named {
  readonly #tell: (steps: readonly (string | number)[]) => Result;
  readonly #name: string;
  readonly #steps: readonly (string | number)[];
  constructor(
    tell: (steps: readonly (string | number)[]) => Result,
    name: string,
    steps: readonly (string | number)[] = [],
  ) {
    this.#tell = tell;
    this.#name = name;
    this.#steps = steps;
  }
  get(key: string | number): Named {
    return new Asked(this.#tell, this.#name, [...this.#steps, key]);
  }
  get whole(): Result {
    const told = this.#tell(this.#steps);
    return 'why' in told ? { ...told, text: [this.#name, ...this.#steps].join('.') } : told;
  }
}
