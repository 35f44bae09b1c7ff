import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { diffOf, fixAll, planFixes } from '#commands/fix.ts';
import type { Report } from '#model/finding.ts';
import { applyTextEdits, toTextEdits } from '#syntax/edit.ts';
import type { Edit, TextEdit, Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

type Bag = Record<string, unknown>;
const read = (text: string, path: string): Tree[] =>
  splitDocuments({ id: path, path, text, target: true }).flatMap((segment) => parseYaml(segment));

const root = mkdtempSync(join(tmpdir(), 'ekslint-fix-'));
afterAll(() => rmSync(root, { recursive: true }));
let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'x-'));
});
const inner = (bag: Bag): object => bag['a'] as object;

/** A report whose findings have these fixes in a file, as it was judged. */
function reportOn(name: string, text: string, edits: readonly ((bag: Bag) => Edit)[]): Report {
  const [tree] = read(text, name);
  if (!tree) throw new Error('no document');
  const findings = edits.map((edit, i) => ({
    rule: `x/${i}`,
    fingerprint: String(i),
    at: { source: name, path: '', start: { line: 1, column: 1 } },
    fix: { safe: true, edits: toTextEdits(tree, [edit(tree.root as Bag)]) },
  }));
  return { findings } as unknown as Report;
}
const nothing = async (): Promise<Report> => ({ findings: [] }) as unknown as Report;
const write = (name: string, text: string): string => {
  const file = join(cwd, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
async function fix(text: string, ...edits: readonly ((bag: Bag) => Edit)[]): Promise<Buffer> {
  const file = write('a.yaml', text);
  const done = await fixAll(reportOn('a.yaml', text, edits), nothing, { cwd, suggestions: false });
  expect(done.failures).toEqual([]);
  return readFileSync(file);
}
const one = (on: Bag): Edit => ({ op: 'set', on, key: 'a', value: 2 });

describe('files', () => {
  test('bytes that are not edited do not change', async () => {
    expect(await fix('\ufeffx: é\r\na: 1\r\n', one)).toEqual(Buffer.from('\ufeffx: é\r\na: 2\r\n'));
  });
  test('of two overlapping fixes, one is left for the next pass', async () => {
    const remove =
      (key: string) =>
      (bag: Bag): Edit => ({ op: 'remove', on: inner(bag), key });
    expect((await fix('a: {b: 1, c: 2}\n', remove('b'), remove('c'))).toString()).toBe('a: {c: 2}\n');
    const set = (bag: Bag): Edit => ({ op: 'set', on: inner(bag), key: 'd', value: 3 });
    expect((await fix('a: {b: 1}\n', remove('b'), set)).toString()).toBe('a: {}\n');
  });
  test('a fix of two findings is made once, and both are reported', async () => {
    const set = (on: Bag): Edit => ({ op: 'set', on, key: 'b', value: 2 });
    const file = write('a.yaml', 'a: 1\n');
    const done = await fixAll(reportOn('a.yaml', 'a: 1\n', [set, set]), nothing, { cwd, suggestions: false });
    expect(readFileSync(file, 'utf8')).toBe('a: 1\nb: 2\n');
    expect({ ...done, report: 0, fixed: done.fixed.map(({ rule }) => rule) }).toEqual({
      report: 0,
      fixed: ['x/0', 'x/1'],
      files: 1,
      failures: [],
    });
  });
  test('mode and owner are kept, and no other file is left behind', async () => {
    const file = write('a.yaml', 'a: 1\n');
    chmodSync(file, 0o750);
    if (process.getuid?.() === 0) chownSync(file, 12345, 23456);
    const before = statSync(file);
    await fixAll(reportOn('a.yaml', 'a: 1\n', [one]), nothing, { cwd, suggestions: false });
    const { mode, uid, gid } = statSync(file);
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
    expect(readdirSync(cwd)).toEqual(['a.yaml']);
  });
});

describe('a file that has changed since it was judged is not edited', () => {
  const attempt = async (name: string, between: (file: string) => void): Promise<readonly unknown[]> => {
    const file = write(name, 'a: 1\n');
    const report = reportOn(name, 'a: 1\n', [one]);
    between(file);
    const { fixed, files, failures } = await fixAll(report, nothing, { cwd, suggestions: false });
    expect({ fixed, files }).toEqual({ fixed: [], files: 0 });
    return failures;
  };
  test('another content', async () => {
    const failures = await attempt('a.yaml', (file) => writeFileSync(file, 'a: 1\nb: 5\n'));
    expect(failures).toEqual([{ source: 'a.yaml', why: 'it changed since it was judged' }]);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe('a: 1\nb: 5\n');
  });
  test('a link in its place', async () => {
    const outside = join(root, 'outside.yaml');
    writeFileSync(outside, 'a: 1\n');
    const failures = await attempt('a.yaml', (file) => {
      rmSync(file);
      symlinkSync(outside, file);
    });
    expect(failures).toEqual([{ source: 'a.yaml', why: 'it was replaced by a link since it was judged' }]);
    expect(readFileSync(outside, 'utf8')).toBe('a: 1\n');
    expect(lstatSync(join(cwd, 'a.yaml')).isSymbolicLink()).toBe(true);
  });
  test('a link in place of its folder', async () => {
    const outside = mkdtempSync(join(root, 'outside-'));
    writeFileSync(join(outside, 'a.yaml'), 'a: 1\n');
    const failures = await attempt('deploy/a.yaml', (file) => {
      renameSync(dirname(file), join(cwd, 'moved'));
      symlinkSync(outside, dirname(file));
    });
    expect(failures).toEqual([{ source: 'deploy/a.yaml', why: 'it was replaced by a link since it was judged' }]);
    expect(readFileSync(join(outside, 'a.yaml'), 'utf8')).toBe('a: 1\n');
  });
  test('a missing file', async () => {
    expect(await attempt('a.yaml', (file) => rmSync(file))).toEqual([
      { source: 'a.yaml', why: 'it cannot be written (no such file or directory)' },
    ]);
  });
});

test('a full disk leaves the old content whole and no other file behind; other files are still fixed', () => {
  // A limit on the file size stands in for the full disk: the write of the larger file fails halfway.
  const text = `a: 1\n# ${'x'.repeat(40_000)}\n`;
  write('big.yaml', text);
  write('small.yaml', 'a: 1\n');
  const program = `
    import { fixAll } from '#commands/fix.ts';
    process.on('SIGXFSZ', () => {});
    const edit = (source, judged) => ({ source, start: 3, end: 4, text: '2', from: { line: 1, column: 4 }, to: { line: 1, column: 5 }, judged });
    const finding = (source, judged, n) => ({ rule: 'x/' + n, fingerprint: String(n), at: { source, path: '' }, fix: { safe: true, edits: [edit(source, judged)] } });
    const text = 'a: 1\\n# ' + 'x'.repeat(40000) + '\\n';
    const report = { findings: [finding('big.yaml', text, 1), finding('small.yaml', 'a: 1\\n', 2)] };
    const { fixed, failures } = await fixAll(report, async () => ({ findings: [] }), { cwd: ${JSON.stringify(cwd)}, suggestions: false });
    console.log(JSON.stringify({ fixed: fixed.map((one) => one.rule), failures }));
  `;
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -f 16; exec "$0" --import tsx --input-type=module -e "$1"', process.execPath, program],
    { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
  );
  expect(JSON.parse(stdout || JSON.stringify({ stderr }))).toEqual({
    fixed: ['x/2'],
    failures: [{ source: 'big.yaml', why: 'it cannot be written (file too large)' }],
  });
  expect(readFileSync(join(cwd, 'big.yaml'), 'utf8')).toBe(text);
  expect(readFileSync(join(cwd, 'small.yaml'), 'utf8')).toBe('a: 2\n');
  expect(readdirSync(cwd).sort()).toEqual(['big.yaml', 'small.yaml']);
});

describe('the diff', () => {
  const edit = (source: string, judged: string, start: number, end: number, text: string): TextEdit => ({
    source,
    judged,
    start,
    end,
    text,
    from: { line: 1, column: 1 },
    to: { line: 1, column: 1 },
  });
  const planned = (edits: readonly TextEdit[]) =>
    planFixes(
      {
        findings: edits.map((one, i) => ({ rule: 'x', fingerprint: String(i), fix: { safe: true, edits: [one] } })),
      } as unknown as Report,
      { cwd, suggestions: false },
    );
  const apply = (diff: string): void => {
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd, input: diff });
  };

  test('is accepted by `git apply`, whatever the edits, line ends and names', async () => {
    let count = 0;
    const line = fc.constantFrom('a: 1', '  b: 2', 'c:', '# d', '', '- e', '---', 'é: ü', 'x: {y: 1, z: 2}\r', '\tt');
    const files = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 25 }),
      ends: fc.boolean(),
      edits: fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          length: fc.integer({ min: 0, max: 12 }),
          text: fc.constantFrom('', 'q', '2', 'n: 1\n', '\n', 'p\nq', 'x: 1\ny: 2\n'),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      name: fc.constantFrom(
        'a',
        'two words',
        'quo"te',
        'tab\tname',
        'line\nbreak',
        'next\u0085line',
        'ümlaut',
        'a/b/c',
        '-dash',
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(files, { minLength: 1, maxLength: 8 }), async (drawn) => {
        const folder = mkdtempSync(join(root, 'git-'));
        const edits: TextEdit[] = [];
        const texts = new Map<string, string>();
        for (const [i, { lines, ends, edits: wanted, name }] of drawn.entries()) {
          const source = `${i}-${name}.yaml`;
          const text = lines.join('\n') + (ends ? '\n' : '');
          texts.set(source, text);
          mkdirSync(dirname(join(folder, source)), { recursive: true });
          writeFileSync(join(folder, source), text);
          for (const { at, length, text: added } of wanted) {
            const start = Math.floor(at * text.length);
            const end = Math.min(start + length, text.length);
            if (text.slice(start, end) !== added) edits.push(edit(source, text, start, end, added));
          }
        }
        const plan = planned(edits);
        const { text: diff, left } = await diffOf(plan, folder);
        expect(left).toEqual([]);
        if (diff !== '') {
          const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
            cwd: folder,
            input: diff,
            encoding: 'utf8',
          });
          expect(status, `${stderr}\n${diff}`).toBe(0);
        }
        for (const [source, chosen] of plan.edits) {
          count++;
          expect(readFileSync(join(folder, source), 'utf8'), diff).toBe(
            applyTextEdits(texts.get(source) ?? '', chosen),
          );
        }
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 150 },
    );
    expect(count).toBeGreaterThan(100);
  });

  test('has three lines of context, and joins adjacent changes', async () => {
    const text = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\n';
    write('x.yaml', text);
    const at = (letter: string) => edit('x.yaml', text, text.indexOf(letter) + 3, text.indexOf(letter) + 4, '0');
    const { text: diff } = await diffOf(planned([at('d'), at('f')]), cwd);
    expect(diff).toBe(
      'diff --git a/x.yaml b/x.yaml\n--- a/x.yaml\n+++ b/x.yaml\n@@ -1,8 +1,8 @@\n a: 1\n b: 2\n c: 3\n-d: 4\n+d: 0\n e: 5\n-f: 6\n+f: 0\n g: 7\n h: 8\n',
    );
    apply(diff);
    expect(readFileSync(join(cwd, 'x.yaml'), 'utf8')).toBe(text.replace('4', '0').replace('6', '0'));
  });

  test.each([
    ['password: kAnaRy', 'before'],
    ['- {name: DB_PASS, value: kAnaRy}', 'before'],
    ['- --password=kAnaRy', 'before'],
    ['- kAnaRy', 'before'],
    ['url: postgres://app:kAnaRy@db/x', 'before'],
    ['password: kAnaRy', 'behind'],
    ['x: {token: kAnaRy, privileged: true}', 'changed'],
  ])('does not show what may be a secret: %s (%s)', async (secret, place) => {
    const text =
      place === 'changed'
        ? `first: 1\n${secret}\nlast: 2\n`
        : place === 'before'
          ? `first: 1\n${secret}\nprivileged: true\nlast: 2\n`
          : `first: 1\nprivileged: true\nnext: 1\n${secret}\nlast: 2\n`;
    write('x.yaml', text);
    const start = text.indexOf('true');
    const { text: diff, left } = await diffOf(planned([edit('x.yaml', text, start, start + 4, 'false')]), cwd);
    expect(diff).not.toContain('kAnaRy');
    if (place === 'changed') expect({ diff, left }).toMatchObject({ diff: '', left: [{ source: 'x.yaml:2' }] });
    else {
      apply(diff);
      expect(readFileSync(join(cwd, 'x.yaml'), 'utf8')).toBe(text.replace('true', 'false'));
    }
  });

  test.each([
    ['a Secret before it', 'x.yaml', 'items:\n- kind: Secret\n  data:\n    user: kAnaRy\n- kind: Pod\n  x: true\n'],
    ['a Secret after it', 'x.yaml', 'items:\n- kind: Pod\n  x: true\n  y: 1\n- kind: Secret\n  data: {user: kAnaRy}\n'],
    ['the data of a ConfigMap', 'x.yaml', 'data:\n  user: kAnaRy\nx: true\n'],
    [
      'the data of a Secret by alias',
      'x.yaml',
      'a:\n- kind: Pod\n  y: &a\n    u: kAnaRy\n  x: true\n  z: 1\n- {kind: Secret, data: *a}\n',
    ],
    ['a block', 'x.yaml', 'a:\n  other: |\n    kAnaRy\nx: true\n'],
    ['a quote of two lines', 'x.yaml', 'a: "y\n  kAnaRy\n  z"\nx: true\n'],
    ['a value on the next line', 'x.yaml', 'env:\n- name: A\n  value:\n    kAnaRy\nx: true\n'],
    ['arguments in brackets', 'x.yaml', 'args: ["--password",\n  kAnaRy,\n  ]\nx: true\n'],
    ['values of a chart', 'x.yaml', 'values:\n  a: kAnaRy\nx: true\n'],
    [
      'JSON',
      'x.json',
      '{"apiVersion":"v1","items":[{"kind":"Secret","data":{\n"user":"kAnaRy"\n}},\n{"y": 1,\n"x": true}]}\n',
    ],
    ['a variable', 'x.tf', 'variable "db_password" {\n  default = "kAnaRy"\n}\nlocals {\n  x = true\n}\n'],
    [
      'a sensitive variable',
      'x.tf',
      'variable "v" {\n  default   = "kAnaRy"\n  sensitive = true\n}\nlocals {\n  x = true\n}\n',
    ],
    ['a heredoc', 'x.tf', 'locals {\n  y = <<EOT\n    kAnaRy\n  EOT\n  x = true\n}\n'],
    ['the string of a secret', 'x.tf', 'locals {\n  secret_string = "kAnaRy"\n  x = true\n}\n'],
    ['an access key', 'x.yaml', 'y: ghp_kAnaRy\nx: true\n'],
  ])('does not show %s', async (_, name, body) => {
    const text = name === 'x.yaml' ? `apiVersion: v1\n${body}` : body;
    write(name, text);
    const start = text.lastIndexOf('true');
    const { text: diff, left } = await diffOf(planned([edit(name, text, start, start + 4, 'null')]), cwd);
    expect({ left, shown: diff.includes('kAnaRy') }).toEqual({ left: [], shown: false });
    apply(diff);
    expect(readFileSync(join(cwd, name), 'utf8')).toBe(`${text.slice(0, start)}null${text.slice(start + 4)}`);
  });
  test('leaves out a file in UTF-16', async () => {
    const text = '\ufeffapiVersion: v1\nx: true\n';
    for (const [bytes, left] of [
      [Buffer.from(text, 'utf16le'), [{ source: 'x.yaml', why: 'its encoding is UTF-16' }]],
      [Buffer.from(text), []],
    ] as const) {
      writeFileSync(join(cwd, 'x.yaml'), bytes);
      const start = text.indexOf('true');
      const diff = await diffOf(planned([edit('x.yaml', text, start, start + 4, 'null')]), cwd);
      expect({ left: diff.left, isEmpty: diff.text === '' }).toEqual({ left, isEmpty: left.length > 0 });
    }
  });
  test('does not show a change of a line that only its place shows to be secret', async () => {
    const text = 'apiVersion: v1\nkind: Secret\nstringData:\n  pin: 7391\n';
    const start = text.indexOf('7391');
    expect(await diffOf(planned([edit('x.yaml', text, start, start + 4, '"7391"')]), cwd)).toEqual({
      text: '',
      left: [{ source: 'x.yaml:4', why: 'a line that the fix changes, or the line after it, may contain a secret' }],
    });
  });

  test.each([
    ['enabled_cluster_log_types = true\n', 'HCL'],
    ['AWSTemplateFormatVersion: true\n', 'YAML'],
    ['{"AWSTemplateFormatVersion":"2010-09-09","x":true}\n', 'JSON'],
  ])('shows a change next to a key with a long name: %s', async (text) => {
    write('x.yaml', text);
    const start = text.indexOf('true');
    const { text: diff, left } = await diffOf(planned([edit('x.yaml', text, start, start + 4, 'false')]), cwd);
    expect(left).toEqual([]);
    expect(diff).toContain(`+${text.replace('true', 'false')}`);
  });
  test.each(['x: kAnaRykAnaRykAnaRykAnaRykAnaRy', '{"x":"kAnaRykAnaRykAnaRykAnaRy=","y":true}'])(
    'does not show a value that looks like a key of base64: %s',
    async (line) => {
      const text = `${line}\nz: true\n`;
      write('x.yaml', text);
      const start = text.lastIndexOf('true');
      expect((await diffOf(planned([edit('x.yaml', text, start, start + 4, 'false')]), cwd)).text).not.toContain(
        'kAnaRy',
      );
    },
  );
  test('shows a change of a boolean whose name sounds secret', async () => {
    const text = 'spec:\n  automountServiceAccountToken: true\n  x: 1\n';
    const start = text.indexOf('true');
    const { text: diff, left } = await diffOf(planned([edit('x.yaml', text, start, start + 4, 'false')]), cwd);
    expect(left).toEqual([]);
    expect(diff).toContain('+  automountServiceAccountToken: false\n');
  });
});
