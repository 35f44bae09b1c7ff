import { describe, expect, test } from 'vitest';
import { presets, defaultConfig } from '#config/config.ts';
import { resolveRules } from '#config/resolve.ts';
import { coverageTable } from '#commands/coverage.ts';
import { controlsOf, findFramework, frameworkNames, rulesOf } from '#model/frameworks.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

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

  test('as a preset runs its existing rules, with its options', () => {
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

test('named rules that do not exist yet only become fewer', () => {
  const missing = new Set(
    frameworkNames.flatMap((name) => [...rulesOf(name).keys()].filter((id) => !existing.has(id))),
  );
  expect(missing.size).toBeLessThanOrEqual(41);
});

// Rules leave a star to the wildcard rules, and an explicit setting to a separate rule: a framework needs both.
describe('a framework finds what its controls name, whichever rule reports it', () => {
  const role = (resources: string, verbs: string, group = '""') =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: support}\n` +
    `rules: [{apiGroups: [${group}], resources: [${resources}], verbs: [${verbs}]}]\n`;
  const pod = (spec: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n` +
    `spec: {${spec}, containers: [{name: web, image: "web:1"}]}\n`;
  const policy = (types: string) =>
    `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\n` +
    `spec: {podSelector: {}, policyTypes: [${types}]}\n`;

  test.each([
    ['nsa', 'C-0002', role('pods/exec', '"*"')],
    ['nsa', 'C-0002', role('"*"', 'create')],
    ['nsa', 'C-0030', pod('hostPID: false') + policy('Ingress')],
    ['nsa', 'C-0054', pod('hostPID: false') + policy('Ingress')],
    ['nsa', 'C-0055', pod('securityContext: {seccompProfile: {type: Unconfined}}')],
    ['mitre', 'C-0002', role('pods/attach', '"*"')],
    ['mitre', 'C-0007', role('pods', '"*"')],
    ['mitre', 'C-0015', role('secrets', '"*"')],
    ['mitre', 'C-0031', role('events', '"*"')],
    ['mitre', 'C-0036', role('validatingwebhookconfigurations', 'create', 'admissionregistration.k8s.io')],
    ['mitre', 'C-0037', role('configmaps', '"*"')],
  ] as const)('%s %s: %#', async (name, id, text) => {
    const named = findFramework(name).controls.find((one) => one.id === id)?.rules ?? [];
    const results = await Promise.all(
      rules
        .filter((rule) => named.includes(rule.id))
        .map((rule) => lintTexts({ 'a.yaml': text }, [rule], { options: rulesOf(name).get(rule.id) ?? {} })),
    );
    expect(results.flatMap(({ findings }) => findings).length).toBeGreaterThan(0);
  });
});
