import { unifyBreaks } from './breaks.ts';
import { yamlComments } from './compose.ts';
import type { Comment, Source, Tree } from './tree.ts';

/**
 * The comments of a text, given its documents; what looks like a comment inside a string is not a comment. In kubectl,
 * a lone CR and the Unicode separators also end a line, and thus a comment.
 */
export function findComments(source: Source, trees: readonly Tree[]): readonly Comment[] {
  if (trees.some((tree) => tree.language === 'hcl')) return trees.flatMap((tree) => tree.comments ?? []);
  return yamlComments(unifyBreaks(source.text));
}
