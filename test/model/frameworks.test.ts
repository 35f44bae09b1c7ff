import { describe, expect, test } from 'vitest';
import { presets, defaultConfig } from '#config/config.ts';
import { resolveRules } from '#config/resolve.ts';
import { coverageTable } from '#commands/coverage.ts';
import { controlsOf, findFramework, frameworkNames, rulesOf } from '#model/frameworks.ts';
import { rules } from '../../src/rule/registry.ts';

const existing = new Set(rules.map(({ id }) => id));

describe.each(frameworkNames)('%s', (name) => {
  const framework = findFramework(name);

  test('has whole lines', () => {
    expect(presets).toContain(name);
    expect(controlsOf(framework).length).toBeGreaterThan(10);
    for (const { id, title, rules: named, note } of framework.controls) {
      expect(id).toMatch(/^(\d+(\.\d+)+|C-\d{4}|[a-z][A-Za-z_]+)$/);
      expect(title, id).toMatch(/^\S.{3,70}[^.]$/);
      for (const rule of named) expect(rule).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
      if (named.length === 0) expect(note, `${id}: why there is no rule`).toMatch(/.{10}/);
    }
    expect(new Set(framework.controls.map(({ id }) => id)).size).toBe(framework.controls.length);
  });

  test('as a preset runs its rules that exist, with its options', () => {
    const wanted = [...rulesOf(name).keys()].filter((id) => existing.has(id)).sort();
    const { active } = resolveRules(rules, { ...defaultConfig, preset: name }, { only: [], skip: [] });
    expect(active.map(({ rule }) => rule.id).sort()).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(10);
    for (const { rule, settingFor } of active)
      expect(settingFor({ file: 'a.yaml', namespace: '' })?.options).toMatchObject(rulesOf(name).get(rule.id) ?? {});
  });

  test('sets options that the rules have', () => {
    for (const [id, options] of rulesOf(name))
      for (const option of Object.keys(options))
        expect(Object.keys(rules.find((rule) => rule.id === id)?.options ?? {}), id).toContain(option);
  });

  test('has a line for each control in its table', () => {
    const lines = coverageTable(framework, existing).trim().split('\n').slice(2);
    expect(lines).toHaveLength(controlsOf(framework).length);
    for (const line of lines) expect(line).toMatch(/`[a-z-]+\/[a-z0-9-]+`|not checked here: .{8}/);
  });
});

test('a config can change what a framework sets', () => {
  const id = 'pod-security/host-path-volume';
  const config = {
    ...defaultConfig,
    preset: 'pss-baseline',
    rules: { [id]: { options: { strictPss: false } } },
  } as const;
  const { active } = resolveRules(rules, config, { only: [], skip: [] });
  const setting = active.find(({ rule }) => rule.id === id)?.settingFor({ file: 'a.yaml', namespace: '' });
  expect(setting?.options).toMatchObject({ strictPss: false, allowedPrefixes: [] });
});

test('rules that are named and still to be written only become fewer', () => {
  const missing = new Set(
    frameworkNames.flatMap((name) => [...rulesOf(name).keys()].filter((id) => !existing.has(id))),
  );
  expect(missing.size).toBeLessThanOrEqual(41);
});
