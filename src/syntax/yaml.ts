import { hasKeptBreaks, unifyBreaks } from './breaks.ts';
import { offsetsOf, readPlain, type Slots } from './plain.ts';
import { isJson, parseAnyYaml } from './any-yaml.ts';
import type { Limits, Segment, Source, Tree } from './document.ts';

export const defaultLimits: Limits = { depth: 100, aliases: 100 };

/** A comment may touch it, and any Unicode whitespace may follow, as in kubectl (apimachinery, yaml decoder). */
const marker = /^---(?=\s|#|$)/gm;
/** The text between a marker and the end of its line. */
const behindMarker = /---(?:[^\S\r\n]*(?=[\r\n#]|$))?/y;
const byteOrderMark = '\ufeff';

/** The line that starts at an offset, without its line end. */
const lineAt = (text: string, start: number): string => {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
};

const plainKey = /([A-Za-z][\w-]*):(?=[ \t\r\n]|$)/y;
/** A scalar on the line of its key that needs no parsing. */
const plainValue = /[ \t]+["']?([\w./-]+)["']?[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;
/** A line before the first key: blank, a comment, a marker. */
const leadLine = /(?:---)?[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/**
 * What a quick look at the top-level keys shows. It must not be fooled, because a document may be skipped because of
 * it. Unindented lines are checked one by one; a key that occurs twice (the last one counts), that could be inside a
 * string, or that may contain other objects (`items`), counts as unknown.
 */
function glance(text: string): Pick<Segment, 'kind' | 'apiVersion'> {
  const nothing = { kind: undefined, apiVersion: undefined };
  const found: { kind?: string; apiVersion?: string } = {};
  let seenKey = false;
  for (let at = 0, next = 0; at < text.length; at = next) {
    const end = text.indexOf('\n', at);
    next = end < 0 ? text.length : end + 1;
    const first = text[at];
    const isInner = first === ' ' || first === '\t' || first === '#' || first === '\n' || first === '\r';
    if (seenKey && (isInner || first === '-')) continue;
    if (!seenKey && (isInner || first === '-')) {
      if (matchAt(leadLine, text, at)) continue;
      return nothing;
    }
    const key = matchAt(plainKey, text, at)?.[1];
    if (key === undefined || key === 'items') return nothing;
    seenKey = true;
    if (key !== 'kind' && key !== 'apiVersion') continue;
    const value = matchAt(plainValue, text, at + key.length + 1)?.[1];
    if (value === undefined || found[key] !== undefined) return nothing;
    found[key] = value;
  }
  const { kind, apiVersion } = found;
  return kind !== undefined && apiVersion !== undefined ? { kind, apiVersion } : nothing;
}

/**
 * Whether all lines between the start of a document and a marker are directives and comments: they belong to the
 * document after it.
 */
function isAfterDirective(text: string, from: number, at: number): boolean {
  let some = false;
  for (let end = at - 1; end > from;) {
    const start = Math.max(from, text.lastIndexOf('\n', end - 1) + 1);
    if (text[start] === '%') some = true;
    else if (!/^[ \t\r]*(?:#|$)/.test(text.slice(start, end))) return false;
    end = start - 1;
  }
  return some;
}

/**
 * Where further JSON objects start after the first one: kubectl reads a text that starts with a brace as a sequence of
 * objects.
 */
function objectsInRow(text: string, from: number): number[] {
  const starts: number[] = [];
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    } else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth <= 0) {
      const next = matchAt(nextObject, text, i + 1);
      if (depth < 0 || !next) return starts;
      starts.push(nextObject.lastIndex);
      i = nextObject.lastIndex - 1;
    }
  }
  return starts;
}
const nextObject = /\s*(?=\{\s*["}])/y;
const firstObject = /\s*\{\s*["}]/y;

/**
 * Cuts a text at its document markers without parsing it. A line that starts with `---` cannot be inside a scalar (YAML
 * 1.2, c-forbidden). Consecutive JSON objects are documents too, and a byte order mark at the start of any document is
 * skipped, as in kubectl.
 */
export function splitDocuments(source: Source): Segment[] {
  const text = unifyBreaks(source.text);
  /** The start of the content at an offset, after byte order marks. */
  const pastMarks = (at: number): number => {
    while (text[at] === byteOrderMark) at++;
    return at;
  };
  /** Where each document starts, and where the marker before it ends the previous one. */
  const bounds = [{ cut: 0, start: pastMarks(0) }];
  for (const { index } of text.matchAll(marker)) {
    const last = bounds.at(-1)?.start ?? 0;
    if (index > last && isAfterDirective(text, last, index)) continue;
    const behind = index + (matchAt(behindMarker, text, index)?.[0].length ?? 3);
    const lineEnd = index + lineAt(text, index).length + 1;
    // The parser does not support a comment that touches the marker, other whitespace, or a byte order mark on the next
    // line.
    const start =
      text[lineEnd] === byteOrderMark
        ? pastMarks(lineEnd)
        : text[index + 3] === '#' || (behind > index + 3 && /[^\S \t\r\n]/.test(text.slice(index + 3, behind)))
          ? behind
          : index;
    if (index <= last) bounds.pop();
    bounds.push({ cut: index, start });
  }
  const [first, second] = bounds;
  if (first && matchAt(firstObject, text, first.start)) {
    // kubectl skips any Unicode whitespace before JSON; in YAML, other than spaces and tabs would be text.
    first.start = text.indexOf('{', first.start);
    const objects = objectsInRow(text, first.start).filter((start) => start < (second?.cut ?? text.length));
    bounds.splice(1, 0, ...objects.map((start) => ({ cut: start, start })));
  }
  return bounds.map(({ start }, index) => {
    const end = bounds[index + 1]?.cut;
    const part = text.slice(start, end);
    const written = source.text.slice(start, end);
    const isKept = part !== written && matchAt(firstObject, part, 0) && isJson(written);
    const kept = isKept ? written.replace(/\r(?!\n)/g, '\n') : part;
    return { source, index, start, text: kept, ...glance(kept) };
  });
}

/** A document in plain YAML; its locations are read on demand. */
function plainTree({ source, start: base, text, index }: Segment, { depth, aliases }: Limits): Tree | undefined {
  // Only the parser reads line ends that a value keeps.
  const written = source.text.slice(base, base + text.length);
  if (written !== text && hasKeptBreaks(written)) return undefined;
  const aliasNodes = aliases * 1000;
  const read = readPlain(text, { depth, aliasNodes });
  if (!read) return undefined;
  let offsets: Uint32Array | undefined;
  return {
    source,
    root: read.root,
    get offsets() {
      if (!offsets) {
        const slots = new Map<object, Slots>();
        const again = readPlain(text, { base, slots, aliasNodes });
        offsets = offsetsOf(again?.root, slots, base);
      }
      return offsets;
    },
    faults: [],
    language: 'yaml',
    index,
    start: base + read.start,
  };
}

/**
 * Parses one segment. Never throws on invalid text: errors are listed in `faults`, and `root` is then what could be
 * read, or undefined.
 */
export function parseYaml(segment: Segment, limits: Limits = defaultLimits): Tree[] {
  const plain = plainTree(segment, limits);
  if (plain) return plain.root === null ? [] : [plain];
  return parseAnyYaml(segment, limits);
}
