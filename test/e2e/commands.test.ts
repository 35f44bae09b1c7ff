import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import type { LintRequest } from '../../src/index.ts';
import type { JsonReport } from '#reporters/json.ts';
import { ekslint, folderWith, only, pod, shell } from './ekslint.ts';

const root = inject('installed');
const shipped = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

describe('commands', () => {
  const folder = folderWith({ 'pod.yaml': pod('web') });
  test('--version', () => {
    for (const args of [['--version'], ['-V']])
      expect(ekslint(folder, args)).toEqual({ code: 0, stdout: `${shipped.version}\n`, stderr: '' });
  });
  test('--help', () => {
    const { code, stdout } = ekslint(folder, ['--help']);
    expect(code).toBe(0);
    for (const command of ['lint', 'explain', 'rules', 'completion']) expect(stdout).toContain(command);
    expect(stdout).toContain('ekslint lint --help');
    const flags = ekslint(folder, ['lint', '--help']).stdout;
    expect(flags).toContain('--fail-on <level>');
    expect(flags).not.toContain('(default: [])');
    expect(flags).toMatch(/upgrade-plan\s+\(repeatable;\s+default:\s+text\)/);
    expect(ekslint(folder, ['help', 'lint'])).toEqual({ code: 0, stdout: flags, stderr: '' });
    expect(ekslint(folder, ['upgrade', '--help']).stdout).toMatch(/default:\s+upgrade-plan\)/);
    const whole = ekslint(folder, ['help']);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    for (const topic of ['help', '--help', '-h']) expect(ekslint(folder, ['help', topic])).toEqual(whole);
    expect(ekslint(folder, ['help', 'lnt'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: unknown command "lnt"\n/),
    });
  });
  test('help that cannot be written is a failure', () =>
    expect(shell(folder, '"$EKSLINT" --help > /dev/full')).toMatchObject({
      code: 2,
      stderr: 'error: cannot write to standard output: no space left on device\n',
    }));
  test('a misspelled command is not reported as a missing file', () => {
    expect(ekslint(folder, ['exlpain', 'x'])).toMatchObject({
      code: 2,
      stderr: 'error: exlpain: no such file, folder or command\n       Did you mean ekslint explain?\n',
    });
    expect(ekslint(folder, ['absent']).stderr).toMatch(/^error: absent: no such file or folder\n/);
  });
  test('`lint` is the default command', () =>
    expect(ekslint(folder, ['lint', '--format', 'json'])).toEqual(ekslint(folder, ['--format', 'json'])));
  test('explain', () => {
    const { code, stdout, stderr } = ekslint(folder, ['explain', 'pod-security/privileged-container']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^pod-security\/privileged-container {3}critical · recommended\nContainer must not run privileged\n/,
    );
    for (const part of [/^Bad: /m, /^Good: /m, /^ {4}.*privileged: true/m, /^Fix {6}/m, /^Options$/m])
      expect(stdout).toMatch(part);
  });
  test('explain separates the files of an example', () =>
    expect(ekslint(folder, ['explain', 'nodes/ssh-open']).stdout).toMatch(/\n\n {4}resource "aws_eks_node_group"/));
  test('explain knows the rules about ignores, and takes a slug', () => {
    expect(ekslint(folder, ['explain', 'ekslint/unused-ignore'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ekslint\/unused-ignore {3}low\nIgnores should have an effect\n/),
    });
    expect(ekslint(folder, ['explain', 'privileged-container']).stderr).toContain(
      'Did you mean pod-security/privileged-container?',
    );
    expect(ekslint(folder, ['explain', 'pod-security']).stderr).toContain("ekslint rules --only 'pod-security/*'");
  });
  test('rules --only accepts only what exists', () => {
    expect(ekslint(folder, ['rules', '--only', 'pod-securty'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean "pod-security"?'),
    });
    expect(ekslint(folder, ['rules', '--only', 'pod-security/privileged-container'])).toMatchObject({
      code: 0,
      stderr: '1 rule\n',
    });
  });
  test('rules of a framework, and the framework as a preset', () => {
    const text = ekslint(folder, ['rules', '--framework', 'cis-eks']);
    expect(text).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\d+ rules\n\d+ of 49 controls of CIS Amazon EKS/),
    });
    expect(text.stdout).toMatch(/^pod-security\/host-pid .*\[4\.2\.2\]$/m);
    expect(ekslint(folder, ['rules', '--preset', 'cis-eks'])).toEqual(text);
    const args = ['rules', '--framework', 'pss-restricted', '--format'];
    const json = JSON.parse(ekslint(folder, [...args, 'json']).stdout) as { id: string; controls: string[] }[];
    expect(json.find(({ id }) => id === 'pod-security/host-pid')?.controls).toEqual(['hostNamespaces']);
    expect(ekslint(folder, [...args, 'markdown']).stdout).toContain(
      '| runAsNonRoot | Running as non-root | `pod-security/',
    );
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "a:1"}]}\n';
    const found = (preset: string): string =>
      ekslint(folder, ['--no-config', '--preset', preset, '--format', 'compact', '-'], { input: pod }).stdout;
    expect(found('pss-baseline')).toBe('');
    expect(found('pss-restricted')).toContain('pod-security/capabilities-not-dropped');
  });
  test('rules as text, JSON and Markdown', () => {
    const text = ekslint(folder, ['rules']);
    expect(text.code).toBe(0);
    const ids = text.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(ids).toContain('pod-security/privileged-container');
    const json = JSON.parse(ekslint(folder, ['rules', '--format', 'json']).stdout) as Record<string, unknown>[];
    expect(json.map((one) => one['id'])).toEqual(ids);
    for (const one of json)
      expect(Object.keys(one).sort()).toEqual([
        'category',
        'docs',
        'equivalents',
        'fix',
        'id',
        'inputs',
        'kinds',
        'options',
        'preset',
        'references',
        'scope',
        'severity',
        'title',
      ]);
    const markdown = ekslint(folder, ['rules', '--format', 'markdown']).stdout.trim().split('\n');
    expect(markdown).toHaveLength(ids.length + 2);
    const some = JSON.parse(
      ekslint(folder, ['rules', '--only', 'pod-security', '--preset', 'recommended', '--format', 'json']).stdout,
    ) as { category: string; preset: string }[];
    expect(some.length).toBeGreaterThan(0);
    expect(some.filter((one) => one.category !== 'pod-security' || one.preset !== 'recommended')).toEqual([]);
  });
  test('--only and --skip accept comma-separated lists and are repeatable', () => {
    const listed = (...args: string[]) =>
      (JSON.parse(ekslint(folder, ['rules', '--format', 'json', ...args]).stdout) as { id: string }[]).map(
        ({ id }) => id,
      );
    const both = listed('--only', 'upgrades', '--only', 'rbac');
    expect(both.length).toBeGreaterThan(5);
    expect(listed('--only', 'upgrades,rbac')).toEqual(both);
    expect(listed('--only', ' upgrades , rbac,')).toEqual(both);
    expect(listed('--only', '{upgrades,rbac}/*')).toEqual(both);
    const judged = ekslint(folder, [
      '--only',
      'pod-security',
      '--skip',
      'pod-security/privileged-container,pod-security/run-*',
    ]);
    expect(judged.stdout).not.toContain('privileged-container');
    expect(ekslint(folder, ['--only', 'pod-securty,rbac', '--skip', 'upgrads']).stderr).toBe(
      'error: --only: no rule matches "pod-securty"\n       Did you mean "pod-security"?\nerror: --skip: no rule matches "upgrads"\n       Did you mean "upgrades"?\n',
    );
    expect(ekslint(folder, ['--only', '']).stderr).toMatch(/^error: --only needs a rule\n/);
  });
  test('all invalid flags are reported at once', () => {
    const { code, stderr } = ekslint(folder, [
      '-f',
      'jsn',
      '-f',
      'sarif=',
      '--max-findings',
      'x',
      '--stdin-filename',
      'y',
    ]);
    expect(code).toBe(2);
    expect(stderr.match(/^error: .*/gm)).toEqual([
      'error: unknown format "jsn"',
      'error: --format sarif= needs a file name after the equals sign',
      'error: --stdin-filename names standard input, which is not read',
      'error: --max-findings: "x" is not a number',
    ]);
  });
  test.each([
    [
      ['--fail-on', 'hihg'],
      'error: --fail-on: invalid value "hihg"\n       Did you mean "high"? Valid values are critical, high, medium, low, info, never.\n',
    ],
    [['--fix=all'], 'error: --fix: invalid value "all"\n       Valid values are safe, suggestions.\n'],
    [
      ['--onyl', 'x'],
      "error: unknown option '--onyl'\n       Did you mean --only?\n       Help: ekslint lint --help\n",
    ],
    [
      ['--region', 'eu-west-1'],
      "error: unknown option '--region'\n       It is a flag of ekslint upgrade and ekslint audit.\n       Help: ekslint lint --help\n",
    ],
    [
      ['--fix', '--dry-run'],
      "error: unknown option '--dry-run'\n       Did you mean --fix-dry-run?\n       Help: ekslint lint --help\n",
    ],
    [['upgrade'], "error: required option '--to <1.x>' not specified\n       Help: ekslint upgrade --help\n"],
    [
      ['--format', 'sarif=no/x.sarif'],
      'error: cannot write no/x.sarif: the folder does not exist\n       Create the folder first.\n',
    ],
    [[''], 'error: a path is empty\n       Remove it to lint the whole workspace.\n'],
    [['--scope', ''], 'error: a path is empty\n       Remove it to lint the whole workspace.\n'],
  ])('%j says what is wrong and what to do', (args, stderr) =>
    expect(ekslint(folder, args)).toMatchObject({ code: 2, stderr }),
  );
  test.each([
    [['-qc', 'other.yaml'], 'error: no config file at other.yaml'],
    [['--no-config', '--config=other.yaml'], 'error: no config file at other.yaml'],
    [['--max-findings', '-5'], 'error: --max-findings: "-5" is not a number'],
    [['-x'], "error: unknown option '-x'"],
    [['rules', '--fix'], "error: unknown option '--fix'\n"],
    [['--', '--only'], 'error: --only: no such file'],
  ])('%j is read like a command line with all flags', (args, error) => {
    const { code, stderr } = ekslint(folder, args);
    expect(code).toBe(2);
    expect(stderr.startsWith(error), stderr).toBe(true);
  });
  test('a hint that several errors share is given once', () => {
    const config = folderWith({ 'pod.yaml': pod('web'), 'ekslint.yaml': 'spec: 1\nkinds: 1\n' });
    expect(ekslint(config, []).stderr.match(/Known keys/g)).toHaveLength(1);
  });
  test('all errors of a config are reported at once', () =>
    expect(
      ekslint(folderWith({ 'pod.yaml': pod('web'), 'ekslint.yaml': 'failOn: x\nrulez: {}\n' }), []).stderr.match(
        /^error: .*/gm,
      ),
    ).toEqual(['error: ekslint.yaml:1:9: unknown severity "x"', 'error: ekslint.yaml:2:1: unknown key "rulez"']));
  test('upgrade is lint for a version', () => {
    const old = folderWith({
      'a.yaml': 'apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: x}\n',
      'pod.yaml': pod('web'),
    });
    const { code, stdout } = ekslint(old, ['upgrade', '--to', '1.25', '-f', 'json']);
    expect(code).toBe(1);
    expect(ekslint(old, ['--target-version', '1.25', '--only', 'upgrades', '-f', 'json'])).toMatchObject({
      code,
      stdout: stdout.replaceAll('(--to)', '(--target-version)'),
    });
    expect(ekslint(old, ['upgrade', '--to', '1.24', 'a.yaml', '--fail-on', 'critical']).code).toBe(0);
    for (const args of [['upgrade'], ['upgrade', '--to', '1.99'], ['upgrade', '--to', '1.25', '--only', 'rbac']])
      expect(ekslint(old, args).code).toBe(2);
  });
  test('init writes a config that can be read, CI files on request, and overwrites nothing', () => {
    const fresh = folderWith({ 'pod.yaml': pod('web'), '.git/HEAD': '', 'team/x': '' });
    expect(ekslint(fresh, ['init'])).toEqual({ code: 0, stdout: '', stderr: 'wrote ekslint.yaml\n' });
    const text = readFileSync(join(fresh, 'ekslint.yaml'), 'utf8');
    expect(ekslint(fresh, ['--verbose', ...only])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^config: ekslint\.yaml/),
    });
    // The commented-out part is correct, too.
    writeFileSync(
      join(fresh, 'ekslint.yaml'),
      text.replace(/^# (?=(?:target|include|exclude|rules|overrides|ignores|customRules|audit):| {2})/gm, ''),
    );
    expect(ekslint(fresh, ['--no-progress', '--allow-empty', ...only]).stderr).toBe('');
    writeFileSync(join(fresh, 'ekslint.yaml'), 'version: 1\n');
    expect(ekslint(fresh, ['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: ekslint\.yaml exists/),
    });
    expect(ekslint(join(fresh, 'team'), ['init', '--github', '--gitlab', '--pre-commit']).stderr).toBe(
      'wrote ekslint.yaml\nwrote ../.pre-commit-config.yaml\nwrote ../.github/workflows/ekslint.yml\nwrote ../.gitlab-ci.yml\n',
    );
    for (const name of ['.pre-commit-config.yaml', '.github/workflows/ekslint.yml', '.gitlab-ci.yml'])
      expect(parse(readFileSync(join(fresh, name), 'utf8'))).toBeTypeOf('object');
    const again = ekslint(fresh, ['init', '--gitlab']);
    expect(again).toMatchObject({ code: 2, stderr: 'kept .gitlab-ci.yml, which exists; add this to it:\n' });
    expect(again.stdout).toBe(readFileSync(join(fresh, '.gitlab-ci.yml'), 'utf8'));
    expect(readFileSync(join(fresh, 'ekslint.yaml'), 'utf8')).toBe('version: 1\n');
  });
  test('completion for bash is a script that bash accepts', () => {
    const { code, stdout } = ekslint(folder, ['completion', 'bash']);
    expect(code).toBe(0);
    expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const complete = (words: string[]) =>
      spawnSync(
        'bash',
        [
          '-c',
          `${stdout}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _ekslint; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { encoding: 'utf8', cwd: folder },
      )
        .stdout.trim()
        .split('\n');
    expect(complete(['ekslint', 'expl'])).toEqual(['explain']);
    expect(complete(['ekslint', 'explain', 'pod-security/privileged-c'])).toEqual([
      'pod-security/privileged-container',
    ]);
    expect(complete(['ekslint', '--fail-'])).toEqual(['--fail-on']);
    expect(complete(['ekslint', '--fail-on', '""'])).toEqual(['critical', 'high', 'medium', 'low', 'info', 'never']);
    expect(complete(['ekslint', '-f', 's'])).toEqual(['sarif']);
    expect(complete(['ekslint', '--only', '=', 'pod-security/privileged-c'])).toEqual([
      'pod-security/privileged-container',
    ]);
    expect(complete(['ekslint', 'rules', '--format', '""'])).toEqual(['text', 'json', 'markdown']);
    expect(complete(['ekslint', 'rules', '--fo'])).toEqual(['--format']);
    expect(complete(['ekslint', 'completion', '""'])).toEqual(['bash', 'zsh', 'fish']);
    writeFileSync(join(folder, 'two words.yaml'), pod('web'));
    expect(complete(['ekslint', 'two'])).toEqual(['two words.yaml']);
    for (const shell of ['zsh', 'fish'])
      expect(ekslint(folder, ['completion', shell]).stdout).toContain('pod-security/privileged-container');
  });
});

describe('--fix', () => {
  const files = { 'deploy/pod.yaml': pod('web'), 'other.yaml': pod('other') };
  const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
  test('the encoding stays', () => {
    const encodings: ((text: string) => Buffer)[] = [
      (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
      (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      (text) => Buffer.from(`\ufeff# ü\n${text}`),
      (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
    ];
    for (const encode of encodings) {
      const folder = folderWith({});
      writeFileSync(join(folder, 'a.yaml'), encode(pod('web')));
      expect(ekslint(folder, ['--fix=suggestions', ...only])).toMatchObject({
        code: 0,
        stdout: 'No findings\nJudged 1 object in 1 file with 1 rule\n',
      });
      expect(readFileSync(join(folder, 'a.yaml'))).toEqual(encode(pod('web').replace('privileged: true', '')));
    }
  });
  test('standard input is not a file: --fix is rejected, --fix-dry-run shows its text', () => {
    const other = pod('other');
    const folder = folderWith({ 'stdin.yaml': other });
    expect(ekslint(folder, ['--fix', '-', ...only], { input: pod('web') })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--fix-dry-run'),
    });
    expect(read(folder, 'stdin.yaml')).toBe(other);
    expect(
      ekslint(folder, ['--fix=suggestions', '--fix-dry-run', '-', ...only], { input: `# a\n# b\n${pod('web')}` })
        .stdout,
    ).toBe(
      'diff --git a/stdin.yaml b/stdin.yaml\n--- a/stdin.yaml\n+++ b/stdin.yaml\n@@ -7,4 +7,4 @@\n   containers:\n     - name: app\n       image: example.com/app:1.0.0\n-      securityContext: {privileged: true}\n+      securityContext: {}\n',
    );
  });
  test('--fix-dry-run together with reports', () => {
    const folder = folderWith(files);
    expect(ekslint(folder, ['--fix=suggestions', '--fix-dry-run', '--format', 'json=out.json', ...only])).toMatchObject(
      {
        code: 1,
        stdout: expect.stringMatching(/^diff --git a\/deploy\/pod\.yaml b\/deploy\/pod\.yaml\n/),
      },
    );
    expect(JSON.parse(read(folder, 'out.json'))).toMatchObject({ run: { exitCode: 1 } });
    expect(ekslint(folder, ['--fix=suggestions', '--fix-dry-run', '--format', 'json', ...only])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--fix-dry-run prints a diff'),
    });
  });
  test('--fix-dry-run shows neither untrusted text nor the neighbors on a line', () => {
    const folder = folderWith({
      '::error::x\n::error::y.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, env: [{name: PASSWORD, value: kAnaRy}], securityContext: {privileged: true}, args: [kAnaRy]}\n',
      'b.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers:\n    - name: b\n      securityContext: {x: "::error::z ##[error]w \\e\u202e", privileged: true}\n',
    });
    const { stdout, stderr } = ekslint(folder, ['--fix=suggestions', '--fix-dry-run', ...only], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    expect(stdout.match(/^@@ /gm)).toHaveLength(1);
    expect(stdout).not.toContain('kAnaRy');
    expect(stderr).toContain('contain a secret');
    expect(stdout).toContain('privileged: true');
    // oxlint-disable-next-line no-control-regex -- these are what must not come out
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|^\s*::|##\[/m);
  });
  test('a path after it is a path', () => {
    const folder = folderWith(files);
    const { code, stdout } = ekslint(folder, ['--fix', 'deploy', '-f', 'compact', ...only]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^deploy\/pod\.yaml:8:.*\n$/) });
    for (const [name, text] of Object.entries(files)) expect(read(folder, name)).toBe(text);
  });
  test('overlapping fixes are all made, and a cluster is upgraded by one version', () => {
    const pods =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers: [{name: a, image: "a:1", securityContext: {runAsUser: 0, privileged: true}}]\n';
    const folder = folderWith({
      'pod.yaml': pods,
      'c.yaml':
        'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1, version: "1.31"}\n',
    });
    expect(
      ekslint(folder, [
        '--no-config',
        '--fix=suggestions',
        '--only',
        'pod-security/privileged-container',
        '--only',
        'pod-security/run-as-root-user',
        '--only',
        'upgrades',
        '--fail-on',
        'never',
      ]).stderr,
    ).toBe(
      'fixed: c.yaml:3 upgrades/version-extended-support\nfixed: pod.yaml:5 pod-security/run-as-root-user\nfixed: pod.yaml:5 pod-security/privileged-container\nfixed 3 findings in 2 files\n',
    );
    expect(readFileSync(join(folder, 'pod.yaml'), 'utf8')).toBe(
      pods.replace('runAsUser: 0, privileged: true', 'runAsNonRoot: true'),
    );
    expect(readFileSync(join(folder, 'c.yaml'), 'utf8')).toContain('version: "1.32"');
  });
  test('--fix=suggestions', () => {
    const folder = folderWith(files);
    expect(ekslint(folder, ['--fix=suggestions', ...only]).code).toBe(0);
    expect(read(folder, 'other.yaml')).not.toContain('privileged: true');
  });
  test('--fix-dry-run changes nothing', () => {
    const folder = folderWith(files);
    const { code, stdout } = ekslint(folder, ['--fix=suggestions', '--fix-dry-run', ...only]);
    expect(code).toBe(1);
    expect(stdout).toContain('--- a/deploy/pod.yaml\n+++ b/deploy/pod.yaml\n@@ -5,4 +5,4 @@\n');
    for (const [name, text] of Object.entries(files)) expect(read(folder, name)).toBe(text);
    expect(ekslint(folder, ['--fix-dry-run', ...only])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'nothing to fix without --fix=suggestions\n',
    });
  });
});

describe('what a run loads', () => {
  const hook = folderWith({
    'hook.cjs': `const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const seen = new Set();
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (request, ...rest) { seen.add(request); return resolve.call(this, request, ...rest); };
process.on('exit', () => writeFileSync(process.env.LOADED, [...seen, ...Object.keys(require.cache)].join('\\n')));
`,
  });
  const loaded = (folder: string, args: string[]): string => {
    const list = join(folder, 'loaded.txt');
    const { code, stderr } = ekslint(folder, args, {
      node: ['--require', join(hook, 'hook.cjs')],
      env: { LOADED: list },
    });
    expect({ stderr, ran: code === 0 || code === 1 }).toEqual({ stderr: '', ran: true });
    return readFileSync(list, 'utf8');
  };
  const heavy = /(^|\/)(ajv|web-tree-sitter)\.cjs$|node_modules\/(?!ekslint\/)/m;
  test('one YAML file needs none of the heavy modules', () => {
    const modules = loaded(folderWith({ 'pod.yaml': pod('web') }), ['pod.yaml']);
    expect(modules).toContain('bin/ekslint.cjs'); // the record is not empty
    expect(modules.split('\n').filter((line) => heavy.test(line))).toEqual([]);
  });
  test('a config needs Ajv', () =>
    expect(loaded(folderWith({ 'pod.yaml': pod('web'), 'ekslint.yaml': 'version: 1\n' }), ['pod.yaml'])).toMatch(
      /\/ajv\.cjs$/m,
    ));
  test('Terraform needs its parser', () =>
    expect(
      loaded(folderWith({ 'main.tf': 'resource "aws_eks_cluster" "prod" {\n  name = "prod"\n}\n' }), ['main.tf']),
    ).toMatch(/\/web-tree-sitter\.cjs$/m));
});

describe('Node API', () => {
  const load = async () =>
    (await import(pathToFileURL(join(root, 'dist/index.js')).href)) as {
      lint(request?: LintRequest): Promise<JsonReport>;
      UserError: new () => Error;
    };
  const files = {
    'pod.yaml': pod('web'),
    'deploy/other.yaml': pod('other'),
    'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
    'chart/templates/a.yaml': '{{ x }}\n',
  };
  test('returns what --format json prints, for any working directory', async () => {
    const { lint } = await load();
    const folder = folderWith(files);
    const before = process.exitCode;
    const report = await lint({ cwd: folder, preset: 'all', config: false });
    expect(report).toEqual(JSON.parse(ekslint(folder, ['--format', 'json', '--preset', 'all', '--no-config']).stdout));
    expect(report.findings.length).toBeGreaterThan(1);
    expect(report.run.exitCode).toBe(1);
    expect(process.exitCode).toBe(before);
  });
  test('two calls do not influence each other', async () => {
    const { lint } = await load();
    const [one, two] = [folderWith(files), folderWith({ 'pod.yaml': pod('clean', false) })];
    const alone = await lint({ cwd: one, only: ['pod-security/privileged-container'] });
    const [a, b, c] = await Promise.all([
      lint({ cwd: one, only: ['pod-security/privileged-container'] }),
      lint({ cwd: two, only: ['pod-security/privileged-container'] }),
      lint({ cwd: one, only: ['pod-security/privileged-container'], paths: ['deploy'] }),
    ]);
    expect(a).toEqual(alone);
    expect(a.findings).toHaveLength(2);
    expect(b.findings).toEqual([]);
    expect(c.findings.map((finding) => finding.location.file)).toEqual(['deploy/other.yaml']);
  });
  test('throws UserError and prints nothing', async () => {
    const { lint, UserError } = await load();
    await expect(lint({ cwd: join(folderWith({}), 'absent') })).rejects.toBeInstanceOf(UserError);
    await expect(lint({ cwd: folderWith({}), paths: ['absent.yaml'] })).rejects.toBeInstanceOf(UserError);
    await expect(lint({ cwd: folderWith({}) })).rejects.toThrow('no files matched');
  });
  test('reads a config', async () => {
    const { lint } = await load();
    const folder = folderWith({ ...files, 'ekslint.yaml': 'version: 1\nrules: {pod-security/*: off}\n' });
    expect((await lint({ cwd: folder })).findings.filter(({ rule }) => rule.startsWith('pod-security/'))).toEqual([]);
    const broken = folderWith({ ...files, 'ekslint.yaml': 'version: 2\n' });
    await expect(lint({ cwd: broken })).rejects.toThrow('version is 2');
  });
  test('reads Terraform', async () => {
    const { lint } = await load();
    const folder = folderWith({ 'main.tf': 'resource "aws_eks_cluster" "prod" {\n  name = "prod"\n}\n' });
    expect((await lint({ cwd: folder, paths: ['main.tf'], config: false })).counts.clusters).toBe(1);
  });
  test('runs every rule that the command line lists', async () => {
    const { lint } = await load();
    const folder = folderWith(files);
    const listed = JSON.parse(ekslint(folder, ['rules', '--format', 'json']).stdout) as unknown[];
    expect((await lint({ cwd: folder, preset: 'all' })).counts.rules).toBe(listed.length);
  });
});

describe('overlays', () => {
  const deployment = (annotations = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web${annotations}}
spec: {template: {spec: {containers: [{name: a, image: "a:1", securityContext: {privileged: true}}]}}}
`;
  const files = (config: string, more: Record<string, string> = {}) => ({
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': deployment(),
    'ekslint.yaml': `version: 1\n${config}`,
    'dev/kustomization.yaml': 'resources: [../base]\nnamespace: dev\n',
    'prod/kustomization.yaml': 'resources: [../base]\nnamespace: prod\n',
    ...more,
  });
  const found = (all: Record<string, string>): string[] =>
    ekslint(folderWith(all), [
      '--format',
      'compact',
      '--only',
      'pod-security/privileged-container',
      '--fail-on',
      'never',
    ])
      .stdout.split('\n')
      .filter((line) => line.includes('is privileged'))
      .map((line) => `${line.split(':')[0]}${/ \(as applied by .*\)$/.exec(line)?.[0] ?? ''}`);
  test('settings for a namespace count for the overlay that applies it there', () => {
    expect(found(files(''))).toEqual(['base/web.yaml']);
    expect(found(files('overrides: [{namespaces: [dev], rules: {pod-security/*: off}}]\n'))).toEqual([
      'base/web.yaml (as applied by prod/kustomization.yaml)',
    ]);
  });
  test('settings for files apply where the finding is located', () => {
    const patch = {
      'base/web.yaml': deployment().replace('true', 'false'),
      'dev/patch.yaml': deployment(),
      'dev/kustomization.yaml': 'resources: [../base]\npatches: [{path: patch.yaml}]\n',
    };
    expect(found(files('', patch))).toEqual(['dev/patch.yaml']);
    expect(found(files('overrides: [{files: ["dev/**"], rules: {pod-security/*: off}}]\n', patch))).toEqual([]);
    expect(found(files('overrides: [{files: ["base/**"], rules: {pod-security/*: low}}]\n', patch))).toEqual([
      'dev/patch.yaml',
    ]);
  });
  test('an annotation of the base applies to all overlays, and is reported once', () => {
    const ignored = (rule: string) =>
      files('', { 'base/web.yaml': deployment(`, annotations: {ekslint/ignore: ${rule}}`) });
    expect(found(ignored('pod-security/privileged-container'))).toEqual([]);
    const { stdout } = ekslint(folderWith(ignored('pod-security/none')), [
      '--format',
      'compact',
      '--fail-on',
      'never',
      '--only',
      'pod-security/privileged-container',
    ]);
    expect(stdout.match(/No rule is called/g)).toHaveLength(1);
  });
});
