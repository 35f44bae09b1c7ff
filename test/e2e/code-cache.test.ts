import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { folderWith, only, pod, type Run, runProgram } from './ekslint.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

/** A separate installation, owned by the user who runs the tests, and how it is started. */
function installation() {
  const folder = folderWith({ 'pod.yaml': pod('web') });
  const home = join(folder, 'home');
  mkdirSync(home);
  const root = join(folder, 'ekslint');
  // Other tests write caches meanwhile.
  cpSync(inject('installed'), root, { recursive: true, filter: (path) => !isCache(path) });
  const dist = join(root, 'dist');
  chmodSync(dist, 0o755);
  const start = (args: readonly string[] = [], options: Parameters<typeof runProgram>[3] = {}): Run =>
    runProgram(join(root, 'bin/ekslint.cjs'), folder, [...only, ...args, 'pod.yaml'], {
      ...options,
      env: { HOME: home, ...options.env },
    });
  return { folder, home, dist, start };
}

/** The cache leaves itself and drafts of it in a folder. */
const isCache = (path: string): boolean => basename(path).includes('.cache');
const caches = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter(isCache);
  } catch {
    return [];
  }
};
/** The cache of the command line; the only other allowed one is that of the parser. */
const ofCli = (folder: string): string => {
  const names = caches(folder).sort();
  expect(names.map((name) => name.split('.')[0])).toEqual(['cli', 'yaml']);
  return join(folder, names[0] ?? '');
};
/** Changes when the file is written again. */
const edition = (file: string): string => {
  const { ino, mtimeMs } = statSync(file);
  return `${ino} ${mtimeMs}`;
};

describe('the code cache', () => {
  test('stays small: it is read completely at each start', () => {
    const { dist, start } = installation();
    start();
    // The data is stored twice.
    expect(statSync(ofCli(dist)).size).toBeLessThan(3_000_000);
  });
  const { stdout, code } = installation().start(['--no-cache']);
  const normal: Run = { code, stdout, stderr: '' };
  test('the run with which the others are compared has a finding', () =>
    expect(normal).toMatchObject({ code: 1, stdout: expect.stringContaining('1 finding') }));

  test('is written next to the bundle by the first run, only for its owner, and used by the next', () => {
    const { dist, home, start } = installation();
    expect(start()).toEqual(normal);
    const file = ofCli(dist);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = edition(file);
    expect(start()).toEqual(normal);
    expect(edition(file)).toBe(before);
    expect(readdirSync(home)).toEqual([]);
  });

  test('linting a manifest loads nothing of other formats and commands, whose bundle has its own cache', () => {
    const { folder, dist, start } = installation();
    const bundle = join(dist, 'later.cjs');
    renameSync(bundle, `${bundle}.away`);
    expect(start()).toEqual(normal);
    expect(start(['-f', 'json'])).toMatchObject({ code: 2, stderr: expect.stringContaining('later.cjs') });
    renameSync(`${bundle}.away`, bundle);
    writeFileSync(
      join(folder, 'cluster.yaml'),
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: prod, region: eu-west-1}\n',
    );
    const first = start(['--only', 'cluster', 'cluster.yaml']);
    expect(first.stdout).toContain('cluster "prod"');
    const [, later = ''] = caches(dist).sort();
    expect(later).toMatch(/^later\./);
    const before = edition(join(dist, later));
    expect(start(['--only', 'cluster', 'cluster.yaml'])).toEqual(first);
    expect(edition(join(dist, later))).toBe(before);
  });

  test('a damaged cache is not given to V8, and is written again', () => {
    const { dist, start } = installation();
    start();
    const file = ofCli(dist);
    const whole = readFileSync(file);
    const damages = [
      Buffer.alloc(0),
      whole.subarray(0, 7),
      whole.subarray(0, 8),
      whole.subarray(0, whole.length >> 1),
      Buffer.concat([whole, Buffer.from([0])]),
      ...Array.from({ length: 16 }, (_, i) => {
        const flipped = Buffer.from(whole);
        // The header of V8 is in the first bytes after the hash; the rest is spread over everything.
        const at = i < 10 ? 4 + i * 4 : Math.floor((whole.length * (i - 9.5)) / 6.5);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (i % 8)), at);
        return flipped;
      }),
    ];
    for (const damage of damages) {
      writeFileSync(file, damage);
      const before = edition(file);
      expect(start()).toEqual(normal);
      expect(edition(ofCli(dist))).not.toBe(before);
    }
  }, 120_000);

  test('a cache of another bundle of the same length is not used', () => {
    const { dist, start } = installation();
    start();
    const bundle = join(dist, 'cli.cjs');
    const text = readFileSync(bundle, 'latin1');
    const changed = text.replaceAll('1 finding', '1 defects').replaceAll('finding', 'fimding');
    expect(changed).not.toBe(text);
    expect(changed).toHaveLength(text.length);
    writeFileSync(bundle, changed, 'latin1');
    expect(start().stdout).toContain('1 fimding');
  });

  test('--no-cache neither reads nor writes one; after -- it is a path', () => {
    const { dist, home, start } = installation();
    expect(start(['--no-cache'])).toEqual(normal);
    expect([caches(dist), readdirSync(home)]).toEqual([[], []]);
    start(['--', '--no-cache']);
    ofCli(dist);
  });

  test('is stored in XDG_CACHE_HOME, or ~/.cache, if others can write next to the bundle', () => {
    const { folder, dist, home, start } = installation();
    start();
    const planted = edition(ofCli(dist));
    chmodSync(dist, 0o777);
    expect(start()).toEqual(normal);
    const xdg = join(folder, 'xdg');
    expect(start([], { env: { XDG_CACHE_HOME: xdg } })).toEqual(normal);
    for (const place of [join(home, '.cache/ekslint'), join(xdg, 'ekslint')]) {
      expect(statSync(place).mode & 0o777).toBe(0o700);
      const file = ofCli(place);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const before = edition(file);
      start([], { env: { XDG_CACHE_HOME: join(place, '..') } });
      expect(edition(file)).toBe(before);
    }
    expect(edition(ofCli(dist))).toBe(planted);
    // The specification of XDG base directories: a relative path is invalid and ignored.
    start([], { env: { XDG_CACHE_HOME: 'relative' } });
    expect(readdirSync(folder)).not.toContain('relative');
  });

  test('one to which others can write is not used', () => {
    const { folder, dist, start } = installation();
    start();
    const file = ofCli(dist);
    chmodSync(file, 0o666);
    expect(start()).toEqual(normal);
    expect(statSync(ofCli(dist)).mode & 0o777).toBe(0o600);
    renameSync(file, join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), file);
    expect(start()).toEqual(normal);
    expect(statSync(ofCli(dist)).ino).not.toBe(statSync(join(folder, 'elsewhere')).ino);
    // Nor is a folder of that kind, wherever it is.
    chmodSync(dist, 0o777);
    const xdg = join(folder, 'xdg');
    mkdirSync(join(xdg, 'ekslint'), { recursive: true });
    chmodSync(join(xdg, 'ekslint'), 0o777);
    expect(start([], { env: { XDG_CACHE_HOME: xdg } })).toEqual(normal);
    expect(readdirSync(join(xdg, 'ekslint'))).toEqual([]);
  });

  test('one with another owner is not used', () => {
    const { folder, dist, home, start } = installation();
    start();
    const before = edition(ofCli(dist));
    // All files here have one owner, so the user becomes another one.
    writeFileSync(join(folder, 'other.cjs'), 'const uid = process.getuid() + 1; process.getuid = () => uid;');
    expect(start([], { node: ['--require', join(folder, 'other.cjs')] })).toEqual(normal);
    expect(edition(ofCli(dist))).toBe(before);
    expect(caches(join(home, '.cache/ekslint'))).toEqual([]);
  });

  test('a full disk leaves nothing behind', () => {
    const { dist, start } = installation();
    expect(start([], { before: ['bash', '-c', 'ulimit -f 200; exec "$@"', '-'] })).toEqual(normal);
    expect(caches(dist)).toEqual([]);
    start();
    ofCli(dist);
  });

  test('files left by killed runs and old versions are removed in the end', () => {
    const { dist, start } = installation();
    const month = Date.now() / 1000 - 31 * 24 * 60 * 60;
    const old = ['cli.1.v20.0.0-x64.cache', 'cli.1.v20.0.0-x64.cache.77-abc'];
    for (const name of [...old, 'cli.1.v20.0.1-x64.cache']) writeFileSync(join(dist, name), 'x');
    for (const name of old) utimesSync(join(dist, name), month, month);
    start();
    expect(caches(dist)).toHaveLength(3);
    for (const name of old) expect(caches(dist)).not.toContain(name);
  });

  test('an installation that cannot be written to works without a home folder, too', () => {
    const { folder, dist, start } = installation();
    chmodSync(folder, 0o755);
    chmodSync(dist, 0o555);
    const user = isRoot ? { uid: nobody, gid: nobody } : {};
    expect(start([], { ...user, env: { HOME: '' } })).toEqual(normal);
    expect(start([], { ...user, env: { HOME: '/nonexistent' } })).toEqual(normal);
    expect(caches(dist)).toEqual([]);
    const home = join(folder, 'home');
    if (isRoot) chownSync(home, nobody, nobody);
    expect(start([], user)).toEqual(normal);
    const before = edition(ofCli(join(home, '.cache/ekslint')));
    expect(start([], user)).toEqual(normal);
    expect(edition(ofCli(join(home, '.cache/ekslint')))).toBe(before);
  });
});
