import { dig } from '#model/dig.ts';
import { isNotSet } from '#model/hidden.ts';
import { type Change, doubtOf, Resource } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { settleIn } from '#syntax/graft.ts';
import { changed, type Own } from '../kustomize/json-patch.ts';
import type { Told } from './composite.ts';
import { assumedIn, type Base, variantOf, type Work } from './composition.ts';

/*
 * Objects that kro makes of a ResourceGraphDefinition for each of its instances (kro documentation, Resource Graph
 * Definitions; Simple Schema).
 */

/** Where an expression only names a value: `${schema.spec.name}`, `${role.status.ackResourceMetadata.arn}`. */
const path = String.raw`\$\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}`;
const whole = new RegExp(`^${path}$`);
const inside = new RegExp(path, 'g');

/** A marker of a field, whose value may be in quotes. Takes all that it tries, so that no text is read twice. */
const marker = /(?<!\w)(\w+)\s*=((?:"(?:[^"\\]|\\[^]?)*(?:"|$)|[^\s"])*)/g;

/** The default of a field of the schema: `string | required=true default="1.35"`. */
function defaultOf(marked: unknown): { readonly value: unknown } | undefined {
  if (typeof marked !== 'string' || !marked.includes('|')) return undefined;
  const bar = marked.indexOf('|');
  const markers = [...marked.slice(bar + 1).matchAll(marker)];
  const written = markers.findLast(([, name]) => name === 'default')?.[2];
  if (written === undefined) return undefined;
  const isQuoted = /^"[^]*"$/.test(written);
  const value = isQuoted ? written.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : written;
  if (marked.slice(0, bar).trim() === 'string') return { value };
  const isPlain = /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value);
  return isPlain ? { value: JSON.parse(value) as unknown } : undefined;
}

/** More than these are not judged one by one: what they set is unknown. */
const mostInstances = 100;

/** All objects of the files, among which the instances of a graph are found. */
export class Instances {
  readonly #all = new Map<string, AnyResource[]>();

  constructor(objects: Iterable<AnyResource>) {
    for (const object of objects) push(this.#all, `${object.group} ${object.kind}`, object);
  }
  of({ object }: AnyResource): readonly AnyResource[] {
    const schema = dig(object, 'spec', 'schema');
    return this.#all.get(`${text(dig(schema, 'group')) ?? 'kro.run'} ${text(dig(schema, 'kind')) ?? ''}`) ?? [];
  }
}

/** The value at a path below `schema`, as an instance or the default of the schema sets it. */
function tell(
  graph: AnyResource,
  by: AnyResource | undefined,
  steps: readonly string[],
  presets: Map<unknown, ReturnType<typeof defaultOf>>,
): Told {
  const written = steps.join('.');
  const why = isNotSet(`${written} of ${text(dig(graph.object, 'spec', 'schema', 'kind')) ?? 'the instance'}`);
  if (steps[0] !== 'spec' && steps[0] !== 'metadata') return { why };
  const change = by?.changes.find((one) => one.path.every((step, at) => at >= steps.length || step === steps[at]));
  if (change) return { why: doubtOf(change) };
  const holder = dig(by?.object, ...steps.slice(0, -1));
  const key = steps.at(-1) ?? '';
  const own = dig(holder, key);
  if (by && own !== undefined && own !== null)
    return { value: own, origin: { tree: by.tree, on: holder as object, key } };
  const schema = dig(graph.object, 'spec', 'schema', ...steps.slice(0, -1));
  const marked = dig(schema, key);
  if (!presets.has(marked)) presets.set(marked, defaultOf(marked));
  const preset = presets.get(marked);
  if (!preset) return { why };
  return {
    value: preset.value,
    origin: { tree: graph.tree, on: schema as object, key },
    assuming: `the default of ${written}`,
  };
}

/** A string with an expression. */
interface Written {
  readonly at: readonly string[];
  readonly value: string;
  readonly on: object;
}

function writtenIn(node: object, at: readonly string[] = []): Written[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): Written[] => {
    const here = [...at, key];
    if (typeof value === 'string') return value.includes('${') ? [{ at: here, value, on: node }] : [];
    return typeof value === 'object' && value !== null ? writtenIn(value, here) : [];
  });
}

/** The objects that a graph makes, for each of its instances. */
export function nodesOf(graph: AnyResource, instances: Instances): Base[] {
  const { object, tree } = graph;
  const resources = dig(object, 'spec', 'resources');
  const nodes = new Map(
    (Array.isArray(resources) ? resources.filter(isRecord) : []).flatMap((one) => {
      const { id, template, includeWhen } = one;
      return typeof id === 'string' && isRecord(template) ? [[id, { template, includeWhen }] as const] : [];
    }),
  );
  const presets = new Map<unknown, ReturnType<typeof defaultOf>>();
  const all = instances.of(graph);
  const uses = all.length === 0 || all.length > mostInstances ? [undefined] : all;
  return uses.flatMap((by, index) => {
    const step = (expression: string): Told | { readonly next: string } | undefined => {
      const [, named = ''] = whole.exec(expression) ?? [];
      const [first = '', ...steps] = named.split('.');
      if (first === 'schema') return tell(graph, by, steps, presets);
      const holder = dig(nodes.get(first)?.template, ...steps.slice(0, -1));
      const key = steps.at(-1) ?? '';
      const value = dig(holder, key);
      if (typeof value !== 'string') return undefined;
      return value.includes('${') ? { next: value } : { value, origin: { tree, on: holder as object, key } };
    };
    const known = new Map<string, Told | undefined>();
    /** What an expression names. A field of another object of the graph leads to what that field is set to. */
    const follow = (expression: string): Told | undefined => {
      const passed = new Set<string>();
      let found: Told | undefined;
      for (let at = expression; !passed.has(at);) {
        if (known.has(at)) {
          found = known.get(at);
          break;
        }
        passed.add(at);
        const told = step(at);
        if (typeof told !== 'object' || !('next' in told)) {
          found = told;
          break;
        }
        at = told.next;
      }
      for (const one of passed) known.set(one, found);
      return found;
    };
    const unit = `graph:${tree.source.path}:${tree.index}:${index}`;
    const variant = variantOf(by, uses);
    return [...nodes].flatMap(([id, { template, includeWhen }]): Base[] => {
      const conditions = Array.isArray(includeWhen) ? includeWhen : [];
      const isLeftOut = conditions.some((one) => {
        const told = typeof one === 'string' ? follow(one) : undefined;
        // Only an instance shows that the default applies.
        const isKnown =
          typeof told === 'object' && 'value' in told && (by !== undefined || told.assuming === undefined);
        return isKnown && told.value === false;
      });
      if (isLeftOut) return [];
      const work: Work = { object: template, changes: [], assuming: new Map() };
      const own: Own = new Map();
      for (const written of writtenIn(template)) fill(work, own, written, follow, graph);
      const belonging = { unit, bundle: unit };
      const { changes } = work;
      const resource = new Resource({
        object: work.object,
        written: template,
        tree,
        belonging,
        changes,
        variant,
      });
      return [{ resource, title: id, node: id, assuming: assumedIn(work) }];
    });
  });
}

/** Replaces the expressions of one string. */
function fill(
  work: Work,
  own: Own,
  { at, value: written, on }: Written,
  follow: (expression: string) => Told | undefined,
  { tree }: AnyResource,
): void {
  const set = (
    value: unknown,
    origin: { readonly tree: AnyResource['tree']; readonly on: object },
    assuming?: string,
  ) => {
    settleIn(value, origin.tree, undefined);
    const object = changed(work.object, at, tree, { value, origin, insert: false, create: 'maps and lists' }, own);
    if (!object) return;
    work.object = object;
    if (assuming !== undefined) work.assuming.set(at.join('\n'), { path: at, text: assuming });
  };
  if (whole.test(written)) {
    const told = follow(written);
    if (typeof told !== 'object') return; // a reference to an object, which its reader follows
    if ('why' in told) work.changes.push({ path: at, by: '', why: told.why } satisfies Change);
    else set(told.value, told.origin, told.assuming);
    return;
  }
  // A text in which only some parts are known keeps all of its expressions.
  const parts = [...written.matchAll(inside)].map(([expression]) => follow(expression));
  const known = parts.filter((told) => typeof told === 'object' && 'value' in told);
  const [first] = known;
  if (!first || known.length < parts.length || written.replaceAll(inside, '').includes('${')) return;
  let next = 0;
  const value = written.replaceAll(inside, () => String(known[next++]?.value));
  const key = at.at(-1) ?? '';
  const origin = { tree, on, key: Array.isArray(on) ? Number(key) : key };
  set(value, origin, known.find(({ assuming }) => assuming !== undefined)?.assuming);
}
