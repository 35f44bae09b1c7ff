import { mostText } from './work.ts';
import { Refused, stringOf, textOf } from './plain.ts';

/* String functions that take more than a line. */

/** Limit for regular expressions: those of RE2 run in linear time, those of JavaScript do not. */
const mostRepeats = 3;
const mostSearched = 300;

/** An RE2 pattern; undefined if running it might take long, or if it is invalid. */
export function patternOf(pattern: string, text: string, flags = ''): RegExp | undefined {
  const nested = /[*+}][^)]*\)\s*[*+{]|\|[^)]*\)\s*[*+{]/.test(pattern);
  const repeats = pattern.match(/[*+{]/g)?.length ?? 0;
  if (nested || repeats > mostRepeats || text.length > mostSearched) return undefined;
  try {
    return new RegExp(pattern.replace(/\(\?P</g, '(?<'), flags);
  } catch {
    return undefined; // RE2 has syntax that JavaScript lacks
  }
}

/** A match in the form that `regex` returns: the string, the list of groups, or the map of named groups. */
export function groupsOf(match: RegExpExecArray): unknown {
  if (match.groups) return { ...match.groups };
  return match.length === 1 ? match[0] : match.slice(1).map((group) => group ?? null);
}

/** `format` for the verbs that occur in configurations; undefined for others. */
export function format(pattern: string, values: readonly unknown[]): string | undefined {
  let next = 0;
  let isKnown = true;
  const text = pattern.replace(
    /%(?:%|(?:\[(\d+)\])?([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g,
    (all, ...parts: (string | undefined)[]) => {
      if (all === '%%') return '%';
      const [position, flags = '', width = '', precision, verb = ''] = parts;
      if (position !== undefined) next = Number(position) - 1;
      const value = values[next++];
      const shown = verbatim(verb, value, precision);
      if (shown === undefined || Number(width) > 100) {
        isKnown = false;
        return '';
      }
      if (flags.includes('-')) return shown.padEnd(Number(width));
      // Strings, too (zclconf/go-cty, function/stdlib/format.go, formatPadWidth).
      return shown.padStart(Number(width), flags.includes('0') ? '0' : ' ');
    },
  );
  return isKnown ? text : undefined;
}
function verbatim(verb: string, value: unknown, precision: string | undefined): string | undefined {
  switch (verb) {
    case 's':
    case 'v':
      return textOf(value) ?? (verb === 'v' ? jsonOf(value) : undefined);
    case 'd':
      return Number.isInteger(Number(value)) ? String(Number(value)) : undefined;
    case 'f':
      return Number.isFinite(Number(value)) ? Number(value).toFixed(Math.min(Number(precision ?? 6), 100)) : undefined;
    case 'q':
      return JSON.stringify(stringOf(value));
    case 't':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'x':
      return typeof value === 'number' ? value.toString(16) : undefined;
    default:
      return undefined;
  }
}

/** The output of `jsonencode`: keys in order, and HTML characters as escapes. */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return text.replace(/[<>&]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
}

export function joined(separator: string, items: readonly unknown[]): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    text += (index > 0 ? separator : '') + stringOf(item);
    if (text.length > mostText) return text;
  }
  return text;
}

/** Replaces a string, or what the pattern between two slashes matches. */
export function replaced(text: string, search: string, by: string): string | undefined {
  const pattern = /^\/(.*)\/$/s.exec(search)?.[1];
  if (pattern === undefined) return text.split(search).join(by);
  const found = patternOf(pattern, text, 'g');
  return (
    found &&
    text.replace(
      found,
      by.replace(/\$(\w+)|\$\{(\w+)\}/g, (_, a?: string, b?: string) => {
        const name = a ?? b ?? '';
        return /^\d+$/.test(name) ? `$${name}` : `$<${name}>`;
      }),
    )
  );
}

export function parsedInt(text: string, base: number): number {
  const number = Number.parseInt(text, base);
  if (Number.isNaN(number)) throw new Refused('this is not a number');
  return number;
}
