import { resolvePlain } from './scalar.ts';

/*
 * A reader of the plain part of YAML in which generated CustomResourceDefinitions are written: block maps and lists, scalars on one line,
 * block scalars. It keeps no places, reads no texts of descriptions and conditions, and is many times faster than the parser. Whatever it does not know
 * it refuses, so that a caller can ask the parser. A test compares both.
 */

/** Keys of texts that are for people, or for the API server alone. */
const prose = new Set(['description', 'message', 'rule']);

/** Thrown at what is not known; never leaves this module. */
class Unknown extends Error {}

const keyLine = /([A-Za-z_$][\w.$/-]*|"[\w.$/ -]*"|'[\w.$/ -]*'):(?=[ \n]|$)/y;
/** A plain scalar on one line: no mark at the begin, no comment, nothing that could be a key. */
const plain = /^(?:[A-Za-z0-9_./^(+<=$~;\\]|-(?! |$))(?:[^#:]|:(?! |$)|(?<! )#)*$/;
const plainStart = /^(?:[A-Za-z0-9_./^(+<=$~;\\]|-[^ \n])/;
const single = /^'(?:[^']|'')*'$/;
const double = /^"[^"\\]*"$/;
const blockMark = /^[|>][-+]?$/;

/** Reads lines in order. The line at hand is what lies between two offsets; `indent` is how far in it begins, -1 behind the last. */
class Skimmer {
  readonly #text: string;
  #start = 0;
  #end = 0;
  indent = 0;

  constructor(text: string) {
    this.#text = text;
    this.#settle(0);
  }

  /** Moves to the first line at or behind an offset that says something. */
  #settle(from: number): void {
    const text = this.#text;
    for (let start = from; start < text.length;) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      let at = start;
      while (text.charCodeAt(at) === 32) at++;
      const first = text.charCodeAt(at);
      if (at >= end || first === 35) {
        start = end + 1;
        continue;
      }
      const last = text.charCodeAt(end - 1);
      if (first === 9 || last === 13 || last === 32 || last === 9) throw new Unknown();
      this.#start = start;
      this.#end = end;
      this.indent = at - start;
      return;
    }
    this.indent = -1;
  }
  #next(): void {
    this.#settle(this.#end + 1);
  }
  /** Whether the line at hand begins an item of a list. */
  #isItem(): boolean {
    const at = this.#start + this.indent;
    return this.#text.charCodeAt(at) === 45 && (at + 1 === this.#end || this.#text.charCodeAt(at + 1) === 32);
  }

  document(): unknown {
    if (this.indent === 0 && this.#end === 3 && this.#text.startsWith('---')) this.#next();
    const value = this.#node(0);
    if (this.indent !== -1) throw new Unknown();
    return value;
  }

  /** The map or list whose lines begin at an indentation. */
  #node(indent: number): unknown {
    return this.#isItem() ? this.#list(indent) : this.#map(indent);
  }

  #map(indent: number): Record<string, unknown> {
    const map = Object.create(null) as Record<string, unknown>;
    while (this.indent === indent && !this.#isItem()) {
      keyLine.lastIndex = this.#start + indent;
      const written = keyLine.exec(this.#text)?.[1];
      if (written === undefined) throw new Unknown();
      const quote = written.charCodeAt(0);
      const key = quote === 34 || quote === 39 ? written.slice(1, -1) : written;
      // A key that is a number or a boolean without quotes is for the parser.
      if (key in map || (key === written && typeof resolvePlain(key) !== 'string')) throw new Unknown();
      map[key] = this.#value(keyLine.lastIndex + 1, indent, prose.has(key));
    }
    if (this.indent > indent) throw new Unknown();
    return map;
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.indent === indent && this.#isItem()) {
      const from = this.#start + indent + 2;
      const first = this.#text.charCodeAt(from);
      if (first === 32 || (first === 45 && from < this.#end)) throw new Unknown();
      keyLine.lastIndex = from;
      if (from < this.#end && keyLine.test(this.#text)) {
        // `- key: value` begins a map two columns further in.
        this.indent = indent + 2;
        items.push(this.#map(indent + 2));
      } else items.push(this.#value(from, indent, false));
    }
    if (this.indent > indent) throw new Unknown();
    return items;
  }

  /** What stands from an offset to the end of the line, and below it. */
  #value(from: number, indent: number, isProse: boolean): unknown {
    if (from >= this.#end) {
      this.#next();
      if (this.indent > indent) return this.#node(this.indent);
      // A list may stand as far left as its key.
      return this.indent === indent && this.#isItem() && this.#text.charCodeAt(from - 2) === 58
        ? this.#list(indent)
        : null;
    }
    const first = this.#text.charCodeAt(from);
    if (first === 124 || first === 62) return this.#block(this.#text.slice(from, this.#end), indent);
    if (isProse && first !== 91 && first !== 123) return this.#prose(from, indent);
    const rest = this.#text.slice(from, this.#end);
    this.#next();
    if (this.indent > indent) throw new Unknown();
    if (rest === '{}') return Object.create(null);
    if (rest === '[]') return [];
    if (single.test(rest)) return rest.slice(1, -1).replaceAll("''", "'");
    if (double.test(rest)) return rest.slice(1, -1);
    if (!plain.test(rest)) throw new Unknown();
    return resolvePlain(rest);
  }

  /** A text that nobody asks for, also over several lines. */
  #prose(from: number, indent: number): string {
    const text = this.#text;
    const quote = text.charCodeAt(from);
    if (quote === 34 || quote === 39) {
      let end = from + 1;
      for (; end < text.length; end++) {
        const c = text.charCodeAt(end);
        if (quote === 34 && c === 92) end++;
        else if (c === quote) {
          if (quote === 39 && text.charCodeAt(end + 1) === 39) end++;
          else break;
        }
      }
      // Behind the closing quote the line must end.
      if (text.charCodeAt(end + 1) !== 10 && end + 1 < text.length) throw new Unknown();
      this.#settle(end + 2);
      if (this.indent > indent) throw new Unknown();
      return '';
    }
    if (!plainStart.test(text.slice(from, from + 2))) throw new Unknown();
    for (let start = from; ; start = this.#start) {
      for (let at = start; at < this.#end; at++) {
        const c = text.charCodeAt(at);
        if (c === 58 && (at + 1 === this.#end || text.charCodeAt(at + 1) === 32)) throw new Unknown();
        if (c === 35 && text.charCodeAt(at - 1) === 32) throw new Unknown();
      }
      this.#next();
      if (this.indent <= indent) return '';
    }
  }

  /** A block scalar: all lines that are empty or further in. */
  #block(mark: string, indent: number): string {
    if (!blockMark.test(mark)) throw new Unknown();
    const text = this.#text;
    const lines: string[] = [];
    let depth = -1;
    let start = this.#end + 1;
    for (; start < text.length;) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      let at = start;
      while (text.charCodeAt(at) === 32) at++;
      if (at >= end) {
        if (at - start > Math.max(depth, 0)) throw new Unknown();
        lines.push('');
      } else {
        const own = at - start;
        if (own <= indent) break;
        if (depth < 0) depth = own;
        if (own < depth || text.charCodeAt(at) === 9 || text.charCodeAt(end - 1) === 13) throw new Unknown();
        lines.push(text.slice(start + depth, end));
      }
      start = end + 1;
    }
    this.#settle(start);
    // Folding is for texts that somebody reads.
    if (mark.startsWith('>')) return '';
    while (lines.at(-1) === '') lines.pop();
    return lines.join('\n') + (mark.endsWith('-') ? '' : '\n');
  }
}

/** The data of a document without its descriptions, or undefined where it is not written plainly enough. */
export function skim(text: string): unknown {
  try {
    return new Skimmer(text).document();
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}
