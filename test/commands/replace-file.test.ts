import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { replaceFile } from '#commands/replace-file.ts';

const root = mkdtempSync(join(tmpdir(), 'ekslint-replace-'));
afterAll(() => rmSync(root, { recursive: true }));
const folder = (): string => mkdtempSync(join(root, 'x-'));

describe('a file is replaced as a whole or not at all', () => {
  test('an error at the last moment leaves the old file, and no other', () => {
    const cwd = folder();
    const file = join(cwd, 'a.yaml');
    writeFileSync(file, 'old');
    const fail = (): never => {
      throw new Error('changed');
    };
    expect(() => replaceFile(file, 'new', lstatSync(file), fail)).toThrow('changed');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(cwd)).toEqual(['a.yaml']);
  });

  test('a link that takes its place in the meantime is replaced, not followed', () => {
    const cwd = folder();
    const [file, outside] = [join(cwd, 'a.yaml'), join(root, 'outside')];
    writeFileSync(file, 'old');
    writeFileSync(outside, 'untouched');
    replaceFile(file, 'new', lstatSync(file), () => {
      rmSync(file);
      symlinkSync(outside, file);
    });
    expect(readFileSync(outside, 'utf8')).toBe('untouched');
    expect([lstatSync(file).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([false, 'new']);
  });

  test('drafts of a killed run are removed, those of a running one are not', () => {
    const cwd = folder();
    const [old, young] = [join(cwd, '.a.yaml.ekslint-old'), join(cwd, '.a.yaml.ekslint-young')];
    for (const draft of [old, young]) writeFileSync(draft, 'half');
    utimesSync(old, 1, 1);
    replaceFile(join(cwd, 'a.yaml'), 'new', undefined);
    expect(readdirSync(cwd).sort()).toEqual(['.a.yaml.ekslint-young', 'a.yaml']);
  });
});

const many = 100;
const before = `a: 1\n# ${'x'.repeat(100_000)}\n`;
const after = before.replace('1', '2');
/** Fixes many files, in a separate process. */
const program = (cwd: string): string => `
  import { readFileSync } from 'node:fs';
  import { fixAll } from '#commands/fix.ts';
  const findings = Array.from({ length: ${many} }, (_, n) => {
    const source = 'f' + n + '.yaml';
    const edit = { source, start: 3, end: 4, text: '2', judged: readFileSync(${JSON.stringify(cwd)} + '/' + source, 'utf8') };
    return { rule: 'x/' + n, fingerprint: String(n), at: { source, path: '' }, fix: { safe: true, edits: [edit] } };
  });
  console.log('ready');
  const done = await fixAll({ findings }, async () => ({ findings: [] }), { cwd: ${JSON.stringify(cwd)}, suggestions: false });
  console.log(JSON.stringify(done.failures));
`;
const node = ['--import', 'tsx', '--input-type=module', '-e'];
const filled = (): string => {
  const cwd = folder();
  for (let n = 0; n < many; n++) writeFileSync(join(cwd, `f${n}.yaml`), before);
  return cwd;
};
async function killWith(signal: NodeJS.Signals, cwd: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [...node, program(cwd)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = once(child, 'close');
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, 15));
  child.kill(signal);
  return ((await end) as [number | null, NodeJS.Signals | null])[1];
}

describe('a run that is killed while it fixes', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('by %s leaves whole files and nothing else', async (signal) => {
    const cwd = filled();
    expect(await killWith(signal, cwd)).toBe(signal);
    expect(readdirSync(cwd).every((name) => /^f\d+\.yaml$/.test(name))).toBe(true);
    for (const name of readdirSync(cwd)) expect([before, after]).toContain(readFileSync(join(cwd, name), 'utf8'));
  });
  test('by SIGKILL leaves whole files', async () => {
    const cwd = filled();
    expect(await killWith('SIGKILL', cwd)).toBe('SIGKILL');
    const names = readdirSync(cwd).filter((name) => /^f\d+\.yaml$/.test(name));
    expect(names.length).toBe(many);
    for (const name of names) expect([before, after]).toContain(readFileSync(join(cwd, name), 'utf8'));
  });
});

test('a folder that may not be written to', () => {
  const cwd = filled();
  const inner = join(cwd, 'inner');
  mkdirSync(inner);
  for (let n = 0; n < many; n++) writeFileSync(join(inner, `f${n}.yaml`), before);
  for (const each of [root, cwd]) chmodSync(each, 0o755);
  chmodSync(inner, 0o555);
  // No folder is closed to root.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { stdout, stderr } = spawnSync(process.execPath, [...node, program(inner)], { encoding: 'utf8', ...user });
  const failures = JSON.parse(stdout.split('\n')[1] || JSON.stringify(stderr)) as { why: string }[];
  expect(failures.length).toBe(many);
  expect(new Set(failures.map(({ why }) => why))).toEqual(new Set(['it cannot be written (permission denied)']));
  for (const name of readdirSync(inner)) expect(readFileSync(join(inner, name), 'utf8')).toBe(before);
});
