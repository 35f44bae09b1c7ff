import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commentEnglish, shown } from './english.ts';

interface Comment {
  readonly line: number;
  readonly text: string;
}

/** The comments that start a line, each as one text: a block, or consecutive lines with `//`. Code in backticks is left out. */
function commentsOf(source: string): Comment[] {
  const found: { line: number; text: string }[] = [];
  let open: 'block' | 'lines' | undefined;
  for (const [index, line] of source.split(/\r?\n/).entries()) {
    const start = /^\s*(\/\*\*?|\/\/)/.exec(line)?.[1];
    if (open !== 'block' && start === undefined) {
      open = undefined;
      continue;
    }
    const isNew = open === undefined || (open === 'lines' && start !== '//');
    if (isNew) {
      found.push({ line: index + 1, text: '' });
      open = start === '//' ? 'lines' : 'block';
    }
    const comment = found.at(-1);
    if (comment) comment.text += ` ${line.replace(/^\s*(?:\/\*\*?|\/\/|\*(?!\/))?\s?/, '').replace(/\s*\*\/.*$/, '')}`;
    if (open === 'block' && line.includes('*/')) open = undefined;
  }
  return found.map(({ line, text }) => ({ line, text: text.replace(/`[^`]*`/g, 'code').trim() }));
}

const files = ['src', 'rules', 'test', 'bin', 'bench', '.ci']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.[cm]?[jt]s$/.test(file) && file !== 'src/rule/registry.ts')
  .sort();

test('comments are found with their lines', () => {
  expect(commentsOf('/** One\n * two `besides`. */\nlet a; // not this\n// three\n// four\n\n/* five */\n')).toEqual([
    { line: 1, text: 'One two code.' },
    { line: 4, text: 'three four' },
    { line: 7, text: 'five' },
  ]);
  expect(commentEnglish('a.ts', 'Undefined where nobody can tell.')).toHaveLength(3);
});

test('comments are plain English', () => {
  const comments = files.flatMap((file) =>
    commentsOf(readFileSync(file, 'utf8')).map(({ line, text }) => ({ of: `${file}:${line}`, text })),
  );
  expect(comments.length).toBeGreaterThan(4000);
  expect(shown(comments.flatMap(({ of, text }) => commentEnglish(of, text)))).toEqual([]);
});
