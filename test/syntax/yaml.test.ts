import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate, type Source, type Tree } from '#syntax/tree.ts';
import { yamlComments } from '#syntax/compose.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { countTime } from '../processor-time.ts';

const source = (text: string): Source => ({ id: 'a.yaml', path: 'a.yaml', text, target: true });
const parse = (text: string): Tree[] => splitDocuments(source(text)).flatMap((segment) => parseYaml(segment));
const only = (text: string): Tree => {
  const [tree, ...more] = parse(text);
  expect(more).toEqual([]);
  if (!tree) throw new Error('no document');
  return tree;
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const at = (tree: Tree, on: unknown, key?: string | number) => {
  const { start, end } = locate(tree, on as object, key);
  return `${start?.line}:${start?.column}-${end?.line}:${end?.column}`;
};

describe('places', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web # why\nspec:\n  containers:\n    - name: a\n      image: "b"\n    - {name: c, image: d}\n';
  const tree = only(text);
  const root = tree.root as { metadata: object; spec: { containers: object[] } };

  test('key and scalar value', () => expect(at(tree, root.metadata, 'name')).toBe('4:3-4:12'));
  test('key alone if the value is a map', () => expect(at(tree, root, 'spec')).toBe('5:1-5:5'));
  test('an absent key falls back to the key of the map', () =>
    expect(at(tree, root.metadata, 'labels')).toBe('3:1-3:9'));
  test('an absent key of a list item falls back to its first key', () =>
    expect(at(tree, root.spec.containers[0], 'ports')).toBe('7:7-7:14'));
  test('flow', () => expect(at(tree, root.spec.containers[1], 'image')).toBe('9:17-9:25'));
  test('path', () =>
    expect(locate(tree, root.spec.containers[1] as object, 'image').path).toBe('spec.containers[1].image'));

  test('CRLF, BOM and a lone CR change no line or column', () => {
    for (const other of [text.replaceAll('\n', '\r\n'), `\ufeff${text}`, text.replaceAll('\n', '\r')]) {
      const same = only(other);
      const there = same.root as typeof root;
      expect(plain(same.root)).toEqual(plain(tree.root));
      expect(at(same, there.spec.containers[0], 'image')).toBe(at(tree, root.spec.containers[0], 'image'));
      expect(at(same, there, 'apiVersion')).toBe('1:1-1:15');
    }
  });
  test('second document of a file', () => {
    const [, second] = parse('a: 1\n---\nb:\n  c: 2\n');
    expect(at(second as Tree, ((second as Tree).root as { b: object }).b, 'c')).toBe('4:3-4:7');
  });
  test('merged and aliased keys point to where they are written', () => {
    const merged = only('base: &b\n  x: 1\nuse:\n  <<: *b\n  z: 2\n');
    const { use } = merged.root as { use: object };
    expect(plain(use)).toEqual({ x: 1, z: 2 });
    expect(at(merged, use, 'x')).toBe('2:3-2:7');
    expect(at(merged, use, 'z')).toBe('5:3-5:7');
  });
  test('integer-like keys, which JavaScript reorders, keep their positions', () => {
    const tree = only('b: x\n10: y\n2: z\n');
    expect(at(tree, tree.root, '2')).toBe('3:1-3:5');
    expect(at(tree, tree.root, 'b')).toBe('1:1-1:5');
  });
});

describe('documents', () => {
  test('kind and apiVersion are seen without parsing, even after a marker', () => {
    const segments = splitDocuments(
      source(
        'apiVersion: v1\nkind: Pod # c\n---\nkind: "Service"\napiVersion: v1\ndata:\n  kind: no\n--- # x\n{kind: A}\n',
      ),
    );
    expect(segments.map(({ kind, apiVersion }) => [kind, apiVersion])).toEqual([
      ['Pod', 'v1'],
      ['Service', 'v1'],
      [undefined, undefined],
    ]);
  });
  const crd = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n';
  test.each([
    ['a kind that is written again, where the last one counts', `${crd}metadata: {}\napiVersion: v1\nkind: Pod\n`],
    ['a kind that is written again in quotes', `${crd}"kind": Pod\n`],
    ['a kind that is merged', `${crd}<<: {kind: Pod}\n`],
    ['a kind inside a text', `metadata: "\n${crd}"\n"kind": Pod\n`],
    ['a kind inside a text of a map that is indented', `  metadata: "\n${crd}  "\n  kind: Pod\n`],
    ['a kind inside a flow map', `{metadata: "\n${crd}", kind: Pod}\n`],
    ['a second document behind an end marker', `${crd}...\nkind: Pod\n`],
  ])('a quick look is not fooled by %s', (_, text) =>
    expect(splitDocuments(source(text)).map(({ kind }) => kind)).toEqual([undefined]),
  );
  test('a quick look is not fooled by a percent sign, which may be a directive', () => {
    expect(
      splitDocuments(source(`${crd}spec: "\n%"\n---\nkind: Pod\napiVersion: v1\n`)).every(
        ({ kind }) => kind !== 'CustomResourceDefinition',
      ),
    ).toBe(true);
    expect(
      splitDocuments(source('%YAML 1.1\n# c\n---\nkind: Pod\napiVersion: v1\n---\nkind: Job\napiVersion: v1\n')).map(
        ({ kind }) => kind,
      ),
    ).toEqual([undefined, 'Job']);
  });
  test('consecutive JSON objects are documents, as in kubectl; a template is not', () => {
    expect(parse('{"a": 1}\n{"b": {"c": 2}}\n\n{}').map((tree) => [tree.start, plain(tree.root)])).toEqual([
      [0, { a: 1 }],
      [9, { b: { c: 2 } }],
      [26, {}],
    ]);
    expect(splitDocuments(source('{{ a }}\n{{ b }}\n'))).toHaveLength(1);
  });
  test('a marker inside a block scalar that is indented is text', () =>
    expect(parse('a: |\n  x\n  ---\n  y\n')).toHaveLength(1));
  test('a comment may touch a marker, as in kubectl and Helm', () =>
    expect(parse('a: x\n---# Source: b\nb: 1\n').map((tree) => plain(tree.root))).toEqual([{ a: 'x' }, { b: 1 }]));
  test('empty and comment-only documents do not count', () => expect(parse('---\n# nothing\n---\n\n')).toEqual([]));
  test('a broken document does not hide the others', () => {
    const trees = parse('a: 1\n---\nb: [\n---\nc: 3\n');
    expect(trees.map((tree) => [tree.faults.length > 0, plain(tree.root ?? null)])).toEqual([
      [false, { a: 1 }],
      [true, null],
      [false, { c: 3 }],
    ]);
  });
  test('comments are found, similar text is not', () =>
    expect(yamlComments('a: "# no" # yes\nb: |\n  # no\n# top\n').map((one) => one.text)).toEqual(['# yes', '# top']));
});

describe('hostile input', () => {
  const nests: Record<string, string> = {
    'flow sequence': '['.repeat(5000),
    'closed flow': `${'['.repeat(900)}${']'.repeat(900)}`,
    'flow map': '{a: '.repeat(2000),
    'block sequence': '- '.repeat(2000),
    'block map': Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  };
  for (const [name, text] of Object.entries(nests))
    test(`${name} nested too deeply is rejected with a location`, () =>
      expect(only(text).faults[0]).toMatchObject({ code: 'depth' }));

  test('limits are those of the caller', () => {
    const [segment] = splitDocuments(source('a: {b: {c: 1}}\nd: &d [1, 2, 3]\ne: [*d]\n'));
    if (!segment) throw new Error('no document');
    expect(parseYaml(segment, { depth: 2, aliases: 1 })[0]?.faults).toMatchObject([
      { code: 'depth', message: 'nested deeper than 2 levels' },
    ]);
    expect(parseYaml(segment, { depth: 9, aliases: 0 })[0]?.faults).toMatchObject([{ code: 'alias' }]);
    expect(parseYaml(segment)[0]?.faults).toEqual([]);
  });
  test('many deep documents do not crash the process', () => {
    const script = `import { parseYaml, splitDocuments } from './src/syntax/yaml.ts';
      for (let i = 0; i < 6; i++) for (const text of ${JSON.stringify(Object.values(nests))}) splitDocuments({ id: 'x', path: 'x', text, target: true }).flatMap((segment) => parseYaml(segment));
      console.log('alive');`;
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(child.stdout.trim(), child.stderr).toBe('alive');
  });

  test('alias bomb: rejected, quickly, and nothing expands it', () => {
    for (const levels of [3, 6, 12]) {
      let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
      for (let i = 1; i <= levels; i++)
        text += `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]\n`;
      const spent = countTime();
      const tree = only(text);
      expect(spent()).toBeLessThan(1000);
      if (levels > 4) expect([tree.faults[0]?.code, tree.root]).toEqual(['alias', undefined]);
      else expect(tree.faults).toEqual([]);
    }
  });
  test('a colon that kubectl reads as a part of a value, or not as a part of a name, is an error', () => {
    for (const text of ['a: [b:]', 'a: {b: c:}', 'a: [b::]', 'a: [x, b:, c]'])
      expect(only(`${text}\n`).faults).toMatchObject([
        { code: 'syntax', message: 'a value with ":" at its end in brackets needs quotes' },
      ]);
    for (const text of ['a: &k b\n*k: c', 'a: &k:l b', 'a: [&k b, {*k: c}]'])
      expect(only(`${text}\n`).faults).toMatchObject([
        { code: 'syntax', message: 'the name of an anchor must not contain ":"' },
      ]);
    for (const text of [
      'a: [b: c, "d":]',
      'a: {"b":[c]}',
      'a: &k b\n*k : c',
      'a: "*k: [b:]"',
      '# *k: [b:]\na: 1',
      '*.x: 1',
    ])
      expect(
        only(`a: &k d\nx: {y: [z]}\n${text.replace('*.x', 'y.*x')}\n`).faults.filter(({ code }) => code === 'syntax'),
      ).toEqual([]);
  });
  test('an anchor that contains itself is an error, not a cycle', () => {
    const tree = only('a: &a {b: *a}\n');
    expect(tree.faults[0]).toMatchObject({ code: 'alias', message: 'this anchor (&) contains itself' });
    expect(JSON.stringify(tree.root)).toBe('{"a":{"b":null}}');
  });
  test('prototype keys are plain data', () => {
    const tree = only('__proto__: {polluted: yes}\nconstructor: 1\nlabels: {toString: x}\n');
    expect(Object.keys(tree.root as object)).toEqual(['__proto__', 'constructor', 'labels']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
  test('any text: never throws, and every location is in the text', () => {
    const scrap = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&x ',
      '*x',
      '<<: ',
      '|',
      '>',
      '!Ref ',
      '---\n',
      '#',
      ':',
      ',',
      '\t',
      '\r',
      '\ufeff',
      'é',
      '? ',
      '%YAML 1.2\n',
      '...\n',
      'kind: Pod\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string({ maxLength: 4 })), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        for (const tree of parse(text)) {
          const visit = (node: unknown, seen: Set<unknown>): void => {
            if (typeof node !== 'object' || node === null || seen.has(node)) return;
            seen.add(node);
            for (const key of Object.keys(node)) {
              const { start, end } = locate(tree, node, key);
              expect(
                start && end && (start.line < end.line || (start.line === end.line && start.column <= end.column)),
              ).toBe(true);
              expect(start?.line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
              visit((node as Record<string, unknown>)[key], seen);
            }
          };
          visit(tree.root, new Set());
          for (const fault of tree.faults) expect(fault.start).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 400 },
    );
  });
});
