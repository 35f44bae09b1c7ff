import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ekslint, folderWith, only, pod } from './ekslint.ts';

/** What a runner finds in a release tag: the metadata of the action, the bundle, and a package.json that says ESM. */
let release = '';
const action: {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, unknown>;
  runs: { using: string; main: string };
} = parse(readFileSync('action.yml', 'utf8'));

beforeAll(() => {
  release = folderWith({ 'package.json': readFileSync('package.json', 'utf8') });
  copyFileSync('action.yml', join(release, 'action.yml'));
  const outdir = dirname(join(release, action.runs.main));
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/action.mts', outdir], { stdio: 'inherit' });
});

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const registered = new Set(
  'add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output stop-commands warning'.split(
    ' ',
  ),
);
const unescaped = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((now, [from, to]) => now.replaceAll(from, to), text);
const dataPairs = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
] as const;
const propertyPairs = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
] as const;

/** What a runner obeys (actions/runner, src/Runner.Common/ActionCommand.cs): both forms of a command. */
function commandsOf(output: string): Command[] {
  return output.split(/\r\n|[\r\n]/).flatMap((line): Command[] => {
    const text = line.trimStart();
    const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
    if (end >= 0) {
      const [name = '', ...rest] = text.slice(2, end).split(' ');
      if (registered.has(name)) {
        const pairs = rest
          .join(' ')
          .split(',')
          .filter((pair) => pair.includes('='))
          .map((pair) => [
            pair.slice(0, pair.indexOf('=')),
            unescaped(pair.slice(pair.indexOf('=') + 1), propertyPairs),
          ]);
        return [{ name, properties: Object.fromEntries(pairs), data: unescaped(text.slice(end + 2), dataPairs) }];
      }
    }
    const old = /##\[([^\] ]*)[^\]]*\](.*)/.exec(line);
    return old && registered.has(old[1] ?? '') ? [{ name: `old ${old[1]}`, properties: {}, data: old[2] ?? '' }] : [];
  });
}

/** The pairs of a file command, read as the runner reads them: the delimiter is a whole line. */
function pairsOf(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    if (line === '') continue;
    const [, name = '', end = ''] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    expect(name, `not a heredoc: ${line}`).not.toBe('');
    expect(end.length).toBeGreaterThan(20);
    const stop = lines.indexOf(end);
    expect(stop).toBeGreaterThanOrEqual(0);
    expect(pairs).not.toHaveProperty(name);
    pairs[name] = lines
      .splice(0, stop + 1)
      .slice(0, -1)
      .join('\n');
  }
  return pairs;
}

interface Step {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly Command[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the entry point as a runner does: only with inputs, files and variables of the runner. */
function step(
  workspace: string,
  inputs: Readonly<Record<string, string>> = {},
  more: { event?: string; payload?: unknown; env?: Readonly<Record<string, string>> } = {},
): Step {
  for (const name of Object.keys(inputs)) expect(action.inputs).toHaveProperty(name);
  const files = folderWith({ output: '', summary: '', 'event.json': JSON.stringify(more.payload ?? {}) });
  mkdirSync(join(files, 'temp'));
  const given = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? value,
  ]);
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(release, action.runs.main)], {
    cwd: workspace,
    encoding: 'utf8',
    input: '',
    timeout: 20_000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: files,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: more.event ?? 'push',
      GITHUB_EVENT_PATH: join(files, 'event.json'),
      GITHUB_OUTPUT: join(files, 'output'),
      GITHUB_REPOSITORY: 'example/shop',
      GITHUB_STEP_SUMMARY: join(files, 'summary'),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(files, 'temp'),
      SOURCE_DATE_EPOCH: '1795219200',
      ...Object.fromEntries(given),
      ...more.env,
    },
  });
  if (error) throw error;
  expect(readdirSync(join(files, 'temp'))).toEqual([]);
  const outputs = pairsOf(readFileSync(join(files, 'output'), 'utf8'));
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
  expect(outputs['exit-code']).toBe(String(status));
  return {
    code: status,
    stdout,
    stderr,
    commands: [...commandsOf(stdout), ...commandsOf(stderr)],
    outputs,
    summary: readFileSync(join(files, 'summary'), 'utf8'),
  };
}

/** A config that runs one rule, so that new rules change nothing here. */
const config = `version: 1\nrules:\n  ${only[1]}: critical\n`;
const oneRule = { preset: 'none' };

describe('action.yml', () => {
  test('has the inputs and outputs that the documentation names, on Node 24', () => {
    expect(Object.keys(action.inputs)).toEqual(
      'paths config trusted-config preset fail-on new-since format output sarif-file annotations summary working-directory'.split(
        ' ',
      ),
    );
    expect(Object.keys(action.outputs)).toEqual(
      'findings errors warnings new-findings exit-code sarif-file incomplete'.split(' '),
    );
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.cjs' });
    const docs = readFileSync('docs/github-action.md', 'utf8');
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(docs).toContain(`| \`${name}\``);
  });
});

describe('a run', () => {
  test('annotates, writes a summary, sets outputs and fails', () => {
    const workspace = folderWith({
      'ekslint.yaml': config,
      'deploy/pod.yaml': pod('web'),
      'good.yaml': pod('ok', false),
    });
    const { code, stdout, stderr, commands, outputs, summary } = step(workspace, {
      ...oneRule,
      'sarif-file': 'out.sarif',
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^deploy\/pod\.yaml\n/);
    expect(commands).toEqual([
      {
        name: 'error',
        properties: {
          title: 'pod-security/privileged-container (critical)',
          file: 'deploy/pod.yaml',
          line: '8',
          endLine: '8',
          col: '25',
          endColumn: '41',
        },
        data: expect.stringContaining('"app"'),
      },
    ]);
    expect(outputs).toEqual({
      findings: '1',
      errors: '1',
      warnings: '0',
      'new-findings': '1',
      'exit-code': '1',
      'sarif-file': 'out.sarif',
      incomplete: 'false',
    });
    expect(summary).toMatch(
      /^### ekslint: 1 finding \(1 critical\)\n\n\| Severity \|.*\n\| --- .*\n\| critical \| <code>deploy\/pod\.yaml:8<\/code> \| /,
    );
    const sarif: { runs: { results: unknown[] }[] } = JSON.parse(readFileSync(join(workspace, 'out.sarif'), 'utf8'));
    expect(sarif.runs[0]?.results).toHaveLength(1);
  });
  test('a clean workspace passes', () => {
    const { code, commands, outputs, summary } = step(
      folderWith({ 'ekslint.yaml': config, 'a.yaml': pod('a', false) }),
      oneRule,
    );
    expect({ code, commands }).toEqual({ code: 0, commands: [] });
    expect(outputs).toMatchObject({
      findings: '0',
      errors: '0',
      'exit-code': '0',
      'sarif-file': '',
      incomplete: 'false',
    });
    expect(summary).toMatch(/^### ekslint: no findings\n/);
  });
  test('what was not read fails the step and is reported', () => {
    const workspace = folderWith({ 'ekslint.yaml': `${config}limits: {fileBytes: 500}\n`, 'a.yaml': pod('a', false) });
    writeFileSync(join(workspace, 'big.yaml'), `${pod('b', false)}#${'x'.repeat(600)}\n`);
    const { code, commands, outputs, summary } = step(workspace, oneRule);
    expect(code).toBe(3);
    expect(outputs).toMatchObject({ findings: '0', 'exit-code': '3', incomplete: 'true' });
    expect(commands).toEqual([
      expect.objectContaining({ name: 'warning', properties: expect.objectContaining({ file: 'big.yaml' }) }),
    ]);
    expect(summary).toContain('**The result is incomplete');
  });
  test('a run that cannot start says why and counts nothing', () => {
    const workspace = folderWith({ 'a.yaml': pod('a') });
    const cases: [Record<string, string>, RegExp][] = [
      [{ paths: 'nowhere' }, /^nowhere: no such file or folder\nCheck the spelling/],
      [{ preset: 'strong' }, /^--preset: invalid value "strong"\nValid values/],
      [{ config: 'nowhere.yaml' }, /nowhere\.yaml/],
      [{ format: 'xml' }, /unknown format "xml"/],
      [{ format: 'json=x' }, /input format is "json=x"/],
      [{ output: 'x' }, /input format is not/],
      [{ annotations: 'yes' }, /input annotations is "yes"\nUse true or false/],
      [{ 'working-directory': 'nowhere' }, /nowhere: no such folder/],
      [{ 'sarif-file': 'nowhere/x.sarif' }, /cannot write nowhere\/x\.sarif/],
    ];
    for (const [inputs, why] of cases) {
      const { code, commands, outputs } = step(workspace, inputs);
      expect(code).toBe(2);
      expect(commands.filter(({ properties }) => properties['file'] === undefined)).toEqual([
        { name: 'error', properties: { title: 'ekslint' }, data: expect.stringMatching(why) },
      ]);
      expect(outputs).toEqual({
        findings: '',
        errors: '',
        warnings: '',
        'new-findings': '',
        'exit-code': '2',
        'sarif-file': '',
        incomplete: 'true',
      });
    }
  });
  test('inputs work as described', () => {
    const workspace = folderWith({
      'ekslint.yaml': config,
      'sub dir/pod.yaml': pod('a'),
      'other.yaml': pod('b'),
      'mine.yaml': `version: 1\nrules:\n  ${only[1]}: low\n`,
    });
    mkdirSync(join(workspace, '.git')); // the root that code hosts name files from
    const quiet = step(workspace, { ...oneRule, annotations: 'false', summary: 'false' });
    expect(quiet).toMatchObject({ code: 1, commands: [], summary: '', outputs: { findings: '2' } });
    expect(step(workspace, { ...oneRule, 'fail-on': 'never' })).toMatchObject({ code: 0, outputs: { findings: '2' } });
    expect(step(workspace, { ...oneRule, paths: 'sub dir\n\n' }).outputs['findings']).toBe('1');
    const low = step(workspace, { ...oneRule, config: 'mine.yaml' });
    expect(low).toMatchObject({ code: 0, outputs: { findings: '2', errors: '0', warnings: '0' } });
    expect(low.commands.map(({ name }) => name)).toEqual(['notice', 'notice']);
    const below = step(workspace, {
      ...oneRule,
      'working-directory': 'sub dir',
      'sarif-file': 'x.sarif',
      format: 'json',
      output: 'x.json',
    });
    expect(below.outputs).toMatchObject({ findings: '1', 'sarif-file': 'sub dir/x.sarif' });
    expect(below.commands[0]?.properties['file']).toBe('sub dir/pod.yaml');
    expect(JSON.parse(readFileSync(join(workspace, 'sub dir/x.json'), 'utf8'))).toHaveProperty('findings');
    expect(existsSync(join(workspace, 'sub dir/x.sarif'))).toBe(true);
    expect(step(workspace, { ...oneRule, format: 'compact' }).stdout).toMatch(/^other\.yaml:8:25: critical/);
  });
  test('Terraform is read with the bundle only', () => {
    const workspace = folderWith({ 'main.tf': 'resource "aws_eks_cluster" "prod" {\n  name = "prod"\n  bad = \n}\n' });
    const { stdout, outputs } = step(workspace, { preset: 'all' });
    expect(stdout).toContain('main.tf');
    expect(Number(outputs['findings'])).toBeGreaterThan(0);
  });
});

describe('untrusted text', () => {
  const hostile = [
    '\n::error::owned',
    '\r\n ::stop-commands::x',
    '##[error]owned',
    '::set-output name=findings::0',
    '%0A::error::owned',
    'a:b,line=1::owned',
  ];
  test('no name, message or file name becomes a command, an output or markup', () => {
    const pods = hostile.map((text, i) => [
      `p${i}.json`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: text, namespace: text },
        spec: {
          containers: [
            {
              name: `${text}|<img src=x>@github/team [a](http://evil.example)\`\``,
              securityContext: { privileged: true },
            },
          ],
        },
      }),
    ]);
    const workspace = folderWith({ 'ekslint.yaml': config, ...Object.fromEntries(pods) });
    for (const text of ['x\n::error::owned.yaml', '::warning::y.yaml', 'a,line=1:b|`<b>@c.yaml', '-x.yaml'])
      writeFileSync(join(workspace, text), `${pod('web')}---\nkind: [\n`);
    const { code, commands, outputs, summary, stdout } = step(workspace, oneRule);
    expect(code).toBe(1);
    expect(stdout).toContain('owned');
    expect(Number(outputs['errors'])).toBe(10);
    // The four Pods with one name are reported once. The warnings are about documents that are not YAML, in a run
    // without the rule about them.
    expect(commands.map(({ name }) => name)).toEqual([...Array(7).fill('error'), ...Array(4).fill('warning')]);
    for (const { properties, data } of commands) {
      expect(Object.keys(properties)).toEqual(['title', 'file', 'line', 'endLine', 'col', 'endColumn']);
      expect(properties['title']).toMatch(/^([a-z-]+\/[a-z-]+ \([a-z]+\)|ekslint could not judge everything)$/);
      expect(properties['line']).toMatch(/^\d+$/);
      expect(data.replace(/\nFix: .*$/, '')).not.toMatch(/[\r\n]/);
    }
    expect(commands.map(({ properties }) => properties['file'])).toContain('a,line=1:b|`<b>@c.yaml');
    const rows = summary.split('\n').filter((line) => line.startsWith('| critical'));
    expect(rows).toHaveLength(10);
    for (const line of rows) {
      expect(line.split('|')).toHaveLength(6);
      expect(
        line
          .replaceAll(/<\/?code>|<br>/g, '')
          .replaceAll(/\[pod-security\/privileged-container\]\(https:\/\/github\.com\/ekslint\/[^)]*\)/g, ''),
      ).not.toMatch(/[`<@[]/);
    }
  });
  test('hostile inputs are reported, not obeyed', () => {
    const workspace = folderWith({ 'a.yaml': pod('a') });
    for (const text of hostile)
      for (const name of ['preset', 'fail-on', 'config', 'format', 'working-directory', 'new-since', 'annotations']) {
        const { code, commands } = step(workspace, { [name]: `x${text}` });
        expect({ code, names: commands.map((one) => one.name) }).toEqual({ code: 2, names: ['error'] });
        expect(commands[0]?.properties).toEqual({ title: 'ekslint' });
      }
  }, 60_000);
  test('the worst of each level are annotated, the others counted', () => {
    const containers = Array.from(
      { length: 30 },
      (_, i) => `    - {name: c${i}, image: "x:1", securityContext: {privileged: true}}\n`,
    ).join('');
    const workspace = folderWith({
      'ekslint.yaml': config,
      'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n${containers}`,
    });
    const { commands, summary } = step(workspace, oneRule);
    expect(commands.map(({ name }) => name)).toEqual([...Array.from({ length: 10 }, () => 'error'), 'notice']);
    expect(commands.at(-1)?.data).toMatch(/^20 more in the summary/);
    expect(summary.match(/^\| critical/gm)).toHaveLength(30);
  });
});

describe('a pull request', () => {
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'] ?? '', HOME: cwd },
      },
    ).trim();

  /** A repository at the merge commit that GitHub creates for a pull request, and the event that goes with it. */
  function pullRequest(change: (folder: string) => void): {
    folder: string;
    payload: unknown;
    sha: string;
    head: string;
  } {
    const folder = folderWith({
      'ekslint.yaml': `${config}exclude: ["vendor/**"]\n`,
      'old.yaml': pod('old'),
      'touched.yaml': pod('touched', false),
      'gone.yaml': pod('gone'),
      'before.yaml': pod('moved'),
      'sub/inner.yaml': pod('inner', false),
      'vendor/v.yaml': pod('v', false),
    });
    git(folder, 'init', '-q', '-b', 'main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'base');
    const base = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'switch', '-qc', 'topic');
    change(folder);
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'change');
    const head = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'switch', '-q', 'main');
    writeFileSync(join(folder, 'others.yaml'), pod('others'));
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'others');
    git(folder, 'switch', '-q', '--detach');
    git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'topic');
    const sha = git(folder, 'rev-parse', 'HEAD');
    // base.sha is the state of the base branch at the last push to the pull request.
    return { folder, payload: { pull_request: { base: { sha: base }, head: { sha: head } } }, sha, head };
  }
  const change = (folder: string): void => {
    writeFileSync(join(folder, 'touched.yaml'), pod('touched'));
    writeFileSync(join(folder, 'README.md'), '{{ not: [yaml\n');
    writeFileSync(join(folder, 'vendor/v.yaml'), pod('v'));
    writeFileSync(join(folder, 'sub/inner.yaml'), pod('inner'));
    writeFileSync(join(folder, 'new\n::error::x,y.yaml'), pod('new'));
    rmSync(join(folder, 'gone.yaml'));
    git(folder, 'mv', 'before.yaml', 'after [1].yaml');
    symlinkSync('nowhere', join(folder, 'dangling.yaml'));
  };
  const filesOf = ({ commands }: Step): string[] =>
    commands.flatMap(({ name, properties }) => (name === 'error' ? [properties['file'] ?? ''] : [])).sort();

  test('trusted-config: base judges by the config of the base branch', () => {
    const { folder, payload, sha } = pullRequest((where) => {
      writeFileSync(join(where, 'touched.yaml'), pod('touched'));
      writeFileSync(join(where, 'ekslint.yaml'), 'extends: none\nrules: {pod-security/host-pid: low}\n');
    });
    const event = { event: 'pull_request', payload, env: { GITHUB_SHA: sha } };
    expect(step(folder, {}, event)).toMatchObject({ code: 0, outputs: { findings: '0' } });
    const result = step(folder, { 'trusted-config': 'base' }, event);
    expect(result.code).toBe(1);
    expect(filesOf(result)).toContain('touched.yaml');
    expect(result.summary).toContain('ekslint.yaml differs from');
    expect(step(folder, { 'trusted-config': 'head' }, event).code).toBe(2);
  });
  test('changed files are reported, all others are context', () => {
    const { folder, payload, sha } = pullRequest(change);
    const event = { event: 'pull_request', payload, env: { GITHUB_SHA: sha, GITHUB_BASE_REF: 'main' } };
    const result = step(folder, oneRule, event);
    expect(filesOf(result)).toEqual(['after [1].yaml', 'new\\n::error::x,y.yaml', 'sub/inner.yaml', 'touched.yaml']);
    expect(result).toMatchObject({ code: 1, outputs: { findings: '4' } });
    expect(result.commands.filter(({ name }) => name !== 'error')).toEqual([
      { name: 'warning', properties: { title: 'ekslint' }, data: expect.stringMatching(/^1 changed file is not in/) },
    ]);
    expect(filesOf(step(folder, { ...oneRule, 'working-directory': 'sub' }, event))).toEqual(['sub/inner.yaml']);
    expect(filesOf(step(folder, { ...oneRule, paths: '.' }, event))).toContain('old.yaml');
    expect(filesOf(step(folder, oneRule, { ...event, event: 'push' }))).toContain('others.yaml');
  });
  test('files elsewhere still count', () => {
    const { folder, payload, sha } = pullRequest((at) => {
      const account =
        'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {serviceAccountName: SA, containers: []}\n';
      writeFileSync(
        join(at, 'pod.yaml'),
        `${account.replace('SA', 'there')}---\n${account.replace('SA', 'missing').replace('name: p', 'name: q')}`,
      );
    });
    git(folder, 'switch', '-q', '--detach');
    writeFileSync(
      join(folder, 'account.yaml'),
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: there, namespace: shop}\n',
    );
    writeFileSync(join(folder, 'ekslint.yaml'), 'version: 1\nrules:\n  correctness/dangling-service-account: high\n');
    const result = step(folder, oneRule, { event: 'pull_request', payload, env: { GITHUB_SHA: sha } });
    expect(result.commands.map(({ properties, data }) => [properties['file'], data.includes('"missing"')])).toEqual([
      ['pod.yaml', true],
    ]);
  });
  test('one that changes nothing we judge is clean, and SARIF is written', () => {
    for (const touch of [
      (at: string): void => writeFileSync(join(at, 'README.md'), 'x'),
      (at: string): void => rmSync(join(at, 'gone.yaml')),
    ]) {
      const { folder, payload, sha } = pullRequest(touch);
      const result = step(
        folder,
        { ...oneRule, 'sarif-file': 'x.sarif' },
        { event: 'pull_request', payload, env: { GITHUB_SHA: sha } },
      );
      expect(result).toMatchObject({
        code: 0,
        commands: [],
        outputs: { findings: '0', incomplete: 'false', 'sarif-file': 'x.sarif' },
      });
    }
  });
  test('the head of the pull request may be checked out instead of the merge', () => {
    const { folder, payload, sha, head } = pullRequest(change);
    git(folder, 'checkout', '-q', head);
    const result = step(folder, oneRule, { event: 'pull_request', payload, env: { GITHUB_SHA: sha } });
    expect(filesOf(result)).toEqual(['after [1].yaml', 'new\\n::error::x,y.yaml', 'sub/inner.yaml', 'touched.yaml']);
  });
  test('a clone without the base is an error that says how to fix it', () => {
    const { folder, payload, sha, head } = pullRequest(change);
    git(folder, 'branch', 'merged', sha);
    git(folder, 'branch', 'head', head);
    const clone = (branch: string, depth: number): string => {
      const at = join(folderWith({}), 'clone');
      git(folder, 'clone', '-q', '--depth', String(depth), '--branch', branch, `file://${folder}`, at);
      return at;
    };
    const event = { event: 'pull_request', payload, env: { GITHUB_SHA: sha } };
    expect(step(clone('merged', 1), oneRule, event)).toMatchObject({
      code: 2,
      commands: [{ name: 'error', data: expect.stringContaining('Set fetch-depth of actions/checkout to 2') }],
    });
    expect(step(clone('head', 1), oneRule, event)).toMatchObject({
      code: 2,
      commands: [{ name: 'error', data: expect.stringContaining('Set fetch-depth of actions/checkout to 0') }],
    });
    expect(filesOf(step(clone('merged', 2), oneRule, event))).toContain('touched.yaml');
    expect(step(folderWith({ 'a.yaml': pod('a') }), oneRule, event)).toMatchObject({
      code: 2,
      commands: [{ name: 'error', data: expect.stringContaining('not a git checkout') }],
    });
  });
  test('one from a fork needs no token and no home folder', () => {
    const { folder, payload, sha } = pullRequest(change);
    const env = { GITHUB_SHA: sha, GITHUB_TOKEN: '', GITHUB_HEAD_REF: 'topic', HOME: '/nonexistent' };
    expect(step(folder, oneRule, { event: 'pull_request', payload, env })).toMatchObject({
      code: 1,
      outputs: { findings: '4' },
    });
  });
});

describe('the command line on a runner', () => {
  const line = (args: readonly string[], env: Record<string, string>): { stdout: string; summary: string } => {
    const folder = folderWith({ 'pod.yaml': pod('web'), summary: 'before\n' });
    const { stdout } = ekslint(folder, [...args, ...only, 'pod.yaml'], {
      env: { GITHUB_STEP_SUMMARY: join(folder, 'summary'), ...env },
    });
    return { stdout, summary: readFileSync(join(folder, 'summary'), 'utf8') };
  };
  test('annotates and writes a summary unless a format is requested', () => {
    const there = line([], { GITHUB_ACTIONS: 'true' });
    expect(commandsOf(there.stdout).map(({ name }) => name)).toEqual(['error']);
    expect(there.summary).toMatch(/^before\n### ekslint: 1 finding/);
    for (const [args, env] of [
      [['--format', 'text'], { GITHUB_ACTIONS: 'true' }],
      [[], {}],
    ] as const) {
      const other = line(args, env);
      expect(commandsOf(other.stdout)).toEqual([]);
      expect(other).toMatchObject({ stdout: expect.stringContaining('1 finding'), summary: 'before\n' });
    }
  });
  test('--format github and markdown work alone', () => {
    expect(commandsOf(line(['--format', 'github'], {}).stdout)).toHaveLength(1);
    expect(line(['--format', 'github'], {}).stdout.split('\n')).toHaveLength(2);
    expect(line(['--format', 'markdown'], {}).stdout).toMatch(/^### ekslint: 1 finding/);
  });
});
