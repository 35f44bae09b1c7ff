/*
 * What the YAML package finds wrong, in words that say what to look for. None of them quotes the text, which may be a secret.
 */

/** What is told at its opening, see compose.ts. */
export const unclosed = {
  quote: 'a quote that is opened here is never closed',
  bracket: 'a bracket that is opened here is never closed',
};

/** By the package's error code; where one code means several things, the first whose pattern is found in its message. */
const sentences: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  BAD_DIRECTIVE: [[/^/, 'a directive (%) that YAML does not know']],
  BAD_DQ_ESCAPE: [[/^/, 'a backslash in double quotes stands before a letter that has no meaning there']],
  BAD_INDENT: [
    [/must be sufficiently indented|must end/, unclosed.bracket],
    [/^/, 'the line is indented like no line above it'],
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    [
      /^/,
      'a key stands where a value belongs: a second ": " on the line, or a line below it that is indented too deep',
    ],
  ],
  BLOCK_IN_FLOW: [[/^/, 'inside brackets a comma or a closing bracket is missing']],
  KEY_OVER_1024_CHARS: [[/^/, 'a key is longer than 1024 characters']],
  MISSING_CHAR: [
    [/closing.*quote/, unclosed.quote],
    [/must end with a [\]}]/, unclosed.bracket],
    [/between|separated/, 'inside brackets a comma is missing'],
    [/^/, 'a line without ": " among keys'],
  ],
  MULTILINE_IMPLICIT_KEY: [[/^/, 'a line without ": " among keys']],
  MULTIPLE_ANCHORS: [[/^/, 'a value has two anchors (&)']],
  MULTIPLE_TAGS: [[/^/, 'a value has two tags (!)']],
  TAB_AS_INDENT: [[/^/, 'tabs are not allowed as indentation']],
  UNEXPECTED_TOKEN: [
    [/node end|in YAML document/, 'something stands behind a value that is already complete'],
    [/flow-(seq|map)-end/, 'a bracket is closed that was never opened'],
    [/Block scalar header/, 'behind | or > only a digit, + and - may stand'],
    [/block-seq-ind/, 'a list cannot begin on the line of its key'],
  ],
};

/** What is wrong, for people. */
export function sentenceFor(code: string, message: string): string {
  const start = /Plain value cannot start with .*(\S)$/.exec(message)?.[1];
  if (start !== undefined) return `a text that begins with ${start} needs quotes`;
  const known = sentences[code]?.find(([pattern]) => pattern.test(message));
  // Behind `: "` the package quotes the text.
  return known?.[1] ?? (message.split(/: "|\r?\n/, 1)[0] ?? '').slice(0, 160);
}
