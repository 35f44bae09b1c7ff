import type { RuleInfo } from '#model/finding.ts';

/** The rule under which differences are reported. */
export const driftRule: RuleInfo = {
  id: 'ekslint/drift',
  title: 'Running objects should be as declared',
  category: 'ekslint',
  severity: 'low',
  preset: 'recommended',
  equivalents: [],
  sources: [],
};
