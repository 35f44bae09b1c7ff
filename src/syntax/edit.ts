import { isInline, isPrintable, printBlock, printEntry, printFlow, printHcl, printText } from './print.ts';
import {
  type Edit,
  lineOffset,
  parentOf,
  positionAt,
  type Source,
  span,
  spans,
  type TextEdit,
  type Tree,
} from './tree.ts';

/** A change of text; if several insert at one position, the deeper one comes first. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly depth: number;
}

/** One entry of a map or list, and where it is. The key of a list item has no width. */
interface Entry {
  readonly key: string | number;
  readonly value: unknown;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
}

/** What to do to one map or list. */
interface Task {
  readonly on: object;
  readonly sets: Edit[];
  readonly adds: Edit[];
  readonly renames: Edit[];
  readonly removes: Set<string>;
}

type Style = 'map' | 'list' | 'flow' | 'hcl';

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * The text edits that correspond to edits of the data; comments, indentation, quotes and line ends are kept. Undefined
 * if that is impossible without touching more: anchors and aliases, merge keys, tags, unusual layouts. A map or list in
 * block style that loses its last entry is removed with its key.
 */
export function toTextEdits(tree: Tree, edits: readonly Edit[]): TextEdit[] | undefined {
  const { source } = tree;
  if (edits.length === 0 || tree.faults.length > 0 || lineBreakOf(source) === undefined) return undefined;
  if (lastEditor?.tree.deref() !== tree) lastEditor = { tree: new WeakRef(tree), editor: new Editor(tree) };
  const changes = lastEditor.editor.changes(edits);
  if (!changes) return undefined;
  const sorted = changes
    .map((change, i) => ({ change, i }))
    .sort(
      (a, b) =>
        a.change.start - b.change.start || a.change.end - b.change.end || b.change.depth - a.change.depth || a.i - b.i,
    );
  for (const [i, { change }] of sorted.entries()) if (change.start < (sorted[i - 1]?.change.end ?? 0)) return undefined;
  return sorted.map(({ change: { start, end, text } }) => ({
    source: source.id,
    start,
    end,
    text,
    from: positionAt(source, start),
    to: positionAt(source, end),
    judged: source.text,
  }));
}

/** The text with the edits applied. Of edits that are equal or overlap, only the first is applied. */
export function applyTextEdits(text: string, edits: readonly Pick<TextEdit, 'start' | 'end' | 'text'>[]): string {
  const sorted = edits
    .map((edit, i) => ({ edit, i }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.i - b.i);
  const made = new Set<string>();
  let result = '';
  let at = 0;
  for (const { edit } of sorted) {
    const same = JSON.stringify([edit.start, edit.end, edit.text]);
    if (edit.start < at || made.has(same)) continue;
    made.add(same);
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

const sharedOf = new WeakMap<Tree, ReadonlySet<object>>();
const nothing: ReadonlySet<object> = new Set();

/** Maps and lists that aliases refer to: a change in them takes effect in several places. */
function shared(tree: Tree): ReadonlySet<object> {
  // In YAML and JSON only a value with an anchor can be shared.
  if (tree.language === 'yaml' && !marksOf(tree.source).hasAnchors) return nothing;
  const known = sharedOf.get(tree);
  if (known) return known;
  const seen = new Set<object>();
  const twice = new Set<object>();
  const stack: unknown[] = [tree.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isContainer(node)) continue;
    if (seen.has(node)) twice.add(node);
    else {
      seen.add(node);
      for (const child of Object.values(node)) if (isContainer(child)) stack.push(child);
    }
  }
  sharedOf.set(tree, twice);
  return twice;
}

const lineBreaks = new WeakMap<Source, string>();

/**
 * How the lines of a source end; undefined if one ends in a way that editors do not count. Looked up once, as a file
 * may have thousands of findings.
 */
function lineBreakOf(source: Source): string | undefined {
  const known =
    lineBreaks.get(source) ??
    (/\r(?!\n)|[\u0085\u2028\u2029]/.test(source.text) ? '' : source.text.includes('\r\n') ? '\r\n' : '\n');
  lineBreaks.set(source, known);
  return known === '' ? undefined : known;
}

const marks = new WeakMap<Source, { readonly hasAnchors: boolean; readonly aliases: ReadonlySet<string> }>();

/** Whether a text may have anchors, and the names after its asterisks. Looked up once. */
function marksOf(source: Source): { readonly hasAnchors: boolean; readonly aliases: ReadonlySet<string> } {
  const known = marks.get(source);
  if (known) return known;
  const hasAnchors = source.text.includes('&');
  const aliases = hasAnchors ? [...source.text.matchAll(/\*([\w-]+)/g)].map(([, name = '']) => name) : [];
  const found = { hasAnchors, aliases: new Set(aliases) };
  marks.set(source, found);
  return found;
}

/**
 * An editor keeps what it learns about the maps and lists of a tree. Findings of one tree are adjacent, so keeping the
 * last one is enough.
 */
let lastEditor: { readonly tree: WeakRef<Tree>; readonly editor: Editor } | undefined;

class Editor {
  readonly #entriesOf = new Map<object, readonly Entry[]>();
  readonly #styleOf = new Map<object, Style | undefined>();
  readonly #endOf = new Map<object, number>();
  readonly #tree: Tree;
  readonly #text: string;
  readonly #eol: string;

  constructor(tree: Tree) {
    this.#tree = tree;
    this.#text = tree.source.text;
    this.#eol = lineBreakOf(tree.source) ?? '\n';
  }

  changes(edits: readonly Edit[]): Change[] | undefined {
    const tasks = this.#tasks(edits);
    if (!tasks) return undefined;
    // A value that is replaced or removed as a whole must not be edited inside.
    const gone = new Set<unknown>();
    for (const { on, sets, removes } of tasks)
      for (const key of [...sets.map((edit) => String(edit.key)), ...removes])
        gone.add((on as Record<string, unknown>)[key]);
    const all: Change[] = [];
    for (const task of tasks) {
      const lineage = this.#lineage(task.on);
      if (lineage.some((one) => shared(this.#tree).has(one) || gone.has(one) || this.#isReferred(one)))
        return undefined;
      const changes = this.#change(task, lineage.length);
      if (!changes) return undefined;
      all.push(...changes);
    }
    return all;
  }

  /** The container and all that contain it. */
  #lineage(on: object): object[] {
    const found = [on];
    for (let up = parentOf(this.#tree, on); up; up = parentOf(this.#tree, up.parent)) found.push(up.parent);
    return found;
  }

  /**
   * Whether aliases refer to a container by its own anchor; a merge key copies its target, so the target is not shared.
   */
  #isReferred(on: object): boolean {
    const { hasAnchors, aliases } = marksOf(this.#tree.source);
    if (!hasAnchors) return false;
    const up = parentOf(this.#tree, on);
    const place = up && span(this.#tree, up.parent, up.key);
    if (!place) return false;
    const [keyStart, keyEnd, start] = place;
    const before = keyEnd === keyStart ? this.#entries(up.parent)[Number(up.key) - 1] : undefined;
    const from = keyEnd > keyStart ? keyEnd : (before?.end ?? span(this.#tree, up.parent)?.[2] ?? start);
    return [...this.#text.slice(from, start).matchAll(/&([\w-]+)/g)].some(([, name = '']) => aliases.has(name));
  }

  #tasks(edits: readonly Edit[]): Task[] | undefined {
    const tasks = new Map<object, Task>();
    const taskOf = (on: object): Task => {
      const known = tasks.get(on) ?? { on, sets: [], adds: [], renames: [], removes: new Set<string>() };
      tasks.set(on, known);
      return known;
    };
    const touched = new Map<object, Set<string>>();
    for (const edit of edits) {
      const { on, op, value } = edit;
      const key = String(edit.key);
      const keys = touched.get(on) ?? new Set<string>();
      if (keys.has(key) || !span(this.#tree, on)) return undefined;
      touched.set(on, keys.add(key));
      const present = Object.hasOwn(on, key);
      if (op === 'set') {
        if (!isPrintable(value) || (Array.isArray(on) && !present && Number(key) !== on.length)) return undefined;
        taskOf(on)[present ? 'sets' : 'adds'].push(edit);
      } else if (!present) return undefined;
      else if (op === 'remove') taskOf(on).removes.add(key);
      else {
        if (Array.isArray(on) || typeof value !== 'string' || Object.hasOwn(on, value)) return undefined;
        taskOf(on).renames.push(edit);
      }
    }
    // An empty map in block style would read as null: its key is removed too.
    for (const [on, { removes, adds }] of tasks) {
      if (
        removes.size < Object.keys(on).length ||
        removes.size === 0 ||
        ['flow', 'hcl'].includes(this.#style(on) ?? '')
      )
        continue;
      const up = parentOf(this.#tree, on);
      if (!up || adds.length > 0) return undefined;
      const parent = taskOf(up.parent);
      if (parent.sets.concat(parent.renames).some((edit) => String(edit.key) === String(up.key))) return undefined;
      tasks.delete(on);
      // After this entry of the map, so that the loop visits it again.
      tasks.delete(up.parent);
      tasks.set(up.parent, parent);
      parent.removes.add(String(up.key));
    }
    return [...tasks.values()];
  }

  #entries(on: object): readonly Entry[] {
    const known = this.#entriesOf.get(on);
    if (known) return known;
    const isList = Array.isArray(on);
    const places = spans(this.#tree, on);
    const entries = Object.entries(on).flatMap(([name, value]: [string, unknown], index): Entry[] => {
      const place = places[index];
      return place
        ? [
            {
              key: isList ? Number(name) : name,
              value,
              keyStart: place[0],
              keyEnd: place[1],
              start: place[2],
              end: place[3],
            },
          ]
        : [];
    });
    entries.sort((a, b) => a.keyStart - b.keyStart || a.start - b.start);
    this.#entriesOf.set(on, entries);
    return entries;
  }

  /** How a container is written; undefined if it is written in a way that is not edited. */
  #style(on: object): Style | undefined {
    if (!this.#styleOf.has(on)) this.#styleOf.set(on, this.#findStyle(on));
    return this.#styleOf.get(on);
  }
  #findStyle(on: object): Style | undefined {
    const own = span(this.#tree, on);
    if (!own) return undefined;
    if (this.#tree.language === 'hcl') return 'hcl';
    const [, , start, end] = own;
    const written = this.#text.slice(start, end);
    const entries = this.#entries(on);
    // Entries of a merge key are elsewhere or have the location of the key.
    if (written.includes('<<') && /(?:^|[\s{,-])(?:<<|"<<"|'<<')[ \t]*:/.test(written)) return undefined;
    if (entries.some((one) => one.keyStart < start || one.end > end + 1)) return undefined;
    if (!Array.isArray(on) && entries.some((one) => one.keyStart === one.keyEnd)) return undefined;
    const c = written[0];
    if (c === '{' || c === '[')
      return (c === '[') === Array.isArray(on) && written.endsWith(c === '[' ? ']' : '}') ? 'flow' : undefined;
    const up = parentOf(this.#tree, on);
    if (up && this.#style(up.parent) === 'flow') return undefined;
    if (Array.isArray(on)) return c === '-' ? 'list' : undefined;
    return entries[0]?.keyStart === start ? 'map' : undefined;
  }

  #change(task: Task, depth: number): Change[] | undefined {
    const style = this.#style(task.on);
    if (!style) return undefined;
    const parts =
      style === 'hcl'
        ? this.#hcl(task, depth)
        : style === 'flow'
          ? this.#flow(task, depth)
          : this.#block(task, style, depth);
    if (!parts) return undefined;
    for (const { key, value } of task.renames) {
      const entry = this.#entries(task.on).find((one) => one.key === key);
      if (!entry) return undefined;
      const old = this.#text.slice(entry.keyStart, entry.keyEnd);
      if (
        style === 'hcl'
          ? !/^[A-Za-z_][\w-]*$/.test(String(value)) || !/^[A-Za-z_][\w-]*$/.test(old) || !this.#isAttribute(entry)
          : this.#colon(entry) === undefined
      )
        return undefined;
      parts.push({
        start: entry.keyStart,
        end: entry.keyEnd,
        text: style === 'hcl' ? String(value) : printText(String(value), old[0]),
        depth,
      });
    }
    return parts;
  }

  // The lines are indexed: JSON may have all of its objects on one line.
  #lineStart(at: number): number {
    return lineOffset(this.#tree.source, positionAt(this.#tree.source, at).line);
  }
  /** The end of the line, before its line break. */
  #lineEnd(at: number): number {
    const next = this.#nextLine(at);
    const end = this.#text[next - 1] === '\n' && next > at ? next - 1 : next;
    return end > at && this.#text[end - 1] === '\r' ? end - 1 : end;
  }
  /** The start of the next line. */
  #nextLine(at: number): number {
    return lineOffset(this.#tree.source, positionAt(this.#tree.source, at).line + 1);
  }
  #before(at: number): string {
    return this.#text.slice(this.#lineStart(at), at).replace('\ufeff', '');
  }
  #hasAnchor(start: number, end: number): boolean {
    return /(?:^|[\s,[{:-])&[^\s&]/.test(this.#text.slice(start, end));
  }

  /**
   * The offset after the colon of an entry; undefined if there is more than whitespace and comments between key and
   * value.
   */
  #colon({ keyStart, keyEnd, start }: Entry): number | undefined {
    // `? key` has its colon on a separate line
    let before = keyStart - 1;
    while (/[^\S\r\n]/.test(this.#text[before] ?? '')) before--;
    if ('|>'.includes(this.#text[keyStart] ?? '|') || this.#text[before] === '?') return undefined;
    const gap = /^[ \t]*:/.exec(this.#text.slice(keyEnd, Math.max(start, keyEnd + 50)));
    if (!gap) return undefined;
    const colon = keyEnd + gap[0].length;
    return /^(?:\s|#.*)*$/.test(this.#text.slice(colon, Math.max(start, colon))) ? colon : undefined;
  }

  /** The offset of the dash of a list item; undefined if there is more than whitespace between it and the value. */
  #dash({ start }: Entry): number | undefined {
    let at = start - 1;
    while (this.#text[at] === ' ' || this.#text[at] === '\t') at--;
    return this.#text[at] === '-' ? at : undefined;
  }

  /** Whether a value is a map or list with lines of its own. */
  #isBlock({ value, start }: Entry): boolean {
    return isContainer(value) && Object.keys(value).length > 0 && !'{[*'.includes(this.#text[start] ?? '');
  }
  #isBlockScalar({ value, start, end }: Entry): boolean {
    return typeof value === 'string' && end > start && '|>'.includes(this.#text[start] ?? '');
  }

  /** The offset after the last character of an entry; for a block scalar, before its last line break. */
  #end(entry: Entry): number {
    if (this.#isBlock(entry)) return this.#endOfAll(entry.value as object);
    const { start, end, keyEnd } = entry;
    if (end <= start) return typeof entry.key === 'number' ? start : (this.#colon(entry) ?? keyEnd);
    if (!this.#isBlockScalar(entry) || this.#text[end - 1] !== '\n') return end;
    return this.#text[end - 2] === '\r' ? end - 2 : end - 1;
  }

  #endOfAll(on: object): number {
    let end = this.#endOf.get(on);
    if (end === undefined) {
      end = 0;
      for (const one of this.#entries(on)) end = Math.max(end, this.#end(one));
      this.#endOf.set(on, end);
    }
    return end;
  }

  /** The last scalar in an entry in block style. */
  #lastOf(entry: Entry): Entry {
    const last = this.#isBlock(entry) ? this.#entries(entry.value as object).at(-1) : undefined;
    return last ? this.#lastOf(last) : entry;
  }

  #block(task: Task, style: 'map' | 'list', depth: number): Change[] | undefined {
    const entries = this.#entries(task.on);
    const changes: Change[] = [];
    for (const { key, value } of task.sets) {
      const entry = entries.find((one) => one.key === key);
      const parts = entry && this.#replace(entry, value, style, depth);
      if (!parts) return undefined;
      changes.push(...parts);
    }
    const kept = entries.filter((one) => !task.removes.has(String(one.key)));
    if (task.removes.size > 0) {
      const parts = this.#removeLines(entries, kept, style, depth);
      if (!parts) return undefined;
      changes.push(...parts);
    }
    if (task.adds.length > 0) {
      const last = kept.at(-1);
      if (!last) return undefined;
      const tail = this.#lastOf(last);
      if (this.#isBlockScalar(tail) && this.#text[tail.end - 1] !== '\n') return undefined;
      if (task.sets.some((edit) => edit.key === last.key) && this.#isBlock(last)) return undefined;
      const head = style === 'map' ? last.keyStart : this.#dash(last);
      if (head === undefined || !/^ *(?:- +)*$/.test(this.#before(head))) return undefined;
      const indent = this.#before(head).length;
      const at = this.#lineEnd(this.#end(last));
      for (const { key, value } of task.adds) {
        const lines = style === 'map' ? printEntry(String(key), value, indent) : printBlock([value], indent);
        changes.push({ start: at, end: at, text: lines.map((line) => this.#eol + line).join(''), depth });
      }
    }
    return changes;
  }

  #removeLines(
    entries: readonly Entry[],
    kept: readonly Entry[],
    style: 'map' | 'list',
    depth: number,
  ): Change[] | undefined {
    const changes: Change[] = [];
    const [firstKept] = kept;
    if (!firstKept) return undefined;
    for (const [i, entry] of entries.entries()) {
      if (kept.includes(entry)) continue;
      const head = style === 'map' ? entry.keyStart : this.#dash(entry);
      const end = this.#end(entry);
      if (head === undefined || this.#hasAnchor(head, end) || (style === 'map' && this.#colon(entry) === undefined))
        return undefined;
      const before = this.#before(head);
      if (/^ *$/.test(before)) {
        const stop = this.#nextLine(end);
        if (this.#growsBefore(entries[i - 1], stop)) return undefined;
        changes.push({ start: head - before.length, end: stop, text: '', depth });
      } else if (style === 'map' && i === 0 && /^ *(?:- +)+$/.test(before)) {
        // The first key of a list's item shares the line of the dash: the next key moves up to it.
        const next = entries[i + 1];
        if (next !== firstKept || this.#text.slice(this.#lineEnd(end), next.keyStart).trim() !== '') return undefined;
        changes.push({ start: head, end: next.keyStart, text: '', depth });
      } else return undefined;
    }
    return changes;
  }

  /** Whether the text of a block scalar would continue into what follows, once nothing is between them. */
  #growsBefore(entry: Entry | undefined, at: number): boolean {
    if (!entry) return false;
    const last = this.#lastOf(entry);
    if (!this.#isBlockScalar(last)) return false;
    const next = /^[^\r\n]*/.exec(this.#text.slice(at, at + 1000))?.[0] ?? '';
    return next.trim() === '' ? at < this.#text.length : next.trim().startsWith('#');
  }

  /** A new value for an entry in block style. */
  #replace(entry: Entry, value: unknown, style: 'map' | 'list', depth: number): Change[] | undefined {
    const after = style === 'map' ? this.#colon(entry) : this.#dash(entry);
    if (after === undefined) return undefined;
    const mark = style === 'map' ? after : after + 1;
    const { start } = entry;
    const end = this.#end(entry);
    if (this.#hasAnchor(mark, end)) return undefined;
    const old = this.#text.slice(start, Math.max(start, entry.end));
    const c = old[0];
    const isEmpty = entry.end <= start;
    const isFlow = !isEmpty && isContainer(entry.value) && (c === '{' || c === '[');
    const ownLines = this.#isBlock(entry);
    if (this.#isBlockScalar(entry) && this.#text.slice(start, this.#lineEnd(start)).includes('#')) return undefined;
    if (isFlow || isInline(value)) {
      const text = isFlow ? printFlow(value, this.#isQuoted(entry.value as object)) : printFlow(value, false, c);
      if (isEmpty) return [{ start: mark, end: mark, text: ` ${text}`, depth }];
      if (!ownLines) return [{ start, end, text, depth }];
      if (style === 'list') return [{ start, end: this.#lineEnd(end), text, depth }];
      return [
        { start: mark, end: mark, text: ` ${text}`, depth },
        { start: this.#lineEnd(mark), end: this.#lineEnd(end), text: '', depth },
      ];
    }
    const column = this.#before(style === 'map' ? entry.keyStart : start).length;
    if (style === 'list') {
      if (isEmpty || !/^ *(?:- +)+$/.test(this.#before(start))) return undefined;
      if (!ownLines && this.#text.slice(end, this.#lineEnd(end)).trim() !== '') return undefined;
      const [first = '', ...rest] = printBlock(value as object, column);
      return [{ start, end: this.#lineEnd(end), text: [first.slice(column), ...rest].join(this.#eol), depth }];
    }
    const lines = printBlock(value as object, column + 2)
      .map((line) => this.#eol + line)
      .join('');
    if (ownLines) return [{ start: this.#lineEnd(mark), end: this.#lineEnd(end), text: lines, depth }];
    if (this.#text.slice(mark, Math.max(mark, start)).trim() !== '') return undefined;
    const stop = Math.max(mark, end);
    const line = this.#lineEnd(stop);
    if (this.#text.slice(stop, line).trim() === '') return [{ start: mark, end: line, text: lines, depth }];
    if (stop === mark) return [{ start: line, end: line, text: lines, depth }];
    return [
      { start: mark, end: stop, text: '', depth },
      { start: line, end: line, text: lines, depth },
    ];
  }

  /** Whether a flow collection is written with double quotes, as JSON is. */
  #isQuoted(on: object): boolean {
    if (/\.json$/i.test(this.#tree.source.path)) return true;
    const entry = this.#entries(on).find((one) => !Array.isArray(on) || typeof one.value === 'string');
    if (entry) {
      if (this.#text[entry.keyStart] === '"') return true;
      if (!Array.isArray(on) || !isContainer(entry.value)) return false;
    }
    const up = parentOf(this.#tree, on);
    return up !== undefined && this.#style(up.parent) === 'flow' && this.#isQuoted(up.parent);
  }

  #flow(task: Task, depth: number): Change[] | undefined {
    const { on } = task;
    const isList = Array.isArray(on);
    const entries = this.#entries(on);
    const quoted = this.#isQuoted(on);
    const changes: Change[] = [];
    const [, , open, close] = span(this.#tree, on) ?? [0, 0, 0, 0];
    // Between an item and the comma or bracket before it there may be a tag or an anchor.
    const isClean = (entry: Entry): boolean =>
      (isList
        ? /[,[]\s*$/.test(this.#text.slice(Math.max(0, entry.start - 500), entry.start))
        : this.#colon(entry) !== undefined) && !this.#hasAnchor(entry.keyStart, entry.end);
    for (const { key, value } of task.sets) {
      const entry = entries.find((one) => one.key === key);
      if (!entry || !isClean(entry)) return undefined;
      if (entry.end <= entry.start) {
        const colon = isList ? undefined : this.#colon(entry);
        if (colon === undefined) return undefined;
        changes.push({ start: colon, end: colon, text: ` ${printFlow(value, quoted)}`, depth });
      } else
        changes.push({
          start: entry.start,
          end: entry.end,
          text: printFlow(value, quoted, this.#text[entry.start]),
          depth,
        });
    }
    const endOf = (entry: Entry): number => (entry.end > entry.start ? entry.end : this.#end(entry));
    const kept = entries.filter((one) => !task.removes.has(String(one.key)));
    const lastKept = kept.at(-1);
    if (task.removes.size > 0) {
      const isBlank = (from: number, to: number): boolean => /^[\s,]*$/.test(this.#text.slice(from, to));
      if (entries.some((one) => !kept.includes(one) && !isClean(one))) return undefined;
      if (!lastKept) {
        const [first, last] = [entries[0], entries.at(-1)];
        if (!first || !last || !isBlank(open + 1, first.keyStart) || !isBlank(endOf(last), close - 1)) return undefined;
        changes.push({ start: open + 1, end: close - 1, text: '', depth });
      } else {
        for (const [i, entry] of entries.entries()) {
          const next = entries[i + 1];
          if (next && (!kept.includes(entry) || !kept.includes(next)) && !isBlank(endOf(entry), next.keyStart))
            return undefined;
          if (!kept.includes(entry) && next && entry.keyStart < lastKept.keyStart)
            changes.push({ start: entry.keyStart, end: next.keyStart, text: '', depth });
        }
        const last = entries.at(-1);
        if (last && last !== lastKept) changes.push({ start: endOf(lastKept), end: endOf(last), text: '', depth });
      }
    }
    if (task.adds.length > 0) {
      const texts = task.adds.map(({ key, value }) =>
        isList
          ? printFlow(value, quoted)
          : `${printText(String(key), quoted ? '"' : undefined)}: ${printFlow(value, quoted)}`,
      );
      if (entries.length === 0) {
        if (this.#text.slice(open + 1, close - 1).trim() !== '') return undefined;
        changes.push({ start: open + 1, end: close - 1, text: texts.join(', '), depth });
      } else {
        if (!lastKept || !isClean(lastKept) || (!isList && this.#colon(lastKept) === undefined)) return undefined;
        const own = this.#before(lastKept.keyStart);
        const glue = entries.length > 0 && /^[ \t]*$/.test(own) ? `,${this.#eol}${own}` : ', ';
        const at = endOf(lastKept);
        // A change at the same place would swallow the new entry.
        if (task.removes.size > 0 && entries.at(-1) !== lastKept) return undefined;
        changes.push({ start: at, end: at, text: texts.map((text) => glue + text).join(''), depth });
      }
    }
    return changes;
  }

  /** Whether an entry is `key = value`, not a block. */
  #isAttribute({ keyEnd, start }: Entry): boolean {
    return start > keyEnd && /^[ \t]*[=:][ \t]*$/.test(this.#text.slice(keyEnd, start));
  }

  #hcl(task: Task, depth: number): Change[] | undefined {
    const entries = this.#entries(task.on);
    const changes: Change[] = [];
    for (const { key, value } of task.sets) {
      const entry = entries.find((one) => one.key === key);
      const text = printHcl(value);
      if (!entry || text === undefined || this.#text.startsWith('<<', entry.start)) return undefined;
      if (
        Array.isArray(task.on)
          ? !/[,[]\s*$/.test(this.#text.slice(Math.max(0, entry.start - 500), entry.start))
          : !this.#isAttribute(entry)
      )
        return undefined;
      changes.push({ start: entry.start, end: entry.end, text, depth });
    }
    for (const entry of entries.filter((one) => task.removes.has(String(one.key)))) {
      const { value, keyStart, start, end } = entry;
      if (this.#text.startsWith('<<', start)) return undefined;
      if (!this.#isAttribute(entry)) {
        // The key of a block with labels belongs to every block below it, that of repeated blocks for all of them.
        if (!isContainer(value) || (Array.isArray(value) && !Array.isArray(task.on)) || start !== keyStart)
          return undefined;
        if (this.#entries(value).some((one) => one.keyStart === keyStart)) return undefined;
      }
      const rest = this.#text.slice(end, this.#lineEnd(end));
      if (!/^[ \t]*$/.test(this.#before(keyStart)) || !/^[ \t]*(?:,[ \t]*)?(?:(?:#|\/\/).*)?$/.test(rest))
        return undefined;
      changes.push({ start: this.#lineStart(keyStart), end: this.#nextLine(end), text: '', depth });
    }
    if (task.adds.length > 0) {
      const last = entries.filter((one) => !task.removes.has(String(one.key)) && this.#isAttribute(one)).at(-1);
      if (!last || Array.isArray(task.on) || !/^[ \t]*$/.test(this.#before(last.keyStart))) return undefined;
      const rest = this.#text.slice(last.end, this.#lineEnd(last.end));
      if (this.#text.startsWith('<<', last.start) || !/^[ \t]*(?:,[ \t]*)?(?:(?:#|\/\/).*)?$/.test(rest))
        return undefined;
      for (const { key, value } of task.adds) {
        const text = printHcl(value);
        if (text === undefined || !/^[A-Za-z_][\w-]*$/.test(String(key))) return undefined;
        const at = this.#lineEnd(last.end);
        changes.push({
          start: at,
          end: at,
          text: `${this.#eol}${this.#before(last.keyStart)}${String(key)} = ${text}`,
          depth,
        });
      }
    }
    return changes;
  }
}
