import { expect, it } from 'vitest';
import { shownFix } from '../../src/reporters/shown-fix.ts';

it('a report shows no edit that writes into a Secret', () => {
  const at = { line: 1, column: 1 };
  const fix = (text: string) => ({
    safe: true,
    edits: [{ source: 'a.yaml', start: 0, end: 1, judged: '', from: at, to: at, text }],
  });
  const of = (kind: string) => ({ apiVersion: 'v1', kind, namespace: '', name: 'a' });
  expect(shownFix({ subject: of('Secret'), fix: fix('hunter2') })).toBeUndefined();
  expect(shownFix({ subject: of('Secret'), fix: fix('') })).toEqual(fix(''));
  expect(shownFix({ subject: of('Service'), fix: fix('TCP') })).toEqual(fix('TCP'));
});
