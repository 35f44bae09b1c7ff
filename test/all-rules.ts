import { defaultConfig } from '#config/config.ts';
import type { LintOptions } from '#pipeline.ts';
import { rules } from '../src/rule/registry.ts';

/** A run of all rules that reads no config and hides nothing; tests set place and time. */
export const allRules: Omit<LintOptions, 'cwd' | 'today'> = {
  paths: [],
  config: defaultConfig,
  configFolder: undefined,
  rules,
  preset: 'all',
  only: [],
  skip: [],
  targetVersion: undefined,
  failOn: 'never',
  allowIncomplete: false,
  allowEmpty: false,
  inlineIgnores: false,
  strictIgnores: false,
};
