import { expect, it } from 'vitest';
import { askedProperties } from './asked.ts';
import { has, own } from './specification.ts';

it('readings ask by the names of CloudFormation', () => {
  const asked = askedProperties();
  expect(asked.size).toBeGreaterThan(200);
  const unknown = [...asked].filter((one) => {
    const [type = '', path = ''] = one.split(' ');
    return !own.has(one) && !has(type, path);
  });
  expect(unknown.join('\n')).toBe('');
});
