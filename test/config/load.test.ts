import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '#config/config.ts';
import { findConfig } from '#config/find.ts';
import { loadConfig } from '#config/load.ts';
import { UserError } from '#errors.ts';
import { sampleRules } from './sample-rules.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-config-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const load = (text: string, name = 'ekslint.yaml'): Promise<Config> => loadConfig(put(name, text), sampleRules);

/** `line:column message | hint` of the error, its file left out. */
async function fault(text: string, name = 'ekslint.yaml'): Promise<string> {
  const error = await load(text, name).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${String(error)}`);
  const shown = relative(process.cwd(), join(root, name));
  expect(error.at?.startsWith(`${shown}:`) ?? true).toBe(true);
  return [
    error.at?.slice(shown.length + 1),
    error.message,
    ...(error.hint === undefined ? [] : [`| ${error.hint}`]),
  ].join(' ');
}

describe('findConfig', () => {
  test('uses the nearest config up to the git root and not beyond', () => {
    put('ekslint.yaml', '');
    mkdirSync(join(root, 'repo/a/b'), { recursive: true });
    expect(findConfig(join(root, 'repo/a/b'), join(root, 'repo'))).toBeUndefined();
    const dotted = put('repo/.ekslint.yaml', '');
    expect(findConfig(join(root, 'repo/a/b'), join(root, 'repo'))).toBe(dotted);
    const near = put('repo/a/ekslint.json', '{}');
    expect(findConfig(join(root, 'repo/a/b'), join(root, 'repo'))).toBe(near);
    expect(findConfig(join(root, 'repo/a/b'), undefined)).toBeUndefined();
  });
  test('two in one folder are an error, code is not a config', () => {
    put('ekslint.config.js', 'throw new Error()');
    expect(findConfig(root, root)).toBeUndefined();
    put('ekslint.yaml', '');
    put('ekslint.yml', '');
    expect(() => findConfig(root, root)).toThrow('two config files in one folder: ekslint.yaml and ekslint.yml');
  });
});

describe('loadConfig', () => {
  test('reads every key', async () => {
    const config = await load(`# yaml-language-server: $schema=x
version: 1
extends: [strict]
target: {kubernetes: 1.30}
include: ["deploy/**"]
exclude: ["**/testdata/**"]
rules:
  images/mutable-tag: {severity: high, floating: [latest, main]}
  reliability/min-replicas: {min: 3}
  cost/*: off
overrides:
  - files: ["clusters/dev/**"]
    rules: {reliability/*: low}
  - namespaces: ["sandbox-*"]
    rules: {pod-security/privileged: OFF}
ignores:
  - rule: pod-security/host-path
    resource: {kind: DaemonSet, namespace: monitoring, name: node-exporter}
    files: ["vendor/**"]
    reason: reads host metrics by design
    expires: 2027-03-01
    owner: platform
failOn: low
limits: {fileBytes: 2.5MB, depth: 50, aliases: 10}
podTemplates: {SparkJob: [spec, driver, template]}
baseline: known.json
audit:
  clusters: [{name: prod, region: eu-west-1, account: "111122223333"}]
  excludeNamespaces: [sandbox]
`);
    const { ignores, file, ...rest } = config;
    expect(rest).toEqual({
      customRules: [],
      audit: {
        clusters: [{ name: 'prod', region: 'eu-west-1', account: '111122223333' }],
        excludeNamespaces: ['sandbox'],
      },
      preset: 'strict',
      target: '1.30',
      include: ['deploy/**'],
      exclude: ['**/testdata/**'],
      failOn: 'low',
      rules: {
        'images/mutable-tag': { severity: 'high', options: { floating: ['latest', 'main'] } },
        'reliability/min-replicas': { options: { min: 3 } },
        'cost/*': { severity: 'off' },
      },
      overrides: [
        { files: ['clusters/dev/**'], rules: { 'reliability/*': { severity: 'low' } } },
        { namespaces: ['sandbox-*'], rules: { 'pod-security/privileged': { severity: 'off' } } },
      ],
      limits: { fileBytes: 2_500_000, depth: 50, aliases: 10 },
      podTemplates: { SparkJob: ['spec', 'driver', 'template'] },
      baseline: join(root, 'known.json'),
    });
    expect(file).toBe(relative(process.cwd(), join(root, 'ekslint.yaml')));
    expect(ignores).toMatchObject([
      {
        rule: 'pod-security/host-path',
        reason: 'reads host metrics by design',
        expires: '2027-03-01',
        owner: 'platform',
        at: { source: file, path: 'ignores[0].rule', start: { line: 17, column: 5 } },
      },
    ]);
  });
  test('an empty file and JSON are configs', async () => {
    expect(await load('')).toMatchObject({ preset: 'recommended', rules: {}, limits: { fileBytes: 5_000_000 } });
    expect(await load('# nothing yet\n')).toMatchObject({ preset: 'recommended' });
    expect(await load('{\n\t"rules": {"cost/*": "off"}\n}', 'ekslint.json')).toMatchObject({
      rules: { 'cost/*': { severity: 'off' } },
    });
  });
  test.each([
    ['rulez: {}', '1:1 unknown key "rulez" | Did you mean "rules"?'],
    ['rules:\n  image/mutable-tag: high', '2:3 unknown rule "image/mutable-tag" | Did you mean "images/mutable-tag"?'],
    ['rules:\n  mutable-tag: high', '2:3 unknown rule "mutable-tag" | Did you mean "images/mutable-tag"?'],
    ['rules:\n  cost: off', '2:3 unknown rule "cost" | Did you mean "cost/*"?'],
    ['rules:\n  costs/*: off', '2:3 no rule matches "costs/*" | Did you mean "cost/*"?'],
    [
      'rules:\n  images/mutable-tag: hihg',
      '2:23 unknown severity "hihg" | Did you mean "high"? Valid values are off, critical, high, medium, low, info.',
    ],
    [
      'rules:\n  images/mutable-tag: warn',
      '2:23 unknown severity "warn" | Did you mean "medium"? Valid values are off, critical, high, medium, low, info.',
    ],
    [
      'rules:\n  images/mutable-tag: true',
      '2:23 unknown severity true | Valid values are off, critical, high, medium, low, info.',
    ],
    [
      'rules:\n  images/mutable-tag: [high, {floating: [a]}]',
      '2:23 rules["images/mutable-tag"] must be a severity, not a list | Valid values are off, critical, high, medium, low, info.',
    ],
    [
      'rules:\n  images/mutable-tag: {severity: hihg}',
      '2:34 unknown severity "hihg" | Did you mean "high"? Valid values are off, critical, high, medium, low, info.',
    ],
    [
      'rules:\n  images/mutable-tag: {flaoting: [a]}',
      '2:24 rule images/mutable-tag has no option "flaoting" | Did you mean "floating"?',
    ],
    [
      'rules:\n  pod-security/privileged: {x: 1}',
      '2:29 rule pod-security/privileged has no option "x" | It has no options.',
    ],
    [
      'rules:\n  images/*: {floating: [a]}',
      '2:14 a glob accepts a severity, not the option "floating" | Set options under a single rule ID.',
    ],
    [
      'rules:\n  images/mutable-tag: {floating: a}',
      '2:34 rules["images/mutable-tag"].floating must be a list, not "a"',
    ],
    [
      'rules:\n  images/mutable-tag: {floating: [1]}',
      '2:35 rules["images/mutable-tag"].floating[0] must be a string, not 1 | Put it in quotes.',
    ],
    [
      'rules:\n  reliability/min-replicas: {min: 0}',
      '2:35 rules["reliability/min-replicas"].min is 0 | It must be at least 1.',
    ],
    [
      'rules:\n  reliability/min-replicas: {min: 1.5}',
      '2:35 rules["reliability/min-replicas"].min must be a whole number, not 1.5',
    ],
    [
      'rules:\n  reliability/min-replicas: {mode: eech}',
      '2:36 rules["reliability/min-replicas"].mode is "eech" | Did you mean "each"? Valid values are sum, each.',
    ],
    [
      `rules:\n  reliability/min-replicas:\n    names: '(web'`,
      '3:12 "(web" is not a valid regular expression (Unterminated group) | Patterns are JavaScript regular expressions; start with (?i) to ignore case.',
    ],
    [
      `rules:\n  reliability/min-replicas: {except: [x, '(a+)+$']}`,
      '2:42 "(a+)+$" can take too long: a repeated group must not contain a repetition or an alternative, and at most three open repetitions are allowed | Patterns are JavaScript regular expressions; start with (?i) to ignore case.',
    ],
    [
      `overrides:\n  - files: [a]\n    rules: {reliability/min-replicas: {names: ''}}`,
      '3:47 "" matches every text | Patterns are JavaScript regular expressions; start with (?i) to ignore case.',
    ],
    ['rules: [a]', '1:8 rules must be a map, not a list'],
    ['rules:', '1:7 rules must be a map, not nothing'],
    ['version: 2', '1:10 version is 2 | This release supports version 1.'],
    [
      'failOn: hgih',
      '1:9 unknown severity "hgih" | Did you mean "high"? Valid values are critical, high, medium, low, info, never.',
    ],
    ['target: {kubernetes: latest}', '1:22 target.kubernetes is "latest" | Write a Kubernetes version as "1.33".'],
    ['limits: {fileBytes: 5 megs}', '1:21 limits.fileBytes is "5 megs" | Write a size as 5MB.'],
    ['limits: {depht: 5}', '1:10 unknown key "depht" in limits | Did you mean "depth"?'],
    [
      'overrides:\n  - rules: {cost/*: off}',
      '2:5 an override has neither files nor namespaces | Add `files` or `namespaces`, or move its rules to the top.',
    ],
    ['overrides:\n  - files: [a]\n    rules: {cst/*: off}', '3:13 no rule matches "cst/*" | Did you mean "cost/*"?'],
    ['ignores:\n  - rule: cost/*', '2:5 ignores[0] lacks "reason" | Say why this is fine here.'],
    ['ignores:\n  - rule: cost/*\n    reason: " "', '3:13 ignores[0].reason is " " | Write a few words.'],
    [
      'ignores:\n  - rule: cost/idle-volum\n    reason: x',
      '2:11 unknown rule "cost/idle-volum" | Did you mean "cost/idle-volume"?',
    ],
    [
      'ignores:\n  - {rule: cost/*, reason: x, expires: 2027-3-1}',
      '2:40 "2027-3-1" is not a date | Did you mean 2027-03-01?',
    ],
    [
      'ignores:\n  - {rule: cost/*, reason: x, expires: 2027-02-30}',
      '2:40 "2027-02-30" is not a date | Did you mean 2027-02-28?',
    ],
    ['ignores:\n  - {rule: cost/*, reason: x, expires: soon}', '2:40 "soon" is not a date | Write it as YYYY-MM-DD.'],
    [
      'ignores:\n  - {rule: cost/*, reason: x, resource: {nmae: y}}',
      '2:42 unknown key "nmae" in ignores[0].resource | Did you mean "name"?',
    ],
    [
      'target: {kubernetes: "1.99"}',
      '1:22 target.kubernetes is "1.99", which is not a known Kubernetes version | Known versions are 1.21 to 1.37.',
    ],
    [
      'target: {kubernetes: 1.7}',
      '1:22 target.kubernetes is "1.7", which is not a known Kubernetes version | Known versions are 1.21 to 1.37.',
    ],
    ['target: {kubernetes: "33"}', '1:22 target.kubernetes is "33" | Write a Kubernetes version as "1.33".'],
    ['audit: {clusters: [{region: a}]}', '1:20 audit.clusters[0] lacks "name"'],
    [
      'audit: {clusters: [{name: a, account: 111122223333}]}',
      '1:39 audit.clusters[0].account must be a string, not 111122223333 | Put it in quotes.',
    ],
    [
      'audit: {clusters: [{name: a, account: "1"}]}',
      '1:39 audit.clusters[0].account is "1" | Write the 12-digit AWS account ID in quotes.',
    ],
    ['baseline: ""', '1:11 baseline is empty'],
    ['baseline: ../known.json', '1:11 baseline "../known.json" is outside this repository'],
    ['a: 1\na: 2', '2:1 key "a" is defined twice'],
    ['- a', '1:1 a config file must contain a map'],
    ['rules: {}\n---\nrules: {}', '2:1 a config file must contain one document | Remove the others.'],
    [`include: ["${'a*'.repeat(300)}"]`, '1:11 pattern is longer than 500 characters | Split it.'],
  ])('%s', async (text, expected) => {
    expect(await fault(text)).toBe(expected);
  });
  test('all errors are listed, by location', async () => {
    const text =
      'failOn: hihg\naudit: {cluster: []}\nrules:\n  mutable-tag: high\n  cst/*: off\nextends: [recomended, ./shared.yaml, ./gone.yaml]\nruls: {}\n';
    put('shared.yaml', 'target: {kubernetes: "1.99"}\nbase: 1\n');
    const error: unknown = await load(text).catch((thrown: unknown) => thrown);
    if (!(error instanceof UserError)) throw new Error(`no UserError but ${String(error)}`);
    const told = [error, ...error.others].map(({ at, message }) => `${at?.slice(at.lastIndexOf('/') + 1)} ${message}`);
    expect(told).toEqual([
      'ekslint.yaml:1:9 unknown severity "hihg"',
      'ekslint.yaml:2:9 unknown key "cluster" in audit',
      'ekslint.yaml:4:3 unknown rule "mutable-tag"',
      'ekslint.yaml:5:3 no rule matches "cst/*"',
      'ekslint.yaml:6:11 unknown preset "recomended"',
      'ekslint.yaml:6:38 "./gone.yaml" does not exist',
      'ekslint.yaml:7:1 unknown key "ruls"',
      'shared.yaml:1:22 target.kubernetes is "1.99", which is not a known Kubernetes version',
      'shared.yaml:2:1 unknown key "base"',
    ]);
  });
  test('a config file may be a link inside its repository, not one out of it', async () => {
    mkdirSync(join(root, 'repo/.git'), { recursive: true });
    put('outside.yaml', 'failOn: high');
    put('repo/conf/shared.yaml', 'failOn: high');
    symlinkSync(join(root, 'outside.yaml'), join(root, 'repo/out.yaml'));
    symlinkSync('conf/shared.yaml', join(root, 'repo/in.yaml'));
    symlinkSync('gone.yaml', join(root, 'repo/gone-link.yaml'));
    expect(await loadConfig(join(root, 'repo/in.yaml'), sampleRules)).toMatchObject({ failOn: 'high' });
    await expect(loadConfig(join(root, 'repo/out.yaml'), sampleRules)).rejects.toThrow(
      /out\.yaml is a link to outside this repository/,
    );
    await expect(loadConfig(join(root, 'repo/gone-link.yaml'), sampleRules)).rejects.toThrow(/no config file at/);
  });
  test('a baseline that a config names is inside its repository, even through a link', async () => {
    mkdirSync(join(root, 'repo/.git'), { recursive: true });
    put('outside.json', '{}');
    for (const [name, to] of [
      ['link.json', join(root, 'outside.json')],
      ['late.json', join(root, 'not-there-yet.json')],
    ] as const) {
      symlinkSync(to, join(root, 'repo', name));
      await expect(load(`baseline: ${name}\n`, 'repo/ekslint.yaml')).rejects.toThrow(/is outside this repository/);
    }
    symlinkSync(root, join(root, 'repo/up'));
    await expect(load('baseline: up/new.json\n', 'repo/ekslint.yaml')).rejects.toThrow(/is outside this repository/);
  });
  test('broken YAML is reported with its location', async () => {
    expect(await fault('rules: {a')).toMatch(/^1:\d+ invalid YAML: /);
  });
  test('a missing file, code, and a huge file', async () => {
    await expect(loadConfig(join(root, 'no.yaml'), sampleRules)).rejects.toThrow(/no config file at .*no\.yaml/);
    await expect(loadConfig(put('ekslint.config.js', 'throw 1'), sampleRules)).rejects.toThrow(
      /is not a YAML or JSON file/,
    );
    await expect(loadConfig(put('ekslint.yaml', `#${' '.repeat(1_000_000)}`), sampleRules)).rejects.toThrow(
      /the limit is 1000000/,
    );
  });
});

describe('extends', () => {
  test('later entries win, and the file itself takes precedence', async () => {
    put(
      'shared.yaml',
      'extends: strict\nrules:\n  images/mutable-tag: {severity: low, floating: [main]}\n  cost/*: low\nexclude: [a]\nlimits: {fileBytes: 1MB}\n',
    );
    const config = await load('extends: [all, ./shared.yaml]\nexclude: [b]\nrules:\n  images/mutable-tag: high\n');
    expect(config.preset).toBe('strict');
    expect(config.exclude).toEqual(['a', 'b']);
    expect(config.limits.fileBytes).toBe(1_000_000);
    expect(Object.entries(config.rules)).toEqual([
      ['cost/*', { severity: 'low' }],
      ['images/mutable-tag', { severity: 'high', options: { floating: ['main'] } }],
    ]);
    put('shared.yaml', 'rules: {}');
    expect((await load('extends: [all, ./shared.yaml]')).preset).toBe('all');
  });
  test('an error in an extended file is reported there', async () => {
    put('conf/shared.yml', 'rules:\n  cst/*: low\n');
    const error: unknown = await load('extends: ./conf/shared.yml').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ at: `${relative(process.cwd(), join(root, 'conf/shared.yml'))}:2:3` });
  });
  test.each([
    [
      'extends: [./evil.js]',
      '1:11 "./evil.js" is code, and code is never loaded from a config file | Move its settings to a YAML file and extend that.',
    ],
    ['extends: [recomended]', '1:11 unknown preset "recomended" | Did you mean "recommended"?'],
    [
      'extends: ekslint-config-acme',
      '1:10 "ekslint-config-acme" is neither a preset nor a path | Presets are recommended, strict, all, none, cis-eks, nsa, mitre, pss-baseline, pss-restricted. A path starts with ./ or ../; packages and URLs are not loaded.',
    ],
    ['extends: [./x.toml]', '1:11 "./x.toml" is not a YAML or JSON file | Extend a .yaml, .yml or .json file.'],
    ['extends: [./ekslint.yaml]', '1:11 "./ekslint.yaml" extends itself | Remove this entry.'],
    ['extends: [../outside.yaml]', '1:11 "../outside.yaml" is outside this repository | Copy it into the repository.'],
    ['extends: [./link.yaml]', '1:11 "./link.yaml" is outside this repository | Copy it into the repository.'],
  ])('%s', async (text, expected) => {
    put('outside.yaml', 'rules: {}');
    put('repo/evil.js', 'throw new Error("ran")');
    put('repo/x.toml', '');
    symlinkSync(join(root, 'outside.yaml'), join(root, 'repo/link.yaml'));
    expect(await fault(text, 'repo/ekslint.yaml')).toBe(expected);
  });
  test('a file in a parent folder is accepted within one git repository', async () => {
    mkdirSync(join(root, '.git'));
    put('shared.yaml', 'failOn: high');
    expect(await load('extends: ../shared.yaml', 'team/ekslint.yaml')).toMatchObject({ failOn: 'high' });
  });
  test('a cycle of two files', async () => {
    put('shared.yaml', 'extends: ./ekslint.yaml');
    await expect(load('extends: ./shared.yaml')).rejects.toThrow('"./ekslint.yaml" extends itself');
  });
});
