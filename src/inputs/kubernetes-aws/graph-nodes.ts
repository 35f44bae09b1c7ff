import { dig } from '#model/dig.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { namesIn, type parse } from './cel.ts';

/* The resources of a graph of kro, as they are written (kro documentation, Resource Graph Definitions). */

export function listIn({ object }: AnyResource): Record<string, unknown>[] {
  const resources = dig(object, 'spec', 'resources');
  return Array.isArray(resources) ? resources.filter(isRecord) : [];
}

/** A text in parts: literal ones, and expressions. */
export type Part = string | { readonly expression: string };

/** The parts of a text. Braces in quotes do not end an expression (kro, pkg/graph/parser). */
export function partsOf(written: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let start = written.indexOf('${'); start >= 0; start = written.indexOf('${', from)) {
    let [end, depth, isQuoted] = [start + 2, 1, false];
    for (; end < written.length; end++) {
      const sign = written[end];
      if (isQuoted && sign === '\\') end++;
      else if (sign === '"') isQuoted = !isQuoted;
      else if (!isQuoted && sign === '{') depth++;
      else if (!isQuoted && sign === '}' && --depth === 0) break;
    }
    if (depth > 0) break;
    if (start > from) parts.push(written.slice(from, start));
    parts.push({ expression: written.slice(start + 2, end) });
    from = end + 1;
  }
  if (from < written.length) parts.push(written.slice(from));
  return parts;
}
export const isExpression = (part: Part | undefined): part is Exclude<Part, string> => typeof part === 'object';

/** A string with an expression. */
interface Written {
  readonly at: readonly string[];
  readonly parts: readonly Part[];
  readonly on: object;
}

export function writtenIn(node: object, at: readonly string[] = []): Written[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): Written[] => {
    const here = [...at, key];
    if (typeof value === 'string') return value.includes('${') ? [{ at: here, parts: partsOf(value), on: node }] : [];
    return typeof value === 'object' && value !== null ? writtenIn(value, here) : [];
  });
}

/** One entry of `resources`. */
export interface Node {
  readonly id: string;
  readonly template: Record<string, unknown>;
  /** False for an object that kro only reads. */
  readonly isMade: boolean;
  readonly written: readonly Written[];
  readonly conditions: readonly (Part | undefined)[];
  /** The iterators of a collection. */
  readonly loops: readonly (readonly [variable: string, list: Part | undefined])[];
  readonly uses: ReadonlySet<string>;
}

/** The one expression that a text consists of. */
function onlyIn(written: unknown): Part | undefined {
  const [only, ...more] = typeof written === 'string' ? partsOf(written.trim()) : [];
  return more.length === 0 && isExpression(only) ? only : undefined;
}

export function nodesIn(
  graph: AnyResource,
  parsed: (expression: string) => ReturnType<typeof parse>,
): Map<string, Node> {
  const nodes = listIn(graph).flatMap((one): [string, Node][] => {
    const { id, template: own, externalRef, includeWhen, forEach } = one;
    const template = isRecord(own) ? own : externalRef;
    if (typeof id !== 'string' || !isRecord(template)) return [];
    const written = writtenIn(template);
    const conditions = Array.isArray(includeWhen) ? includeWhen.map(onlyIn) : [];
    const loops = (Array.isArray(forEach) ? forEach.filter(isRecord) : []).flatMap((loop) =>
      Object.entries(loop).map(([variable, list]) => [variable, onlyIn(list)] as const),
    );
    const expressions = [...written.flatMap(({ parts }) => parts), ...conditions, ...loops.map(([, list]) => list)];
    const uses = new Set(
      expressions.filter(isExpression).flatMap(({ expression }) => {
        const ast = parsed(expression);
        return ast ? [...namesIn(ast)] : [];
      }),
    );
    return [[id, { id, template, isMade: template === own, written, conditions, loops, uses }]];
  });
  return new Map(nodes);
}
