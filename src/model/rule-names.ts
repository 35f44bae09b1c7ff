import { isGlob } from './glob.ts';
import { nearest } from './nearest.ts';

/** The rule, or glob over a category, that an unknown rule name probably means. */
export function nearestRule(word: string, ids: readonly string[]): string | undefined {
  const categories = [...new Set(ids.map((id) => `${id.split('/')[0]}/*`))];
  const slug = word.slice(word.indexOf('/') + 1);
  return (
    ids.find((id) => id.slice(id.indexOf('/') + 1) === slug) ?? // the right slug in the wrong category, or without one
    nearest(word, isGlob(word) ? categories : ids) ??
    nearest(`${word}/*`, categories)
  );
}

/** The hint for an unknown rule name. */
export function suggestRule(word: string, ids: readonly string[]): string {
  const near = nearestRule(word, ids);
  return near === undefined ? 'List rules with: ekslint rules' : `Did you mean "${near}"?`;
}

/**
 * The categories of the rules of this package: rules that users write must be in other categories, so that a new rule
 * of ours never conflicts with them.
 */
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

/** Whether this package has a rule with the name of a given rule. */
export const isOurRule = (id: string): boolean => ours.test(id);

/** Whether a user's rule may not have this name: it belongs to this package, or to the engine itself. */
export const isReserved = (id: string): boolean => isOurRule(id) || id.startsWith('ekslint/');
