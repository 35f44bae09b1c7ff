import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-hook-')));
const clone = join(folder, 'clone');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trimEnd();
const git = (cwd: string, ...args: string[]): string =>
  run(cwd, 'git', '-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', ...args);
const commitAll = (cwd: string): void => {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--no-verify', '-m', 'x');
};

const pod = (name: string, privileged = true): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n    - name: a\n      image: a:1\n      securityContext: {privileged: ${privileged}}\n`;
/** Has two replicas, so it needs the budget in another file. */
const deployment = (image: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: a, image: "${image}"}]}\n`;
const budget =
  'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}\n';

const put = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

// A commit of what is in the working tree, so that a change can be tested before it is committed.
beforeAll(() => {
  for (const name of run('.', 'git', 'ls-files', '-co', '--exclude-standard', '-z').split('\0').filter(Boolean))
    cpSync(name, join(clone, name));
  git(clone, 'init', '-q');
  commitAll(clone);
});

// 4.7 installs from the clone itself; earlier versions run `npm pack` in it.
describe.each(['pre-commit', 'pre-commit==4.0.1'])('%s', (wanted) => {
  const place = join(folder, wanted.replace('==', '-'));
  const python = join(place, process.platform === 'win32' ? 'Scripts' : 'bin');
  const repository = join(place, 'repository');
  const environment = { ...process.env, PRE_COMMIT_HOME: join(place, 'home'), SOURCE_DATE_EPOCH: '1795219200' };
  /** The output of the hooks for the staged files. */
  const commit = (...args: string[]): { status: number | null; stdout: string } => {
    const { status, stdout } = spawnSync(join(python, 'pre-commit'), args, {
      cwd: repository,
      encoding: 'utf8',
      env: environment,
    });
    return { status, stdout };
  };
  beforeAll(() => {
    run(folder, 'python3', '-m', 'venv', place);
    run(folder, join(python, 'pip'), 'install', '--quiet', '--disable-pip-version-check', wanted);
    mkdirSync(repository);
    git(repository, 'init', '-q');
    const rules = ['--only', 'pod-security/privileged-container', '--only', 'reliability/pdb-missing'];
    const config = {
      repos: [
        {
          repo: clone,
          rev: git(clone, 'rev-parse', 'HEAD'),
          hooks: [
            { id: 'ekslint', alias: 'chosen', args: [...rules, '--all', '--preset', 'all', '--fail-on', 'low', '--'] },
            { id: 'ekslint', alias: 'plain' },
            { id: 'ekslint-workspace', args: rules },
          ],
        },
      ],
    };
    put(repository, {
      '.pre-commit-config.yaml': JSON.stringify(config),
      'old/broken.yaml': pod('old'),
      'old/renamed.yaml': pod('renamed'),
      'old/gone.yaml': pod('gone'),
      'web/web.yaml': deployment('a:1'),
      'web/budget.yaml': budget,
    });
    commitAll(repository);
  });

  // Counts the CPU time of pre-commit and of everything it starts: wall-clock time would include other load and the
  // network.
  test('installs from a clone for less than 45 s of CPU time', () => {
    const measure = [
      'import resource, subprocess, sys',
      'code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode',
      'usage = resource.getrusage(resource.RUSAGE_CHILDREN)',
      'print(usage.ru_utime + usage.ru_stime)',
      'sys.exit(code)',
    ].join('\n');
    const start = Date.now();
    const printed = execFileSync(join(python, 'python'), ['-c', measure, join(python, 'pre-commit'), 'install-hooks'], {
      cwd: repository,
      encoding: 'utf8',
      env: environment,
    });
    const seconds = (Date.now() - start) / 1000;
    const cpu = Number(printed);
    console.log(`${wanted}: the hook is installed after ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of CPU time)`);
    expect(cpu).toBeGreaterThan(1); // less would mean that nothing was built
    expect(cpu).toBeLessThan(45);
  });

  test('reports the changed files, whatever they are called', () => {
    const names = ['two words', 'it\'s "quoted"', '-dash', '--fix', 'line\nbreak', 'ümläut', '$(x) `y`'];
    // Objects with different names: the text format reports the same object in several files once.
    put(repository, Object.fromEntries(names.map((name, i) => [`${name}.yaml`, pod(`a${i}`)])));
    renameSync(join(repository, 'old/renamed.yaml'), join(repository, 'old/new-name.yaml'));
    rmSync(join(repository, 'old/gone.yaml'));
    git(repository, 'add', '-A');
    const start = Date.now();
    const { status, stdout } = commit('run', 'chosen');
    console.log(`${wanted}: after ${((Date.now() - start) / 1000).toFixed(1)} s the hook says\n${stdout}`);
    expect(status).toBe(1);
    expect(stdout.match(/privileged-container/g)).toHaveLength(names.length + 1);
    for (const name of ['two words.yaml', '-dash.yaml', '--fix.yaml', 'ümläut.yaml', 'old/new-name.yaml'])
      expect(stdout).toContain(`${name}\n`);
    for (const name of ['old/broken.yaml', 'gone', 'unknown option']) expect(stdout).not.toContain(name);
    git(repository, 'reset', '-q', '--hard');
  });

  test('a file named like a flag is a file, even without args', () => {
    put(repository, { '-dash.yaml': pod('a') });
    git(repository, 'add', '-A');
    expect(commit('run', 'plain').stdout).toContain('privileged-container');
    git(repository, 'reset', '-q', '--hard');
  });

  test('judges what is staged, not what is in the working tree', () => {
    put(repository, { 'part.yaml': pod('part') });
    git(repository, 'add', '-A');
    put(repository, { 'part.yaml': pod('part', false) });
    expect(commit('run', 'chosen')).toMatchObject({ status: 1, stdout: expect.stringContaining('part.yaml') });
    git(repository, 'add', '-A');
    put(repository, { 'part.yaml': pod('part') });
    expect(commit('run', 'chosen').status).toBe(0);
    git(repository, 'reset', '-q', '--hard');
  });

  test('reads the whole workspace', () => {
    put(repository, { 'web/web.yaml': deployment('a:2') });
    git(repository, 'add', '-A');
    expect(commit('run', 'chosen').status).toBe(0);
    git(repository, 'rm', '-q', 'web/budget.yaml');
    expect(commit('run', 'chosen')).toMatchObject({ status: 1, stdout: expect.stringContaining('pdb-missing') });
    git(repository, 'reset', '-q', '--hard');
  });

  test('a commit that changes no such file passes', () => {
    put(repository, { 'notes.txt': 'x\n', 'package.json': '{}\n' });
    git(repository, 'add', '-A');
    expect(commit('run', 'chosen').status).toBe(0);
    git(repository, 'reset', '-q', '--hard');
  });

  test('the other hook reports the whole workspace', () => {
    put(repository, { 'web/web.yaml': deployment('a:2') });
    git(repository, 'add', '-A');
    const { status, stdout } = commit('run', 'ekslint-workspace');
    expect(status).toBe(1);
    for (const name of ['broken', 'renamed', 'gone']) expect(stdout).toContain(`old/${name}.yaml`);
    git(repository, 'reset', '-q', '--hard');
  });
});
