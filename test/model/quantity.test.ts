import { expect, test } from 'vitest';
import { parseQuantity } from '#model/quantity.ts';
import { countTime } from '../processor-time.ts';

test.each([
  ['100m', 0.1],
  ['300m', 0.3],
  ['1500m', 1.5],
  ['2', 2],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['+1', 1],
  ['-1', -1],
  ['0', 0],
  ['0m', 0],
  [0, 0],
  [2, 2],
  [0.25, 0.25],
  ['1k', 1000],
  ['1M', 1e6],
  ['1G', 1e9],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1Ei', 2 ** 60],
  ['1E', 1e18],
  ['1e3', 1000],
  ['1E3', 1000],
  ['12e-1', 1.2],
  ['1n', 1e-9],
  ['5u', 5e-6],
])('%s is %d', (text, number) => expect(parseQuantity(text)).toBe(number));

test.each([
  '',
  ' ',
  '1 Gi',
  ' 1',
  '1Gi ',
  'Gi',
  '1gi',
  '1K',
  '1mi',
  '1GB',
  '1e',
  '1e3Gi',
  '0x10',
  '1_000',
  '.',
  '+',
  '--1',
  '1e999999',
  'NaN',
  'Infinity',
  '${CPU}',
  '{{ .Values.cpu }}',
  '1\n',
  NaN,
  Infinity,
  null,
  undefined,
  true,
  [],
  {},
])('%s is invalid', (value) => expect(parseQuantity(value)).toBeUndefined());

test('a long text is read in linear time', () => {
  const spent = countTime();
  expect(parseQuantity(`${'1'.repeat(1_000_000)}x`)).toBeUndefined();
  expect(parseQuantity('1'.repeat(1_000_000))).toBeUndefined();
  expect(spent()).toBeLessThan(500);
});
