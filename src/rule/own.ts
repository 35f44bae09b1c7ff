import type { AnyRule } from './define.ts';

/** The rule under which differences to declaring files are reported (`engine/drift.ts`); there is nothing to ask it. */
export const driftRule: AnyRule = {
  id: 'ekslint/drift',
  title: 'Running objects should match their declaration',
  severity: 'low',
  preset: 'recommended',
  kinds: [],
  scope: 'workspace',
  messages: {},
  equivalents: [],
  sources: [],
  check() {},
};

/** Rules without a page that flags and config can choose as they choose the others. */
export const ownRules: readonly AnyRule[] = [driftRule];
