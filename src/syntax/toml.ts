import { parse, TomlError } from 'smol-toml';
import type { Source, Tree } from './document.ts';

/*
 * TOML files. The library gives no positions, so a key is located on the line that sets it, and the contents of its
 * value (entries of arrays and of inline tables) have the location of the value.
 */

type Place = readonly [keyStart: number, keyEnd: number, valueStart: number, valueEnd: number];
type Data = Record<string, unknown>;

/** The parts of a dotted key: `default.deploy."a.b"`. */
const partsOf = (dotted: string): string[] =>
  [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
const pathOf = (parts: readonly string[]): string => parts.join('\n');

/** The locations of tables and keys, by their path. */
function placesIn(text: string): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  let table: string[] = [];
  const lines = /^[ \t]*(?:\[{1,2}([^\]\n]+)\]{1,2}|((?:[\w.-]|"[^"\n]*"|'[^'\n]*')+)[ \t]*=[ \t]*(.*))/gm;
  for (const line of text.matchAll(lines)) {
    const [whole, header, key = '', value = ''] = line;
    const start = line.index + whole.length - whole.trimStart().length;
    const end = line.index + whole.trimEnd().length;
    if (header !== undefined) table = partsOf(header);
    const path = pathOf(header === undefined ? [...table, ...partsOf(key)] : table);
    if (!found.has(path))
      found.set(
        path,
        header === undefined ? [start, start + key.length, end - value.trimEnd().length, end] : [start, end, end, end],
      );
  }
  return found;
}

/** A container whose maps have no prototype, as in all trees. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || typeof value !== 'object' || value === null)
    return value instanceof Date ? value.toJSON() : value;
  const made = Object.create(null) as Data;
  for (const [key, inner] of Object.entries(value)) made[key] = plain(inner);
  return made;
}

/** The only document of a file, or the error that makes it unreadable. */
export function parseToml(source: Source): Tree {
  const { text } = source;
  const tree = { source, language: 'yaml', index: 0, start: 0 } as const;
  let root: unknown;
  try {
    root = plain(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const before = text.split('\n').slice(0, error.line - 1);
    const start = Math.min(before.reduce((sum, line) => sum + line.length + 1, 0) + error.column - 1, text.length);
    // Only the first line of the message is prose; the others quote the text.
    const [message = 'invalid TOML'] = error.message.split('\n', 1);
    return {
      ...tree,
      root: undefined,
      offsets: new Uint32Array(),
      faults: [{ code: 'syntax', message, start, end: start }],
    };
  }
  const places = placesIn(text);
  const offsets: number[] = [];
  const visit = (node: object, path: readonly string[], around: Place): void => {
    const children = Object.entries(node).map(([key, value]: [string, unknown]) => {
      const inner = [...path, key];
      return { value, inner, place: places.get(pathOf(inner)) ?? around };
    });
    offsets.push(around[2], around[3], ...children.flatMap(({ place }) => place));
    for (const { value, inner, place } of children)
      if (typeof value === 'object' && value !== null) visit(value, inner, place);
  };
  visit(root as object, [], [0, 0, 0, text.length]);
  return { ...tree, root, offsets: Uint32Array.from(offsets), faults: [] };
}
