import { Answer } from '#model/value.ts';

/* Everything that is read, as one text: two texts differ if a fact does. */

/** Locations, and what rules do not read. */
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
  'sayable',
  // The same as `known`, but an unread list throws.
  'items',
]);

/** The values of the getters of a class, without those of some names. */
export function gettersOf(node: object, passed: ReadonlySet<string>): [string, unknown][] {
  const found: [string, unknown][] = [];
  for (
    let of: unknown = Object.getPrototypeOf(node);
    of !== null && of !== Object.prototype && of !== Array.prototype;
    of = Object.getPrototypeOf(of)
  )
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(of)))
      if (get && !passed.has(name)) found.push([name, get.call(node)]);
  return found;
}

/** Everything reachable from what was read, without locations. */
export function told(read: unknown): string {
  const seen = new Set<object>();
  const plain = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return typeof node === 'function' ? undefined : node;
    // One object stands for all answers that are yes.
    if (node instanceof Answer) return { ...node };
    if (seen.has(node)) return 'seen';
    seen.add(node);
    if (node instanceof Map || node instanceof Set) return [...node].map(plain);
    if (Array.isArray(node)) return node.map(plain);
    const entries = [...Object.entries(node), ...gettersOf(node, passed)].filter(([name]) => !passed.has(name));
    return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
  };
  return JSON.stringify(plain(read));
}
