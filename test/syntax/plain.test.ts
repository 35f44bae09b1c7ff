import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { offsetsOf, readPlain, type Slots } from '#syntax/plain.ts';
import { parseAnyYaml, type Segment, splitDocuments } from '#syntax/yaml.ts';

/** Whether the reader takes a document; if so, it must give what the parser gives, to the last offset. */
function takes(segment: Segment): boolean {
  const { text, start: base } = segment;
  const slots = new Map<object, Slots>();
  const read = readPlain(text, { base, slots });
  const again = readPlain(text);
  if (!read) {
    expect(again, text).toBeUndefined();
    return false;
  }
  expect(again, text).toStrictEqual(read);
  const trees = parseAnyYaml(segment);
  const [tree] = trees;
  const expected = tree && { ...tree, offsets: [...tree.offsets] };
  const places = [...offsetsOf(read.root, slots, base)];
  expect({ trees: trees.length, ...expected }, text).toStrictEqual(
    read.root === null
      ? { trees: 0 }
      : { ...expected, trees: 1, root: read.root, offsets: places, faults: [], start: base + read.start },
  );
  return true;
}
const segmentsOf = (text: string): Segment[] => splitDocuments({ id: '', path: '', text, target: true });

test('documents as people and generators write them', () => {
  for (const text of [
    'a: 1\n',
    '---\n# c\na: 1 # d\n',
    '# before\n\n--- # with a comment\na: b\n',
    'a:\n  - b: 1\n    c:\n      - x\n      # to the list\n    # to the map\n  # to the outer list\n# to nobody\nd:\n- e\n',
    'a: 1\n  # belongs to the 1\nb: 2\n\n  # and this\n\n    # and this\nc: 3\n # last',
    'a:\n  b:\n\nc: {}\nd: []\ne: ""\n',
    'a: this goes\n  on here\n\n  and here\nb:\n  - so does\n    this\n',
    'a: |\n  x\n\n   y\nb: >-\n  one\n  two\n\n  three\n   further\n  four\nc: |-\n  x\n# c\n',
    'a: \'it\'\'s\'\nb: "q\\"\\n\\u0041"\n"c d": on\n1: a\n0: b\n',
    'a: {b: c, "d":1, e: [x, {f: null}]}\nb: [\n  1,\n  "2"\n]\n',
    '{"a": [1, {"b": "\\u003c"}], "c": {}}\n',
    'command: [sh, -c, echo --flag=1; sleep 5]\nhost: a.b:80/x?y=z#w\n',
  ])
    expect(segmentsOf(text).map(takes), text).not.toContain(false);
});

test('what is not plain is left to the parser', () => {
  for (const text of [
    'a: &x 1\nb: *x\n',
    '? a\n: b\n',
    'a: !!str 1\n',
    'a:\n\tb: 1\n',
    'a: 1\na: 2\n',
    '<<: {a: 1}\n',
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
    'a: |2\n   b\n',
    'a:\n  b\n',
    'a: 1\n b: 2\n',
    'a:\n # nothing\nb: 1\n',
    'a: b\r\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: 1\n...\n',
    'a\n',
    `${'[ '.repeat(70)}${'] '.repeat(70)}`,
  ])
    expect(readPlain(text), JSON.stringify(text)).toBeUndefined();
  expect(readPlain('a: {b: {c: 1}}', { depth: 3 })).toBeUndefined();
});

test('a key is read as kubectl reads it, an endless text is not read twice', () => {
  const [segment] = segmentsOf('on: 1\n0777: 2\n1.0: 3\n');
  expect(segment && takes(segment)).toBe(true);
});

const definition = `---
kind: CustomResourceDefinition
spec:
  versions:
  - name: v1
    schema:
      description: |-
        Widget is a widget: it has # parts

        and colors
      color:
        default: red
        description: Color is what one sees, and
          goes on here
        pattern: ^[a-z]+(-[a-z]+)*$
      size:
        description: 'Size: with a colon and a
          quote''s end'
        minimum: -1
`;

test('texts for people are not read where nobody asks for them', () => {
  const read = readPlain(definition, { skipsProse: true });
  expect(JSON.parse(JSON.stringify(read?.root))).toEqual({
    kind: 'CustomResourceDefinition',
    spec: {
      versions: [
        {
          name: 'v1',
          schema: {
            description: 'Widget is a widget: it has # parts\n\nand colors',
            color: { default: 'red', description: '', pattern: '^[a-z]+(-[a-z]+)*$' },
            size: { description: '', minimum: -1 },
          },
        },
      ],
    },
  });
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

test('real manifests, and what becomes of them when somebody types into them', () => {
  const texts = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .map((name) => readFileSync(`fixtures/${name}`, 'utf8'))
    .filter(({ length }) => length < 3000);
  const whole = texts.flatMap(segmentsOf).map(takes);
  expect(whole.filter(Boolean).length / whole.length).toBeGreaterThan(0.6);

  const typed = fc.constantFrom(
    ...[' ', '  ', '\n', '\n\n', '#', ' # c', '\n# c\n', '\n  # c\n', '\n    # c\n', '\n      # c', '- ', '\n- '],
    ...[': ', ':', '"', "'", '{', '}', '[', ']', ', ', '|', '>', '|-', '>-', '>+', '|+', '|2', '\t', 'a', '1', '~'],
    ...['null', '&a ', '*a', '!!str ', '? ', '%', '---\n', '...', '\\', '\\n', '<<: ', 'a: 1', '\n  b: 2\n', '{}'],
    ...['[]', '[a, b]', '{a: b}', '\n \n', '\n   \n', "''", '""', 'é', '\u0085', '/', '(', ',', '- - a'],
  );
  const change = fc.record({
    at: fc.nat(2999),
    cut: fc.nat(4),
    put: fc.oneof(typed, fc.constant('')),
    indent: fc.option(fc.nat(8)),
  });
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      let changed = text;
      for (const { at, cut, put, indent } of changes) {
        const from = at % (changed.length + 1);
        if (indent === null) changed = changed.slice(0, from) + put + changed.slice(from + cut);
        else {
          const line = changed.lastIndexOf('\n', from) + 1;
          changed = changed.slice(0, line) + ' '.repeat(indent) + changed.slice(line).replace(/^ +/, '');
        }
      }
      // The reader is not asked about control characters.
      for (const segment of segmentsOf(changed)) if (takes(segment)) read++;
    }),
    { numRuns: 1500, seed: 11 },
  );
  expect(read).toBeGreaterThan(300);
});
