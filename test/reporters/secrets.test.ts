import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isScalar, isSeq, parseAllDocuments, visit } from 'yaml';
import compact from '#reporters/compact.ts';
import github from '#reporters/github.ts';
import html from '#reporters/html.ts';
import json from '#reporters/json.ts';
import markdown from '#reporters/markdown.ts';
import sarif from '#reporters/sarif.ts';
import text from '#reporters/text.ts';
import type { AnyRule } from '#rule';
import { readPage } from '../../src/rule/page.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { options, report } from './sample.ts';

/*
 * A value in a place where repositories keep secrets is in no format of the report: each such value in the failing
 * examples of all rules is replaced by a canary, one after another, and the rule is run.
 */

const formats = [text, compact, json, sarif, github, markdown, html];
const endings: Readonly<Record<string, string>> = { yaml: 'yaml', yml: 'yaml', json: 'json', hcl: 'tf' };

/** Keys below which every value may be a secret, and keys whose value is one. */
const holders = new Set(
  'env args command data stringData binaryData httpHeaders headers userData UserData variables literals volumeAttributes value overrideBootstrapCommand preBootstrapCommands'.split(
    ' ',
  ),
);
const secretKey =
  /pass(?:word)?|secret(?!s|Name|_?name|Ref)|token(?!s|Request|Review)|api[-_]?key|credential|^(?:last-applied|Default|default)$/i;
/** Names from Kubernetes in these places, which rules may quote, not values. */
const words = new Set(['name', 'key', 'kind', 'fieldPath', 'apiVersion', 'resource', 'mountPath', 'optional']);

interface Place {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

function placesIn(source: string, name: string): Place[] {
  if (name.endsWith('.tf'))
    return [...source.matchAll(/\b(?:value|default|user_data|\w*(?:password|token|secret))\s*=\s*"([^"\n]+)"/g)].map(
      ({ index, 0: all, 1: value = '' }) => ({
        start: index + all.length - value.length - 1,
        end: index + all.length - 1,
        value,
      }),
    );
  const places: Place[] = [];
  for (const document of parseAllDocuments(source, { logLevel: 'silent', uniqueKeys: false })) {
    if (document.errors.length > 0) continue;
    visit(document, {
      Pair(_, pair, path) {
        const keys = [...path, pair].flatMap((one) =>
          'key' in one && isScalar(one.key) ? [String(one.key.value)] : [],
        );
        const own = keys.at(-1) ?? '';
        const isSecret = secretKey.test(own) || (keys.some((key) => holders.has(key)) && !words.has(own));
        const scalars = isScalar(pair.value) ? [pair.value] : [];
        if (isSeq(pair.value)) for (const item of pair.value.items) if (isScalar(item)) scalars.push(item);
        if (isSecret)
          for (const { range, value } of scalars)
            if (range && value !== null && value !== '') places.push({ start: range[0], end: range[1], value });
      },
    });
  }
  return places;
}

/** A canary of the same type, so that rules about types report it. */
const canaryFor = ({ value }: Place): string => (typeof value === 'number' ? '7391846205' : 'kanary7391');
const canary = /kanary|7391846205|7\.391846205|a2FuYXJ5|thbmFye|rYW5hcn/i;

async function leaks(rule: AnyRule, files: Readonly<Record<string, string>>): Promise<string[]> {
  const { findings, undetermined } = await lintTexts(files, [rule]);
  const made = report({ findings, undetermined });
  return formats.flatMap((format) => {
    const shown = format.format(made, { ...options, all: true });
    const match = canary.exec(shown);
    return match ? [`${format.id}: ${shown.slice(Math.max(0, match.index - 80), match.index + 30)}`] : [];
  });
}

describe('no format shows a value in a place for secrets', () => {
  let spoken = 0;
  for (const rule of rules)
    test(rule.id, async () => {
      const found: string[] = [];
      for (const { verdict, blocks } of readPage(readFileSync(`rules/${rule.id}.md`, 'utf8')).examples) {
        if (verdict !== 'fails') continue;
        const files = Object.fromEntries(
          blocks
            .filter(({ title }) => title !== 'ekslint.yaml' && title !== 'fixed')
            .map(({ title, language, text: source }, i) => [
              title ?? `file-${i}.${endings[language] ?? 'yaml'}`,
              source,
            ]),
        );
        for (const [name, source] of Object.entries(files))
          for (const place of placesIn(source, name)) {
            const changed = source.slice(0, place.start) + canaryFor(place) + source.slice(place.end);
            spoken++;
            found.push(...(await leaks(rule, { ...files, [name]: changed })));
          }
      }
      expect([...new Set(found)]).toEqual([]);
    });
  test('there are such places', () => expect(spoken).toBeGreaterThan(150));
});
