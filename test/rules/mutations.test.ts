import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { AnyRule } from '#rule';
import { type Example, readPage } from '../../src/rule/page.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

/*
 * Breaks passing examples where a rule looks, and runs all rules on the result. The break comes from the page of the
 * rule: the value at the location of a finding in a failing example (or its absence) is put at the same location in a
 * passing example with an object of the same kind, first the value itself, then its container. If that has no effect,
 * an object is removed or added. The rule must report the broken example. What other rules report about the same break
 * is in mutations.snap, for a reviewer to judge: each line there is a rule that cannot be broken alone.
 */

/** Rules that no break of this kind affects, and why. */
const beyondReach: Readonly<Record<string, string>> = {
  'cluster/addon-unhealthy': 'its examples are answers of the AWS API, which have no kind',
  'cluster/addon-version-unsupported': 'its examples are answers of the AWS API, which have no kind',
  'cluster/connector-not-active': 'its examples are answers of the AWS API, which have no kind',
  'cluster/health-issues': 'its examples are answers of the AWS API, which have no kind',
  'cluster/insight-misconfiguration': 'its examples are answers of the AWS API, which have no kind',
  'correctness/duplicate-yaml-key': 'plain data has no key twice',
  'correctness/immutable-field-change': 'its examples have a running cluster beside the files',
  'correctness/yaml-syntax': 'plain data is never broken YAML',
  'encryption/kms-rotation-off': 'its examples are HCL, templates with tags, or policies as text',
  'iam/irsa-trust-subject-mismatch': 'its examples are HCL, templates with tags, or policies as text',
  'iam/irsa-trust-wildcard-subject': 'its examples are HCL, templates with tags, or policies as text',
  'iam/pod-identity-trust-missing-tagsession': 'its examples are HCL, templates with tags, or policies as text',
  'load-balancing/lattice-auth-policy-open': 'its examples are HCL, templates with tags, or policies as text',
  'networking/nacl-blocks-cluster': 'its examples are HCL, templates with tags, or policies as text',
  'networking/security-group-wide-open': 'its examples are HCL, templates with tags, or policies as text',
  'networking/vpc-dns-off': 'its examples are HCL, templates with tags, or policies as text',
  'networking/vpc-flow-logs-off': 'its examples are HCL, templates with tags, or policies as text',
  'nodes/fargate-public-subnet': 'its examples are HCL, templates with tags, or policies as text',
  'nodes/nodegroup-health': 'its examples are answers of the AWS API, which have no kind',
  'reliability/rds-sg-node-wide': 'its examples are HCL, templates with tags, or policies as text',
  'upgrades/insight-not-passing': 'its examples are answers of the AWS API, which have no kind',
};
/** The share of rules that never fire alone. */
const mostAccompanied = 0.1;

type Json = unknown;
type Step = string | number;

/** One example whose files are all YAML or JSON, as values that can be changed. */
interface Sample {
  readonly of: string;
  readonly title: string;
  readonly files: ReadonlyMap<string, readonly Json[]>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly target: string | undefined;
}

function sampleOf(rule: AnyRule, example: Example): Sample | undefined {
  const files = new Map<string, readonly Json[]>();
  let settings: { rules?: Record<string, Record<string, unknown>>; target?: { kubernetes?: string } } = {};
  for (const [i, block] of example.blocks.entries()) {
    if (block.title === 'ekslint.yaml') settings = parse(block.text);
    else if (block.title === 'fixed') continue;
    else if (block.language !== 'yaml' && block.language !== 'json') return undefined;
    else {
      const documents = valuesOf(block.text);
      if (!documents) return undefined;
      files.set(block.title ?? `example-${i}.yaml`, documents);
    }
  }
  if (files.size === 0) return undefined;
  const options = settings.rules?.[rule.id] ?? {};
  return { of: rule.id, title: example.title, files, options, target: settings.target?.kubernetes };
}
/** The documents of a text; undefined if a value is not plain data: broken on purpose, or a tag of CloudFormation. */
function valuesOf(text: string): readonly Json[] | undefined {
  try {
    const documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
    if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) return undefined;
    return documents.map((one): Json => one.toJS());
  } catch {
    return undefined; // an alias to nothing
  }
}

const textsOf = (files: Sample['files']): Record<string, string> =>
  Object.fromEntries(
    [...files].map(([name, documents]) => [name, documents.map((one) => stringify(one)).join('---\n')]),
  );

const stepsOf = (path: string): Step[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    index === undefined ? (quoted ?? plain ?? '') : Number(index),
  );

const childOf = (value: Json, step: Step): Json =>
  value !== null && typeof value === 'object' ? (value as Record<Step, Json>)[step] : undefined;
/**
 * Whether two documents are objects of one kind; if the break is in one of the two keys that determine this, the other
 * one decides.
 */
const isAlike = (one: Json, other: Json, place: readonly Step[]): boolean =>
  ['apiVersion', 'kind'].every((key) => place[0] === key || childOf(one, key) === childOf(other, key));

/** A copy of a document with another value at a location, or none; undefined if its container does not exist. */
function put(document: Json, steps: readonly Step[], value: Json): Json {
  const copy = structuredClone(document);
  const holder = steps.slice(0, -1).reduce(childOf, copy);
  const key = steps.at(-1);
  if (key === undefined || holder === null || typeof holder !== 'object') return undefined;
  if (Array.isArray(holder) && (typeof key !== 'number' || key > holder.length)) return undefined;
  if (value !== undefined) (holder as Record<Step, Json>)[key] = structuredClone(value);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete (holder as Record<Step, Json>)[key];
  return copy;
}

/** All rules, one of them with other options. */
const allWith = (rule: AnyRule, options: Sample['options']): readonly AnyRule[] =>
  rules.map((one) => (one.id === rule.id ? withOptions(rule, options) : one));
function withOptions(rule: AnyRule, options: Sample['options']): AnyRule {
  const set = Object.entries(rule.options ?? {}).map(([name, option]) => [
    name,
    name in options ? { ...option, default: options[name] } : option,
  ]);
  return { ...rule, options: Object.fromEntries(set) };
}

/** How often each rule reports. */
async function countFindings(files: Sample['files'], asked: readonly AnyRule[], target: string | undefined) {
  const { findings } = await lintTexts(textsOf(files), asked, { target });
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

const pages = rules.map((rule) => {
  const { examples } = readPage(readFileSync(`rules/${rule.id}.md`, 'utf8'));
  const samples = (verdict: Example['verdict']): Sample[] =>
    examples.filter((one) => one.verdict === verdict).flatMap((one) => sampleOf(rule, one) ?? []);
  return { rule, fails: samples('fails'), passes: samples('passes') };
});

/** The breaks in a page: the values where a failing example is reported, the value itself first. */
async function* breaksOf(rule: AnyRule, fails: readonly Sample[]) {
  for (const failing of fails) {
    const { findings } = await lintTexts(textsOf(failing.files), [withOptions(rule, failing.options)], {
      target: failing.target,
    });
    for (const { at } of findings) {
      const steps = stepsOf(at.path);
      const first = steps[0];
      if (first === undefined) continue;
      // The document in which the first steps of the path exist; several of one kind are all tried.
      for (const document of failing.files.get(at.source) ?? []) {
        const holder = steps.slice(0, -1).reduce(childOf, document);
        if (holder === null || typeof holder !== 'object') continue;
        for (let depth = steps.length; depth > 0; depth--) {
          const place = steps.slice(0, depth);
          yield { failing, like: document, place, value: place.reduce(childOf, document) };
        }
      }
    }
  }
}

/** How many broken examples of one method are run with all rules. */
const mostEvaluated = 40;

interface Reached {
  readonly companions: readonly string[];
}

interface Broken {
  readonly failing: Sample;
  readonly passing: Sample;
  readonly files: Sample['files'];
}

/** On how many passing examples a break is tried. */
const mostTried = 12;

/** Passing examples with another value at one location. */
async function* brokenAtPlaces(
  rule: AnyRule,
  fails: readonly Sample[],
  pool: readonly Sample[],
): AsyncGenerator<Broken> {
  const seen = new Set<string>();
  for await (const { failing, like, place, value } of breaksOf(rule, fails)) {
    let tried = 0;
    for (const passing of pool) {
      if (tried >= mostTried) break;
      for (const [file, documents] of passing.files) {
        const index = documents.findIndex((one) => isAlike(one, like, place));
        const broken = index < 0 ? undefined : put(documents[index], place, value);
        if (broken === undefined) continue;
        const files = new Map(passing.files).set(file, documents.with(index, broken));
        const key = JSON.stringify([failing.options, failing.target, [...files]]);
        if (seen.has(key)) continue;
        seen.add(key);
        tried += 1;
        yield { failing, passing, files };
      }
    }
  }
}

/**
 * Passing examples with one object removed, duplicated, renamed, or added from a failing example: for rules about
 * several objects.
 */
function* brokenByObjects(fails: readonly Sample[], pool: readonly Sample[]): Generator<Broken> {
  for (const failing of fails)
    for (const passing of pool)
      for (const [file, documents] of passing.files) {
        const withThese = (these: readonly Json[]): Broken => ({
          failing,
          passing,
          files: new Map(passing.files).set(file, these),
        });
        for (const index of documents.keys()) yield withThese(documents.toSpliced(index, 1));
        for (const document of documents) {
          yield withThese([...documents, document]);
          const renamed = put(document, ['metadata', 'name'], 'another');
          if (renamed !== undefined) yield withThese([...documents, renamed]);
        }
        for (const document of [...failing.files.values()].flat()) yield withThese([...documents, document]);
      }
}

/** The break of a passing example that makes a rule report together with the fewest others. */
async function reach(rule: AnyRule, fails: readonly Sample[], passes: readonly Sample[]): Promise<Reached | undefined> {
  let best: Reached | undefined;
  const others = pages.filter((page) => page.rule !== rule).flatMap((page) => page.passes);
  const ways = [
    brokenAtPlaces(rule, fails, passes),
    brokenAtPlaces(rule, fails, others),
    brokenByObjects(fails, passes),
  ];
  for (const [way, all] of ways.entries()) {
    if (way === 2 && best) break;
    let evaluated = 0;
    for await (const { failing, passing, files } of all) {
      if (evaluated >= mostEvaluated) break;
      const alone = [withOptions(rule, failing.options)];
      const target = failing.target ?? passing.target;
      const [before, after] = [
        await countFindings(passing.files, alone, target),
        await countFindings(files, alone, target),
      ];
      if (before.size > 0 || after.size === 0) continue;
      evaluated += 1;
      const set = allWith(rule, failing.options);
      const [was, is] = [await countFindings(passing.files, set, target), await countFindings(files, set, target)];
      const companions = [...is]
        .filter(([id, count]) => id !== rule.id && count > (was.get(id) ?? 0))
        .map(([id]) => id)
        .sort();
      if (!is.has(rule.id)) continue;
      if (!best || companions.length < best.companions.length) best = { companions };
      if (companions.length === 0) return best;
    }
  }
  return best;
}

test('a passing example that is broken where a rule looks is reported by that rule', { timeout: 600_000 }, async () => {
  const accompanied: string[] = [];
  const unreached: string[] = [];
  for (const { rule, fails, passes } of pages) {
    const reached = await reach(rule, fails, passes);
    if (!reached) unreached.push(rule.id);
    else if (reached.companions.length > 0) accompanied.push(`${rule.id}: ${reached.companions.join(', ')}`);
  }
  const section = (title: string, lines: readonly string[]): string =>
    `${title}: ${lines.length} of ${rules.length} rules\n${lines.map((line) => `  ${line}\n`).join('')}`;
  await expect(
    [section('Fire with others', accompanied), section('Not reached', unreached)].join('\n'),
  ).toMatchFileSnapshot('mutations.snap');
  expect(accompanied.length / rules.length, 'rules that only fire with others').toBeLessThanOrEqual(mostAccompanied);
  expect(unreached, 'rules that no break reaches').toEqual(Object.keys(beyondReach));
});
