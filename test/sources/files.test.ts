import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isChart } from '#inputs/helm/chart.ts';
import { referencesOf } from '#inputs/kustomize/input.ts';
import { holdsObject } from '#syntax/claim.ts';
import { findFiles, type FindOptions } from '#sources/files.ts';
import { ekslint, folderWith, only, pod } from '../e2e/ekslint.ts';
import { countTime } from '../processor-time.ts';

const find = (cwd: string, paths: readonly string[] = [], options: Partial<FindOptions> = {}) =>
  findFiles({
    cwd,
    paths,
    include: [],
    exclude: [],
    fileBytes: 5_000_000,
    configFolder: undefined,
    references: referencesOf,
    isChart,
    holdsObject,
    ...options,
  });
const shown = ({ sources }: Awaited<ReturnType<typeof find>>) =>
  sources.map(({ id, target }) => (target ? id : `(${id})`));

describe('what is read', () => {
  const files = {
    'a.yaml': '',
    'b.yml': '',
    'c.json': '',
    'd.tf': '',
    'e.template': '',
    'f.txt': '',
    'package.json': '',
    'ekslint.yaml': '',
    'sub/ekslint.json': '',
    'node_modules/x/a.yaml': '',
    '.git/a.yaml': '',
    '.terraform/m/a.tf': '',
    'k/Kustomization': '',
  };
  test('files of our kinds, sorted', async () =>
    expect(shown(await find(folderWith(files)))).toEqual([
      'a.yaml',
      'b.yml',
      'c.json',
      'd.tf',
      'e.template',
      'k/Kustomization',
    ]));
  test('assets of CDK are skipped by name', async () => {
    const found = await find(
      folderWith({ 'cdk.out/A.template.json': '{}', 'cdk.out/asset.1/b.json': '{}', 'asset.2/c.json': '{}' }),
    );
    expect(shown(found)).toEqual(['asset.2/c.json', 'cdk.out/A.template.json']);
    expect(found.notes.map(({ message }) => message)).toEqual([
      'files and folders of other tools skipped by name: asset.1/',
    ]);
  });
  test('templates of what we read are counted, except those that Terraform reads or someone names', async () => {
    const folder = folderWith({
      '.git/HEAD': '',
      'a.yaml': pod('web'),
      'b.yaml.j2': '',
      'c.json.tmpl': '',
      'd.yaml.tpl': '',
      'm.tf': 'locals {\n  x = templatefile("${path.module}/d.yaml.tpl", {})\n}\n',
      'nginx.conf.j2': '',
      'x/e.yml.erb': '',
    });
    const found = await find(folder);
    expect(shown(found)).toEqual(['a.yaml', 'm.tf']);
    const told = (files: string) => `templates of other tools are not read: ${files}; lint what they make`;
    expect(found.notes.map(({ message, count }) => [message, count])).toEqual([
      [told('b.yaml.j2, c.json.tmpl, x/e.yml.erb'), 3],
    ]);
    expect((await find(folder, [], { exclude: ['*.j2', 'x/**'] })).notes).toMatchObject([
      { message: told('c.json.tmpl') },
    ]);
    expect((await find(folder, ['.', 'b.yaml.j2'])).notes).toMatchObject([{ count: 2 }]);
    expect((await find(folder, ['a.yaml'])).notes).toEqual([]);
    expect(shown(await find(folder, [], { include: ['**'] }))).toContain('nginx.conf.j2');
  });
  test('a template that someone names is not passed over', () => {
    const folder = folderWith({
      'a.yaml': pod('web', false),
      'a.conf.j2': 'port: {}\n',
      'root.hcl': 'x = 1\n',
      'a.txt': 'x\n',
    });
    const judge = (...names: string[]) => ekslint(folder, ['a.yaml', ...names, ...only]).code;
    expect([judge('a.conf.j2'), judge('root.hcl'), judge('a.txt'), judge()]).toEqual([3, 3, 0, 0]);
  });
  test('include and exclude of the config', async () => {
    const folder = folderWith(files);
    expect(shown(await find(folder, [], { include: ['*.yaml', '*.txt'] }))).toEqual(['a.yaml', 'f.txt']);
    expect(shown(await find(folder, [], { exclude: ['*.{yaml,yml}'] }))).toEqual([
      'c.json',
      'd.tf',
      'e.template',
      'k/Kustomization',
    ]);
  });
  test('exclude is relative to the root, wherever the run starts', async () => {
    const folder = folderWith({ '.git/HEAD': '', 'deploy/dev/a.yaml': '', 'deploy/prod/a.yaml': '' });
    const exclude = ['deploy/dev/**'];
    for (const path of ['.', 'deploy', 'deploy/*/a.yaml'])
      expect(shown(await find(folder, [path], { exclude })), path).toEqual(['deploy/prod/a.yaml']);
    expect(shown(await find(join(folder, 'deploy'), [], { exclude }))).toEqual(['prod/a.yaml']);
    expect(shown(await find(folder, ['deploy/dev/a.yaml'], { exclude })), 'who names a file wants it judged').toEqual([
      'deploy/dev/a.yaml',
      '(deploy/prod/a.yaml)',
    ]);
  });
  test('excluded files are not mentioned', async () => {
    const folder = folderWith({ 'home/.git/HEAD': '', 'home/a.yaml': '', 'out/b.yaml': '' });
    symlinkSync('../out', join(folder, 'home/linked'));
    expect((await find(join(folder, 'home'), [], { exclude: ['linked/**'] })).notes).toEqual([]);
    expect((await find(join(folder, 'home'))).notes).toHaveLength(1);
  });
  test('hidden files and folders are read like all others', async () => {
    const folder = folderWith({ '.github/a.yaml': '', '.b.yaml': '', 'a.yaml': '', 'b/.c/d.yaml': '' });
    const all = ['.b.yaml', '.github/a.yaml', 'a.yaml', 'b/.c/d.yaml'];
    expect(shown(await find(folder))).toEqual(all);
    expect(shown(await find(folder, [], { include: ['**'] }))).toEqual(all);
    expect(shown(await find(folder, [], { include: ['.github/**', 'a.yaml'] }))).toEqual(['.github/a.yaml', 'a.yaml']);
    expect(shown(await find(folder, ['b/.c/*.yaml']))).toEqual(['b/.c/d.yaml']);
  });
  test('no name makes a folder vanish', async () => {
    const folder = folderWith({ 'a\nb/x.yaml': '', 'a\u2028b/x.yaml': '', 'a\ufffdb/x.yaml': '', '*/x.yaml': '' });
    const bytes = Buffer.concat([Buffer.from(`${folder}/c`), Buffer.from([0xff]), Buffer.from('d')]);
    mkdirSync(bytes);
    writeFileSync(Buffer.concat([bytes, Buffer.from('/x.yaml')]), pod('web'));
    const found = await find(folder);
    expect(shown(found)).toEqual(['*/x.yaml', 'a\nb/x.yaml', 'a\u2028b/x.yaml', 'a\ufffdb/x.yaml', 'c\\xffd/x.yaml']);
    expect(found.sources.at(-1)?.text).toBe(pod('web'));
    expect(ekslint(folder, [...only]).code).toBe(1);
  });
  test('two names that look the same are not one file', async () => {
    const folder = folderWith({ 'c\\xff.yaml': pod('one') });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/c`), Buffer.from([0xff]), Buffer.from('.yaml')]), pod('two'));
    expect((await find(folder)).sources.map(({ id, text }) => [id, text])).toEqual([
      ['c\\xff.yaml', pod('one')],
      ['c\\xff.yaml~', pod('two')],
    ]);
  });
  test('files that are skipped because of their name are counted once, and read if something names or lists them', async () => {
    const files = {
      '.git/HEAD': '',
      'package.json': '{}',
      'a/package.json': '{}',
      'a/tsconfig.json': '{}',
      'node_modules/x/a.yaml': pod('x'),
      'b/ekslint.yaml': 'a: 1\n',
      'vendor/modules.txt': '# k8s.io/api v0.36.0\n',
      'vendor/k8s.io/api/a.yaml': pod('x'),
    };
    const found = await find(folderWith(files));
    expect(shown(found)).toEqual([]);
    expect(found.notes).toEqual([
      {
        kind: 'skipped',
        message:
          'files and folders of other tools skipped by name: package.json (2), tsconfig.json, ekslint.yaml and 2 more',
        count: 6,
      },
    ]);
    expect(shown(await find(folderWith(files), ['package.json']))).toEqual(['package.json']);
    const kustomization = 'resources: [../package.json, ../node_modules/x, ../odd.txt, .hid/../../b/ekslint.yaml]\n';
    const listing = await find(
      folderWith({
        ...files,
        'k/kustomization.yaml': kustomization,
        'odd.txt': pod('odd'),
        'node_modules/x/kustomization.yaml': 'resources: [a.yaml]\n',
      }),
    );
    expect(shown(listing)).toEqual([
      'b/ekslint.yaml',
      'k/kustomization.yaml',
      'node_modules/x/a.yaml',
      'node_modules/x/kustomization.yaml',
      'odd.txt',
      'package.json',
    ]);
  });
  test.each(['package.json', 'package-lock.json', 'tsconfig.json', 'ekslint.yaml', '.ekslint.yaml'])(
    '%s is read if it holds an object',
    async (name) => {
      const object = JSON.stringify({ apiVersion: 'v1', kind: 'Pod' });
      const found = await find(folderWith({ 'a/x.yaml': pod('x'), [`a/${name}`]: object }));
      expect(found.sources.map(({ text }) => text)).toContain(object);
      expect(found.notes).toEqual([]);
    },
  );
  test('the config of the run is read if it holds an object: `--config-from` reads another', async () => {
    for (const [text, isRead] of [
      [pod('x'), true],
      ['ignores: [{resource: {kind: Pod}}]\n', false],
    ] as const) {
      const configFolder = folderWith({ 'ekslint.yaml': text });
      expect(shown(await find(configFolder, [], { configFolder }))).toEqual(isRead ? ['ekslint.yaml'] : []);
    }
  });
  test('a lock file above the limit is skipped if it holds no object', async () => {
    const long = 'x'.repeat(100);
    const folder = folderWith({ 'a/package-lock.json': JSON.stringify({ long }), 'b/package.json': pod(long) });
    const { notes } = await find(folder, [], { fileBytes: 50 });
    expect(notes.map(({ kind, at }) => [kind, at?.source])).toEqual([
      ['incomplete', 'b/package.json'],
      ['skipped', undefined],
    ]);
  });
  test('what a kustomization lists is context if it is excluded, or outside what is requested', async () => {
    const folder = folderWith({
      '.git/HEAD': '',
      'base/w.txt': '',
      'gone/x.yaml': '',
      'k/kustomization.yaml': 'resources: [../base/w.txt, ../gone/x.yaml, own.txt]\n',
      'k/own.txt': '',
    });
    expect(shown(await find(folder, ['k'], { exclude: ['gone/**'] }))).toEqual([
      '(base/w.txt)',
      '(gone/x.yaml)',
      'k/kustomization.yaml',
      'k/own.txt',
    ]);
  });
  test('a listed file that cannot be read makes the run incomplete, whatever lists it', async () => {
    const folder = folderWith({
      '.git/HEAD': '',
      'a.yaml': pod('a'),
      'large.yaml': '1234567890'.repeat(50),
      'listed.yaml': '1234567890'.repeat(50),
      'k/kustomization.yaml': 'resources: [../listed.yaml]\n',
    });
    const { notes, layout } = await find(folder, ['a.yaml'], { fileBytes: 400 });
    expect(notes.map(({ kind, at }) => [kind, at?.source])).toEqual([
      ['skipped', 'large.yaml'],
      ['incomplete', 'listed.yaml'],
    ]);
    expect([...(layout.unread ?? [])]).toEqual(['large.yaml', 'listed.yaml']);
  });
  test('beyond a bound the rest is left out, and reported', async () => {
    const folder = folderWith(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${10 + i}/a.yaml`, 'a: 1\n'])),
    );
    const cut = async (bounds: Record<string, number>) => {
      const { sources, notes, layout } = await find(folder, [], {
        bounds: { entries: 1000, files: 1000, bytes: 1e6, ...bounds },
      });
      return [
        sources.length,
        notes.map(({ kind }) => kind),
        /"([^"]*)"/.exec(notes[0]?.message ?? '')?.[1],
        layout.cut,
      ];
    };
    const why = 'the workspace was not read in full';
    expect(await cut({})).toEqual([30, [], undefined, undefined]);
    expect(await cut({ files: 10 })).toEqual([10, ['incomplete'], 'f20/', why]);
    expect(await cut({ entries: 40 })).toEqual([10, ['incomplete'], 'f20/', why]);
    expect(await cut({ bytes: 23 })).toEqual([4, ['incomplete'], 'f14/a.yaml', why]);
  });
  test('outside a repository, files next to a named file are context, and subfolders are not', async () => {
    const folder = folderWith({ 'a.yaml': '', 'b.yaml': '', 'sub/c.yaml': '', 'sub/deep/d.yaml': '' });
    expect(shown(await find(folder, ['a.yaml']))).toEqual(['a.yaml', '(b.yaml)']);
    expect(shown(await find(folder, ['sub']))).toEqual(['sub/c.yaml', 'sub/deep/d.yaml']);
    expect(shown(await find(folder, ['sub/c.yaml', 'a.yaml']))).toEqual(['a.yaml', '(b.yaml)', 'sub/c.yaml']);
    expect(shown(await find(folder))).toEqual(['a.yaml', 'b.yaml', 'sub/c.yaml', 'sub/deep/d.yaml']);
  });
  test('untrusted globs take linear time, and none is an internal error', async () => {
    const folder = folderWith({ [`${'a'.repeat(200)}.yaml`]: '', '.git/HEAD': '' });
    const hostile = [
      '**/*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b',
      '{1..9999999}',
      '+(a|aa|aaa)+(a|aa)+b',
      `${'{a,b}'.repeat(30)}.yaml`,
    ];
    const spent = countTime();
    for (const pattern of hostile) {
      expect(shown(await find(folder, [], { include: [pattern], exclude: hostile }))).toEqual([]);
      await expect(find(folder, [pattern])).rejects.toThrow(/: no (file matches|such file)/);
    }
    expect(spent()).toBeLessThan(3_000);
  });
  test('globs on the command line', async () => {
    const folder = folderWith({ '.git/HEAD': '', 'a.yaml': '', 'sub/b.yaml': '', 'sub/deep/c.yml': '' });
    const targets = async (cwd: string, path: string) =>
      shown(await find(cwd, [path])).filter((id) => !id.startsWith('('));
    expect(await targets(folder, '**/*.{yaml,yml}')).toEqual(['a.yaml', 'sub/b.yaml', 'sub/deep/c.yml']);
    expect(await targets(join(folder, 'sub/deep'), '../*.yaml')).toEqual(['../b.yaml']);
    expect(await targets(folder, `${folder}/sub/*`)).toEqual(['sub/b.yaml']);
    await expect(find(folder, ['absent/*.yaml'])).rejects.toThrow('absent/*.yaml: no file matches');
    expect(shown(await find(folder, ['*.json'], { allowEmpty: true }))).toEqual([]);
    await expect(find(folder, ['absent.yaml'], { allowEmpty: true })).rejects.toThrow('no such file');
  });
  test('a named path is the target, the workspace around it is context', async () => {
    const folder = folderWith({ '.git/HEAD': '', 'a.yaml': '', 'deploy/b.yaml': '', 'deploy/c.yaml': '' });
    expect(shown(await find(folder, ['deploy/b.yaml']))).toEqual(['(a.yaml)', 'deploy/b.yaml', '(deploy/c.yaml)']);
    expect(shown(await find(folder, ['deploy']))).toEqual(['(a.yaml)', 'deploy/b.yaml', 'deploy/c.yaml']);
    expect(shown(await find(join(folder, 'deploy')))).toEqual(['(../a.yaml)', 'b.yaml', 'c.yaml']);
    expect(shown(await find(folder, ['**/c.yaml', 'a.yaml']))).toEqual(['a.yaml', '(deploy/b.yaml)', 'deploy/c.yaml']);
  });
  test('a path outside the root is a separate root, and roots do not mix', async () => {
    const folder = folderWith({
      'home/.git/HEAD': '',
      'home/a.yaml': '',
      'one/x.yaml': '',
      'one/y.yaml': '',
      'two/deep/x.yaml': '',
    });
    const { sources, layout } = await find(join(folder, 'home'), ['../one', '../two/deep/x.yaml']);
    expect(sources.map(({ id, path }) => [id, path])).toEqual([
      ['../one/x.yaml', '../one/x.yaml'],
      ['../one/y.yaml', '../one/y.yaml'],
      ['../two/deep/x.yaml', '../two/deep/x.yaml'],
    ]);
    expect([...(layout.roots ?? [])].sort()).toEqual(['../one', '../two/deep']);
  });
  test('a missing path is an error', async () =>
    await expect(find(folderWith({ 'a.yaml': '' }), ['b.yaml'])).rejects.toThrow('b.yaml: no such file or folder'));
  test('a name with glob characters is a name first', async () => {
    const folder = folderWith({ '[a].yaml': '', 'a.yaml': '' });
    expect(shown(await find(folder, ['[a].yaml']))).toEqual(['[a].yaml', '(a.yaml)']);
  });
});

describe('context', () => {
  const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "app:1"}]}
`;
  const budget =
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web, namespace: shop}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}\n';
  const judge = (folder: string, ...paths: string[]) =>
    ekslint(folder, [...paths, '--only', 'reliability/pdb-missing', '--fail-on', 'info']);
  test('files that were not named silence findings, and are not reported on', () => {
    const folder = folderWith({
      '.git/HEAD': '',
      'web.yaml': web,
      'more/pdb.yaml': budget,
      'other.yaml': web.replaceAll('web', 'other'),
    });
    expect(judge(folder, 'web.yaml')).toEqual({
      code: 0,
      stdout: 'No findings\nJudged 1 object in 1 file with 1 rule\n',
      stderr: '',
    });
    expect(judge(folder, 'other.yaml')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^other\.yaml\n/) });
    expect(judge(folder).stdout).toContain('Judged 3 objects in 3 files');
  });
  test('another root silences nothing', () => {
    const folder = folderWith({ 'home/.git/HEAD': '', 'home/web.yaml': web, 'outside/pdb.yaml': budget });
    expect(judge(join(folder, 'home'), 'web.yaml', '../outside').code).toBe(1);
  });
});

describe('how it is read', () => {
  const read = async (bytes: Buffer) => {
    const folder = folderWith({});
    writeFileSync(join(folder, 'a.yaml'), bytes);
    return await find(folder);
  };
  test('files of OpenTofu are found', async () =>
    expect((await find(folderWith({ 'main.tofu': '' }))).sources.map(({ id }) => id)).toEqual(['main.tofu']));
  test('UTF-16 with a byte order mark', async () => {
    const little = Buffer.from('\ufeffa: ü\n', 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()])
      expect((await read(bytes)).sources.map(({ text }) => text)).toEqual(['\ufeffa: ü\n']);
  });
  test('invalid UTF-8 is reported with its location', async () => {
    expect((await read(Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]))).sources).toMatchObject([
      { id: 'a.yaml', text: '', broken: 'not UTF-8 at byte 3' },
    ]);
  });
  test('NUL is not text: UTF-16 without a byte order mark must not pass as a file without objects', async () => {
    for (const bytes of [
      Buffer.from(pod('web'), 'utf16le'),
      Buffer.from('a: b # \0\n'),
      Buffer.from(`\ufeff${pod('web')}`.replaceAll(/[^]/g, '$&\0'), 'utf16le'),
    ]) {
      expect((await read(bytes)).sources).toMatchObject([
        { text: '', broken: `not text: NUL at byte ${bytes.indexOf(0)}` },
      ]);
    }
  });
  test('a replacement character that was written is text', async () =>
    expect((await read(Buffer.from('a: \ufffd\n'))).sources).toHaveLength(1));
  test('a file over the limit is not read', async () => {
    const { sources, notes } = await find(folderWith({ 'a.yaml': '12345', 'b.yaml': '1234' }), [], { fileBytes: 4 });
    expect(sources.map(({ id }) => id)).toEqual(['b.yaml']);
    expect(notes).toMatchObject([
      { kind: 'incomplete', message: 'not read: 5 bytes, the limit is 4 (limits.fileBytes)', at: { source: 'a.yaml' } },
    ]);
  });
});

describe('links and devices', () => {
  const canary = 'kAnaRy';
  const setup = () => {
    const folder = folderWith({
      'home/.git/HEAD': '',
      'home/real.yaml': pod('web'),
      'outside/secret.yaml': `a: ${canary}\n`,
      'outside/deep/secret.yaml': `a: ${canary}\n`,
    });
    return { folder, home: join(folder, 'home') };
  };
  test('a link to a folder that is skipped by name is reported', async () => {
    const { home } = setup();
    mkdirSync(join(home, 'node_modules/x'), { recursive: true });
    symlinkSync('node_modules/x', join(home, 'linked'));
    expect((await find(home)).notes).toMatchObject([
      {
        kind: 'skipped',
        message: 'not read: the link leads to a folder that is skipped by name',
        at: { source: 'linked' },
      },
      { message: 'files and folders of other tools skipped by name: node_modules/' },
    ]);
  });
  test('a link that leaves the root is not read, and reported', async () => {
    const { home } = setup();
    symlinkSync('../outside/secret.yaml', join(home, 'file.yaml'));
    symlinkSync('../outside', join(home, 'folder'));
    symlinkSync('../outside/deep', join(home, 'readme'));
    symlinkSync('/etc/hostname', join(home, 'notes.txt'));
    const left = ['file.yaml', 'folder', 'readme'].map((name) => ({
      kind: 'skipped',
      message: 'not read: the link leads outside the workspace',
      at: { source: name, path: '' },
    }));
    const all = await find(home);
    expect(shown(all)).toEqual(['real.yaml']);
    expect(all.notes).toEqual(left);
    for (const [index, path] of [
      [0, 'file.yaml'],
      [1, 'folder'],
    ] as const) {
      const { sources, notes } = await find(home, [path]);
      expect(sources.filter(({ target }) => target)).toEqual([]);
      expect(sources.some(({ text }) => text.includes(canary))).toBe(false);
      // A named link was requested: that is a gap in the result.
      expect(notes).toEqual([{ ...left[index], kind: 'incomplete' }]);
    }
    const inner = await find(home, ['folder/deep/secret.yaml']);
    expect(inner.sources.some(({ text }) => text.includes(canary))).toBe(false);
    expect(inner.notes).toHaveLength(1);
  });
  test('a link inside the root leads to a file that is read once', async () => {
    const { home } = setup();
    symlinkSync('real.yaml', join(home, 'alias.yaml'));
    mkdirSync(join(home, 'deploy'));
    symlinkSync('deploy', join(home, 'same'));
    const found = await find(home);
    expect(shown(found)).toEqual(['real.yaml']);
    expect(found.notes).toEqual([]);
    writeFileSync(join(home, 'deploy/pod.yaml'), pod('web'));
    for (const path of ['alias.yaml', './alias.yaml', join(home, 'alias.yaml'), 'real.yaml'])
      expect(shown(await find(home, [path])), path).toEqual(['(deploy/pod.yaml)', 'real.yaml']);
    expect(shown(await find(home, ['alias.yaml', 'real.yaml', 'same', 'same/pod.yaml']))).toEqual([
      'deploy/pod.yaml',
      'real.yaml',
    ]);
  });
  test('a link to a file that is not read by its own name is read by the name of the link', async () => {
    const { home } = setup();
    for (const name of ['pod.txt', 'package.json', 'base.txt']) writeFileSync(join(home, name), pod('web'));
    mkdirSync(join(home, 'node_modules'));
    writeFileSync(join(home, 'node_modules/pod.yaml'), pod('web'));
    mkdirSync(join(home, 'over'));
    symlinkSync('pod.txt', join(home, 'a.yaml'));
    symlinkSync('package.json', join(home, 'b.json'));
    symlinkSync('node_modules/pod.yaml', join(home, 'c.yaml'));
    symlinkSync('real.yaml', join(home, 'd.yaml'));
    symlinkSync('../real.yaml', join(home, 'over/kustomization.yaml'));
    expect(shown(await find(home))).toEqual([
      'a.yaml',
      'c.yaml',
      'over/kustomization.yaml',
      'package.json',
      'real.yaml',
    ]);
    writeFileSync(join(home, 'package.json'), '{"name": "web"}');
    expect(shown(await find(home))).toEqual(['a.yaml', 'b.json', 'c.yaml', 'over/kustomization.yaml', 'real.yaml']);
  });
  test('a link outside the root that leads into it', async () => {
    const { folder, home } = setup();
    symlinkSync('home', join(folder, 'way'));
    expect(shown(await find(home, [join(folder, 'way/real.yaml')]))).toEqual(['real.yaml']);
    expect(shown(await find(join(folder, 'way'), ['real.yaml']))).toEqual(['real.yaml']);
  });
  test('a dangling link is reported if its name is that of a file we read', async () => {
    const { home } = setup();
    symlinkSync('made-later/pod.txt', join(home, 'a.yaml'));
    symlinkSync('made-later/notes', join(home, 'notes.txt'));
    symlinkSync('made-later/x.yaml', join(home, 'hidden.yaml'));
    const { notes } = await find(home, [], { exclude: ['hidden.yaml'] });
    expect(notes).toEqual([
      { kind: 'skipped', message: 'not read: the link leads nowhere', at: { source: 'a.yaml', path: '' } },
    ]);
  });
  test('circles of links end', async () => {
    const { home } = setup();
    symlinkSync('two.yaml', join(home, 'one.yaml'));
    symlinkSync('one.yaml', join(home, 'two.yaml'));
    symlinkSync('.', join(home, 'here'));
    symlinkSync('..', join(home, 'up'));
    const found = await find(home);
    expect(shown(found)).toEqual(['real.yaml']);
    expect(found.notes.map(({ at, message }) => `${at?.source}: ${message}`)).toEqual([
      'one.yaml: not read: the link leads nowhere',
      'two.yaml: not read: the link leads nowhere',
      'up: not read: the link leads outside the workspace',
    ]);
    await expect(find(home, ['one.yaml'])).rejects.toThrow('no such file');
  });
  test('a FIFO and a device do not hang', () => {
    const { home } = setup();
    expect(spawnSync('mkfifo', [join(home, 'pipe.yaml')]).status).toBe(0);
    symlinkSync('/dev/zero', join(home, 'zero.yaml'));
    const named = ekslint(home, ['pipe.yaml', 'zero.yaml', ...only]);
    expect(named).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('pipe.yaml: not read: not a regular file'),
    });
    expect(named.stdout).toContain('incomplete: zero.yaml: not read: the link leads outside the workspace');
    expect(ekslint(home, ['real.yaml', 'zero.yaml', ...only, '--fail-on', 'never']).code).toBe(3);
    expect(ekslint(home, [...only]).code).toBe(1);
    expect(ekslint(home, ['real.yaml', 'pipe.yaml', ...only, '--fail-on', 'never']).code).toBe(3);
    expect(ekslint(home, ['/dev/zero', ...only]).code).toBe(2);
  });
});

describe('missing files', () => {
  const safe = pod('web').replace('true', 'false');
  const judge = (files: Record<string, string>, ...flags: string[]) => ekslint(folderWith(files), [...only, ...flags]);
  test('a partial file that a kustomization names makes the run incomplete, and hides nothing', () => {
    for (const field of [
      'patches: [{path: nope.yaml}]',
      'components: [nope]',
      'configurations: [nope.yaml]',
      'transformers: [nope.yaml]',
      'replacements: [{path: nope.yaml}]',
    ]) {
      const kustomization = `resources: [w.yaml]\n${field}\n`;
      expect(judge({ 'w.yaml': safe, 'kustomization.yaml': kustomization }).code, field).toBe(3);
      expect(judge({ 'w.yaml': pod('web'), 'kustomization.yaml': kustomization }).code, field).toBe(1);
    }
    expect(judge({ 'w.yaml': safe, 'kustomization.yaml': 'resources: [w.yaml, nope.yaml]\n' }).code).toBe(3);
    expect(judge({ 'w.yaml': safe, 'kustomization.yaml': 'resources: [w.yaml]\n' }).code).toBe(0);
  });
  test('a remote base is reported without its credentials, and is not an error in the files', () => {
    const { code, stdout } = judge({
      'w.yaml': safe,
      'kustomization.yaml': 'resources: [w.yaml, "https://me:kAnaRy@example.com/base?ref=v1&token=kAnaRy"]\n',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('remote base or resource is not read: https://***@example.com/base?ref=v1&token=***');
    expect(stdout).not.toContain('kAnaRy');
  });
  test('a file that vanishes while it is read is a note', async () => {
    const folder = folderWith({
      'a.yaml': pod('a'),
      'b.yaml': pod('b'),
      'kustomization.yaml': 'resources: [a.yaml]\n',
    });
    const { sources, notes } = await find(folder, [], {
      references: (source) => {
        rmSync(join(folder, 'b.yaml'));
        return referencesOf(source);
      },
    });
    expect(sources.map(({ id }) => id)).toEqual(['a.yaml', 'kustomization.yaml']);
    expect(notes).toEqual([
      { kind: 'incomplete', message: 'not read: no such file or directory', at: { source: 'b.yaml', path: '' } },
    ]);
  });
  test('a listed file that leads out of the workspace is not read', async () => {
    const folder = folderWith({
      'home/.git/HEAD': '',
      'home/kustomization.yaml': 'resources: [link.txt, ../secret.yaml, pods]\n',
      'secret.yaml': 'a: kAnaRy\n',
      'out/kustomization.yaml': 'resources: [pod.yaml]\n',
      'out/pod.yaml': pod('kAnaRy'),
    });
    symlinkSync('../secret.yaml', join(folder, 'home/link.txt'));
    symlinkSync('../out', join(folder, 'home/pods'));
    expect(shown(await find(join(folder, 'home')))).toEqual(['kustomization.yaml']);
    const { code, stdout } = ekslint(join(folder, 'home'), [...only]);
    expect(code).toBe(2);
    expect(stdout.match(/base or resource "/g)).toHaveLength(3);
    expect(stdout).not.toContain('kAnaRy');
  });
});

describe('Helm', () => {
  const chart = {
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/values.yaml': 'image: {tag: latest}\nprivileged: true\n',
    'shop/values-prod.yaml': 'a: 1\n',
  };
  const templates = {
    'shop/templates/a.yaml': 'kind: {{ .Values.kind }}\n',
    'shop/templates/tests/b.yaml': '{{- if x }}\n',
    'shop/templates/_c.yaml': '',
  };
  test('templates are skipped and reported once, values are not', async () => {
    const folder = folderWith({
      ...chart,
      ...templates,
      'pod.yaml': pod('web'),
      'templates/pod.yaml': pod('no-chart'),
    });
    const found = await find(folder);
    expect(shown(found)).toEqual([
      'pod.yaml',
      'shop/Chart.yaml',
      'shop/values-prod.yaml',
      'shop/values.yaml',
      'templates/pod.yaml',
    ]);
    expect(found.notes).toEqual([
      {
        kind: 'unrendered',
        message:
          'Helm chart not rendered (templates: shop (3)): pass --render, or pipe `helm template` into `ekslint -`',
        count: 3,
      },
    ]);
    const { stdout, code } = ekslint(folder, ['--preset', 'all', '--format', 'json']);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { findings: { location: { file: string } }[]; notes: { kind: string }[] };
    expect([...new Set(report.findings.map(({ location }) => location.file))]).toEqual([
      'pod.yaml',
      'templates/pod.yaml',
    ]);
    expect(report.notes.filter(({ kind }) => kind === 'unrendered')).toHaveLength(1);
    expect(report.notes.filter(({ kind }) => kind === 'incomplete' || kind === 'problem')).toEqual([]);
  });
  test('several charts, one note', async () => {
    const more = { 'b/Chart.yaml': chart['shop/Chart.yaml'], 'b/templates/x.yaml': '' };
    const { notes } = await find(folderWith({ ...chart, ...templates, ...more }));
    expect(notes.map(({ message, count }) => [message, count])).toEqual([
      [
        '2 Helm charts not rendered (templates: b, shop (3)): pass --render, or pipe `helm template` into `ekslint -`',
        4,
      ],
    ]);
  });
  test('a Chart.yaml that describes no chart hides nothing', async () => {
    for (const text of ['', 'a: [\n', 'name: x\n', '- name: x\n', 'name: x\nversion: 1.0.0\nb: [\n'])
      expect(shown(await find(folderWith({ 'c/Chart.yaml': text, 'c/templates/pod.yaml': pod('web') })))).toEqual([
        'c/Chart.yaml',
        'c/templates/pod.yaml',
      ]);
  });
  test('what a kustomization lists in the folder of a chart is read', async () => {
    const folder = folderWith({
      ...chart,
      'shop/templates/pod.yaml': pod('web'),
      'shop/templates/other.yaml': '{{ x }}',
      'kustomization.yaml': 'resources: [shop/templates/pod.yaml]\n',
    });
    expect(shown(await find(folder)).filter((id) => id.includes('templates'))).toEqual(['shop/templates/pod.yaml']);
  });
  test('braces in a string do not hide the file', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules, namespace: shop}\ndata:\n  alert: "{{ $labels.pod }} is down"\n  block: |\n    {{- range .Items }}\n    {{ end }}\n---\n${pod('web')}`;
    const { code, stdout } = ekslint(folderWith({ 'all.yaml': text }), [...only]);
    expect(code).toBe(1);
    expect(stdout).toContain('all.yaml\n  17:25');
    expect(stdout).toContain('Judged 2 objects in 1 file');
  });
});

test('charts without templates are reported if other charts may add objects to them', async () => {
  const chart = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
  const messages = async (files: Record<string, string>): Promise<readonly string[]> =>
    (await find(folderWith({ ...files, 'a.yaml': '' }))).notes.map(({ message }) => message);
  const named = (charts: string): string[] => [`${charts}: pipe \`helm template\` into \`ekslint -\``];
  const one = named('Helm chart of dependencies not rendered (shop)');
  const dependencies = `${chart}dependencies: [{name: web, version: 1.0.0, repository: "https://charts.example.com"}]\n`;
  expect(await messages({ 'shop/Chart.yaml': dependencies })).toEqual(one);
  expect(await messages({ 'shop/Chart.yaml': chart, 'shop/charts/web-1.0.0.tgz': '' })).toEqual(one);
  expect(await messages({ 'shop/Chart.yaml': chart, 'shop/requirements.yaml': 'a: b\n' })).toEqual(one);
  expect(await messages({ 'shop/Chart.yaml': dependencies, 'b/Chart.yaml': dependencies })).toEqual(
    named('2 Helm charts of dependencies not rendered (b, shop)'),
  );
  expect(await messages({ 'shop/Chart.yaml': chart })).toEqual([]);
});
