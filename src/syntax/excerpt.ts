import { lineOffset, type Location, type Source } from './tree.ts';

/**
 * The line of a location, cut to a window and masked: what a reader needs to see a typo, and nothing that may be a
 * secret.
 */
export interface Excerpt {
  readonly text: string;
  /** Offset in `text` of the first character of the location. */
  readonly at: number;
}

/** Longest piece of a line that is shown. */
const width = 80;

/**
 * Where the value of a line of YAML or HCL starts: after dashes and the key. A line that ends with `=` may be the end
 * of a base64 secret.
 */
const key = /^[ \t]*(?:- +)*(?:["']?[\w./-]{1,100}["']?(?:[ \t]*:(?=[ \t]|$)|[ \t]+=(?=[ \t])))?/;

/** The line on which a location starts. Letters and digits of values become dots, because any value may be a secret. */
export function excerpt(source: Source, { start }: Location): Excerpt | undefined {
  if (!start) return undefined;
  const from = lineOffset(source, start.line);
  const line = source.text
    .slice(from, lineOffset(source, start.line + 1))
    .replace(/[\r\n]+$/, '')
    .replace(/^\ufeff/, '');
  if (line.trim() === '') return undefined;
  const shown = key.exec(line)?.[0].length ?? 0;
  const masked = (
    line.slice(0, shown) +
    line.slice(shown).replace(/[\p{L}\p{N}+/=@~^$%&!;_.]/gu, (letter) => '·'.repeat(letter.length))
  ).replaceAll('\t', '→');
  const column = start.column - 1;
  const cut = column < width ? 0 : column - width / 2;
  return { text: masked.slice(cut, cut + width), at: column - cut };
}
