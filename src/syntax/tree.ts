import type { Source, Tree } from './document.ts';
import { originOf } from './graft.ts';

export type { Comment, Source, SyntaxFault, Tree } from './document.ts';
export { notStored } from './document.ts';

/** Both start at 1; a column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A location in a source. `path` leads to it inside the document: `spec.containers[0].image`. */
export interface Location {
  readonly source: string;
  readonly path: string;
  readonly start?: Position;
  readonly end?: Position;
}

/** A change of one key of plain data; `edit.ts` turns it into text. `rename` keeps value and position. */
export interface Edit {
  readonly op: 'set' | 'remove' | 'rename';
  /** The document that contains `on`, if it is not that of the subject. */
  readonly tree?: Tree;
  readonly on: object;
  readonly key: string | number;
  /** The new value of `set`, the new key of `rename`. */
  readonly value?: unknown;
}

/** A change of text in one source: offsets in UTF-16 code units, `end` excluded. */
export interface TextEdit {
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The same span as lines and columns, both starting at 1. */
  readonly from: { readonly line: number; readonly column: number };
  readonly to: { readonly line: number; readonly column: number };
  /** The whole text of the source as it was judged: a file whose text has changed must not be edited. */
  readonly judged: string;
}

interface Slot {
  readonly block: number;
  readonly parent: object | undefined;
  readonly key: string | number;
  /** The path that leads to the container, computed on demand. */
  path?: string;
}

const slotsOf = new WeakMap<Tree, Map<object, Slot>>();
const linesOf = new WeakMap<Source, Uint32Array>();

/**
 * Walks `root` as the parser did, to match each container with its block; done once per tree, when a location is first
 * needed.
 */
function slots(tree: Tree): Map<object, Slot> {
  const known = slotsOf.get(tree);
  if (known) return known;
  const found = new Map<object, Slot>();
  slotsOf.set(tree, found);
  let next = 0;
  const visit = (node: object, parent: object | undefined, key: string | number): void => {
    if (found.has(node)) return; // an alias: the location is that of the anchor
    const keys = Object.keys(node);
    found.set(node, { block: next, parent, key });
    next += 2 + 4 * keys.length;
    const isList = Array.isArray(node);
    for (const name of keys) {
      const child = (node as Record<string, unknown>)[name];
      if (typeof child === 'object' && child !== null) visit(child, node, isList ? Number(name) : name);
    }
  };
  if (typeof tree.root === 'object' && tree.root !== null) visit(tree.root, undefined, '');
  return found;
}

/** Offsets at which the lines of a source start. */
function lineStarts(source: Source): Uint32Array {
  const known = linesOf.get(source);
  if (known) return known;
  const starts = [0];
  const { text } = source;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  const lines = Uint32Array.from(starts);
  linesOf.set(source, lines);
  return lines;
}

/** Line and column of an offset. A byte order mark counts as no column. */
export function positionAt(source: Source, offset: number): Position {
  if (offset === 0) return { line: 1, column: 1 }; // known without searching the lines, of which there are many
  const lines = lineStarts(source);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const mark = low === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { line: low + 1, column: Math.max(1, offset - (lines[low] ?? 0) + 1 - mark) };
}

/** Offset at which a line (from 1) starts, or the length of the text for the line after the last. */
export function lineOffset(source: Source, line: number): number {
  return lineStarts(source)[line - 1] ?? source.text.length;
}

/**
 * The location between two offsets, cut at the end of its first line: pull requests show only alerts whose lines all
 * changed.
 */
export function locationAt(source: Source, from: number, to: number, path = ''): Location {
  const [start, end] = [Math.min(from, source.text.length), Math.min(to, source.text.length)];
  let stop = start;
  while (stop < end && source.text.charCodeAt(stop) !== 10 && source.text.charCodeAt(stop) !== 13) stop++;
  // A line end is one position, even if it consists of two characters.
  if (stop === start) stop = Math.min(start + (source.text.startsWith('\r\n', start) ? 2 : 1), source.text.length);
  return { source: source.id, path, start: positionAt(source, start), end: positionAt(source, stop) };
}

/** The keys of large maps, by name: a map may have a finding for each of thousands of keys. */
const indexes = new WeakMap<object, ReadonlyMap<string, number>>();
const largeMap = 16;

/** The position of an entry among those of its container. */
function indexOf(on: object, key: string | number): number {
  if (Array.isArray(on)) return Number(key);
  const known = indexes.get(on)?.get(String(key));
  if (known !== undefined) return known;
  const keys = Object.keys(on);
  if (keys.length >= largeMap) indexes.set(on, new Map(keys.map((name, index) => [name, index])));
  return keys.indexOf(String(key));
}

function pathOf(found: Map<object, Slot>, node: object, key: string | number | undefined): string {
  const passed: Slot[] = [];
  let slot = found.get(node);
  for (; slot?.parent !== undefined && slot.path === undefined; slot = found.get(slot.parent)) passed.push(slot);
  let path = slot?.path ?? '';
  for (const one of passed.toReversed()) path = one.path = stepOn(path, one.key);
  return key === undefined ? path : stepOn(path, key);
}

function stepOn(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}

/** A path as reports write it: `spec.containers[0]["a.b"]`. */
export const pathOfSteps = (steps: readonly (string | number)[]): string => steps.reduce(stepOn, '') as string;

/** The keys that lead to `on[key]`, or to `on`, through its document. */
export function stepsTo(given: Tree, holder: object, entry?: string | number): readonly (string | number)[] {
  const { tree, on, key } = originOf(given, holder, entry);
  const found = slots(tree);
  const steps = key === undefined ? [] : [key];
  for (let slot = found.get(on); slot?.parent !== undefined; slot = found.get(slot.parent)) steps.push(slot.key);
  return steps.toReversed();
}

/**
 * Offsets of a container's entry: `[keyStart, keyEnd, valueStart, valueEnd]`; without a key, of the container.
 * Undefined for an object of another document or an absent key.
 */
export function span(
  given: Tree,
  holder: object,
  entry?: string | number,
): readonly [number, number, number, number] | undefined {
  const { tree, on, key } = originOf(given, holder, entry);
  const slot = tree.language === 'answer' ? undefined : slots(tree).get(on);
  if (!slot) return undefined;
  const { offsets } = tree;
  if (key === undefined) {
    const start = offsets[slot.block] ?? 0;
    return [start, start, start, offsets[slot.block + 1] ?? start];
  }
  if (!Object.hasOwn(on, key)) return undefined;
  const at = slot.block + 2 + 4 * indexOf(on, key);
  return [offsets[at] ?? 0, offsets[at + 1] ?? 0, offsets[at + 2] ?? 0, offsets[at + 3] ?? 0];
}

/** `span` of every entry of a container, in the order of its keys. */
export function spans(tree: Tree, on: object): readonly (readonly [number, number, number, number])[] {
  const slot = slots(tree).get(on);
  if (!slot) return [];
  const { offsets } = tree;
  return Object.keys(on).map((_, index) => {
    const at = slot.block + 2 + 4 * index;
    return [offsets[at] ?? 0, offsets[at + 1] ?? 0, offsets[at + 2] ?? 0, offsets[at + 3] ?? 0];
  });
}

/** The container that contains `on`, and its key there. */
export function parentOf(
  given: Tree,
  holder: object,
): { readonly parent: object; readonly key: string | number } | undefined {
  const { tree, on } = originOf(given, holder);
  const slot = slots(tree).get(on);
  return slot?.parent === undefined ? undefined : { parent: slot.parent, key: slot.key };
}

/**
 * The location of `on[key]`: the key and, if it is a scalar on the same line, its value. An absent key falls back to
 * the key of `on`, so that the finding points to the map that lacks it.
 */
export function locate(given: Tree, holder: object, entry?: string | number): Location {
  const { tree, on, key } = originOf(given, holder, entry);
  const found = slots(tree);
  const { source } = tree;
  const path = pathOf(found, on, key);
  if (tree.language === 'answer') return { source: source.id, path };
  if (key !== undefined) {
    const place = span(tree, on, key);
    if (place) {
      const [keyStart, keyEnd, valueStart, valueEnd] = place;
      if (Array.isArray(on)) return locationAt(source, valueStart, valueEnd, path);
      const value = (on as Record<string, unknown>)[key];
      const scalar = typeof value !== 'object' || value === null;
      const sameLine = scalar && !source.text.slice(keyEnd, valueStart).includes('\n');
      return locationAt(source, keyStart, sameLine ? Math.max(keyEnd, valueEnd) : keyEnd, path);
    }
  }
  const up = parentOf(tree, on);
  if (up && !Array.isArray(up.parent)) return { ...locate(tree, up.parent, up.key), path };
  const own = span(tree, on);
  if (!own) return locationAt(source, tree.start, tree.start + 1, path);
  const firstKey = Array.isArray(on) ? undefined : Object.keys(on)[0];
  const first = firstKey === undefined ? undefined : span(tree, on, firstKey);
  if (first && first[0] >= own[2]) return locationAt(source, first[0], Math.max(first[1], first[3]), path);
  return locationAt(source, own[2], own[3], path);
}
