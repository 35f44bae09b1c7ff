/*
 * Errors of the YAML package, in words that say what to look for. None of them quotes the text, which may be a secret.
 */

/** Reported where it opens, see compose.ts. */
export const unclosed = {
  quote: 'this quote is not closed',
  bracket: 'this bracket is not closed',
};

const noColon = 'this line has no ": " after its key';

/** By the package's error code; if one code means several things, the first whose pattern is found in its message. */
const sentences: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  BAD_DIRECTIVE: [[/^/, 'unknown directive (%)']],
  BAD_DQ_ESCAPE: [[/^/, 'invalid escape sequence in double quotes']],
  BAD_INDENT: [
    [/must be sufficiently indented|must end/, unclosed.bracket],
    [/^/, 'the indentation matches no line above'],
  ],
  BLOCK_AS_IMPLICIT_KEY: [[/^/, 'a key is not allowed here (second ": " on the line, or indented too deep)']],
  BLOCK_IN_FLOW: [[/^/, 'a comma or closing bracket is missing']],
  KEY_OVER_1024_CHARS: [[/^/, 'a key is longer than 1024 characters']],
  MISSING_CHAR: [
    [/closing.*quote/, unclosed.quote],
    [/must end with a [\]}]/, unclosed.bracket],
    [/between|separated/, 'a comma is missing between items in brackets'],
    [/^/, noColon],
  ],
  MULTILINE_IMPLICIT_KEY: [[/^/, noColon]],
  MULTIPLE_ANCHORS: [[/^/, 'a value has two anchors (&)']],
  MULTIPLE_TAGS: [[/^/, 'a value has two tags (!)']],
  TAB_AS_INDENT: [[/^/, 'tabs are not allowed as indentation']],
  UNEXPECTED_TOKEN: [
    [/node end|in YAML document/, 'unexpected text after a complete value'],
    [/flow-(seq|map)-end/, 'this closing bracket has no opening bracket'],
    [/Block scalar header/, 'only a digit, "+" and "-" may follow "|" or ">"'],
    [/quoted-scalar token/, 'unexpected text in quotes (missing comma?)'],
    [/block-seq-ind/, 'a list cannot start on the line of its key'],
  ],
};

/** The error for users. The messages of the package are never shown: some quote the text. */
export function sentenceFor(code: string, message: string): string {
  const start = /Plain value cannot start with .*(\S)$/.exec(message)?.[1];
  if (start !== undefined) return `a value that starts with "${start}" needs quotes`;
  return sentences[code]?.find(([pattern]) => pattern.test(message))?.[1] ?? 'unexpected text';
}
