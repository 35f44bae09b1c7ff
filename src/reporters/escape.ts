/*
 * Everything in a report may be untrusted: names, messages, file names. A terminal obeys control characters, readers
 * are fooled by characters that reverse or hide text, and a GitHub runner obeys lines that look like its commands.
 */

/**
 * Control, format and separator characters, lone surrogates, and invisible letters: Hangul fillers, Khmer inherent
 * vowels, the grapheme joiner, the variation selectors that can carry hidden bytes, and U+FFFE and U+FFFF, which XML
 * does not allow. `Cf` contains bidi controls, zero-width characters and tags.
 */
const unseen = (): RegExp =>
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufffe\uffff]|\u034f|\u17b4|\u17b5|[\u{e0100}-\u{e01ef}]/gu;

function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * One line of text that a terminal shows as it is: characters that would move the cursor, reverse or hide text become
 * `\x1b`, `\u202e`.
 */
export function plain(text: string): string {
  // Most strings are ASCII, and the pattern for all others is slow to compile.
  return /^[ -~]*$/.test(text) ? text : text.replace(unseen(), visible);
}

/**
 * Whole output in which no line is a GitHub workflow command. The runner skips whitespace before `::`, and finds the
 * older `##[` anywhere in a line (actions/runner, src/Runner.Common/ActionCommand.cs). Our own colors count as
 * whitespace, for runners that strip them.
 */
export function runnerSafe(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- ESC is what colors start with
      .replace(/^((?:(?![\r\n])[\s\u0085\u180e\u200b]|\x1b\[[0-9;]*m)*):(?=:)/gmu, '$1\\x3a')
      .replaceAll('##[', '#\\x23[')
  );
}

/** Text cut to a length in UTF-16 code units, with an ellipsis, and never through the middle of a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/** Characters that `JSON.stringify` leaves raw although a terminal obeys or hides them. */
const rawInJson = (): RegExp => /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|[\u{e0100}-\u{e01ef}]|##(?=\[)/gu;

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

/**
 * JSON text, broken into lines down to a depth, so that one finding is one line: small, and still fit for `diff` and
 * `grep`. The same data always gives the same bytes, and printing them on a terminal or a runner is safe. Items of a
 * list that is printed in lines are requested one after the other, so that their source need not keep all of them.
 */
export function jsonText(value: unknown, depth: number): string {
  const pieces: string[] = [];
  const print = (part: unknown, left: number, indent: string): void => {
    if (left === 0 || typeof part !== 'object' || part === null) {
      pieces.push(safeJson(part));
      return;
    }
    const inner = `${indent}  `;
    const isList = isIterable(part);
    let isFirst = true;
    const begin = (): void => {
      pieces.push(isFirst ? (isList ? '[\n' : '{\n') : ',\n', inner);
      isFirst = false;
    };
    if (isList)
      for (const item of part) {
        begin();
        print(item, left - 1, inner);
      }
    else
      for (const [key, item] of Object.entries(part)) {
        if (item === undefined) continue;
        begin();
        pieces.push(safeJson(key), ': ');
        print(item, left - 1, inner);
      }
    const close = isList ? ']' : '}';
    pieces.push(isFirst ? (isList ? '[]' : '{}') : `\n${indent}${close}`);
  };
  print(value, depth, '');
  pieces.push('\n');
  return pieces.join('');
}

const unit = (code: string): string => `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}`;
const escape = (match: string): string => (match === '##' ? `#${unit('#')}` : match.split('').map(unit).join(''));

function safeJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most strings are ASCII, and the pattern for all others is slow to compile.
  return /^[ -~]*$/.test(text) && !text.includes('##[') ? text : text.replace(rawInJson(), escape);
}
