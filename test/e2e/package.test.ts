import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { clientsBundle } from '../../bin/clients-bundle.mts';
import { describe, expect, inject, test } from 'vitest';
import { ekslint, folderWith, only, pod, runProgram } from './ekslint.ts';

const root = inject('installed');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

/** Starts npm or npx with only their default configuration and cache, and without the network. */
function npm(cwd: string, ...command: string[]): string {
  const [program = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    },
  });
  if (error) throw error;
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const tarball = inject('tarball');
const empty = () => folderWith({ 'repository/pod.yaml': pod('web') });
const oneFinding = { code: 1, stdout: expect.stringContaining('1 finding'), stderr: '' };

describe('the package', () => {
  test('contains only what is needed at run time', () => {
    // Not the installed files: the runs of other tests add code caches.
    const { status, stdout } = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
    expect(status).toBe(0);
    const files = stdout
      .split(/\r?\n/)
      .filter((name) => name !== '' && !name.endsWith('/'))
      .map((name) => name.replace(/^package\//, ''));
    expect(files).toContain('bin/ekslint.cjs');
    const allowed = [
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
      /^bin\/ekslint\.cjs$/,
      /^dist\/[\w-]+\.(cjs|js|wasm)$/,
      /^dist\/THIRD-PARTY-NOTICES\.txt$/,
      /^dist\/types\/[\w/-]+\.d\.ts$/,
      /^rules\/[\w-]+\/[\w-]+\.md$/,
      /^schemas\/\w+\.json$/,
      /^schemas\/(?:kubernetes|custom|aws)\/[\w.-]+\.json$/,
    ];
    expect(files.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
    expect(statSync(tarball).size).toBeLessThan(2_500_000);
  });
  test('has no dependencies', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(manifest[kind]).toBeUndefined();
    expect(readdirSync(dirname(root)).filter((name) => !name.startsWith('.'))).toEqual(['ekslint']);
    const imported = readdirSync(join(root, 'dist'))
      .filter((name) => /\.c?js$/.test(name))
      .flatMap((name) => [
        ...readFileSync(join(root, 'dist', name), 'utf8').matchAll(
          /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([a-z@][^"]*)"/g,
        ),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:'));
    const { builtinModules } = process.getBuiltinModule('node:module');
    // Ajv writes names into code that it generates for others; nothing loads them. The clients look for optional
    // packages and continue without them.
    const optional = ['@aws-sdk/signature-v4-crt', 'encoding', 'bufferutil', 'utf-8-validate'];
    expect(
      imported.filter(
        (name) => ![...builtinModules, ...optional].includes(name) && !name.startsWith('ajv/dist/runtime/'),
      ),
    ).toEqual([]);
  });
  test('contains the license of every bundled package', async () => {
    const { metafile } = await build({
      entryPoints: ['src/cli.ts', 'src/index.ts', 'src/rule/index.ts'],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      outdir: 'unused',
      logLevel: 'error',
      ...clientsBundle,
    });
    const names = new Set(
      Object.keys(metafile.inputs).flatMap((file) => /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(file)?.[0] ?? []),
    );
    expect(names.size).toBeGreaterThan(5);
    const notices = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const folder of [
      ...names,
      'node_modules/@tree-sitter-grammars/tree-sitter-hcl/',
      'node_modules/@kubernetes/client-node/',
    ]) {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      expect(notices).toContain(`\n${name} ${version} (`);
      const license = readdirSync(folder).find((file) => /^(un)?licen[cs]e/i.test(file));
      // Five packages name their license but omit its text.
      if (license === undefined)
        expect(notices).toMatch(new RegExp(`\\n${name} ${version} \\((Apache-2\\.0|MIT)\\)\n\n(The text|Copyright)`));
      else expect(notices).toContain(readFileSync(join(folder, license), 'utf8').trim());
    }
  });
});

describe('an installation', () => {
  test.each([[[]], [['--omit=dev']], [['--ignore-scripts']]])('in an empty folder, npm install %s', (flags) => {
    const folder = empty();
    npm(folder, 'npm', 'install', '--no-audit', '--no-fund', ...flags, tarball);
    expect(
      runProgram(join(folder, 'node_modules/ekslint/bin/ekslint.cjs'), join(folder, 'repository'), [...only, '.']),
    ).toMatchObject(oneFinding);
    const { status, stdout } = spawnSync(join(folder, 'node_modules/.bin/ekslint'), ['--version'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${String(manifest['version'])}\n` });
  });
  test('with a global prefix', () => {
    const folder = empty();
    npm(folder, 'npm', 'install', '--global', '--prefix', join(folder, 'prefix'), tarball);
    const program = join(folder, 'prefix/bin/ekslint');
    expect(existsSync(program)).toBe(true);
    expect(runProgram(program, join(folder, 'repository'), [...only, '.'])).toMatchObject(oneFinding);
  });
  // npx treats the bare path of a file as a program, so the tarball is given as a file: URL.
  test.each([[[`file:${tarball}`]], [[`--package=${tarball}`, 'ekslint']]])('through npx %s', (words) => {
    const folder = empty();
    const { status, stdout } = spawnSync('npx', ['--yes', ...words, ...only, '.'], {
      cwd: join(folder, 'repository'),
      encoding: 'utf8',
      timeout: 60_000,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, npm_config_offline: 'true' },
    });
    expect({ code: status, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('1 finding') });
  });
  test('without its bundle says what to do', () => {
    const bin = ['bin/ekslint.cjs'];
    const folder = folderWith(Object.fromEntries(bin.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
    expect(runProgram(join(folder, 'bin/ekslint.cjs'), folder, ['.'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: cannot read .*cli\.cjs \(ENOENT\)\n {7}In a clone, run: npm ci && npm run build\n$/,
      ),
    });
  });
  test('says on an old Node which version is needed', () => {
    const old = folderWith({ 'old.cjs': "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });" });
    expect(ekslint(old, ['.'], { node: ['--require', join(old, 'old.cjs')] })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: ekslint needs Node 20.19 or newer, and this is Node 18.20.8\n',
    });
  });
  test('works for another user, read-only', () => {
    const folder = empty();
    npm(folder, 'npm', 'install', '--global', '--prefix', join(folder, 'prefix'), tarball);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    for (const file of [folder, ...files]) chmodSync(file, 0o555);
    // Only root can become another user; for everyone else it is only made read-only.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    expect(
      runProgram(join(folder, 'prefix/bin/ekslint'), join(folder, 'repository'), [...only, '.'], user),
    ).toMatchObject(oneFinding);
    for (const file of [folder, ...files]) if (statSync(file).isDirectory()) chmodSync(file, 0o755);
  });
});
