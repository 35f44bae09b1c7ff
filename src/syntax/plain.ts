import { resolvePlain } from './scalar.ts';

/*
 * A reader of the plain part of YAML in which nearly all manifests are written: block maps and lists, scalars, block scalars, flow
 * collections without comments, JSON, aliases, and merge keys in front of other keys. It is many times faster than the parser, and rejects
 * everything else, so that the caller can use the parser. Its result equals that of `yaml.ts` to the last offset; a test compares both.
 */

/**
 * The positions of a container and its entries, in the order in which they were read: `places` contains four numbers
 * for each of `names`.
 */
export interface Slots {
  readonly start: number;
  readonly end: number;
  readonly names: string[] | undefined;
  readonly places: number[];
}

/**
 * A map without inherited names, like `Object.create(null)`, but V8 stores it in half the space and reads it faster.
 */
export const Plain = function () {} as unknown as new () => Record<string, unknown>;
Plain.prototype = Object.create(null) as object;

/** Where the last entry of each name starts in `places`. */
export const lastPlaces = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, index) => [name, 4 * index]));

/**
 * The blocks of `Tree.offsets`, in the order in which `slots` of tree.ts walks the data; `base` is where the document
 * starts.
 */
export function offsetsOf(root: unknown, slotsOf: ReadonlyMap<object, Slots>, base: number): Uint32Array {
  const numbers: number[] = [];
  const seen = new Set<object>();
  const visit = (node: object): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const slots = slotsOf.get(node);
    numbers.push(slots?.start ?? base, slots?.end ?? base);
    const keys = Object.keys(node);
    const { names, places } = slots ?? { names: [], places: [] };
    // Repeated, merged and integer-like keys are not in the order in which they were read; the last one counts.
    const lastAt =
      !names || (names.length === keys.length && keys.every((key, index) => names[index] === key))
        ? undefined
        : lastPlaces(names);
    for (const [index, key] of keys.entries()) {
      const at = lastAt ? lastAt.get(key) : 4 * index;
      if (at === undefined) numbers.push(0, 0, 0, 0);
      else numbers.push(places[at] ?? 0, places[at + 1] ?? 0, places[at + 2] ?? 0, places[at + 3] ?? 0);
    }
    for (const key of keys) {
      const child = (node as Record<string, unknown>)[key];
      if (typeof child === 'object' && child !== null) visit(child);
    }
  };
  if (typeof root === 'object' && root !== null) visit(root);
  return Uint32Array.from(numbers);
}

/** Thrown for unknown syntax; never leaves this module. */
const refused = new Error('not plain');
const refuse = (): never => {
  throw refused;
};

/*
 * No pattern has an unbounded repetition: a text of many megabytes would exhaust the stack of the regular expression
 * engine. Longer keys and longer words in brackets are left to the parser, which also has a limit for keys.
 */
const keyLine = /(<<|[\w$./][\w.$/@()-]{0,500}|"[^"\\\n\t]{0,500}"|'[^'\n\t]{0,500}'):(?=[ \n]|$)/y;
/** How a plain scalar begins. */
const plainStart = /(?:[^-?:,[\]{}#&*!|>'"%@`\s]|[-:?](?=[^\s,[\]{}]))/y;
/** What ends a plain scalar, or is left to the parser. */
const plainStop = /:(?=[ \n]|$)| #|\t|\n|$/g;
const flowPlain = /(?:[\w./~+$<=]|-(?=[\w./]))(?:[\w./~+$<=;()@*-]|:(?=[\w./-])){0,500}/y;
const anchorName = /&([\w-]{1,100})(?=[ \n]|$)/y;
const aliasName = /\*([\w-]{1,100})(?=[\s,\]}]|$)/y;
/** Deeper nesting is left to the parser, whatever limit is set. */
const mostDepth = 60;

interface Wanted {
  /** Where to store the positions of containers, whose offsets are relative to `base`. */
  readonly slots?: Map<object, Slots>;
  readonly base?: number;
  /** Levels of nesting that are allowed. */
  readonly depth?: number;
  /** Nodes that aliases may add. */
  readonly aliasNodes?: number;
}

class Reader {
  readonly #text: string;
  readonly #base: number;
  readonly #slots: Map<object, Slots> | undefined;
  readonly #mostDepth: number;
  /** How many aliases there may be, if each stands for as many nodes as the text has characters. */
  #aliasesLeft: number;
  #anchors: Map<string, unknown> | undefined;
  /** Anchors whose value is being read. */
  #open = 0;
  /** The first character of the line at hand, and its end. */
  #at = 0;
  #end = 0;
  /** The indentation of the current line; -1 after the last line. */
  #indent = 0;
  #depth = 0;
  /** Start and end of the value that was read last, and the end of its line, or of the comments that belong to it. */
  #from = 0;
  #to = 0;
  #after = 0;
  /**
   * Of the comments after it that do not belong to it: the indentation of the innermost, or -1. They are before the
   * current line.
   */
  #inner = -1;

  constructor(text: string, { base = 0, slots, depth = mostDepth, aliasNodes = 100_000 }: Wanted) {
    this.#text = text;
    this.#base = base;
    this.#slots = slots;
    this.#mostDepth = Math.min(mostDepth, depth - 1);
    this.#aliasesLeft = Math.floor(aliasNodes / (text.length + 1));
  }

  /** The data of the document and where it starts; no root if it is empty. */
  document(): { readonly root: unknown; readonly start: number } {
    this.#settle(0);
    let start = this.#at - this.#indent;
    if (this.#indent === 0 && this.#text.startsWith('---', this.#at)) {
      if (this.#at + 3 < this.#end && !this.#text.startsWith(' #', this.#at + 3)) refuse();
      start = this.#at;
      this.#settle(this.#end + 1);
    }
    if (this.#indent < 0) return { root: null, start };
    const first = this.#text.charCodeAt(this.#at);
    let root: unknown;
    if (first === 123 || first === 91) {
      root = this.#flow(this.#at, -1);
      if (this.#indent !== -1) refuse();
    } else {
      root = this.#node(this.#indent);
      if (this.#indent !== -1) refuse();
    }
    return { root, start };
  }

  /** Moves to the first line with content at or after an offset. */
  #settle(from: number): void {
    const text = this.#text;
    this.#inner = -1;
    for (let start = from; start < text.length;) {
      let at = start;
      while (text.charCodeAt(at) === 32) at++;
      const first = text.charCodeAt(at);
      if (first === 9) refuse();
      let end = text.indexOf('\n', at);
      if (end < 0) end = text.length;
      if (at < end && first !== 35) {
        this.#at = at;
        this.#end = end;
        this.#indent = at - start;
        return;
      }
      if (first === 35) this.#inner = Math.max(this.#inner, at - start);
      start = end + 1;
    }
    this.#at = text.length;
    this.#end = text.length;
    this.#indent = -1;
  }
  /**
   * Moves past a value that ended on a line. A comment that is indented more than the container belongs to the value.
   */
  #settleBehind(end: number, indent: number): void {
    this.#after = Math.min(end + 1, this.#text.length);
    this.#settle(end + 1);
    if (this.#inner > indent) refuse();
  }
  /** Whether the current line starts a list item. */
  #isItem(): boolean {
    const next = this.#text.charCodeAt(this.#at + 1);
    return this.#text.charCodeAt(this.#at) === 45 && (next === 32 || next === 10 || this.#at + 1 >= this.#text.length);
  }

  /** The map or list whose lines start at an indentation. */
  #node(indent: number): unknown {
    if (++this.#depth > this.#mostDepth) refuse();
    const value = this.#isItem() ? this.#list(indent) : this.#map(indent);
    this.#depth--;
    return value;
  }
  /**
   * Ends a container whose last entry has been read. Comments after it belong to it if one is indented at least as
   * much.
   */
  #close(value: object, start: number, indent: number, names: string[] | undefined, places: number[]): void {
    if (this.#indent > indent) refuse();
    this.#from = start;
    this.#to = this.#after;
    this.#slots?.set(value, { start: start + this.#base, end: this.#to + this.#base, names, places });
    if (this.#inner < 0 || indent === 0 || this.#inner < indent) return;
    this.#inner = -1;
    this.#after = this.#at;
  }
  #place(places: number[], keyStart: number, keyEnd: number): void {
    const base = this.#base;
    places.push(keyStart + base, keyEnd + base, this.#from + base, this.#to + base);
  }

  #map(indent: number): Record<string, unknown> {
    const text = this.#text;
    const map = new Plain();
    const names: string[] = [];
    const places: number[] = [];
    const start = this.#at;
    /** What a merge key has brought and no key has overwritten. */
    let merged: Set<string> | undefined;
    while (this.#indent === indent && !this.#isItem()) {
      const keyStart = this.#at;
      keyLine.lastIndex = keyStart;
      const written = keyLine.exec(text)?.[1] ?? refuse();
      const quote = written.charCodeAt(0);
      const isQuoted = quote === 34 || quote === 39;
      const name = isQuoted ? written.slice(1, -1) : keyOf(written);
      const keyEnd = keyStart + written.length;
      if (name === '<<') {
        if (isQuoted || keyStart !== start) refuse();
        merged = this.#merge(map, this.#value(keyEnd + 1, indent, -1), names, places);
        continue;
      }
      if (name in map && merged?.delete(name) !== true) refuse();
      map[name] = this.#value(keyEnd + 1, indent, keyEnd + 1);
      if (!this.#slots) continue;
      names.push(name);
      this.#place(places, keyStart, keyEnd);
    }
    this.#close(map, start, indent, names, places);
    return map;
  }

  /** Copies the entries of the maps that a merge key names, the first of which counts most. */
  #merge(map: Record<string, unknown>, value: unknown, names: string[], places: number[]): Set<string> {
    const merged = new Set<string>();
    for (const source of Array.isArray(value) ? (value as unknown[]).toReversed() : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) return refuse();
      for (const [name, inner] of Object.entries(source)) {
        map[name] = inner;
        merged.add(name);
      }
      const own = this.#slots?.get(source);
      if (own?.names) names.push(...own.names);
      if (own) places.push(...own.places);
    }
    return merged;
  }

  /** What an alias stands for. One inside of what another stands for may multiply, so it is for the parser. */
  #alias(from: number): unknown {
    aliasName.lastIndex = from;
    const name = aliasName.exec(this.#text)?.[1] ?? refuse();
    if (this.#open > 0 || this.#aliasesLeft-- <= 0 || !this.#anchors?.has(name)) refuse();
    this.#from = from;
    this.#to = from + 1 + name.length;
    return this.#anchors?.get(name);
  }

  #list(indent: number): unknown[] {
    const text = this.#text;
    const items: unknown[] = [];
    const places: number[] = [];
    const start = this.#at;
    while (this.#indent === indent && this.#isItem()) {
      let from = this.#at + 1;
      while (text.charCodeAt(from) === 32) from++;
      const first = text.charCodeAt(from);
      if (first === 45 && /[\s]/.test(text[from + 1] ?? ' ')) refuse();
      keyLine.lastIndex = from;
      if (from < this.#end && keyLine.test(text)) {
        // `- key: value` starts a map with more indentation.
        this.#indent += from - this.#at;
        this.#at = from;
        items.push(this.#node(this.#indent));
      } else items.push(this.#value(from, indent, -1));
      if (this.#slots) this.#place(places, this.#from, this.#from);
    }
    this.#close(items, start, indent, undefined, places);
    return items;
  }

  /**
   * The text from an offset to the end of the line, and the lines below it, as a value in a container at an
   * indentation. `empty`: the position of an empty value, or -1 if there must be one.
   */
  #value(given: number, indent: number, empty: number): unknown {
    const text = this.#text;
    let from = given;
    while (text.charCodeAt(from) === 32) from++;
    const first = text.charCodeAt(from);
    if (first === 38) return this.#anchored(from, indent);
    if (first === 42) {
      const value = this.#alias(from);
      const to = this.#to;
      this.#finish(to, indent);
      this.#from = from;
      return value;
    }
    if (from >= this.#end) {
      this.#settle(this.#end + 1);
      if (this.#indent > indent) return this.#node(this.#indent);
      // A list may have the same indentation as its key.
      if (this.#indent === indent && empty >= 0 && this.#isItem()) return this.#node(indent);
      if (empty < 0 || this.#inner >= 0) refuse();
      this.#from = this.#to = this.#after = from;
      return null;
    }
    if (first === 123 || first === 91) return this.#flow(from, indent);
    if (first === 124) return this.#block(from, indent);
    this.#from = from;
    if (first === 34 || first === 39) return this.#quoted(from, first, indent);
    plainStart.lastIndex = from;
    if (!plainStart.test(text)) refuse();
    return this.#plain(from, indent);
  }

  /** A value with an anchor in front of it, which is on the same line or further in. */
  #anchored(from: number, indent: number): unknown {
    anchorName.lastIndex = from;
    const name = anchorName.exec(this.#text)?.[1] ?? refuse();
    if (this.#anchors?.has(name) === true) refuse();
    this.#open++;
    const value = this.#value(from + 1 + name.length, indent, -1);
    this.#open--;
    this.#anchors ??= new Map();
    this.#anchors.set(name, value);
    return value;
  }

  /** Where a plain text ends on its line. */
  #plainEnd(from: number): number {
    plainStop.lastIndex = from;
    const { index = 0, 0: stop } = plainStop.exec(this.#text) ?? refuse();
    if (stop === ':' || stop === '\t') refuse();
    let end = index;
    while (this.#text.charCodeAt(end - 1) === 32) end--;
    return end;
  }
  #plain(from: number, indent: number): unknown {
    const text = this.#text;
    this.#to = this.#plainEnd(from);
    let value = text.slice(from, this.#to);
    this.#settleBehind(this.#end, indent);
    if (this.#indent <= indent) return finite(resolvePlain(value));
    // The scalar continues on lines with more indentation. Blank lines and comments between them are left to the
    // parser.
    while (this.#indent > indent) {
      if (/\S|\n.*\n/.test(text.slice(this.#to, this.#at))) refuse();
      const start = this.#at;
      this.#to = this.#plainEnd(start);
      value += ` ${text.slice(start, this.#to)}`;
      this.#settleBehind(this.#end, indent);
    }
    return resolvePlain(value);
  }

  /** After a value that ended within its line, only a comment may follow. */
  #finish(to: number, indent: number): void {
    const text = this.#text;
    let end = text.indexOf('\n', to);
    if (end < 0) end = text.length;
    let at = to;
    while (text.charCodeAt(at) === 32) at++;
    if (at < end && (text.charCodeAt(at) !== 35 || at === to)) refuse();
    this.#to = to;
    this.#settleBehind(end, indent);
    if (this.#indent > indent) refuse();
  }

  #quoted(from: number, quote: number, indent: number): string {
    const end = this.#quoteEnd(from, quote);
    const raw = this.#text.slice(from, end);
    this.#finish(end, indent);
    this.#from = from;
    return unquote(raw);
  }
  /** The offset after the closing quote. */
  #quoteEnd(from: number, quote: number): number {
    const text = this.#text;
    for (let at = from + 1; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 92 && quote === 34) at++;
      else if (c === quote) {
        if (quote === 39 && text.charCodeAt(at + 1) === 39) at++;
        else return at + 1;
      }
    }
    return refuse();
  }

  /** A literal block scalar: all lines that are empty or indented more. */
  #block(from: number, indent: number): string {
    const text = this.#text;
    const mark = text.slice(from, this.#end);
    if (mark !== '|' && mark !== '|-') refuse();
    const lines: string[] = [];
    let depth = -1;
    /** After the last line that is not empty. */
    let filled = this.#end + 1;
    for (let start = filled; start < text.length;) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      let at = start;
      while (text.charCodeAt(at) === 32) at++;
      const own = at - start;
      if (at >= end) {
        // Whitespace-only lines are text if they are indented more, and may end the scalar otherwise.
        if (own > 0) refuse();
        lines.push('');
      } else {
        if (own <= indent) break;
        if (depth < 0) depth = own;
        if (own < depth || text.charCodeAt(at) === 9) refuse();
        lines.push(text.slice(start + depth, end));
        filled = Math.min(end + 1, text.length);
      }
      start = end + 1;
    }
    if (depth < 0) refuse();
    while (lines.at(-1) === '') lines.pop();
    this.#from = from;
    this.#to = this.#after = filled;
    this.#settle(filled);
    if (this.#indent > indent) refuse();
    const value = lines.join('\n');
    return mark === '|-' ? value : `${value}\n`;
  }

  /** A collection in brackets, with everything after it on its last line. */
  #flow(from: number, indent: number): unknown {
    const value = this.#bracket(from);
    const end = this.#to;
    this.#finish(end, indent);
    this.#from = from;
    this.#to = end;
    return value;
  }
  /** The next offset that is not whitespace or a line end. */
  #pastBlanks(from: number): number {
    const text = this.#text;
    let at = from;
    for (let c = text.charCodeAt(at); c === 32 || c === 10; c = text.charCodeAt(at)) at++;
    return at;
  }
  /** The value that starts at an offset; records where it starts and ends. */
  #inFlow(at: number): unknown {
    const text = this.#text;
    const first = text.charCodeAt(at);
    if (first === 123 || first === 91) return this.#bracket(at);
    if (first === 34 || first === 39) {
      const end = this.#quoteEnd(at, first);
      this.#from = at;
      this.#to = end;
      return unquote(text.slice(at, end));
    }
    if (first === 42) return this.#alias(at);
    flowPlain.lastIndex = at;
    const written = flowPlain.exec(text)?.[0] ?? refuse();
    this.#from = at;
    this.#to = at + written.length;
    return finite(resolvePlain(written));
  }
  #bracket(start: number): unknown {
    if (++this.#depth > this.#mostDepth) refuse();
    const text = this.#text;
    const isMap = text.charCodeAt(start) === 123;
    const closing = isMap ? 125 : 93;
    const map = new Plain();
    const items: unknown[] = [];
    const names: string[] = [];
    const places: number[] = [];
    let at = this.#pastBlanks(start + 1);
    while (text.charCodeAt(at) !== closing) {
      let [keyStart, keyEnd] = [0, 0];
      let name = '';
      if (isMap) {
        const isQuoted = text.charCodeAt(at) === 34 || text.charCodeAt(at) === 39;
        if (text.charCodeAt(at) === 123 || text.charCodeAt(at) === 91) refuse();
        const key = this.#inFlow(at);
        [keyStart, keyEnd] = [this.#from, this.#to];
        name = isQuoted ? String(key) : keyOf(text.slice(keyStart, keyEnd));
        if (name in map || name === '<<') refuse();
        if (text.charCodeAt(keyEnd) !== 58) refuse();
        if (!isQuoted && text.charCodeAt(keyEnd + 1) !== 32) refuse();
        at = this.#pastBlanks(keyEnd + 1);
      }
      const value = this.#inFlow(at);
      if (isMap) {
        map[name] = value;
        names.push(name);
      } else items.push(value);
      if (this.#slots) {
        if (isMap) this.#place(places, keyStart, keyEnd);
        else this.#place(places, this.#from, this.#from);
      }
      at = this.#pastBlanks(this.#to);
      const mark = text.charCodeAt(at);
      if (mark === 44) {
        at = this.#pastBlanks(at + 1);
        // `[a, ]` has no further item.
        if (text.charCodeAt(at) === closing) refuse();
      } else if (mark !== closing) refuse();
    }
    const value = isMap ? map : items;
    this.#from = start;
    this.#to = at + 1;
    this.#slots?.set(value, {
      start: start + this.#base,
      end: at + 1 + this.#base,
      names: isMap ? names : undefined,
      places,
    });
    this.#depth--;
    return value;
  }
}

/** An unquoted key is a string, whatever it looks like. */
function keyOf(written: string): string {
  const value = resolvePlain(written);
  return value === null ? refuse() : String(finite(value));
}
const finite = (value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? refuse() : value);

/** The text between quotes on one line. */
function unquote(raw: string): string {
  if (raw.includes('\n') || raw.includes('\t')) refuse();
  if (raw.startsWith("'")) {
    const text = raw.slice(1, -1);
    return text.includes("''") ? text.replaceAll("''", "'") : text;
  }
  if (!raw.includes('\\')) return raw.slice(1, -1);
  if (/\\(?:[^"\\/bfnrtu]|u(?:[dD][89a-fA-F]|(?![\da-fA-F]{4})))/.test(raw)) refuse();
  return JSON.parse(raw) as string;
}

/** Characters that YAML does not allow. The Unicode class `Cc` would be equivalent but slow to compile. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
export const controls = /(?![\t\n\r\x85])[\0-\x1f\x7f-\x9f\ufffe\uffff]/;

/**
 * Whether a text contains something that only the parser can read: other line ends, control characters, directives,
 * document end markers.
 */
const isStrange = (text: string): boolean =>
  // Most texts contain none of these characters, so one search is enough.
  (/[^\t\n -~]/.test(text) && (/[\r\u0085\u2028\u2029\ufeff]/.test(text) || controls.test(text))) ||
  ['%', '...'].some((mark) => text.startsWith(mark) || text.includes(`\n${mark}`));

/** The data of a document and where it starts, or undefined if it is not written plainly enough. */
export function readPlain(
  text: string,
  wanted: Wanted = {},
): { readonly root: unknown; readonly start: number } | undefined {
  if (isStrange(text)) return undefined;
  try {
    return new Reader(text, wanted).document();
  } catch (error) {
    if (error === refused) return undefined;
    throw error;
  }
}
