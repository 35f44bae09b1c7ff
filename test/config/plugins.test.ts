import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { disk } from '#config/files.ts';
import { loadConfig } from '#config/load.ts';
import { resolveRules } from '#config/resolve.ts';
import { UserError } from '#errors.ts';
import { lintTexts } from '../lint-texts.ts';
import { sampleRules } from './sample-rules.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-plugins-')));
  mkdirSync(join(root, '.git'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
}
const rule = (more = ''): string => `module.exports = {
  title: 'Deployment should have an owner', severity: 'high', preset: 'strict', kinds: ['Deployment'], scope: 'resource',
  messages: { missing: '{title} has no owner' },
  check(one, { report }) { report({ message: 'missing', data: { title: one.title }, on: one.object, key: 'metadata' }); },
  ${more}
};`;
const config = 'plugins: ./own\nrules: {acme/owner: low}\n';

async function faults(allow: boolean, text = config): Promise<string[]> {
  const error: unknown = await loadConfig(put('ekslint.yaml', text), sampleRules, disk, allow).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${String(error)}`);
  return [error, ...error.others].map(({ message, hint }) =>
    `${message} | ${hint}`.replaceAll(/\S*\/own(?=[ /])/g, 'own'),
  );
}

test('a rule of a folder is like any other', async () => {
  put('own/acme/owner.cjs', rule());
  put('own/README.md', '');
  const loaded = await loadConfig(put('ekslint.yaml', config), sampleRules, disk, true);
  const { active } = resolveRules([...sampleRules, ...loaded.customRules], loaded, { only: ['acme'], skip: [] });
  expect(active.map(({ rule: { id }, severity }) => `${id} ${severity}`)).toEqual(['acme/owner low']);
  const { findings, crashes } = await lintTexts(
    { 'a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n' },
    loaded.customRules,
  );
  expect(crashes).toEqual([]);
  expect(findings.map(({ message, at }) => `${at.start?.line} ${message}`)).toEqual([
    '3 Deployment "web" has no owner',
  ]);
});
test('its code does not run unless the command line allows it', async () => {
  const canary = join(root, 'canary');
  put('own/acme/owner.cjs', `require('node:fs').writeFileSync(${JSON.stringify(canary)}, ''); ${rule()}`);
  expect(await faults(false)).toEqual([
    'plugins are code from this repository, which ekslint does not run by default | Pass --allow-plugins if you trust everyone who can change it.',
  ]);
  expect(existsSync(canary)).toBe(false);
});
test('its code does not run for a config of a commit', async () => {
  put('own/acme/owner.cjs', rule());
  await expect(loadConfig(put('ekslint.yaml', config), sampleRules, { ...disk }, true)).rejects.toThrow(
    'plugins are not loaded with --config-from',
  );
});
test('a link that leaves the folder is not followed', async () => {
  const canary = join(root, 'canary');
  const path = put('other/owner.cjs', `require('node:fs').writeFileSync(${JSON.stringify(canary)}, ''); ${rule()}`);
  put('own/acme/first.cjs', rule());
  symlinkSync(path, join(root, 'own/acme/owner.cjs'));
  expect(await faults(true)).toEqual([
    expect.stringContaining('owner.cjs: it is a link to outside the folder | Copy the rule into the folder.'),
  ]);
  expect(existsSync(canary)).toBe(false);
});
test('the keys that it needs are a list', async () => {
  put('own/acme/owner.cjs', rule("needs: 'spec'"));
  expect(await faults(true)).toEqual([expect.stringContaining('`needs` must be a list of keys')]);
});
test('its errors are reported', async () => {
  const hint = '| Export a rule as default: export default defineRule({ ... }) of ekslint/rule.';
  expect(await faults(true)).toEqual(['own is not a folder | Paths are relative to this file.']);
  put('own/acme/owner.txt', '');
  expect(await faults(true)).toEqual([
    'own contains no rules | A rule is a file <category>/<slug>.js or .ts in it, e.g. acme/owner-label.js.',
  ]);
  put('own/acme/a.cjs', 'module.exports = 1');
  put('own/acme/b.cjs', rule("kinds: ['Deploymnt'],"));
  put('own/acme/c.cjs', rule("severity: 'error',"));
  put('own/acme/d.cjs', 'throw new Error("no");');
  put('own/images/e.cjs', rule());
  expect(await faults(true)).toEqual([
    `own/acme/a.cjs: it has no rule as its default export ${hint}`,
    `own/acme/b.cjs: unknown kind "Deploymnt" (did you mean "Deployment"?) ${hint}`,
    `own/acme/c.cjs: \`severity\` must be one of critical, high, medium, low, info ${hint}`,
    'own/acme/d.cjs: it cannot be loaded: no | A rule that imports ekslint/rule needs ekslint as a development dependency of the repository.',
    'own/images/e.cjs: "images/e" uses a built-in category | Use your own category, e.g. acme/owner-label.',
  ]);
  expect(await faults(true, 'plugins: ../\n')).toEqual([
    'plugins "../" is outside this repository | Copy it into the repository.',
  ]);
});
test('a check that promises an answer has not judged', async () => {
  put('own/acme/owner.cjs', rule('async check() {},'));
  const loaded = await loadConfig(put('ekslint.yaml', config), sampleRules, disk, true);
  const { crashes } = await lintTexts(
    { 'a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n' },
    loaded.customRules,
  );
  expect(crashes.map(({ error }) => error.message)).toEqual(['check returns a promise, and rules must judge at once']);
});
