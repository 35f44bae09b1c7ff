import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ekslint-consumer-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(inject('installed'), join(folder, 'node_modules/ekslint'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The ways in which programs find the types of a package. */
const resolutions = [
  ['--module', 'nodenext'],
  ['--module', 'node16', '--moduleResolution', 'node16'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];

/**
 * What the compiler says about a program that uses the package; unresolved declarations count, as libraries are checked
 * too.
 */
function compile(text: string, resolution = resolutions[0] ?? []): string {
  writeFileSync(join(folder, 'a.mts'), text);
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [tsc, '--noEmit', '--strict', ...resolution, '--target', 'es2023', '--types', '', 'a.mts'],
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
  test.each(resolutions)('work for a program and a rule (%s %s %s %s)', (...resolution) => {
    expect(compile(api, resolution)).toBe('');
    expect(compile(rule, resolution)).toBe('');
  });
  test('reveal type errors', () => {
    expect(compile(api.replace('most: number', 'most: string'))).toContain('TS2322');
    expect(compile(api.replace("preset: 'all'", "preset: 'none-such'"))).toContain('TS2322');
    expect(compile(rule.replace('data: { b:', 'data: { c:'))).toContain('TS2353');
  });
  test('contain the fields of Kubernetes objects', () =>
    expect(compile(rule.replace('workload.title', 'workload.pod.dnsPolicy.nosuch'))).toContain('nosuch'));
});
