import { dig } from '#model/dig.ts';
import { push } from '#model/selector.ts';
import { text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Budget } from './cel.ts';
import { listIn } from './graph-nodes.ts';

/* The instances of graphs of kro, and the defaults of their fields (kro documentation, Simple Schema). */

/** A marker of a field, whose value may be in quotes. Takes all that it tries, so that no text is read twice. */
const marker = /(?<!\w)(\w+)\s*=((?:"(?:[^"\\]|\\[^]?)*(?:"|$)|\[[^\]]*(?:\]|$)|\{[^}]*(?:\}|$)|[^\s"[{])*)/g;
const isJson = /^(?:true|false|-?\d+(?:\.\d+)?|\[[^]*\]|\{[^]*\})$/;

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
  try {
    return isJson.test(value) ? { value: JSON.parse(value) as unknown } : undefined;
  } catch {
    return undefined; // not a value of this type
  }
}

/** Steps that all graphs of a run may take, and objects that they may make: rules judge each of these. */
const mostSteps = 200_000;
const mostObjects = 2000;
/** All objects of the files, among which the instances of a graph are found. */
export class Instances {
  readonly budget: Budget = { left: mostSteps };
  /** How many more objects may be made. */
  room = mostObjects;
  readonly #all = new Map<string, AnyResource[]>();
  readonly #defaults = new Map<unknown, ReturnType<typeof defaultOf>>();

  constructor(objects: Iterable<AnyResource>) {
    for (const object of objects) this.add(object);
  }
  add(object: AnyResource): void {
    push(this.#all, `${object.group} ${object.kind}`, object);
  }
  of(graph: AnyResource): readonly AnyResource[] {
    const all = this.#all.get(typeOf(graph)) ?? [];
    const { unit } = graph.belonging;
    // Of several overlays with the graph, each has its own instances.
    const own = graph.variant ? all.filter(({ belonging }) => belonging.unit === unit) : [];
    return own.length > 0 ? own : all;
  }
  defaultOf(marked: unknown): ReturnType<typeof defaultOf> {
    if (!this.#defaults.has(marked)) this.#defaults.set(marked, defaultOf(marked));
    return this.#defaults.get(marked);
  }
}

/** The group and kind of the instances of a graph. */
function typeOf({ object }: AnyResource): string {
  const schema = dig(object, 'spec', 'schema');
  return `${text(dig(schema, 'group')) ?? 'kro.run'} ${text(dig(schema, 'kind')) ?? ''}`;
}

/** Graphs in an order in which those come first that make instances of others. */
export function inOrder(graphs: readonly AnyResource[]): AnyResource[] {
  const makers = new Map<string, AnyResource[]>();
  for (const graph of graphs)
    for (const { template } of listIn(graph)) {
      const apiVersion = text(dig(template, 'apiVersion')) ?? '';
      push(makers, `${apiVersion.split('/')[0] ?? ''} ${text(dig(template, 'kind')) ?? ''}`, graph);
    }
  const sorted = new Set<AnyResource>();
  const seen = new Set<AnyResource>();
  const visit = (graph: AnyResource): void => {
    if (seen.has(graph)) return;
    seen.add(graph);
    for (const maker of makers.get(typeOf(graph)) ?? []) visit(maker);
    sorted.add(graph);
  };
  for (const graph of graphs) visit(graph);
  return [...sorted];
}
