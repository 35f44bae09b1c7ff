import { expect, test } from 'vitest';
import { has, own, types } from '../aws/specification.ts';
import { answerSamples } from './key-samples-aws.ts';
import { wholeSamples } from './key-samples-whole.ts';
import { samples } from './key-samples.ts';
import { read } from './read.ts';

/*
 * What a format spells in its own way is a property of CloudFormation, at any depth: nothing asks for a row of another name. Tools write
 * several types by the same rows.
 */

/** Lists of our own, whose items are resources in CloudFormation. */
const listed: readonly (readonly [RegExp, string])[] = [
  [/^Routes\[\]\./, 'AWS::EC2::Route'],
  [/^(?:In|E)gress\[\]\./, 'AWS::EC2::NetworkAclEntry'],
];

test('each row is a property', () => {
  const paths = new Set<string>();
  for (const { files } of [...samples, ...wholeSamples, ...answerSamples])
    for (const description of read(files).descriptions)
      for (const type of types)
        for (const { body } of description.of(type))
          for (const path of Object.keys(body.spelling.rows)) paths.add(path);
  expect(paths.size).toBeGreaterThan(200);
  const isProperty = (path: string): boolean =>
    types.some((type) => own.has(`${type} ${path}`) || has(type, path)) ||
    listed.some(([prefix, type]) => prefix.test(path) && has(type, path.replace(prefix, '')));
  expect([...paths].filter((path) => !isProperty(path)).sort()).toEqual([]);
});
