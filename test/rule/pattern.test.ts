import { describe, expect, test } from 'vitest';
import type { AnyRule } from '#rule';
import { endsOf, matchesAny, pattern, patternFault, whole } from '#rule/pattern';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { samplesOf } from '../samples.ts';
import { countTime } from '../processor-time.ts';

describe('patternFault', () => {
  test.each([
    '^system:',
    '(?i)passw(or)?d|pwd',
    '^(dev|prod)-.*-(admin|ops)-.*$',
    '^(?!system:).+$',
    '^v\\d+\\.\\d+\\.\\d+$',
    '[a-z]([-a-z0-9]*[a-z0-9])?',
    '^[a-f0-9]{8}-([a-f0-9]{4}-){3}[a-f0-9]{12}$',
    '[)(*+]+',
    '\\(\\*\\)+',
    '[^\\]]+',
    '[^]]a',
    '(foo)+',
    'a{',
    'a{x}',
    'a|b|',
    '(ab){64}',
    '\\u{9}',
  ])('accepts %s', (source) => {
    expect(patternFault(source)).toBeUndefined();
  });
  test.each([
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    '(a?)*b',
    '((a)|b)*',
    '(?:.*)*x',
    '^(\\w+\\s?)*$',
    '(a{1,20}){1,20}',
    '(.*,){12}P',
    'a*a*a*a*b',
    '(a*)?(b*)?(c*)?(d*)?',
    '(?<n>a|b)+',
    '(?=(a+)+$)',
    '(?<!(a+)+)b',
    '([)]+)+',
    'a?'.repeat(60),
    '(?i)(a+)+',
  ])('finds %s slow', (source) => {
    expect(patternFault(source)).toMatch(/^can take too long/);
  });
  test.each([
    ['', 'matches every text'],
    ['(', 'is not a valid regular expression (Unterminated group)'],
    ['^(?i)a', 'is not a valid regular expression (Invalid group)'],
    ['a/i: (', 'is not a valid regular expression (Unterminated group)'],
    ['x'.repeat(1001), 'has more than 1000 characters'],
  ])('%s', (source, fault) => {
    expect(patternFault(source)).toBe(fault);
  });
  test('an accepted pattern is fast on the worst string', () => {
    // As the config does it; a pattern that was run once is compiled to machine code.
    expect(patternFault('a*a*a*b')).toBeUndefined();
    const spent = countTime();
    expect(matchesAny('a'.repeat(256), [pattern('a*a*a*b')])).toBe(false);
    expect(spent()).toBeLessThan(5000);
  });
  test('accepts the defaults of all rules', () => {
    const marked = rules.flatMap((rule) => Object.values(rule.options ?? {})).filter((option) => 'patterns' in option);
    expect(marked.length).toBeGreaterThan(2);
    for (const source of marked.flatMap((option) => option.default as string | readonly string[]))
      expect(patternFault(source)).toBeUndefined();
  });
});

test('a string of the config becomes a pattern only if the option says so, because no other is checked', async () => {
  const texts = rules.flatMap((rule) =>
    Object.entries(rule.options ?? {}).flatMap(([name, option]): { rule: AnyRule; name: string; value: unknown }[] =>
      'patterns' in option || 'enum' in option
        ? []
        : option.type === 'string'
          ? [{ rule, name, value: '(' }]
          : option.type === 'array' && option.items.type === 'string'
            ? [{ rule, name, value: ['('] }]
            : [],
    ),
  );
  expect(texts.length).toBeGreaterThan(20);
  for (const { rule, name, value } of texts)
    for (const { files, options, target, title } of samplesOf(rule.id)) {
      const { crashes } = await lintTexts(files, [rule], { options: { ...options, [name]: value }, target });
      expect(crashes, `${title}, option ${name}`).toEqual([]);
    }
});

test('pattern, whole, endsOf', () => {
  expect(pattern('(?i)ab').test('xAB')).toBe(true);
  expect(whole(pattern('a|ab')).test('ab')).toBe(true);
  expect(whole(pattern('a|b')).test('ac')).toBe(false);
  expect(endsOf('abab', pattern('ab'))).toEqual([2, 4]);
  expect(matchesAny('a'.repeat(257), [pattern('a')])).toBe(false);
});
