import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerSamples } from './key-samples-aws.ts';
import { compositeSamples } from './key-samples-composites.ts';
import { doubtSamples } from './key-samples-doubts.ts';
import { linkSamples } from './key-samples-links.ts';
import { objectSamples } from './key-samples-objects.ts';
import { nodeSamples } from './key-samples-nodes.ts';
import { terraformSamples } from './key-samples-terraform.ts';
import { wholeSamples } from './key-samples-whole.ts';
import { samples } from './key-samples.ts';
import { writtenFacts } from './written-facts.ts';

/* What is read of each file of key-samples.ts and of those named after it, as reviewed: `vitest run -u` writes it again. */

test.each([
  ...samples,
  ...wholeSamples,
  ...terraformSamples,
  ...answerSamples,
  ...compositeSamples,
  ...nodeSamples,
  ...doubtSamples,
  ...linkSamples,
  ...objectSamples,
])('$name', async ({ name, files }) => {
  const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.txt`;
  await expect(writtenFacts(files)).toMatchFileSnapshot(join(import.meta.dirname, 'written-facts', file));
});
