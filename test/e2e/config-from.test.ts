import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonReport } from '#reporters/json.ts';
import { ekslint, folderWith, pod } from './ekslint.ts';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' },
  });

const rule = 'pod-security/privileged-container';
const strict = `extends: none\nrules: {${rule}: critical}\n`;
const off = `extends: none\nrules: {${rule}: off, pod-security/host-pid: high}\n`;

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A repository whose main branch has these files, with a privileged Pod; the working tree is on a later branch. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({ 'pod.yaml': pod('web') });
  put(folder, files);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  git(folder, 'checkout', '-q', '-b', 'work');
  return folder;
}

const run = (folder: string, ...args: string[]) => {
  const { code, stdout, stderr } = ekslint(folder, ['--config-from', 'main', '--format', 'json', ...args]);
  expect(stderr).toBe('');
  const { findings, notes } = JSON.parse(stdout) as JsonReport;
  return {
    code,
    rules: findings.map((finding) => `${finding.rule} ${finding.severity}`),
    notes: notes.map(({ message }) => message).filter((message) => message.includes('differs from')),
  };
};
const differs = (file: string): string =>
  `${file} differs from main: this run ignores the changes because of --config-from`;
const found = [`${rule} critical`];

describe('--config-from', () => {
  test('a config that the working tree weakens or removes applies as in the commit', () => {
    const folder = repository({ 'ekslint.yaml': strict });
    expect(run(folder)).toEqual({ code: 1, rules: found, notes: [] });
    put(folder, { 'ekslint.yaml': off });
    expect(run(folder)).toEqual({ code: 1, rules: found, notes: [differs('ekslint.yaml')] });
    rmSync(join(folder, 'ekslint.yaml'));
    expect(run(folder)).toEqual({ code: 1, rules: found, notes: [differs('ekslint.yaml')] });
  });
  test('a config that exists only in the working tree does not apply', () => {
    const folder = repository({});
    put(folder, { 'ekslint.yaml': off });
    const { code, rules, notes } = run(folder);
    expect([code, rules.includes(found[0] ?? ''), notes]).toEqual([1, true, [differs('ekslint.yaml')]]);
  });
  test('so does what it extends, and a nearer config', () => {
    const folder = repository({
      'ekslint.yaml': 'extends: ./base.yaml\n',
      'base.yaml': strict,
      'apps/pod.yaml': pod('a'),
    });
    put(folder, { 'base.yaml': off });
    expect(run(folder, 'pod.yaml')).toEqual({ code: 1, rules: found, notes: [differs('base.yaml')] });
    put(folder, { 'base.yaml': strict, 'apps/ekslint.yaml': off });
    expect(run(join(folder, 'apps'), 'pod.yaml')).toEqual({ code: 1, rules: found, notes: [differs('ekslint.yaml')] });
  });
  test('a file that --config names is read from the commit', () => {
    const folder = repository({ 'ci/strict.yaml': strict });
    put(folder, { 'ci/strict.yaml': off });
    expect(run(folder, '--config', 'ci/strict.yaml', 'pod.yaml')).toEqual({
      code: 1,
      rules: found,
      notes: [differs('ci/strict.yaml')],
    });
  });
  test('the baseline is read from the commit', () => {
    const folder = repository({
      'ekslint.yaml': `${strict}baseline: known.json\n`,
      'known.json': '{"version": 1, "findings": []}',
    });
    const { code } = ekslint(folder, ['--update-baseline']);
    expect(code).toBe(0);
    expect(run(folder)).toEqual({ code: 1, rules: found, notes: [differs('known.json')] });
  });
  test('errors say where the text comes from', () => {
    const folder = repository({ 'ekslint.yaml': 'presets: none\n' });
    put(folder, { 'ekslint.yaml': strict });
    const broken = ekslint(folder, ['--config-from', 'main']);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/^error: ekslint\.yaml:1:1: .*\(in main, which --config-from names\)/);
    expect(ekslint(folder, ['--config-from', 'nowhere']).stderr).toContain('--config-from: unknown commit "nowhere"');
    const both = ekslint(folder, ['--config-from', 'main', '--update-baseline', '--baseline', 'a.json']);
    expect(both.stderr).toContain('--update-baseline and --config-from cannot be combined');
    expect(ekslint(folderWith({ 'pod.yaml': pod('web') }), ['--config-from', 'main']).stderr).toContain(
      '--config-from needs a git repository',
    );
  });
});
