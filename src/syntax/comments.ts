import { yamlComments } from './compose.ts';
import type { Comment, Source, Tree } from './tree.ts';

/**
 * The comments of a text, given its documents; what looks like one inside a text is none. kubectl ends a line, and so a comment, also
 * at a lone CR and at the separators of Unicode.
 */
export function findComments(source: Source, trees: readonly Tree[]): readonly Comment[] {
  if (trees.some((tree) => tree.language === 'hcl')) return trees.flatMap((tree) => tree.comments ?? []);
  // The lexer does not know that a lone CR ends a line; the replacement keeps every offset.
  return yamlComments(source.text.replace(/\r(?!\n)/g, '\n')).map(({ offset, text }) => ({
    offset,
    text: text.replace(/[\u0085\u2028\u2029][^]*$/, ''),
  }));
}
