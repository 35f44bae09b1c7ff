import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const has = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).status === 0;
if (!has && process.env['CI'] === 'true') throw new Error('CI needs kubectl for the differential test');

/*
 * Known differences, none of which people write: kubectl refuses \/ and surrogate pairs as escapes in YAML, dots in the names of
 * anchors, the line ends of other alphabets, a tab in a blank line behind a quote or before a comment, and a complex key whose value
 * is indented otherwise; it takes [-] for a list of one dash.
 */
/** What kubectl reads, or undefined where it refuses. `annotate --local` works without a server. */
function kubectl(text: string): unknown {
  const child = spawnSync('kubectl', ['annotate', '--local', '-o', 'json', '-f', '-', 'x-'], {
    input: text,
    encoding: 'utf8',
  });
  return child.status === 0 ? (JSON.parse(child.stdout) as { data?: unknown }).data : undefined;
}
function ours(text: string): unknown {
  const [tree] = splitDocuments({ id: 'x', path: 'x', text, target: true }).flatMap((segment) => parseYaml(segment));
  if (!tree || tree.root === undefined || tree.faults.some((fault) => fault.code !== 'duplicate-key')) return undefined;
  return JSON.parse(JSON.stringify((tree.root as { data?: unknown }).data)) as unknown;
}

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
  '"<<": {a: b}',
  '!t <<: {a: b}',
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

describe.skipIf(!has)('YAML means what kubectl takes it for', () => {
  test('plain and tagged scalars', () => {
    for (const scalar of scalars) {
      const text = `${head}data:\n  k: ${scalar}\n`;
      expect.soft({ scalar, value: ours(text) }).toEqual({ scalar, value: kubectl(text) });
    }
  }, 120_000);
  test('keys, merges, anchors, collections', () => {
    for (const body of bodies) {
      const text = `${head}data:\n  ${body}\n`;
      expect.soft({ body, value: ours(text) }).toEqual({ body, value: kubectl(text) });
    }
  }, 120_000);
  test('documents in many spellings', () => {
    const spelled = fc.constantFrom(
      'a',
      'yes',
      '"q\\t"',
      "'it''s'",
      '"x\n     y"',
      'x\n     y',
      '|\n      x\n       y',
      '>-\n      x\n\n      y',
      '|2-\n        x',
      '[1, {a: no}]',
      '{"a":[~]}',
      '',
      '!!str 12',
      '&n v',
      '1_000',
      'a#b',
      'x # c',
      '"x" # c',
      '-',
      '*n',
    );
    const entry = fc.record({
      key: fc.constantFrom('a', 'b', '"c d"', '1', 'on', '<<'),
      value: spelled,
      gap: fc.constantFrom('', '# c', '   # c', ' ', '\t'),
    });
    const body = fc
      .array(entry, { minLength: 1, maxLength: 4 })
      .map((entries) =>
        entries.map(({ key, value, gap }) => `  ${key}: ${value}\n${gap === '' ? '' : `${gap}\n`}`).join(''),
      );
    for (const text of fc.sample(body, { seed: 11, numRuns: 60 })) {
      const whole = `${head}data:\n${text}`;
      expect.soft({ text, value: ours(whole) }).toEqual({ text, value: kubectl(whole) });
    }
  }, 120_000);
  test('the same with CRLF', () => {
    for (const body of ['a: |\n    x\n    y', 'a: "x\n    y"', 'a: x\n  b: y']) {
      const text = `${head}data:\n  ${body}\n`.replaceAll('\n', '\r\n');
      expect.soft({ body, value: ours(text) }).toEqual({ body, value: kubectl(text) });
    }
  }, 60_000);
});
