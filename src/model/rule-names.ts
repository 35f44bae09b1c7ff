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

/** The categories of the rules of this package: rules that users write belong to others, so that a new rule of ours meets none of them. */
export const categories = [
  'cluster',
  'correctness',
  'cost',
  'encryption',
  'iam',
  'images',
  'load-balancing',
  'networking',
  'nodes',
  'observability',
  'pod-security',
  'rbac',
  'reliability',
  'scaling',
  'secrets',
  'storage',
  'upgrades',
] as const;
const ours = new RegExp(`^(?:${categories.join('|')})/[a-z0-9-]+$`);

/** Whether a rule has the name of one of this package. */
export const isOurRule = (id: string): boolean => ours.test(id);

/** Whether a rule that a user writes may not have this name: it is one of this package, or of the engine itself. */
export const isReserved = (id: string): boolean => isOurRule(id) || id.startsWith('ekslint/');
