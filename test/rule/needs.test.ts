import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { knownKinds } from '#model/kinds.ts';
import type { AnyRule } from '#rule';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { type Sample, samplesOf } from '../samples.ts';

/*
 * A rule that names keys in `needs` does not run if no object has any of them. A wrong key would lose findings, so the
 * keys are verified: without them the rule reports nothing in any example of its page, and no rule reports anything
 * different in any example or fixture.
 */

const isPlainData = (name: string): boolean => /\.(?:ya?ml|json)$/.test(name);
const withoutNeeds = (rule: AnyRule): AnyRule => ({ ...rule, needs: undefined });
const choosy = rules.filter(({ needs }) => needs !== undefined);

/** The findings, in a fixed order. */
async function verdictsOf(sample: Sample, asked: readonly AnyRule[]): Promise<string[]> {
  const { findings, undetermined, crashes } = await lintTexts(sample.files, asked, sample);
  return [
    ...findings.map(({ rule, at, message }) => `${rule} ${at.source}:${at.start?.line} ${message}`),
    // The keys also determine which rules a template or an unknown value hides (src/engine/holes.ts), which is not a
    // verdict.
    ...undetermined
      .filter(
        ({ why }) =>
          why !== 'the value is an unrendered template: lint the rendered file' &&
          why !== 'var.groups is not known before Terraform runs',
      )
      .map(({ rule, at, why }) => `${rule} ${at.source}:${at.start?.line} not judged: ${why}`),
    ...crashes.map(({ rule, error }) => `${rule} ${error.message}`),
  ].sort();
}

/** A value without some keys, at any depth. */
function pruned(value: unknown, keys: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => pruned(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (keys.has(key) ? [] : [[key, pruned(inner, keys)]])),
  );
}

test('only rules about Kubernetes objects name keys, because only objects are searched for them', () => {
  expect(choosy.length).toBeGreaterThan(50);
  const kinds = new Set(knownKinds.map(([kind]) => kind));
  const others = choosy.filter((rule) =>
    rule.kinds.some((kind) => kind !== 'Resource' && kind !== 'Workload' && !kinds.has(kind)),
  );
  expect(others.map(({ id }) => id)).toEqual([]);
});

describe('without its keys a rule reports nothing in the examples of its page', () => {
  test.each(choosy.map((rule) => [rule.id, rule] as const))('%s', async (id, rule) => {
    const keys = new Set(rule.needs);
    let silenced = 0;
    for (const sample of samplesOf(id)) {
      // Keys are deleted from YAML and JSON only.
      if (!Object.keys(sample.files).some(isPlainData)) continue;
      const before = await verdictsOf(sample, [withoutNeeds(rule)]);
      expect(await verdictsOf(sample, [rule]), sample.title).toEqual(before);
      const files = Object.fromEntries(
        Object.entries(sample.files).map(([name, text]) => [
          name,
          !isPlainData(name)
            ? text
            : parseAllDocuments(text, { merge: true })
                .map((document) => stringify(pruned(document.toJS(), keys)))
                .join('---\n'),
        ]),
      );
      expect(await verdictsOf({ ...sample, files }, [withoutNeeds(rule)]), sample.title).toEqual([]);
      if (before.length > 0) silenced++;
    }
    expect(silenced, 'examples that have something to silence').toBeGreaterThan(0);
  });
});

test('all rules report the same for every example and fixture, with the keys and without', async () => {
  const scenario = 'fixtures/scenarios/shop';
  const read = (folder: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name))
        .map((path) => [path, readFileSync(path, 'utf8')]),
    );
  const samples = [
    ...rules.flatMap(({ id }) => samplesOf(id)),
    ...[scenario, 'fixtures/kubernetes'].map((folder) => ({
      title: folder,
      files: read(folder),
      options: {},
      target: undefined,
    })),
  ];
  const greedy = choosy.map(withoutNeeds);
  let said = 0;
  for (const one of samples) {
    const sample = { ...one, options: {} };
    const all = await verdictsOf(sample, greedy);
    expect(await verdictsOf(sample, choosy), sample.title).toEqual(all);
    said += all.length;
  }
  expect(said).toBeGreaterThan(500);
}, 120_000);
