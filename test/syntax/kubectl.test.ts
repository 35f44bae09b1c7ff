import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readOurselves, readWithKubectl, whyNoKubectl } from './kubectl.ts';
import { manifestText } from './spellings.ts';

if (whyNoKubectl !== undefined && process.env['CI'] === 'true')
  throw new Error(`CI needs kubectl for the differential test: ${whyNoKubectl}`);
const title = `YAML means what kubectl takes it for${whyNoKubectl === undefined ? '' : ` (skipped: ${whyNoKubectl})`}`;

/**
 * Random texts that are compared; `KUBECTL_TEXTS=50000` for a long manual run, with `KUBECTL_SEED` for other texts than
 * those of CI.
 */
const texts = Number(process.env['KUBECTL_TEXTS'] ?? 2500);
const seed = Number(process.env['KUBECTL_SEED'] ?? 11);

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';

/*
 * Known differences. None hides an object: if ekslint accepts more than kubectl, it judges more, and if it accepts less,
 * that is a finding.
 * - kubectl rejects, ekslint reads: \/ and surrogate pairs as escapes in YAML, dots in the names of anchors, a tab in a
 *   blank line after a quote or before a comment, a complex key whose value is indented otherwise, flow maps that are
 *   not JSON at the start of a text, lists of lists, and `items` that are not a list.
 * - kubectl skips what follows `...` or a marker after a rare line end; ekslint reads it.
 * - kubectl reads, ekslint rejects: [-] as a list of one dash, [a:] as a list of one string, [?a] as a map, colons after
 *   the name of an anchor or alias, a directive before a marker that ends a document.
 * - A quoted "<<" is a merge for kustomize but not for kubectl, see mergesAs.
 */
const scalars = [
  'y',
  'Y',
  'yes',
  'Yes',
  'YES',
  'yEs',
  'n',
  'N',
  'no',
  'No',
  'on',
  'On',
  'off',
  'Off',
  'OFF',
  'true',
  'TRUE',
  'tRUE',
  'false',
  '~',
  'null',
  'Null',
  'NULL',
  'nULL',
  '',
  '0777',
  '0o777',
  '0O17',
  '0o8',
  '-0777',
  '+0777',
  '089',
  '0x1F',
  '0X1f',
  '0x',
  '0b101',
  '0B1',
  '0b2',
  '1:30',
  '1.20',
  '1.',
  '.5',
  '-.5',
  '+.5',
  '.',
  '-',
  '1e3',
  '1e+3',
  '12e03',
  '1E5',
  '-1e3',
  '1e400',
  '1_000',
  '1__0',
  '_1',
  '1_0.5',
  '0',
  '-0',
  '+12',
  '0.0',
  '1.0',
  '00',
  '007',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551616',
  '12345678901234567890',
  '100000000000000000000000',
  '1e21',
  '2001-01-01',
  '2001-01-01T00:00:00Z',
  '=',
  '<<',
  '"yes"',
  "'0777'",
  '"\\u00e9"',
  '!!str 12',
  '!!int "12"',
  '!!float 1',
  '!!bool "yes"',
  '!foo bar',
  '!!binary aGVsbG8=',
  'a b',
  'a: b',
  'a #b',
  'a#b',
  '|\n    x\n    y',
  '>-\n    x\n    y',
  '1.2.3',
  '1-2',
  '1d',
  '0xg',
  '--1',
  '+',
  '1,000',
  '.5e3',
  '1.5e-3',
  '5.e1',
  '@a',
  '%a',
  '`a',
  '*a',
  '&a b',
  '[1, yes, 0777]',
  '{a: yes, yes: b}',
  '192.168.0.1',
  '1.33',
  '08',
  '0_7',
  '0.1e5',
  '.nan',
  '-.inf',
  '!!binary aGk',
  '!!int 1.5',
  '!!float 1',
  '!!bool y',
  '!!null ""',
  '!!timestamp 2001-01-01',
  '!!timestamp x',
  '! 12',
  '!a%zz 1',
  '!e!a 1',
  '!<tag:yaml.org,2002:%62inary> aGVsbG8=',
  '!!%62inary aGVsbG8=',
  '"q"#c',
  '[x]#c',
  '|#c\n    x',
  '|\n    x\n\n\n',
  '|+\n    x\n\n',
  '\u0007',
  '"\u007f"',
  '"x\ny"',
  "'x\ny'",
  '[\nx]',
  '[\n  x\n]',
  '{\n"a": 1\n}',
  '[\n\t\tx,\n\t]',
  '[a?b]',
  '{a:b}',
  '[a:b]',
  '{"a":b}',
  '{a: b?}',
  '[,]',
  '[a,,b]',
];
const bodies = [
  'base: &b {a: "1", b: "2"}\n  m: {a: x, <<: *b}',
  'base: &b {a: "1"}\n  m: {<<: *b, a: x}',
  'a: &a {x: 1}\n  b: &b {x: 2, y: 3}\n  m: {<<: [*a, *b]}',
  'a: &a {x: 1}\n  b: &b {x: 2}\n  m: {<<: *a, <<: *b}',
  'a: &a {b: *a}',
  'a: *none',
  'a: {<<: 1}',
  'dup: 1\n  dup: 2',
  'yes: a\n  on: b',
  '0777: a',
  '1.5: a',
  '2001-01-01: a',
  '~: a',
  '[a]: b',
  '? a\n  : b',
  'a: [x, y,]',
  'a: {x: 1,}',
  'a: "x\n    y"',
  'a: b: c',
  'a: [',
  '"a": b',
  'a: "\\x"',
  "a: 'it''s'",
  'a:\n  - x\n  - - y',
  'a: |+\n    x\n\n',
  'a: >\n    x\n    y\n\n    z',
  'a: !!set {x, y}',
  'a: x\n   b: y',
  'a:\tx',
  '\ta: x',
  'a: x\n  ',
  'a: {"x":1}',
  'a: "x"y',
  'a: [x]y',
  'a: x\n\t\n  b: y',
  'a: x\n    \t\n  b: y',
  'a:\n  \t- x',
  'a:\n    -\tx',
  'a: |\n    x\n\t\n  b: y',
  ': a',
  '<<: x',
  '&x <<: {a: b}',
  '!t <<: {a: b}',
  '!<tag:yaml.org,2002:%6derge> <<: {a: b}',
  '&x : a',
  'a: b\n  - c',
  '%a: b',
  'a: - b',
  'a: ? b',
  'a\n  b: c',
  '"a\n  b": c',
  'a:\n  - b\n  -',
  'a: !!set {b}',
  'é𝒳: 𝒳',
];

/** Bodies with line ends inside scalars, comments and collections. */
const broken = [
  'a: x # c\n  b: y',
  '# c\n  a: x',
  'a: "x\n    y"',
  'a: "x \n\n    y"',
  'a: "x\\\n    y"',
  'a: "x\\\\\n    y\\t\\u0041"',
  "a: 'x\n    y''s'",
  'a: x\n    y',
  'a: x\n\n    y',
  'a: |+\n    x\n\n  b: y',
  'a: |-\n    x\n  b: y',
  'a: | # c\n    x\n\n     y',
  'a: >-\n    x\n     y\n    z',
  'a: {b: c, # d\n  e: f}',
  'a:\n  - b\n  -\n    c',
  'a: &x\n    b\n  c: *x',
  'a: !!str\n    1',
];
/** The `data` of a text's first object; undefined if it is rejected. */
const dataOf = ({ objects, refused }: ReturnType<typeof readOurselves>): unknown =>
  refused ? undefined : (objects[0] as { data?: unknown } | undefined)?.data;

/** Compares the `data` of documents, in one call of kubectl. */
function compare(bodies: readonly string[], textOf: (body: string) => string): void {
  const theirs = readWithKubectl(bodies.map(textOf));
  for (const [i, body] of bodies.entries())
    expect
      .soft({ body, value: dataOf(readOurselves(textOf(body))) })
      .toEqual({ body, value: dataOf(theirs[i] as (typeof theirs)[number]) });
}

/** What would be sent to the API server, which accepts no object without a type. */
const sendable = (objects: readonly unknown[]): unknown[] =>
  objects.filter((one) => {
    const { apiVersion, kind } = one as { apiVersion?: unknown; kind?: unknown };
    return typeof apiVersion === 'string' && typeof kind === 'string';
  });

describe.skipIf(whyNoKubectl !== undefined)(title, () => {
  test('plain and tagged scalars', () => {
    compare(scalars, (scalar) => `${head}data:\n  k: ${scalar}\n`);
  }, 120_000);
  test('keys, merges, anchors, collections', () => {
    compare(bodies, (body) => `${head}data:\n  ${body}\n`);
  }, 120_000);
  test('the same with every line end', () => {
    for (const end of ['\r\n', '\r', '\u0085', '\u2028', '\u2029'])
      compare([...broken, 'a: |\n    x\n    y', 'a: x\n  b: y', 'a: >\n    x\n    y\n\n      z\n    w'], (body) =>
        `${head}data:\n  ${body}\n`.replaceAll('\n', end),
      );
  }, 60_000);
  test(`${texts} texts of documents, lists, merges, aliases, markers and marks, in every line end`, () => {
    const sample = fc.sample(manifestText, { seed, numRuns: texts });
    const theirs = readWithKubectl(sample);
    expect(theirs).toHaveLength(texts);
    let same = 0;
    for (const [i, text] of sample.entries()) {
      const [kubectl, ours] = [theirs[i] as (typeof theirs)[number], readOurselves(text)];
      if (isDeepStrictEqual(kubectl, ours)) same++;
      if (ours.refused) continue;
      const missing = sendable(kubectl.objects).filter(
        (object) => !ours.objects.some((one) => isDeepStrictEqual(one, object)),
      );
      expect.soft({ text, missing }).toEqual({ text, missing: [] });
    }
    // Most are the same in full; otherwise the comparison would not say much.
    expect(same / texts).toBeGreaterThan(0.45);
  }, 3_600_000);
});
