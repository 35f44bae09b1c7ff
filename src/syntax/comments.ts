import { unifyBreaks } from './breaks.ts';
import { yamlComments } from './compose.ts';
import type { Comment, Source, Tree } from './tree.ts';

/**
 * The comments of a text, given its documents; what looks like a comment inside a string is not a comment. kubectl ends a line, and so a comment, also
 * at a lone CR and at the separators of Unicode.
 */
export function findComments(source: Source, trees: readonly Tree[]): readonly Comment[] {
  if (trees.some((tree) => tree.language === 'hcl')) return trees.flatMap((tree) => tree.comments ?? []);
  return yamlComments(unifyBreaks(source.text));
}
