import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folderWith, pod } from './ekslint.ts';

const root = process.cwd();

/** What `npm start -- <args>` runs. */
function start(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/start.cjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: root, SOURCE_DATE_EPOCH: '1795219200' },
  });
  return { code: status, stdout, stderr };
}

describe('npm start', () => {
  const shop = /^fixtures\/scenarios\/shop\//m;
  test('lints the example repository, and flags and their values are not paths', () => {
    for (const args of [
      [],
      ['--only', 'upgrades'],
      ['--only=upgrades', '-q'],
      ['-f', 'compact', '--skip', 'rbac'],
      ['lint'],
    ]) {
      const { code, stdout, stderr } = start(...args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
      expect(stdout).toMatch(shop);
    }
    expect(start('--only', 'upgrades').stdout).not.toContain('rbac/');
  });
  test('accepts paths before and after flags', () => {
    const folder = folderWith({ 'a.yaml': pod('web') });
    for (const args of [
      [folder],
      ['--only', 'pod-security', folder],
      [folder, '--max-findings', '5'],
      ['--', folder],
    ]) {
      const { code, stdout } = start('--no-config', ...args);
      expect({ args, code }).toEqual({ args, code: 0 });
      expect(stdout).toContain('Pod "web"');
      expect(stdout).not.toMatch(shop);
    }
  });
  test('given flags take precedence, other commands run, errors stay errors', () => {
    expect(start('--fail-on', 'low').code).toBe(1);
    expect(start('explain', 'upgrades/removed-api').stdout).toMatch(/^upgrades\/removed-api/);
    expect(start('--nly', 'upgrades')).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown option') });
    expect(start('absent.yaml').code).toBe(2);
  });
});

test('a short run loads no builtin modules beyond those that Node has loaded and the few it needs', () => {
  const folder = folderWith({
    'a.yaml': pod('web'),
    'list.cjs': `process.on('exit', () => console.error(process.moduleLoadList.filter((one) => one.startsWith('NativeModule ')).join('\\n')))`,
  });
  const loaded = (...args: string[]): string[] =>
    spawnSync(process.execPath, ['-r', join(folder, 'list.cjs'), ...args], { cwd: folder, encoding: 'utf8' })
      .stderr.split('\n')
      .map((line) => line.replace('NativeModule ', ''));
  const bare = new Set(loaded('-e', '0'));
  loaded(bin, 'a.yaml'); // writes the code cache
  // Streams, the network and cryptography take longer to load than a small file takes to judge.
  const mine = loaded(bin, 'a.yaml', '--only', 'pod-security/host-pid').filter((name) => !bare.has(name));
  expect(mine.filter((name) => !name.startsWith('internal/')).sort()).toEqual(['process', 'vm']);
});
