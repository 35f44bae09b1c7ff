import { parseAllDocuments, stringify } from 'yaml';
import { expect, test } from 'vitest';
import { isJudged } from '#sources/project.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { samplesOf } from '../samples.ts';

/*
 * An audit treats pods of one controller as copies if they only differ in annotations that no rule needs. A rule that
 * needs another one in a pod has to add it: without the others, rules report the same for the pods in all examples.
 */

interface Json {
  readonly [key: string]: unknown;
}
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A pod without the annotations that make no difference; the same object if it has none of them. */
function withoutOthers(object: unknown): unknown {
  if (!isMap(object) || object['kind'] !== 'Pod' || !isMap(object['metadata'])) return object;
  const { annotations } = object['metadata'];
  if (!isMap(annotations)) return object;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => isJudged(key)));
  return Object.keys(kept).length === Object.keys(annotations).length
    ? object
    : { ...object, metadata: { ...object['metadata'], annotations: kept } };
}

test('rules read no other annotations of pods', async () => {
  let changed = 0;
  const differing: string[] = [];
  for (const { id } of rules)
    for (const sample of samplesOf(id)) {
      const files = Object.fromEntries(
        Object.entries(sample.files).map(([name, text]) => {
          if (!/\.ya?ml$/.test(name) || !/annotations/.test(text) || !/kind: Pod\b/.test(text)) return [name, text];
          const before = parseAllDocuments(text, { logLevel: 'silent' }).map((one) => one.toJS() as unknown);
          const after = before.map(withoutOthers);
          return [
            name,
            after.some((one, i) => one !== before[i]) ? after.map((one) => stringify(one)).join('---\n') : text,
          ];
        }),
      );
      if (Object.entries(files).every(([name, text]) => text === sample.files[name])) continue;
      changed++;
      const own = rules.filter((rule) => rule.id === id);
      const said = async (texts: Readonly<Record<string, string>>): Promise<string[]> =>
        (await lintTexts(texts, own, sample)).findings.map(({ message }) => message).sort();
      if (JSON.stringify(await said(sample.files)) !== JSON.stringify(await said(files)))
        differing.push(`${id}: ${sample.title}`);
    }
  expect(differing).toEqual([]);
  expect(changed).toBeGreaterThan(0);
}, 60_000);
