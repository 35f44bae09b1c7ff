import type { Location } from '#syntax/tree.ts';
import { Value } from '#model/value.ts';
import { read } from './read.ts';
import { gettersOf } from './told.ts';

/** Locations, internal state, and what follows from it. */
const passed = new Set([
  'tree',
  'at',
  'source',
  'object',
  'subject',
  'whole',
  'input',
  'constructor',
  'slot',
  'items',
  'calendar',
  'complete',
  'empty',
]);
/** The text for a list that is complete. */
const ordinary: readonly unknown[] = ['set', 'default'];

/** The content of an object: its own entries, and the values of its getters. */
function entriesOf(node: object): [string, unknown][] {
  return [...Object.entries(node).filter(([name]) => !passed.has(name)), ...gettersOf(node, passed)];
}

const placeOf = ({ source, path, start }: Location): string =>
  `${source}${start ? `:${start.line}` : ''} ${path}`.trimEnd();

/**
 * What is read from files as written in them, one fact per line with its location: `loose[0].name: "web" (main.tf:2
 * node_group_name)`. Then what is not written, one line for each part: the defaults, unknown facts, and facts that the
 * format cannot express.
 */
export function writtenFacts(files: Readonly<Record<string, string>>): string {
  const { clusters, loose, aws, provided, resources, notes } = read(files);
  const lines: string[] = [];
  const seen = new Set<object>();
  const defaults = new Map<string, string[]>();
  const wordless = new Map<string, string[]>();
  const note = (into: Map<string, string[]>, part: string, fact: string): void => {
    into.set(part, [...(into.get(part) ?? []), fact]);
  };
  const unknown = new Map<string, string[]>();
  const visit = (node: unknown, path: string): void => {
    if (node === undefined || node === null || typeof node === 'function') return;
    if (typeof node !== 'object') {
      if (!(path.endsWith('.state') && ordinary.includes(node))) lines.push(`${path}: ${JSON.stringify(node)}`);
      return;
    }
    if (seen.has(node)) return;
    seen.add(node);
    if (node instanceof Value) {
      if (!node.written) {
        const [part = '', ...rest] = path.split('.');
        if (!node.sayable) note(wordless, part, rest.join('.'));
        if (node.state === 'default' && node.value !== undefined)
          note(defaults, part, `${rest.join('.')} ${JSON.stringify(node.value)}`);
        if (node.state === 'unknown') note(unknown, part, `${rest.join('.')} (${node.why ?? ''})`);
        return;
      }
      const said = node.state === 'unknown' ? `? ${node.why ?? ''}` : JSON.stringify(node.value);
      lines.push(`${path}: ${said} (${placeOf(node.at)})`);
      return;
    }
    if (node instanceof Map || node instanceof Set || Array.isArray(node)) {
      for (const [i, inner] of [...node].entries()) visit(inner, `${path}[${i}]`);
      return;
    }
    for (const [name, inner] of entriesOf(node)) {
      if (name === 'kind' && typeof inner === 'string') lines.push(`${path} is a ${inner}`);
      else visit(inner, name === 'known' ? path : path === '' ? name : `${path}.${name}`);
    }
  };
  for (const [name, of] of Object.entries({ clusters, loose, aws }))
    for (const [i, one] of of.entries()) visit(one, `${name}[${i}]`);
  for (const [part, facts] of defaults) lines.push(`${part} by default: ${facts.join(', ')}`);
  for (const [part, facts] of unknown) lines.push(`${part} does not tell ${facts.join(', ')}`);
  for (const [part, facts] of wordless) lines.push(`${part} has no words for ${facts.join(', ')}`);
  for (const { kind, namespace, name } of provided) lines.push(`provides ${kind} ${namespace ?? ''}/${name}`);
  // Objects inside another format.
  for (const { kind, object, tree } of resources)
    if (!tree.source.path.endsWith('.yaml')) lines.push(`applies ${kind} ${JSON.stringify(object)}`);
  for (const { message } of notes) lines.push(`note: ${message}`);
  return `${lines.join('\n')}\n`;
}
