/*
 * The line ends of YAML 1.1, as kubectl (go-yaml) reads them. U+0085 is a line end like any other; U+2028 and U+2029
 * also end a line, but are kept in the value, while others are folded into a space.
 */

/** A text whose lines all end as the parser expects, including those that end with a lone CR. No offset changes. */
export const unifyBreaks = (text: string): string =>
  /[\r\u0085\u2028\u2029]/.test(text) ? text.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, '\n') : text;

/** Whether a scalar contains a line end that is kept in its value. */
export const hasKeptBreaks = (raw: string): boolean => /[\u2028\u2029]/.test(raw);

const lineEnd = /\r\n|[\n\r\u0085\u2028\u2029]/g;
const kept = (end: string): string => (end === '\u2028' || end === '\u2029' ? end : '\n');

/**
 * Folds line ends with the whitespace around them: one becomes a space, and of several all but the first are kept,
 * unless the first is of the kept kind.
 */
function fold(run: string): string {
  const ends = (run.match(lineEnd) ?? []).map(kept);
  if (ends[0] !== '\n') return ends.join('');
  return ends.length === 1 ? ' ' : ends.slice(1).join('');
}
const run = '[ \\t]*(?:(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])[ \\t]*)+';
const flowRun = new RegExp(run, 'g');
/** In double quotes, a backslash removes the line end after it, and escapes any other character. */
const quotedRun = new RegExp(`(\\\\(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])[ \\t]*)|\\\\[^]|${run}`, 'g');

const letters: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const unescape = (text: string): string =>
  text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]))/g, (_, x, u, long, letter) => {
    const code = [x, u, long].find((digits) => typeof digits === 'string') as string | undefined;
    if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
    return letters[String(letter)] ?? String(letter);
  });

/** The text of a block scalar, given everything after its header; `chomp` is `-`, `+` or nothing. */
function blockText(body: string, folded: boolean, chomp: string): string {
  const lines: { readonly text: string; readonly end: string }[] = [];
  let from = 0;
  for (const match of body.matchAll(lineEnd)) {
    lines.push({ text: body.slice(from, match.index), end: kept(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < body.length) lines.push({ text: body.slice(from), end: '' });
  const indent = Math.max(0, lines.find(({ text }) => text.trim() !== '')?.text.search(/[^ ]/) ?? 0);
  let value = '';
  let last = '';
  let blanks = '';
  let wasIndented = false;
  for (const { text, end } of lines) {
    const content = text.slice(indent);
    if (content === '') {
      blanks += end;
      continue;
    }
    const isIndented = /^[ \t]/.test(content);
    if (folded && last === '\n' && !wasIndented && !isIndented) value += blanks === '' ? ' ' : '';
    else value += last;
    value += blanks + content;
    [last, blanks, wasIndented] = [end, '', isIndented];
  }
  if (chomp !== '-') value += last;
  return chomp === '+' ? value + blanks : value;
}

/**
 * The value of a scalar with kept line ends, given its text from the first to the last character; undefined if it needs
 * a parser.
 */
export function readKeptBreaks(raw: string, type: string | undefined): string | undefined {
  if (type === 'QUOTE_SINGLE') return raw.slice(1, -1).replace(flowRun, fold).replaceAll("''", "'");
  if (type === 'QUOTE_DOUBLE') {
    const folded = raw
      .slice(1, -1)
      .replace(quotedRun, (match: string, escapedEnd: string | undefined) =>
        escapedEnd === undefined ? (match.startsWith('\\') ? match : fold(match)) : '',
      );
    return unescape(folded);
  }
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const header = /^[|>]([-+]?)[ \t]*(?:#[^\n\r\u0085\u2028\u2029]*)?(?:\r\n|[\n\r\u0085\u2028\u2029])/.exec(raw);
    return header ? blockText(raw.slice(header[0].length), type === 'BLOCK_FOLDED', header[1] ?? '') : undefined;
  }
  return raw.replace(flowRun, fold);
}
