import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '#config/config.ts';
import { loadConfig } from '#config/load.ts';
import { resolveRules } from '#config/resolve.ts';
import { UserError } from '#errors.ts';
import { categories } from '#model/rule-names.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { sampleRules } from './sample-rules.ts';
import { countTime } from '../processor-time.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-custom-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function load(text: string, name = 'ekslint.yaml'): Promise<Config> {
  writeFileSync(join(root, name), text);
  return loadConfig(join(root, name), sampleRules);
}
/** A config with one rule that consists of these lines. */
const stating = (...lines: readonly string[]): string =>
  `customRules:\n  - id: acme/x\n    kinds: [Deployment]\n    message: Do it\n${lines.map((line) => `    ${line}\n`).join('')}`;

/** `line message | hint` of each error. */
async function faults(text: string): Promise<string[]> {
  const error = await load(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${String(error)}`);
  return [error, ...error.others].map(({ at, message, hint }) => `${at?.split(':').at(-2)} ${message} | ${hint}`);
}

test('our categories are those of our rules', () =>
  expect(new Set(rules.map(({ id }) => id.split('/')[0]))).toEqual(new Set(categories)));

describe('a rule of the config', () => {
  test('is on whatever the preset, and follows its settings', async () => {
    const severities = async (more: string): Promise<string[]> => {
      const config = await load(`${stating('require: metadata.labels.owner', 'severity: low')}${more}`);
      const { active } = resolveRules([...sampleRules, ...config.customRules], config, {
        only: [],
        skip: [],
        preset: 'none',
      });
      return active.filter(({ rule }) => rule.home !== undefined).map(({ rule, severity }) => `${rule.id} ${severity}`);
    };
    expect(await severities('')).toEqual(['acme/x low']);
    expect(await severities('rules: {acme/x: critical}\n')).toEqual(['acme/x critical']);
    expect(await severities('rules: {acme/*: off}\n')).toEqual([]);
  });
  test('may be named by ignores, and replaced by a file that extends its file', async () => {
    writeFileSync(join(root, 'shared.yaml'), stating('require: metadata.labels.owner', 'severity: low'));
    const config = await load(
      `extends: ./shared.yaml\nignores: [{rule: acme/x, reason: old}]\n${stating('require: metadata.labels.team', 'severity: high')}`,
    );
    expect(config.customRules.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['acme/x high']);
  });
  test.each([
    [stating('requires: a.b'), ['5 unknown key "requires" in customRules[0] | Did you mean "require"?']],
    [
      stating('severity: hgih', 'require: a.b'),
      ['5 unknown severity "hgih" | Did you mean "high"? Valid values are critical, high, medium, low, info.'],
    ],
    [stating(), ['2 rule "acme/x" has no condition | Add `require` or `forbid`.']],
    [
      stating('require: a.b').replace('acme/x', 'Owner'),
      ['2 customRules[0].id is "Owner" | Write a category and a name in lowercase, e.g. acme/owner-label.'],
    ],
    [
      stating('require: a.b').replace('acme/x', 'images/x'),
      ['2 "images/x" uses a built-in category | Use your own category, e.g. acme/owner-label.'],
    ],
    [
      stating('require: a.b').replace('[Deployment]', '[Deploymnt]'),
      [
        '3 unknown kind "Deploymnt" | Did you mean "Deployment"? Write a custom kind with its group: Deploymnt.example.com',
      ],
    ],
    [stating('require: a.b').replace('[Deployment]', '[]'), ['3 customRules[0].kinds is empty | Add at least one.']],
    [`${stating('require: a.b')}rules: {acme/y: off}\n`, ['6 unknown rule "acme/y" | Did you mean "acme/x"?']],
  ])('%# is reported with its error', async (text, told) => expect(await faults(text)).toEqual(told));
  test('is reported with the error of its expression', async () => {
    const fault = async (expression: string): Promise<string> => {
      const [told = ''] = await faults(stating(`require: ${JSON.stringify(expression)}`));
      return told.replace(/^5 require of rule "acme\/x": | \|.*$/g, '');
    };
    expect(await fault('object.metadata.labels.owner')).toBe('a path starts at the object, without "object."');
    expect(await fault('object.spec.replicas => 2')).toMatch(/^Unexpected/);
    expect(await fault('spec.replicas >= 2')).toBe('Unknown variable: spec');
    expect(await fault('size(object.spec)')).toBe('it is of type int, not bool');
    expect(await fault('object.a.matches(object.b)')).toBe('matches() needs a quoted pattern');
    expect(await fault('object.a.matches("(a+)+$")')).toMatch(/^the pattern ".*" can take too long/);
    expect(await fault('cel.bind(x, object.a, x == x)')).toBe('the function bind() is not supported');
    expect(await fault('timestamp(object.a) < timestamp(object.b)')).toBe('the function timestamp() is not supported');
    expect(await fault(`${'['.repeat(60)}${']'.repeat(60)} == []`)).toMatch(/depth|nodes/i);
  });
});

const web = (body: string, kind = 'Deployment', apiVersion = 'apps/v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\n${body}`;

/** `line path` of the findings, and the reasons for checks that were not judged. */
async function judged(
  lines: readonly string[],
  text: string,
  name = 'a.yaml',
  kinds = 'Deployment',
): Promise<{ found: string[]; open: string[] }> {
  const { customRules } = await load(stating(...lines).replace('[Deployment]', `[${kinds}]`));
  const { findings, undetermined, crashes } = await lintTexts({ [name]: text }, customRules);
  expect(crashes).toEqual([]);
  return { found: findings.map(({ at }) => `${at.start?.line} ${at.path}`), open: undetermined.map(({ why }) => why) };
}
const found = (...places: string[]) => ({ found: places, open: [] });

describe('a path', () => {
  const label = ['require: metadata.labels["acme.io/owner"]'];
  test('that is required is missing, reported at its container', async () => {
    expect(await judged(label, web('  labels: {app: web}\n'))).toEqual(found('5 metadata.labels["acme.io/owner"]'));
    expect(await judged(label, web(''))).toEqual(found('3 metadata.labels'));
    expect(await judged(label, web('  labels: {acme.io/owner: shop}\n'))).toEqual(found());
  });
  test('leads to each item of a list', async () => {
    const path = ['require: spec.template.spec.containers[*].resources.limits'];
    const text = web(
      'spec:\n  template:\n    spec:\n      containers:\n        - name: a\n        - name: b\n          resources: {limits: {}}\n',
    );
    expect(await judged(path, text)).toEqual(found('9 spec.template.spec.containers[0].resources'));
    expect(await judged(path, web('spec: {}\n'))).toEqual(found('5 spec.template'));
  });
  test('that is forbidden is reported where it is', async () =>
    expect(await judged(['forbid: spec.paused'], web('spec:\n  paused: false\n'))).toEqual(found('6 spec.paused')));
  test('with a name of Object.prototype is only a name', async () => {
    expect(await judged(['require: metadata.constructor'], web(''))).toEqual(found('3 metadata.constructor'));
    expect(await judged(['forbid: metadata["__proto__"]'], web(''))).toEqual(found());
  });
  test('is not judged if there is a template', async () => {
    const why = 'the value is an unrendered template: lint the rendered file';
    expect(await judged(label, web('  labels: {acme.io/owner: "{{ .Values.owner }}"}\n'))).toEqual({
      found: [],
      open: [why],
    });
    expect(await judged(label, web('  labels: "{{ .Values.labels }}"\n'))).toEqual({ found: [], open: [why] });
  });
  test('is not judged if Terraform does not define it', async () => {
    const of = (labels: string): string =>
      `resource "kubernetes_manifest" "web" {\n  manifest = {\n    apiVersion = "apps/v1"\n    kind = "Deployment"\n    metadata = { name = "web", labels = ${labels} }\n  }\n}\n`;
    expect((await judged(label, of('{ "acme.io/owner" = var.owner }'), 'a.tf')).found).toEqual([]);
    expect((await judged(label, of('{ "acme.io/owner" = var.owner }'), 'a.tf')).open).toHaveLength(1);
    expect((await judged(label, of('var.labels'), 'a.tf')).open).toHaveLength(1);
    expect((await judged(label, of('{ app = "web" }'), 'a.tf')).found).toHaveLength(1);
  });
});

describe('kinds', () => {
  const path = ['require: metadata.labels.owner'];
  test('of any group may be named, with their group if others have the name', async () => {
    const widget = web('', 'Widget', 'example.com/v1');
    expect((await judged(path, widget, 'a.yaml', 'Widget')).found).toHaveLength(1);
    expect((await judged(path, widget, 'a.yaml', 'Widget.example.com')).found).toHaveLength(1);
    expect((await judged(path, widget, 'a.yaml', 'Widget.example.org')).found).toEqual([]);
    expect((await judged(path, web('', 'Service', 'serving.knative.dev/v1'), 'a.yaml', 'Service')).found).toEqual([]);
  });
  test('may be all with a pod template, or all', async () => {
    const config = web('', 'ConfigMap', 'v1');
    expect((await judged(path, config, 'a.yaml', 'Workload')).found).toEqual([]);
    expect((await judged(path, config, 'a.yaml', 'Resource')).found).toHaveLength(1);
    expect((await judged(path, web(''), 'a.yaml', 'Workload')).found).toHaveLength(1);
  });
});

describe('an expression', () => {
  const demanding = (text: string): readonly string[] => [`require: ${JSON.stringify(text)}`];
  test('is judged, at the first field that it names', async () => {
    expect(await judged(demanding('object.spec.replicas >= 2'), web('spec:\n  replicas: 1\n'))).toEqual(
      found('6 spec.replicas'),
    );
    expect(await judged(demanding('object.spec.replicas >= 2'), web('spec:\n  replicas: 2\n'))).toEqual(found());
    expect(await judged(['forbid: object.spec.replicas >= 2'], web('spec:\n  replicas: 2\n'))).toEqual(
      found('6 spec.replicas'),
    );
    expect(await judged(demanding('has(object.spec.replicas) && object.spec.replicas > 1'), web('spec: {}\n'))).toEqual(
      found('5 spec.replicas'),
    );
  });
  test('is not judged if it reads an absent or unknown value', async () => {
    expect(await judged(demanding('object.spec.replicas >= 2'), web('spec: {}\n'))).toEqual({
      found: [],
      open: ['the expression cannot be evaluated: No such key: replicas'],
    });
    expect((await judged(demanding('object.spec.replicas >= 2'), web('spec: {replicas: "{{ .x }}"}\n'))).open).toEqual([
      'the value is an unrendered template: lint the rendered file',
    ]);
  });
  test('is not judged if a key is unknown', async () => {
    const text = web('spec: {"${KEY}": true, a: 1}\n');
    for (const demand of [['forbid: spec.b'], ['require: spec.b'], ['forbid: has(object.spec.b)']])
      expect((await judged(demand, text)).open, demand[0]).toEqual([
        'the value is an unrendered template: lint the rendered file',
      ]);
    expect(await judged(['forbid: spec.a'], text)).toEqual(found('5 spec.a'));
  });
  test('reveals no value of the object that it does not name itself', async () => {
    const config = 'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {password: canary}\n';
    for (const [text, why] of [
      ['object.stringData[object.stringData.password] == "a"', 'No such key: ***'],
      ['bool(object.stringData.password)', 'bool() conversion error: invalid string value ***'],
      ['object.stringData.passwd == "a"', 'No such key: passwd'],
    ] as const)
      expect((await judged(demanding(text), config, 'a.yaml', 'Secret')).open, text).toEqual([
        `the expression cannot be evaluated: ${why}`,
      ]);
  });
  test('cannot reach anything outside the object', async () => {
    for (const text of ['has(object.constructor)', '"__proto__" in object.metadata', 'has(object.metadata.toString)'])
      expect(await judged(demanding(`!(${text})`), web('')), text).toEqual(found());
  });
  test('accepts patterns, for strings that are not too long', async () => {
    const image = (name: string): string => web(`spec: {image: "${name}"}\n`);
    const pattern = demanding('((object.spec.image)).matches("^registry[.]example/")');
    expect(await judged(pattern, image('registry.example/x'))).toEqual(found());
    expect(await judged(pattern, image('other/x'))).toEqual(found('5 spec.image'));
    expect((await judged(pattern, image('x'.repeat(300)))).open).toEqual([
      'the expression cannot be evaluated: matches() accepts strings of up to 256 characters',
    ]);
  });
  test('ends, whatever it is and whatever it is evaluated on', async () => {
    const list = (n: number): string => web(`spec:\n  a:\n${'    - "0123456789"\n'.repeat(n)}`);
    const nested = (depth: number): string =>
      `${Array.from({ length: depth }, (_, i) => `object.spec.a.all(x${i}, `).join('')}x0 != "y"${')'.repeat(depth)}`;
    const doubled = `[1]${Array.from({ length: 20 }, (_, i) => `.map(x${i}, [x${i}, x${i}])`).join('')}`;
    const spent = countTime();
    const refused = 'the expression may cost more than the limit for an object of this size';
    expect(await judged(demanding(nested(1)), list(2000))).toEqual(found());
    expect((await judged(demanding(nested(2)), list(2000))).open).toEqual([refused]);
    expect((await judged(demanding(nested(8)), list(20))).open).toEqual([refused]);
    expect(await faults(stating(...demanding(`${doubled} == ${doubled}`)))).toEqual([
      expect.stringContaining('it costs more than the limit'),
    ]);
    const joined = 'object.spec.a.map(a, object.spec.a.map(b, object.spec.a.join("")).join("")).join("").contains("x")';
    expect((await judged(demanding(joined), list(300))).open).toEqual([refused]);
    expect(spent()).toBeLessThan(10_000);
  });
});
