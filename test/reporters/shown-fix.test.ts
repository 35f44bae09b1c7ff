import { expect, it } from 'vitest';
import { shownFix } from '../../src/reporters/shown-fix.ts';

const fix = (text: string, secret = true) => {
  const [from, to] = [
    { line: 1, column: 6 },
    { line: 1, column: 10 },
  ];
  const edits = [{ source: 'a.yaml', start: 5, end: 9, judged: 'pin: 7391', from, to, text }];
  return { safe: true, edits, ...(secret ? { secret } : {}) } as const;
};

it('a report shows no edit that writes a possible secret', () => {
  expect(shownFix({ fix: fix('hunter2') })).toBeUndefined();
  expect(shownFix({ fix: fix('"7391" # was a number') })).toBeUndefined();
  expect(shownFix({ fix: fix('') })).toEqual(fix(''));
  expect(shownFix({ fix: fix('TCP', false) })).toEqual(fix('TCP', false));
});

it('a value is quoted without showing it', () => {
  const shown = shownFix({ fix: fix('"7391"') });
  expect(shown?.edits.map(({ start, end, from, to, text }) => ({ start, end, from, to, text }))).toEqual([
    { start: 5, end: 5, from: { line: 1, column: 6 }, to: { line: 1, column: 6 }, text: '"' },
    { start: 9, end: 9, from: { line: 1, column: 10 }, to: { line: 1, column: 10 }, text: '"' },
  ]);
});
