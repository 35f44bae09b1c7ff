import { describe, expect, test } from 'vitest';
import { toTextEdits } from '#syntax/edit.ts';
import { yamlComments } from '#syntax/compose.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { countTime } from '../processor-time.ts';

const size = 200_000;
const fill = (text: string): string => text.repeat(Math.floor(size / text.length));
const upTo = (line: (i: number) => string): string => {
  let text = '';
  for (let i = 0; text.length < size; i++) text += line(i);
  return text;
};
let seed = 7;
const random = (sides: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * sides);
};

/* Superlinear costs are visible at this size: some of these took a minute before they were bounded. */
const broken: Record<string, string> = {
  'quotes that never close': fill('a: "x\n'),
  'one quote that never closes': `a: "${fill('x\n  ')}`,
  'text behind quotes': fill("a: 'x'y\n"),
  'quotes alone': fill('"'),
  'brackets that never close': fill('a: [\n'),
  'one bracket that never closes': `a: [${fill('x,\n ')}`,
  'closing brackets': fill(']\n'),
  'closed too often': fill('a: ]\n'),
  braces: fill('{'),
  'closing braces': fill('}'),
  'a bracket of commas': `[${fill(',')}]`,
  'a brace of commas': `{${fill(',')}}`,
  'a list without commas': `[${fill('"a" ')}`,
  'keys of keys': `["a"${fill(':"a"')}`,
  'nested colons': fill(': '),
  'nested keys': fill('a: b: '),
  'nested dashes': fill('- '),
  'nested questions': fill('? '),
  'a staircase': upTo((i) => `${' '.repeat(i)}a:\n`),
  'a staircase of dashes': upTo((i) => `${' '.repeat(i)}-\n`),
  tabs: fill('\ta: b\n'),
  'indentation that goes back and forth': `r:\n${fill('  a:\n    b:\n c:\n')}`,
  'keys without colons': `a: 1\n${fill('b\n')}`,
  'keys on two lines': fill('b\na: 1\n'),
  'anchors in a row': fill('&a '),
  'aliases in a row': fill('*a '),
  'asterisks in a row': fill('* '),
  'aliases without anchors': fill('- *a\n'),
  'tags in a row': fill('!x '),
  'bad escapes': `a: "${fill('\\q')}"`,
  'reserved characters': fill('a: @\n'),
  'bad block scalars': fill('a: |x\n'),
  'merges of nothing': `m:\n${fill('  <<: 1\n')}`,
  'JSON cut short': `{${fill('"a": {"b": 1}, ')}`,
  'documents that begin on their marker': fill('--- a: b: c\n'),
  'colons alone': fill(':\n'),
  'empty keys': `{${fill(':,')}}`,
  templates: fill('{{- if .Values.x }}\nkind: X\nname: {{ .Release.Name }}\n'),
  scripts: fill('function a(b) {\n  return { "x": b };\n}\n'),
  'random bytes': Array.from({ length: size }, () => String.fromCharCode(random(256))).join(''),
  'random punctuation': Array.from({ length: size }, () => '[]{}:,"\'-?#&*!|> \n%@`a'[random(22)]).join(''),
};
const readable: Record<string, string> = {
  'one line': fill('x'),
  'a long key': `${'x'.repeat(1000)}: ${fill('x')}`,
  documents: fill('---\na: 1\n'),
  'document ends': fill('...\na\n'),
  keys: upTo((i) => `key${i}: 1\n`),
  'keys that are numbers': upTo((i) => `${1_000_000 - i}: 1\n`),
  'the same key': fill('a: 1\n'),
  items: fill('-\n'),
  'maps in a list': fill('- a: 1\n'),
  'a flow list': `[${fill('1, ')}]`,
  'JSON keys': `{${upTo((i) => `"key${i}":"v",`)}}`,
  'JSON in a row': fill('{"a": 1}\n'),
  comment: `# ${fill('x')}`,
  comments: fill('# x\n'),
  'a block scalar': `a: |\n${fill('  x\n')}`,
  'a folded scalar': `a: >\n${fill('  x\n\n')}`,
  'empty lines': `a: 1${fill('\n')}b: 1`,
  'a text of many lines': `a: x\n${fill('  x\n')}`,
  escapes: `a: "${fill('\\n')}"`,
  anchors: upTo((i) => `- &a${i} 1\n`),
  tags: fill('- !x 1\n'),
  'a long number': `a: ${fill('1')}`,
  CR: fill('a: 1\r'),
  pods: fill('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n---\n'),
};
/** A map with many keys that is merged into each of many maps. */
const merges = `b: &b {${Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join(', ')}}\nm:\n${'  <<: *b\n'.repeat(20_000)}`;

const read = (text: string) =>
  splitDocuments({ id: 'a.yaml', path: 'a.yaml', text, target: true }).flatMap((segment) => parseYaml(segment));
/** Milliseconds, for machines that are slow or busy: most need a tenth. */
const most = 3000;

describe('hostile texts cost no more than their size', () => {
  test.each(Object.entries({ ...broken, 'merges without end': merges }))('broken: %s', (_, text) => {
    const spent = countTime();
    const faults = read(text).flatMap((tree) => tree.faults);
    expect(spent()).toBeLessThan(most);
    expect(faults.length).toBeGreaterThan(0);
    for (const { start, end } of faults) expect(start >= 0 && start <= end && start <= text.length).toBe(true);
  });
  test.each(Object.entries(readable))('readable: %s', (_, text) => {
    const spent = countTime();
    const faults = read(text).flatMap((tree) => tree.faults);
    yamlComments(text);
    expect(spent()).toBeLessThan(most);
    expect(faults.filter((fault) => fault.code !== 'duplicate-key').slice(0, 3)).toEqual([]);
  });
  test('no more than a hundred errors of one kind are reported for a document', () => {
    expect(read(fill('a: 1\n')).flatMap((tree) => tree.faults)).toHaveLength(100);
  });
});

test('edits of thousands of objects in one document cost the same as in separate documents', () => {
  const pods = 4000;
  const [tree] = read(
    `kind: List\nitems:\n${'  - kind: Pod\n    spec:\n      hostPID: true\n      hostIPC: true\n'.repeat(pods)}`,
  );
  if (!tree) throw new Error('no document');
  const spent = countTime();
  for (const { spec } of (tree.root as { items: { spec: object }[] }).items)
    expect(toTextEdits(tree, [{ op: 'set', on: spec, key: 'hostPID', value: false }])).toHaveLength(1);
  expect(spent()).toBeLessThan(most);
});
