import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { ekslint, folderWith, only, pod, shell } from './ekslint.ts';

const run = (files: Readonly<Record<string, string>>, args: readonly string[] = []) =>
  ekslint(folderWith(files), [...args, ...only]);

describe('exit code', () => {
  test('0: judged and clean', () => {
    const { code, stdout, stderr } = run({ 'pod.yaml': pod('web', false) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('No findings\nJudged 1 object in 1 file with 1 rule\n');
  });
  test('1: a finding at or above --fail-on', () => {
    const { code, stdout } = run({ 'pod.yaml': pod('web') });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^pod\.yaml\n {2}8:25 +critical +pod-security\/privileged-container/);
  });
  test('--fail-on moves the threshold, and never to nothing', () => {
    const folder = folderWith({
      'pod.yaml': pod('web'),
      'ekslint.yaml': 'version: 1\nrules: {pod-security/privileged-container: low}\n',
    });
    const codes = ['info', 'low', 'medium', 'critical', 'never'].map(
      (level) => ekslint(folder, ['--fail-on', level, ...only]).code,
    );
    expect(codes).toEqual([1, 1, 0, 0, 0]);
    expect(ekslint(folder, [...only]).code, 'medium is the default').toBe(0);
  });
  test('2: a path that is missing', () => {
    const { code, stdout, stderr } = run({ 'pod.yaml': pod('web') }, ['pod.yml']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: pod\.yml: no such file or folder\n/);
  });
  test('2: a glob that matches nothing, 0 with --allow-empty', () => {
    expect(run({ 'pod.yaml': pod('web') }, ['*.yml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: \*\.yml: no file matches\n/),
    });
    expect(run({ 'pod.yaml': pod('web') }, ['*.yml', '--allow-empty']).code).toBe(0);
  });
  test('2: nothing matched, 0 with --allow-empty', () => {
    expect(run({ 'notes.txt': 'x' })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: no files matched\n/),
    });
    expect(run({ 'notes.txt': 'x' }, ['--allow-empty']).code).toBe(0);
    expect(run({ 'pod.yaml': pod('web'), 'ekslint.yaml': 'version: 1\nexclude: ["**"]\n' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Check exclude in the config'),
    });
  });
  test('2: files, but nothing in them that can be judged', () => {
    const { code, stdout } = run({ 'settings.yaml': 'a: 1\n' });
    expect(code).toBe(2);
    expect(stdout).toContain('nothing was judged');
    expect(run({ 'settings.yaml': 'a: 1\n' }, ['--allow-empty']).code).toBe(0);
  });
  test('2: no rule that could find anything', () => {
    const folder = folderWith({ 'pod.yaml': pod('web') });
    for (const args of [
      ['--preset', 'none'],
      ['--only', 'pod-security', '--skip', 'pod-security'],
      ['--skip', '*'],
    ]) {
      expect(ekslint(folder, args)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^error: no rules to run\n/),
      });
      expect(ekslint(folder, [...args, '--allow-empty']).code).toBe(0);
    }
  });
  test('2: only templates of a chart', () => {
    const { code, stdout } = run({
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'templates/pod.yaml': 'kind: {{ .Values.kind }}\n',
    });
    expect(code).toBe(2);
    expect(stdout).toContain('not rendered');
  });
  const large = `# ${'x'.repeat(2000)}\n${pod('large')}`;
  const limited = {
    'pod.yaml': pod('web', false),
    'large.yaml': large,
    'ekslint.yaml': 'version: 1\nlimits: {fileBytes: 1000}\n',
  };
  test('3: a file over the limit, which is reported with its size', () => {
    const { code, stdout } = run(limited);
    expect(code).toBe(3);
    expect(stdout).toContain(`large.yaml: not read: ${large.length} bytes, the limit is 1000 (limits.fileBytes)`);
    expect(stdout).toContain('The result is incomplete');
  });
  test('--allow-incomplete makes it 0', () => expect(run(limited, ['--allow-incomplete']).code).toBe(0));
  test('findings take precedence over incomplete results', () =>
    expect(run({ ...limited, 'pod.yaml': pod('web') }).code).toBe(1));
  test('2: the only file is over the limit, which is reported', () => {
    const { code, stdout } = run(limited, ['large.yaml']);
    expect(code).toBe(2);
    expect(stdout).toContain('the limit is 1000');
  });
  test('broken YAML never passes', () => {
    const folder = folderWith({ 'pod.yaml': pod('web', false), 'broken.yaml': 'kind: [Pod\n---\nkind: Pod\n' });
    expect(ekslint(folder, [...only])).toMatchObject({ code: 3, stdout: expect.stringContaining('broken.yaml:') });
    expect(ekslint(folder, []).code).toBe(rules.some((rule) => rule.id === 'correctness/yaml-syntax') ? 1 : 3);
  });
  test('the good documents of a broken file are judged', () => {
    const { code, stdout } = run({ 'mixed.yaml': `${pod('web')}---\nkind: [Pod\n---\n${pod('shop')}` });
    expect(code).toBe(1);
    expect(stdout).toContain('Pod "web"');
    expect(stdout).toContain('Pod "shop"');
  });
  test('standard input', () => {
    const folder = folderWith({});
    expect(ekslint(folder, ['-', ...only], { input: pod('web') })).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^stdin\.yaml\n/),
    });
    expect(ekslint(folder, ['-', '--stdin-filename', 'rendered.yaml', ...only], { input: pod('web') }).stdout).toMatch(
      /^rendered\.yaml\n/,
    );
    expect(ekslint(folder, ['-', ...only], { input: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: standard input is empty\n.*before the pipe.*--allow-empty/),
    });
    expect(ekslint(folder, ['-', '--allow-empty', ...only], { input: '' }).code).toBe(0);
    expect(ekslint(folder, ['-', ...only], { input: Buffer.from(`\ufeff${pod('web')}`, 'utf16le') }).stdout).toMatch(
      /^stdin\.yaml\n {2}8:25/,
    );
    expect(ekslint(folder, ['-', ...only], { input: Buffer.from([0x61, 0x3a, 0x20, 0xe9]) })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: standard input: not read: not UTF-8 at byte 3\n',
    });
    expect(ekslint(folder, ['-', ...only], { input: `# ${'x'.repeat(5_000_000)}\n${pod('web')}` })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: standard input has more than 5000000 bytes\n.*limits\.fileBytes/),
    });
  });
  test('a working directory that was removed', () => {
    const { code, stderr } = shell(folderWith({ 'gone/x': '' }), 'cd gone && rm -r ../gone && "$EKSLINT"');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: the working directory no longer exists\n' });
  });
});

describe('errors that the user can fix are one line on stderr, exit code 2', () => {
  const cases: Record<string, { args?: string[]; files?: Record<string, string>; says: RegExp }> = {
    'unknown flag': { args: ['--formt', 'json'], says: /unknown option '--formt'/ },
    'unknown format': { args: ['--format', 'xml'], says: /unknown format "xml"/ },
    'format without its file': { args: ['--format', 'json='], says: /needs a file name/ },
    'two formats on stdout': {
      args: ['--format', 'json', '--format', 'sarif'],
      says: /two formats for standard output/,
    },
    'unknown level': { args: ['--fail-on', 'hihg'], says: /hihg/ },
    'unknown preset': { args: ['--preset', 'strictest'], says: /strictest/ },
    'unknown value of --fix': { args: ['--fix=everything'], says: /everything/ },
    'two formats for one file': {
      args: ['--format', 'json=out', '--format', 'sarif=./out'],
      says: /two formats for one file: out/,
    },
    'an empty number': { args: ['--max-findings='], says: /--max-findings: "" is not a number/ },
    'no number': { args: ['--max-findings', 'many'], says: /--max-findings: "many" is not a number/ },
    'no version': {
      args: ['--target-version', 'latest'],
      says: /"latest" is not a known Kubernetes version\n +Known versions are 1\.21 to 1\.37\./,
    },
    'a version that no data knows': { args: ['--target-version', '1.99'], says: /"1\.99" is not a known/ },
    'a flag that does not exist': { args: ['--redner'], says: /unknown option '--redner'/ },
    'summary in a format without one': { args: ['--format', 'json', '--summary'], says: /--summary/ },
    'a name for an input that is not read': { args: ['--stdin-filename', 'x.yaml'], says: /--stdin-filename/ },
    'unknown rule': {
      args: ['--only', 'pod-security/privileged-contaner'],
      says: /pod-security\/privileged-container/,
    },
    'unknown category': { args: ['--skip', 'pod-securty'], says: /pod-security/ },
    'missing config': {
      args: ['--config', 'absent.yaml'],
      says: /no config file at absent\.yaml\n +Pass another with --config/,
    },
    'config that is a folder': { args: ['--config', '.'], says: /no config file at \S/ },
    'baseline that is a folder': { args: ['--baseline', '.'], says: /cannot read baseline \.: it is a folder/ },
    'broken config': { files: { 'ekslint.yaml': 'version: [1\n' }, says: /ekslint\.yaml:\d+:\d+: / },
    'unknown key in the config': {
      files: { 'ekslint.yaml': 'version: 1\nfailon: low\n' },
      says: /ekslint\.yaml:2:1: .*failon/,
    },
    'unknown rule in the config': {
      files: { 'ekslint.yaml': 'version: 1\nrules: {pod-security/privileged-contaner: high}\n' },
      says: /ekslint\.yaml:2:/,
    },
    'two configs': {
      files: { 'ekslint.yaml': 'version: 1\n', 'ekslint.json': '{"version": 1}' },
      says: /two config files/,
    },
    'code as config': {
      args: ['--config', 'config.js'],
      files: { 'config.js': 'throw new Error()' },
      says: /Code is never loaded/,
    },
    'file that cannot be written': {
      args: ['--format', 'json=absent/report.json'],
      says: /cannot write absent\/report\.json: the folder does not exist\n +Create the folder first/,
    },
    'full device': { args: ['--format', 'json=/dev/full'], says: /cannot write \/dev\/full: no space left on device/ },
    'unknown rule to explain': { args: ['explain', 'pod-security/privileged-contaner'], says: /unknown rule/ },
    'part of a rule ID to explain': {
      args: ['explain', 'imds'],
      says: /Rules with this word: nodes\/imds-hop-limit, nodes\/imdsv1-allowed/,
    },
    'nothing to explain': { args: ['explain'], says: /missing required argument 'rule'/ },
    'unknown shell': {
      args: ['completion', 'tcsh'],
      says: /<shell>: invalid value "tcsh"\n +Valid values are bash, zsh, fish/,
    },
    'unknown format of rules': { args: ['rules', '--format', 'yaml'], says: /yaml/ },
  };
  for (const [name, { args = [], files = {}, says }] of Object.entries(cases)) {
    test(name, () => {
      const { code, stderr, stdout } = ekslint(folderWith({ 'pod.yaml': pod('web'), ...files }), args);
      expect(code).toBe(2);
      expect(stderr).toMatch(says);
      expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe('');
    });
  }
  test('two formats for one file, through a link', () => {
    const folder = folderWith({ 'pod.yaml': pod('web'), out: '' });
    symlinkSync('out', join(folder, 'link'));
    const { code, stderr } = ekslint(folder, ['--format', 'json=out', '--format', 'sarif=link']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: two formats for one file: out\n/)]);
  });
  test('for a misspelled rule, the right name is suggested', () => {
    for (const args of [
      ['--only', 'pod-security/privileged-contaner'],
      ['explain', 'pod-security/privileged-contaner'],
    ])
      expect(ekslint(folderWith({ 'pod.yaml': pod('web') }), args).stderr).toMatch(
        /did you mean.*pod-security\/privileged-container/i,
      );
  });
  test('--debug adds the stack', () =>
    expect(ekslint(folderWith({}), ['absent', '--debug']).stderr).toMatch(/^error: absent: .*\n.*\n.*\n\s+at /));
  test('a report that cannot be written leaves no draft behind', () => {
    const folder = folderWith({ 'pod.yaml': pod('web'), 'report.json/keep': '' });
    expect(ekslint(folder, ['--format', 'json=report.json', ...only])).toMatchObject({
      code: 2,
      stderr: 'error: cannot write report.json: it is a folder\n',
    });
    rmSync(join(folder, 'report.json'), { recursive: true });
    expect(ekslint(folder, ['--format', 'json=report.json', ...only]).code).toBe(1);
  });
});
