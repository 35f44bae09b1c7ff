import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Tree } from '#syntax/document.ts';
import { readPlain } from '#syntax/plain.ts';
import { parseAnyYaml } from '#syntax/any-yaml.ts';
import type { Segment } from '#syntax/document.ts';
import { defaultLimits, parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { mutateText, randomFrom, writeText } from './yaml-texts.ts';

/** The full result of a reading, with the order of keys. */
const told = (trees: readonly Tree[]): unknown =>
  trees.map((tree) => ({ ...tree, offsets: [...tree.offsets], order: JSON.stringify(tree.root) }));

/** Whether the reader accepts a document; if so, the result must be that of the parser, to the last offset. */
function takes(segment: Segment): boolean {
  const { text } = segment;
  if (!readPlain(text)) return false;
  expect(told(parseYaml(segment)), JSON.stringify(text)).toStrictEqual(told(parseAnyYaml(segment, defaultLimits)));
  return true;
}
const segmentsOf = (text: string): Segment[] => splitDocuments({ id: '', path: '', text, target: true });

test('documents as people and generators write them', () => {
  for (const text of [
    'a: 1\n',
    '---\n# c\na: 1 # d\n',
    '# before\n\n--- # with a comment\na: b\n',
    'a:\n  - b: 1\n    c:\n      - x\n      # to the list\n    # to the map\n  # to the outer list\n# to nobody\nd:\n- e\n',
    'a:\n  b:\n\nc: {}\nd: []\ne: ""\n',
    'a: this goes\n  on here\n   and here\nb:\n  - so does\n    this\n',
    'a: |\n  x\n\n   y\nc: |-\n  x\n# c\n',
    'a: \'it\'\'s\'\nb: "q\\"\\n\\u0041"\n"c d": on\n1: a\n0: b\n',
    'a: {b: c, "d":1, e: [x, {f: null}]}\nb: [\n  1,\n  "2"\n]\n',
    '{"a": [1, {"b": "\\u003c"}], "c": {}}\n',
    'command: [sh, -c, x=1]\nhost: a.b:80/x?y=z#w\n',
    'a: &x 1\nb: *x\nc: [*x, {d: *x}]\n',
    'a: &x {b: 1, c: {d: e}}\nf: *x # c\ng:\n  - *x\n  - <<: *x\n    b: 2\n    h: 3\n',
    'a: &x\n  c: 1\n  b: 2\ne: &y\n  - f\ng:\n  <<: *x\n  b: 3\nh: *y\n',
    'a:\n  - &x {b: 1}\n  - &y\n    b: 2\n    c: 3\nd:\n  <<: [*x, *y]\n  c: 4\n  e: 5\n',
    '<<: {b: 1, a: 2}\na: 3\n',
    'a: &x "b"\nc: *x\nd: &z |\n  e\nf: *z\n',
    'toString: 1\n__proto__: 2\nconstructor: 3\n',
  ])
    expect(segmentsOf(text).map(takes), text).not.toContain(false);
});

test('what is not plain is left to the parser', () => {
  for (const text of [
    '? a\n: b\n',
    'a: !!str 1\n',
    'a:\n\tb: 1\n',
    'a: 1\na: 2\n',
    'a: 1\n"a": 2\n',
    '1: a\n0x1: b\n',
    'a: &x 1\nb: &y {c: *x}\nd: *y\n',
    'a: *x\n',
    'a: &x *x\n',
    'a: &x 1\nb: &x 2\nc: *x\n',
    'a: &x\nb: *x\n',
    'a: &x # c\n  b: 1\n',
    '&x a: 1\n',
    'a: &x 1\n*x : 2\n',
    'a: [&x b]\n',
    'a: &x {b: 1}\n"<<": *x\n',
    'a: &x {b: 1}\nc:\n  d: 1\n  <<: *x\n',
    'a: &x {b: 1}\nc:\n  <<: *x\n  b: 1\n  b: 2\n',
    'a: &x 1\nc:\n  <<: *x\n',
    'a: &x {b: 1}\nc: {<<: *x}\n',
    'null: 1\n',
    'a: "\\x41"\n',
    'a: "b\n  c"\n',
    '"a\n',
    'a: b: c\n',
    'a: .inf\n',
    'a: [b, c\n',
    'a: [b: c]\n',
    'a: {b}\n',
    'a: [b, # c\n d]\n',
    'a: [b c]\n',
    'a: |2\n   b\n',
    'a: >\n  b\n',
    'a: |+\n  b\n',
    'a: | # c\n  b\n',
    'a:\n  b\n',
    'a: 1\n b: 2\n',
    'a: 1\n  # in the scalar\nb: 2\n',
    'a: b\n\n  c\n',
    'a: # c\n  b: 1\n',
    'a:\n # nothing\nb: 1\n',
    'a: b\r\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: 1\n...\n',
    'a\n',
    `${'[ '.repeat(70)}${'] '.repeat(70)}`,
    // What an earlier version accepted.
    'a: |\u00a0\n  b\n',
    'a: |\u3000\n  b\n',
    `${'k'.repeat(1030)}: 1\n`,
    `{${'k'.repeat(1030)}: 1}\n`,
    'a: "\u0001"\n',
    'a: {b: "\u0000"}\n',
    'a: b\u007f\n',
  ])
    expect(readPlain(text), JSON.stringify(text)).toBeUndefined();
  expect(readPlain('a: {b: {c: 1}}', { depth: 3 })).toBeUndefined();
  expect(readPlain('a: &x {b: 1}\nc: *x\nd: *x\n', { aliasNodes: 30 })).toBeUndefined();
});

test('a long text is read or rejected, without a crash', () => {
  for (const [before, long, after] of [
    ['a: [', 'x ', 'y]'],
    ['a: [', 'x:x', ']'],
    ['a: ', 'x ', 'y\n'],
    ['a: |', ' ', '\n  x\n'],
    ['---', ' ', '\na: 1\n'],
    ['"', 'k', '": 1\n'],
    ['a: "', '\\u0041', '"\n'],
    ['a: [', '\n', ']\n'],
    ['a: x', ' ', '# c\n'],
  ] as const)
    expect(() => readPlain(before + long.repeat(5_000_000 / long.length) + after), before + long).not.toThrow();
});

test('a key is read as kubectl reads it, an endless text is not read twice', () => {
  const [segment] = segmentsOf('on: 1\n0777: 2\n1.0: 3\n');
  expect(segment && takes(segment)).toBe(true);
});

test('what the package writes, in any style, is read as the parser reads it', () => {
  const words =
    'red|1|1.10|on|null||~|08|0x1|a: b|#|it\'s|"|- a|2024-01-01|a #b|a# b|:|a:|\\||>|@|`|{}|[]| a|a |a\nb|a\n\n b'.split(
      /(?<!\\)\|/,
    );
  const scalar = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }), fc.integer(), fc.boolean());
  const key = fc.constantFrom('a', 'b', 'description', 'x-kubernetes-list-type', 'a.b/c', '$ref', 'y', '1', 'a b');
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    ),
  }));
  const style = fc.record({
    lineWidth: fc.constantFrom(0, 20, 80),
    indentSeq: fc.boolean(),
    collectionStyle: fc.constantFrom('any', 'block', 'flow'),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
  });
  let read = 0;
  fc.assert(
    fc.property(fc.dictionary(key, node, { minKeys: 1, maxKeys: 4 }), style, (data, options) => {
      for (const segment of segmentsOf(stringify(data, null, options))) if (takes(segment)) read++;
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(read).toBeGreaterThan(700);
});

test('real manifests, with random edits', () => {
  const texts = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .map((name) => readFileSync(`fixtures/${name}`, 'utf8'))
    .filter(({ length }) => length < 3000);
  const whole = texts.flatMap(segmentsOf).map(takes);
  expect(whole.filter(Boolean).length / whole.length).toBeGreaterThan(0.6);
  const random = randomFrom(11);
  const typed = Array.from({ length: 1500 }, () =>
    mutateText(random, texts[Math.floor(random() * texts.length)] ?? ''),
  );
  expect(typed.flatMap(segmentsOf).map(takes).filter(Boolean).length).toBeGreaterThan(300);
});

test('texts of every construct and every oddity', () => {
  const random = randomFrom(7);
  const texts = Array.from({ length: 5000 }, () => writeText(random));
  expect(texts.flatMap(segmentsOf).map(takes).filter(Boolean).length).toBeGreaterThan(1500);
});

/** Puts anchors, aliases and merge keys into a text. */
function refer(random: () => number, text: string): string {
  const names: string[] = [];
  const anyName = (): string => (random() < 0.03 ? 'none' : (names[Math.floor(random() * names.length)] ?? 'none'));
  return text
    .split('\n')
    .map((line) => {
      const [, lead = '', value = ''] = /^(\s*(?:- )?(?:[\w.]+:|-)(?: |$))(.*)$/.exec(line) ?? [];
      const kind = random();
      if (lead === '' || kind > 0.35 || (names.length === 0 && kind >= 0.12)) return line;
      if (kind < 0.12) {
        // Now and then a name for the second time.
        const name = `n${random() < 0.03 ? 0 : names.length}`;
        names.push(name);
        return `${lead.trimEnd()} &${name}${value === '' ? '' : ` ${value}`}`;
      }
      if (kind < 0.18) return `${lead.trimEnd()} *${anyName()}`;
      if (kind < 0.21) return `${lead.trimEnd()} [*${anyName()}, a, *${anyName()}]`;
      const before = /^\s*(?:- )?/.exec(lead)?.[0] ?? '';
      const merged = kind < 0.29 ? `*${anyName()}` : `[*${anyName()}, *${anyName()}]`;
      return `${before}<<: ${merged}\n${' '.repeat(before.length)}${lead.slice(before.length)}${value}`;
    })
    .join('\n');
}

test('anchors, aliases and merge keys', () => {
  const random = randomFrom(5);
  const items = '- a: {b: 1, d: e}\n  b: 2\n- c:\n    d: 3\n    a: {b: 5}\n- e: {}\n  d: 1\n  b: 2\n';
  const texts = Array.from({ length: 8000 }, () => refer(random, random() < 0.5 ? items.repeat(2) : writeText(random)));
  const taken = texts.flatMap(segmentsOf).filter(takes);
  expect(taken.filter(({ text }) => text.includes('*n')).length).toBeGreaterThan(200);
  expect(taken.filter(({ text }) => text.includes('<<: *n')).length).toBeGreaterThan(100);
});

test('every row of three marks', () => {
  const marks = [
    'a',
    'b: ',
    'a:',
    '- ',
    '-',
    '\n',
    '\n ',
    '\n  ',
    ' ',
    '#',
    ' #c',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '|',
    '~',
  ];
  const rows = marks.flatMap((one) => marks.flatMap((two) => marks.map((three) => one + two + three)));
  const taken = ['a:', 'a: ', '- a: ', 'a: [', 'a: {', 'a: |\n ', 'a:\n- '].map(
    (before) =>
      rows
        .flatMap((row) => segmentsOf(before + row))
        .map(takes)
        .filter(Boolean).length,
  );
  for (const count of taken) expect(count).toBeGreaterThan(50);
});
