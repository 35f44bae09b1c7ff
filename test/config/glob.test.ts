import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globMatcher, pathMatcher } from '#model/glob.ts';
import { countTime } from '../processor-time.ts';

describe('globMatcher', () => {
  test.each([
    ['a.yaml', 'a.yaml', true],
    ['a.yaml', 'axyaml', false],
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'b/a.yaml', false],
    ['**/*.yaml', 'a.yaml', true],
    ['**/*.yaml', 'c/b/a.yaml', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab/c', false],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/x/y/c', true],
    ['a/**/c', 'a/xc', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['{a,b*}.y', 'bcd.y', true],
    ['{a,b*}.y', 'c.y', false],
    ['a{,b}', 'a', true],
    ['{a,{b,c}}d', 'cd', true],
    ['a{b', 'a{b', true],
    ['**', '', true],
    ['**', 'a/b', true],
    ['*', '', true],
    ['x.y', 'xzy', false],
    ['(a)+', '(a)+', true],
    ['**/testdata/**', 'testdata/x', true],
    ['infra/**/*.tf', 'infra/main.tf', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });
  test('in ids a star crosses slashes', () => {
    expect(globMatcher('*', true)('cost/idle')).toBe(true);
    expect(globMatcher('cost*', true)('cost/idle')).toBe(true);
    expect(globMatcher('cost/*', true)('costs/idle')).toBe(false);
  });
  test('agrees with a plain recursive matcher', () => {
    const slow = (p: string, t: string): boolean => {
      if (p === '') return t === '';
      if (p.startsWith('**')) return slow(p.slice(2), t) || (t !== '' && slow(p, t.slice(1)));
      if (p[0] === '*') return slow(p.slice(1), t) || (t !== '' && t[0] !== '/' && slow(p, t.slice(1)));
      return t !== '' && (p[0] === '?' ? t[0] !== '/' : p[0] === t[0]) && slow(p.slice(1), t.slice(1));
    };
    const part = (...letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
    // `**/` and runs of three stars have meanings of their own
    fc.assert(
      fc.property(part('a', 'b', '/', '*', '?'), part('a', 'b', '/'), (pattern, text) => {
        fc.pre(!pattern.includes('***') && !pattern.includes('**/'));
        expect(globMatcher(pattern)(text)).toBe(slow(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });
  test('hostile patterns take linear time', () => {
    const spent = countTime();
    expect(globMatcher(`${'*a'.repeat(240)}b`)('a'.repeat(4_900))).toBe(false);
    expect(globMatcher(`${'{a,'.repeat(100)}b${'}'.repeat(100)}`)('b')).toBe(true);
    expect(globMatcher('*'.repeat(501))('a')).toBe(false);
    expect(spent()).toBeLessThan(1_500);
  });
});

test('a path pattern may start with ./ and end with a folder', () => {
  const matches = pathMatcher(['./a/b/', 'c.yaml']);
  expect(['a/b/x/y.yaml', 'a/b', 'c.yaml', 'a/c.yaml'].map((path) => matches(path))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
