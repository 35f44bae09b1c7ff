import { expect, it } from 'vitest';
import { readDescriptions } from '#aws/read.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { asIs, type Row } from '#spelling/spelling.ts';
import { parse, source, touch } from '../inputs/read.ts';
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
