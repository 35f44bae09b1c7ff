import { expect, test } from 'vitest';
import { ekslint, folderWith, only, pod } from './ekslint.ts';

const folder = folderWith({
  'a/one.yaml': pod('one'),
  'a/b/two.yaml': pod('two'),
  'ab.yaml': pod('three'),
  'x.txt': '',
});
const filesIn = (args: readonly string[], cwd = folder): { code: number | null; files: string[] } => {
  const { code, stdout } = ekslint(cwd, ['--format', 'compact', ...only, ...args]);
  return { code, files: stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(0, line.indexOf(':'))])) };
};

test('--scope reports on a file or a folder, not on names with the same prefix', () => {
  expect(filesIn([])).toEqual({ code: 1, files: ['a/b/two.yaml', 'a/one.yaml', 'ab.yaml'] });
  expect(filesIn(['--scope', 'a'])).toEqual({ code: 1, files: ['a/b/two.yaml', 'a/one.yaml'] });
  expect(filesIn(['--scope', './a/one.yaml', '--scope=ab.yaml'])).toEqual({
    code: 1,
    files: ['a/one.yaml', 'ab.yaml'],
  });
  expect(filesIn(['--scope', '.'])).toEqual(filesIn([]));
  expect(filesIn(['--scope', '..'])).toEqual(filesIn([]));
  expect(filesIn(['--scope', 'a', 'ab.yaml', 'a/one.yaml'])).toEqual({ code: 1, files: ['a/one.yaml'] });
});

test('--scope with nothing to judge does not pass', () => {
  expect(filesIn(['--scope', 'x.txt']).code).toBe(2);
  expect(filesIn(['--scope', 'x.txt', '--allow-empty'])).toEqual({ code: 0, files: [] });
  const { code, stderr } = ekslint(folder, ['--scope', 'a/tow.yaml']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'error: --scope a/tow.yaml: no such file or folder\n       Check the spelling; paths are relative to the working directory.\n',
  });
});
