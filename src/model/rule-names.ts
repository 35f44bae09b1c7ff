import { isGlob } from './glob.ts';
import { nearest } from './nearest.ts';

/** The rule, or glob over a category, that a word which names no rule probably means. */
export function nearestRule(word: string, ids: readonly string[]): string | undefined {
  const categories = [...new Set(ids.map((id) => `${id.split('/')[0]}/*`))];
  const slug = word.slice(word.indexOf('/') + 1);
  return (
    ids.find((id) => id.slice(id.indexOf('/') + 1) === slug) ?? // the right slug in the wrong category, or in none
    nearest(word, isGlob(word) ? categories : ids) ??
    nearest(`${word}/*`, categories)
  );
}

/** The hint that goes with a word which names no rule. */
export function suggestRule(word: string, ids: readonly string[]): string {
  const near = nearestRule(word, ids);
  return near === undefined ? 'List rules with: ekslint rules' : `Did you mean "${near}"?`;
}
