import { describe, expect, test } from 'vitest';
import { type Config, defaultConfig } from '#config/config.ts';
import { resolveRules, type Selection } from '#config/resolve.ts';
import { UserError } from '#errors.ts';
import { sampleRules } from './sample-rules.ts';

const resolve = (config: Partial<Config> = {}, selection: Partial<Selection> = {}) =>
  resolveRules(sampleRules, { ...defaultConfig, ...config }, { only: [], skip: [], ...selection }).active;
const shown = (...args: Parameters<typeof resolve>): string[] =>
  resolve(...args).map(({ rule, severity }) => `${rule.id} ${severity}`);
const recommended = [
  'images/mutable-tag medium',
  'pod-security/host-path high',
  'pod-security/privileged critical',
  'reliability/min-replicas medium',
];
const place = { file: 'a.yaml', namespace: '' };

describe('which rules run', () => {
  test('presets', () => {
    expect(shown()).toEqual(recommended);
    expect(shown({ preset: 'strict' })).toEqual(['cost/idle-volume low', ...recommended]);
    expect(shown({ preset: 'strict' }, { preset: 'all' })).toHaveLength(6);
    expect(shown({ preset: 'none', rules: { 'cost/*': { severity: 'high' } } })).toEqual([
      'cost/idle-volume high',
      'cost/old-generation high',
    ]);
  });
  test('later keys win; setting only options turns a rule on', () => {
    expect(shown({ rules: { '*': { severity: 'off' }, 'images/mutable-tag': { severity: 'low' } } })).toEqual([
      'images/mutable-tag low',
    ]);
    expect(shown({ rules: { 'images/mutable-tag': { severity: 'low' }, '*': { severity: 'off' } } })).toEqual([]);
    expect(shown({ preset: 'none', rules: { 'reliability/min-replicas': { options: { min: 3 } } } })).toEqual([
      'reliability/min-replicas medium',
    ]);
  });
  test('--only takes ids, categories and globs, including rules that the preset leaves out', () => {
    expect(shown({}, { only: ['cost'] })).toEqual(['cost/idle-volume low', 'cost/old-generation info']);
    expect(shown({}, { only: ['pod-security/host-*', 'images/mutable-tag'] })).toEqual([
      'images/mutable-tag medium',
      'pod-security/host-path high',
    ]);
    expect(shown({ rules: { 'cost/*': { severity: 'off' } } }, { only: ['cost'] })).toEqual([]);
    expect(shown({ rules: { 'cost/*': { severity: 'off' } } }, { only: ['cost/idle-volume'] })).toEqual([
      'cost/idle-volume low',
    ]);
  });
  test('--skip wins', () => {
    expect(shown({}, { skip: ['pod-security', 'images/*'] })).toEqual(['reliability/min-replicas medium']);
    expect(shown({}, { only: ['cost'], skip: ['cost/idle-volume'] })).toEqual(['cost/old-generation info']);
  });
  test.each([
    ['only', 'cots', '--only: no rule matches "cots"', 'Did you mean "cost"?'],
    [
      'skip',
      'images/mutable-tags',
      '--skip: no rule matches "images/mutable-tags"',
      'Did you mean "images/mutable-tag"?',
    ],
    ['only', 'zzzzzz/*', '--only: no rule matches "zzzzzz/*"', 'List rules with: ekslint rules'],
  ])('--%s %s', (flag, word, message, hint) => {
    let thrown: unknown;
    try {
      shown({}, { [flag]: [word] });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ message, hint });
  });
});

describe('settingFor', () => {
  const replicas = (config: Partial<Config>) =>
    resolve(config).find(({ rule }) => rule.id === 'reliability/min-replicas');

  test('fills the defaults of options', () => {
    expect(replicas({})?.settingFor(place)).toEqual({
      severity: 'medium',
      options: { min: 2, mode: 'each', names: 'web', except: [], jobs: false },
    });
    expect(
      replicas({ rules: { 'reliability/min-replicas': { severity: 'low', options: { min: 3 } } } })?.settingFor(place),
    ).toEqual({ severity: 'low', options: { min: 3, mode: 'each', names: 'web', except: [], jobs: false } });
  });
  test('is one object if nothing overrides it', () => {
    const rule = replicas({});
    expect(rule?.settingFor(place)).toBe(rule?.settingFor({ file: 'b', namespace: 'c' }));
  });
  test('overrides apply to files and namespaces, later ones win', () => {
    const rule = replicas({
      overrides: [
        { files: ['clusters/dev/**'], rules: { 'reliability/*': { severity: 'low' } } },
        { namespaces: ['sandbox-*'], rules: { 'reliability/*': { severity: 'off' } } },
        {
          files: ['clusters/dev/keep/'],
          namespaces: ['sandbox-1'],
          rules: { 'reliability/min-replicas': { options: { min: 5 } } },
        },
      ],
    });
    const at = (file: string, namespace: string) => {
      const setting = rule?.settingFor({ file, namespace });
      return setting && `${setting.severity} ${String(setting.options['min'])}`;
    };
    expect(at('clusters/prod/a.yaml', 'web')).toBe('medium 2');
    expect(at('clusters/dev/x/a.yaml', 'web')).toBe('low 2');
    expect(at('clusters/dev/x/a.yaml', 'sandbox-1')).toBeUndefined();
    expect(at('clusters/dev/keep/x/a.yaml', 'sandbox-1')).toBe('medium 5');
    expect(at('clusters/dev/keep/x/a.yaml', 'web')).toBe('low 2');
  });
  test('places with the same overrides share one setting, so that each is computed once', () => {
    const rule = replicas({
      overrides: Array.from({ length: 50 }, (_, index) => ({
        files: [`**/x${index % 5}/**`],
        rules: { '*': { severity: 'high' as const } },
      })),
    });
    const at = (file: string) => rule?.settingFor({ file, namespace: '' });
    const settings = new Set(Array.from({ length: 100 }, (_, index) => at(`a${index}/x${index % 5}/b.yaml`)));
    expect([settings.size, [...settings].map((one) => one?.severity)]).toEqual([5, Array(5).fill('high')]);
  });
  test('an override may turn on a rule', () => {
    const [rule] = resolve({
      preset: 'none',
      overrides: [{ files: ['dev/**'], rules: { 'cost/idle-volume': { severity: 'high' } } }],
    });
    expect(rule?.rule.id).toBe('cost/idle-volume');
    expect(rule?.settingFor(place)).toBeUndefined();
    expect(rule?.settingFor({ file: 'dev/a.yaml', namespace: '' })?.severity).toBe('high');
  });
});
