import type { AnyRule } from './define.ts';

/**
 * The rule under which differences from the declared files are reported (`engine/drift.ts`); it has no check of its
 * own.
 */
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

/** Rules without a page that flags and config can select like the others. */
export const ownRules: readonly AnyRule[] = [driftRule];
