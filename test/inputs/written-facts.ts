import type { Location } from '#syntax/tree.ts';
import { Value } from '#model/value.ts';
import { read } from './read.ts';

/** Where something stands, how it is kept, and what follows from it. */
const passed = new Set(['tree', 'at', 'source', 'object', 'subject', 'whole', 'input', 'constructor', 'slot', 'items', 'calendar']);

/** What an object tells: its own entries, and the values of its getters. */
function entriesOf(node: object): [string, unknown][] {
  const found = Object.entries(node);
  for (
    let of: unknown = Object.getPrototypeOf(node);
    of !== null && of !== Object.prototype && of !== Array.prototype;
    of = Object.getPrototypeOf(of)
  )
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(of)))
      if (get) found.push([name, get.call(node)]);
  return found.filter(([name]) => !passed.has(name));
}

const placeOf = ({ source, path, start }: Location): string => `${source}${start ? `:${start.line}` : ''} ${path}`.trimEnd();

/**
 * What is read of files as written in them, one fact a line with its place: `nodegroups[0].name: "web" (main.tf:2 node_group_name)`.
 * What nobody wrote is not told: a key that is asked for by another name is a line that is gone.
 */
export function writtenFacts(files: Readonly<Record<string, string>>): string {
  const { clusters, loose, aws, provided, resources, notes } = read(files);
  const lines: string[] = [];
  const seen = new Set<object>();
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (seen.has(node)) return;
    seen.add(node);
    if (node instanceof Value) {
      if (!node.written) return;
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
      visit(inner, name === 'known' ? path : path === '' ? name : `${path}.${name}`);
    }
  };
  for (const [name, of] of Object.entries({ clusters, loose, aws }))
    for (const [i, one] of of.entries()) visit(one, `${name}[${i}]`);
  for (const { kind, namespace, name } of provided) lines.push(`provides ${kind} ${namespace ?? ''}/${name}`);
  // Objects that another format holds.
  for (const { kind, object, tree } of resources)
    if (!tree.source.path.endsWith('.yaml')) lines.push(`applies ${kind} ${JSON.stringify(object)}`);
  for (const { message } of notes) lines.push(`note: ${message}`);
  return `${lines.join('\n')}\n`;
}
