import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ekslint, folderWith, pod } from './ekslint.ts';

const readme = readFileSync('README.md', 'utf8');
/** The first fenced block that contains some words. */
const block = (words: string): string =>
  /^```\w*\n([^]*?)^```$/m.exec(readme.slice(readme.lastIndexOf('```', readme.indexOf(words))))?.[1] ?? '';
/** The number of rules changes with every new one. */
const uncounted = (text: string): string => text.replace(/(with|of) \d+ rules/g, '$1 N rules');

test('the sample is what the program prints', () => {
  const [command = '', ...sample] = block('$ npx ekslint ').split('\n');
  const { stdout } = ekslint('.', ['--no-config', ...command.split(' ').slice(3)]);
  expect(uncounted(sample.join('\n'))).toBe(uncounted(`\n${stdout}`));
});

test('the config is valid', () => {
  const { code, stderr } = ekslint(
    folderWith({ 'ekslint.yaml': block('extends: [recommended]'), 'pod.yaml': pod('web', false) }),
    ['--fail-on', 'never', 'pod.yaml'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('the hooks of pre-commit start the program', () => {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as { id: string; entry: string }[];
  expect(hooks.map(({ id }) => id)).toEqual(['ekslint', 'ekslint-workspace']);
  const folder = folderWith({ 'pod.yaml': pod('web') });
  for (const { entry } of hooks) expect(ekslint(folder, entry.split(' ').slice(1)).code).toBe(1);
});
