import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { configSchema } from '#config/schema.ts';
import { sampleRules } from './sample-rules.ts';

test('the schema is valid draft-07 for ajv, with every rule and option in it', () => {
  const schema = configSchema(sampleRules);
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  expect(
    validate({
      version: 1,
      rules: { 'reliability/min-replicas': { severity: 'low', min: 4, mode: 'sum', jobs: true }, 'cost/*': 'off' },
    }),
  ).toBe(true);
  expect(validate({ rules: { 'reliability/min-replicas': { min: 'x' } } })).toBe(false);
  // An editor cannot know the rules of the user; ekslint does.
  expect(validate({ rules: { 'images/no-such': 'low' } })).toBe(false);
  expect(validate({ rules: { 'acme/owner': 'low' } })).toBe(true);
  expect(ajv.compile({ ...configSchema(sampleRules, true), $id: 'whole' })({ rules: { 'acme/owner': 'low' } })).toBe(
    false,
  );
  expect(schema).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: {
      rules: {
        properties: {
          'images/mutable-tag': { description: 'Title of images/mutable-tag. Severity: medium. Preset: recommended.' },
        },
      },
    },
  });
});

test('the schema is plain JSON', () => {
  const schema = configSchema(sampleRules);
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});
