import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderWith } from './ekslint.ts';

const action: { inputs: object; outputs: object } = parse(readFileSync('action.yml', 'utf8'));
const blocks = [...readFileSync('docs/github-action.md', 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm)].map(
  ([, text = '']) => text,
);
/** A block that is not a complete workflow is a list of steps. */
const workflows = blocks.map((text) =>
  /^jobs:/m.test(text)
    ? text
    : `on: push\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n${text.replace('<commit>', '0'.repeat(40))}`,
);

interface Workflow {
  readonly on: object;
  readonly permissions?: object;
  readonly jobs: Record<
    string,
    {
      readonly permissions?: object;
      readonly steps: { readonly id?: string; readonly uses?: string; readonly with?: object }[];
    }
  >;
}

describe('examples of docs/github-action.md', () => {
  test('name the tag that a release of this version moves (release.yml)', () => {
    const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
    const texts = ['docs/github-action.md', 'README.md'].map((file) => readFileSync(file, 'utf8')).join('');
    const tags = new Set([...texts.matchAll(/uses: ekslint\/ekslint@([^<\s]+)/g)].map(([, tag]) => tag));
    expect([...tags]).toEqual([`v${version.split('.', 1)[0]}`]);
  });
  test('there are some for push, pull requests and code scanning', () => {
    expect(blocks.filter((text) => /^jobs:/m.test(text)).length).toBeGreaterThanOrEqual(4);
    expect(blocks.join('')).toMatch(/push:/);
    expect(blocks.join('')).toMatch(/pull_request:/);
    expect(blocks.join('')).not.toMatch(/pull_request_target/);
  });
  test.each(workflows)('uses existing inputs and outputs, with no more permissions than needed: %#', (text) => {
    const { permissions, jobs }: Workflow = parse(text);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    for (const { uses = '', with: given = {} } of steps)
      if (uses.startsWith('ekslint/'))
        for (const input of Object.keys(given)) expect(action.inputs).toHaveProperty([input]);
    for (const [, output = ''] of text.matchAll(/steps\.ekslint\.outputs\.([\w-]+)/g))
      expect(action.outputs).toHaveProperty([output]);
    if (/^permissions:/m.test(text)) expect(permissions).toEqual({});
  });
  const hasActionlint = spawnSync('actionlint', ['--version']).status === 0;
  test.skipIf(!hasActionlint && process.env['CI'] === undefined)('pass actionlint', () => {
    const folder = folderWith(Object.fromEntries(workflows.map((text, i) => [`example-${i + 1}.yml`, text])));
    const files = workflows.map((_, i) => join(folder, `example-${i + 1}.yml`));
    const { stdout, status } = spawnSync('actionlint', ['-no-color', ...files], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
