import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerSamples } from './key-samples-aws.ts';
import { samples } from './key-samples.ts';
import { writtenFacts } from './written-facts.ts';

/* What is read from each file of key-samples.ts and key-samples-aws.ts, as reviewed: `vitest run -u` rewrites it. */

test.each([...samples, ...answerSamples])('$name', async ({ name, files }) => {
  const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.txt`;
  await expect(writtenFacts(files)).toMatchFileSnapshot(join(import.meta.dirname, 'written-facts', file));
});
