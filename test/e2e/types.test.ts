import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ekslint-consumer-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(resolve('.'), join(folder, 'node_modules/ekslint'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says of a program that uses the package. */
function compile(text: string): string {
  writeFileSync(join(folder, 'a.mts'), text);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      resolve('node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      '--types',
      '',
      'a.mts',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return stdout + stderr;
}

describe('the types of the package', () => {
  const api =
    "import { lint, UserError, type JsonReport } from 'ekslint';\nconst report: JsonReport = await lint({ paths: ['.'], preset: 'all', config: false });\nexport const most: number = report.findings.length; export { UserError };\n";
  const rule = `import { defineRule } from 'ekslint/rule';
export default defineRule({
  title: 'x', severity: 'low', preset: 'opt-in', kinds: ['Workload'], scope: 'resource', messages: { a: '{b}' }, equivalents: [], sources: [],
  check(workload, { report }) { report({ message: 'a', data: { b: workload.title }, on: workload.pod, key: 'containers' }); },
});
`;
  test('serve a program and a rule', () => {
    expect(compile(api)).toBe('');
    expect(compile(rule)).toBe('');
  }, 60_000);
  test('tell what is wrong', () => {
    expect(compile(api.replace('most: number', 'most: string'))).toContain('TS2322');
    expect(compile(api.replace("preset: 'all'", "preset: 'none-such'"))).toContain('TS2322');
    expect(compile(rule.replace('data: { b:', 'data: { c:'))).toContain('TS2353');
  }, 60_000);
});
