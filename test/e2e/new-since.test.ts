import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonReport } from '#reporters/json.ts';
import { ekslint, folderWith, only, pod } from './ekslint.ts';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' },
  });

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A repository with a commit on main, and a branch `work` on top of it that is checked out. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderWith(files);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  git(folder, 'checkout', '-q', '-b', 'work');
  return folder;
}
const newIn = (folder: string, args: readonly string[] = [], cwd = folder) => {
  const { code, stdout, stderr } = ekslint(cwd, ['--new-since', 'main', '--format', 'json', ...only, ...args]);
  expect(stderr).toBe('');
  const { findings, counts } = JSON.parse(stdout) as JsonReport;
  return {
    code,
    known: counts.known,
    findings: findings.map(
      ({ location, resource, state }) => `${location.file}:${location.line} ${resource.name} ${state}`,
    ),
  };
};

describe('--new-since', () => {
  test('old findings are counted, new ones are reported', () => {
    const folder = repository({ 'a.yaml': pod('old'), 'deploy/b.yaml': pod('other') });
    expect(newIn(folder)).toEqual({ code: 0, known: 2, findings: [] });
    put(folder, { 'deploy/c.yaml': pod('fresh') });
    expect(newIn(folder)).toEqual({ code: 1, known: 2, findings: ['deploy/c.yaml:8 fresh new'] });
    const { code, stdout } = ekslint(folder, ['--new-since', 'main', ...only]);
    expect(code).toBe(1);
    expect(stdout).toContain('1 finding (1 critical)');
    expect(stdout).toContain('2 known before main not shown');
    expect(stdout).not.toContain('Pod "old"');
    expect(ekslint(folder, ['--new-since', 'main', '-f', 'sarif', ...only]).stdout).not.toContain('Pod \\"old\\"');
  });
  test('moved lines are not new, one more of the same is', () => {
    const folder = repository({ 'a.yaml': pod('old') });
    put(folder, { 'a.yaml': `# a comment\n\n${pod('old')}` });
    expect(newIn(folder)).toMatchObject({ code: 0, known: 1, findings: [] });
    put(folder, { 'a.yaml': `${pod('old')}    - name: second\n      securityContext: {privileged: true}\n` });
    expect(newIn(folder)).toMatchObject({ code: 1, known: 1, findings: ['a.yaml:10 old new'] });
  });
  test('the merge base counts, not the tip of the other branch', () => {
    const folder = repository({ 'a.yaml': pod('web', false) });
    git(folder, 'checkout', '-q', 'main');
    put(folder, { 'b.yaml': pod('theirs') });
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'theirs');
    git(folder, 'checkout', '-q', 'work');
    put(folder, { 'b.yaml': pod('theirs') });
    expect(newIn(folder)).toMatchObject({ known: 0, findings: ['b.yaml:8 theirs new'] });
  });
  test('paths and subfolders, and what was judged in them before', () => {
    const folder = repository({ 'deploy/a.yaml': pod('a'), 'other/b.yaml': pod('b') });
    put(folder, { 'deploy/new.yaml': pod('new') });
    expect(newIn(folder, ['deploy'])).toMatchObject({ known: 1, findings: ['deploy/new.yaml:8 new new'] });
    expect(newIn(folder, [], join(folder, 'deploy'))).toMatchObject({ known: 1, findings: ['new.yaml:8 new new'] });
    expect(newIn(folder, ['deploy/a.yaml'])).toMatchObject({ code: 0, known: 1, findings: [] });
    expect(newIn(folder, ['../other'], join(folder, 'deploy'))).toMatchObject({ known: 1, findings: [] });
  });
  test('a file that moved is new in its new location', () => {
    const folder = repository({ 'a.yaml': pod('web') });
    renameSync(join(folder, 'a.yaml'), join(folder, 'b.yaml'));
    expect(newIn(folder)).toMatchObject({ known: 0, findings: ['b.yaml:8 web new'] });
  });
  test('a kustomization, a chart and links of the commit are read like those on disk', () => {
    const folder = repository({
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('web', false),
      'prod/kustomization.yaml':
        'resources: [../base]\npatches:\n  - patch: |\n      {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{name: app, securityContext: {privileged: true}}]}}\n',
      'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
      'chart/templates/a.yaml': 'a: {{ b }}\n',
    });
    expect(newIn(folder)).toMatchObject({ code: 0, known: 1, findings: [] });
  });
  test('config and its ignores are the current ones, and removing an ignore brings its finding back', () => {
    const ignored = pod('web').replace('privileged: true}', 'privileged: true} # ekslint-ignore pod-security/* -- x');
    const folder = repository({
      'a.yaml': ignored,
      'ekslint.yaml': 'version: 1\nexclude: [b.yaml]\n',
      'b.yaml': pod('b'),
    });
    put(folder, { 'a.yaml': pod('web'), 'ekslint.yaml': 'version: 1\n' });
    expect(newIn(folder)).toMatchObject({ known: 1, findings: ['a.yaml:8 web new'] });
  });
  test('what git cannot answer is an error that says how to fix it', () => {
    const folder = repository({ 'a.yaml': pod('web') });
    const fails = (ref: string, cwd = folder) => {
      const { code, stdout, stderr } = ekslint(cwd, ['--new-since', ref, ...only]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(fails('gone')).toMatch(/^error: --new-since: unknown commit "gone"\n +Pass a branch/);
    for (const ref of ['--upload-pack=touch x', '-x', '', 'a\nb']) expect(fails(ref)).toMatch(/invalid commit name/);
    for (const ref of ['main:a.yaml', '$(touch x)', ';touch x', 'HEAD~99'])
      expect(fails(ref)).toMatch(/unknown commit/);
    expect(existsSync(join(folder, 'x'))).toBe(false);
    git(folder, 'checkout', '-q', '--orphan', 'alone');
    git(folder, 'commit', '-q', '-m', 'alone');
    expect(fails('main')).toMatch(/"main" and HEAD have no common commit/);
    expect(fails('main', folderWith({ 'a.yaml': pod('web') }))).toMatch(/needs a git repository/);
    const { stderr } = ekslint(folder, ['--new-since', 'main', ...only], { env: { PATH: '' } });
    expect(stderr).toMatch(/^error: --new-since needs git, which could not be started\n/);
  });
  test('for a shallow clone, fetching its history is suggested', () => {
    const folder = repository({ 'a.yaml': pod('web') });
    put(folder, { 'b.yaml': pod('b') });
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'second');
    const clone = join(folderWith({}), 'clone');
    git(folder, 'clone', '-q', '--depth', '1', '--branch', 'work', `file://${folder}`, clone);
    const first = git(folder, 'rev-parse', 'main').trim();
    const { code, stderr } = ekslint(clone, ['--new-since', first, ...only]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/fetch-depth: 0/);
  });
  test('nothing that the repository configures runs', () => {
    const folder = repository({ 'a.yaml': pod('web'), '.gitattributes': '*.yaml diff=evil filter=evil\n' });
    const canary = join(folder, 'ran');
    const evil = join(folder, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\ntouch ${canary}\ncat\n`);
    chmodSync(evil, 0o755);
    for (const name of ['git', 'post-index-change', 'reference-transaction', 'pre-auto-gc'])
      put(folder, {
        [`.git/hooks/${name}`]: `#!/bin/sh\ntouch ${canary}\n`,
        [`bin/${name}`]: `#!/bin/sh\ntouch ${canary}\n`,
      });
    for (const name of ['.git/hooks/post-index-change', '.git/hooks/reference-transaction', 'bin/git'])
      chmodSync(join(folder, name), 0o755);
    for (const [key, value] of [
      ['core.fsmonitor', evil],
      ['core.sshCommand', evil],
      ['core.pager', evil],
      ['core.editor', evil],
      ['core.alternateRefsCommand', evil],
      ['diff.evil.textconv', evil],
      ['diff.external', evil],
      ['filter.evil.smudge', evil],
      ['filter.evil.clean', evil],
      ['credential.helper', evil],
      ['gpg.program', evil],
      ['alias.ls-tree', `!${evil}`],
      ['remote.origin.url', `ext::${evil}`],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.partialclonefilter', 'blob:none'],
      ['protocol.ext.allow', 'always'],
    ] as const)
      git(folder, 'config', key, value);
    git(folder, 'config', 'core.hooksPath', join(folder, '.git/hooks'));
    put(folder, { 'a.yaml': pod('web'), 'b.yaml': pod('b') });
    rmSync(canary, { force: true }); // git in this test may have run some of them
    const env = { PATH: `bin:./bin::${process.env['PATH'] ?? ''}` };
    expect(ekslint(folder, ['--new-since', 'main', ...only], { env })).toMatchObject({ code: 1, stderr: '' });
    // An object that is missing would be fetched from the promisor.
    const blob = git(folder, 'rev-parse', 'main:a.yaml').trim();
    rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    rmSync(canary, { force: true });
    expect(ekslint(folder, ['--new-since', 'main', ...only], { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: --new-since/),
    });
    expect(existsSync(canary)).toBe(false);
  });
});

describe('--baseline', () => {
  const entries = (folder: string, name = 'known.json') =>
    (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { findings: Record<string, unknown>[] }).findings;
  test('is written, accepts its entries and nothing more', () => {
    const folder = folderWith({ 'a.yaml': pod('web'), 'deploy/b.yaml': pod('b') });
    expect(ekslint(folder, ['--baseline', 'known.json', ...only])).toMatchObject({
      code: 2,
      stderr: 'error: baseline known.json does not exist\n       Create it with --update-baseline.\n',
    });
    expect(ekslint(folder, ['--update-baseline', ...only])).toMatchObject({ code: 2 });
    const written = ekslint(folder, ['--baseline', 'known.json', '--update-baseline', ...only]);
    expect(written).toMatchObject({ code: 0, stderr: 'wrote known.json: 2 findings\n' });
    expect(written.stdout).toContain('2 in the baseline');
    expect(entries(folder)[0]).toEqual({
      rule: only[1],
      file: 'a.yaml',
      resource: 'Pod/shop/web',
      path: 'spec.containers[0].securityContext.privileged',
      message: expect.any(String),
      count: 1,
    });
    put(folder, { 'ekslint.yaml': 'version: 1\nbaseline: known.json\n' });
    expect(ekslint(folder, [...only]).code).toBe(0);
    expect(ekslint(join(folder, 'deploy'), ['--config', '../ekslint.yaml', ...only]).code).toBe(0);
    put(folder, { 'a.yaml': `# moved\n${pod('web')}---\n${pod('web')}` });
    const { code, stdout } = ekslint(folder, [...only]);
    expect(code).toBe(1);
    expect(stdout).toContain('1 finding (1 critical)');
  });
  test('an entry without its finding is reported, unless the run could not know', () => {
    const folder = folderWith({
      'a.yaml': pod('web'),
      'b.yaml': pod('b'),
      'ekslint.yaml': 'version: 1\nbaseline: known.json\n',
    });
    ekslint(folder, ['--update-baseline', ...only]);
    put(folder, { 'a.yaml': pod('web', false) });
    expect(ekslint(folder, [...only])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /low +ekslint\/unused-baseline-entry +The baseline accepts pod-security\/privileged-container in a\.yaml, which no longer occurs; update it with --update-baseline$/m,
      ),
    });
    expect(ekslint(folder, ['--strict-ignores', ...only]).code).toBe(1);
    expect(ekslint(folder, ['b.yaml', '--strict-ignores', ...only]).code).toBe(0);
    expect(ekslint(folder, ['--strict-ignores', '--only', 'pod-security/host-pid']).code).toBe(0);
    expect(ekslint(folder, ['--no-config', ...only]).code).toBe(1);
    expect(ekslint(folder, ['b.yaml', '--update-baseline', ...only]).stderr).toBe('wrote known.json: 2 findings\n');
    expect(ekslint(folder, ['--update-baseline', ...only]).stderr).toBe('wrote known.json: 1 finding\n');
    rmSync(join(folder, 'b.yaml'));
    expect(ekslint(folder, [...only]).stdout).toContain('in b.yaml, which no longer occurs');
  });
  test('a file that ekslint did not write is an error', () => {
    const folder = folderWith({ 'a.yaml': pod('web') });
    for (const text of [
      '',
      '{',
      '[]',
      '{"version": 2, "findings": []}',
      '{"version": 1, "findings": [{"rule": "x"}]}',
    ]) {
      put(folder, { 'known.json': text });
      expect(ekslint(folder, ['--baseline', 'known.json', ...only])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^error: invalid baseline known\.json: /),
      });
    }
    expect(ekslint(folder, ['--baseline', 'x', '--update-baseline', '--new-since', 'main']).stderr).toMatch(
      /cannot be combined/,
    );
  });
});
