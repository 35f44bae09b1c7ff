import { describe, expect, it } from 'vitest';
import { Expression, hclAssets, loadHcl } from '#syntax/hcl.ts';
import { locate, span, type Tree } from '#syntax/tree.ts';

const parse = await loadHcl();
const tree = (text: string): Tree => {
  const [only] = parse({ id: 'main.tf', path: 'main.tf', text, target: true });
  if (!only) throw new Error('no tree');
  return only;
};
const at = (one: Tree, on: unknown, key?: string | number): string => {
  const { start, path } = locate(one, on as object, key);
  return `${start?.line}:${start?.column} ${path}`;
};
// oxlint-disable-next-line no-explicit-any -- tests walk into plain data
const root = (one: Tree): any => one.root;

describe('values', () => {
  it.each([
    ['"text"', 'text'],
    ['"a\\n\\"b\\" \\u00e9 $${x} %%{y}"', 'a\n"b" é ${x} %{y}'],
    ['12', 12],
    ['-3', -3],
    ['1.5', 1.5],
    ['true', true],
    ['null', null],
    ['("x")', 'x'],
    ['""', ''],
    ['[1, "a", [true]]', [1, 'a', [true]]],
    ['"${"inner"}"', 'inner'],
    ['<<EOT\n a\n  b\nEOT', ' a\n  b\n'],
    ['<<-EOT\n    a\n      b\n    EOT', 'a\n  b\n'],
  ])('%s', (text, value) => {
    expect(root(tree(`x = ${text}\n`)).x).toEqual(value);
  });

  it.each([
    ['var.x', 'var.x'],
    ['"${var.x}"', 'var.x'],
    ['"a-${var.x}"', '"a-${var.x}"'],
    ['a ? b : c', 'a ? b : c'],
    ['merge(a,\n  b)', 'merge(a, b)'],
    ['[for x in y : x]', '[for x in y : x]'],
    ['1 + 2', '1 + 2'],
  ])('%s is an expression', (text, written) => {
    const value: unknown = root(tree(`x = ${text}\n`)).x;
    expect(value).toBeInstanceOf(Expression);
    expect((value as Expression).text).toBe(written);
  });

  it.each([
    ['conditionals', `${'a ? b : '.repeat(30_000)}c`],
    ['operators', `${'a + '.repeat(30_000)}c`],
    ['conditionals that only the grammar reads', `${'a ? b : '.repeat(30_000)}é`],
  ])('a chain of thousands of %s is an expression', (_, text) => {
    expect(root(tree(`x = ${text}\n`)).x).toBeInstanceOf(Expression);
  });

  it('keeps names that objects inherit', () => {
    const { x } = root(tree('x = { toString = 1, __proto__ = 2, "a.b" : 3, (var.k) = 4 }'));
    expect(Object.entries(x)).toEqual([
      ['toString', 1],
      ['__proto__', 2],
      ['a.b', 3],
      ['(var.k)', 4],
    ]);
  });
});

describe('blocks', () => {
  it('are below their labels; repeated ones are a list', () => {
    const data = root(
      tree(
        'resource "a" "b" {\n  one { x = 1 }\n  two { x = 1 }\n  two { x = 2 }\n  dynamic "three" {\n    for_each = var.y\n    content {}\n  }\n}\nlocals { p = 1 }\nlocals { q = 2 }\n',
      ),
    );
    expect(data.resource.a.b).toMatchObject({
      one: { x: 1 },
      two: [{ x: 1 }, { x: 2 }],
      dynamic: { three: { content: {} } },
    });
    expect(data.locals).toEqual([{ p: 1 }, { q: 2 }]);
  });
});

describe('places', () => {
  it('count UTF-16 units, whatever comes before', () => {
    const one = tree(
      '\uFEFF# é𝒳\r\nresource "a" "é𝒳" {\r\n  s = "𝒳" /* é */\r\n  n { list = [1, var.x] }\r\n  m {\r\n    k = 1\r\n  }\r\n  m {\r\n    k = 2\r\n  }\r\n}\r\n',
    );
    const body = root(one).resource.a['é𝒳'];
    expect(at(one, body, 's')).toBe('3:3 resource.a["é𝒳"].s');
    expect(at(one, body.n, 'list')).toBe('4:7 resource.a["é𝒳"].n.list');
    expect(at(one, body.n.list, 1)).toBe('4:18 resource.a["é𝒳"].n.list[1]');
    expect(at(one, body.n, 'absent')).toBe('4:3 resource.a["é𝒳"].n.absent');
    expect(at(one, body.m[1], 'k')).toBe('9:5 resource.a["é𝒳"].m[1].k');
    expect(at(one, body, 'absent')).toBe('2:1 resource.a["é𝒳"].absent');
  });

  it('give each value its own text', () => {
    const text = 'a = [1, { b = "c" , d = [true] }]\ne "f" {\n  g = { 10 = "z", 2 = "y" }\n}\n';
    const one = tree(text);
    const seen: string[] = [];
    const visit = (node: object): void => {
      for (const key of Object.keys(node)) {
        const [, , start, end] = span(one, node, key) ?? [0, 0, 0, 0];
        const value = (node as Record<string, unknown>)[key];
        if (typeof value === 'object' && value !== null) visit(value);
        else seen.push(text.slice(start, end));
      }
    };
    visit(root(one));
    expect(seen).toEqual(['1', '"c"', 'true', '"y"', '"z"']);
  });
});

// Values of a file without errors are known by their texts where that is enough; elsewhere the grammar is asked for each node.
it.each([
  '"text"',
  '""',
  '12',
  '1.5',
  '012',
  'true',
  'false',
  'null',
  'x',
  'null_x',
  'var.x',
  'a.b.c',
  'a_1.b2',
  'a-b.c',
  'é',
  'x.0',
  'a.*.b',
  '"$5"',
  '"a\\n"',
  '"${a}"',
  '-1',

  '"a" # b',
])('a value is the same beside an error: %s', (value) => {
  const told = (text: string): unknown => {
    const one = tree(text);
    const found = root(one).a;
    const { name, base, steps, made } = typeof found === 'object' && found !== null ? found : {};
    const written = found instanceof Expression ? found.text : found;
    return [
      written,
      found?.constructor?.name,
      name,
      base,
      steps,
      made,
      at(one, root(one), 'a'),
      span(one, root(one), 'a'),
    ];
  };
  const text = `a = ${value}\n`;
  expect(tree(text).faults).toEqual([]);
  expect(told(text)).toEqual(told(`${text}b = \n`));
  expect(tree(`${text}b = \n`).faults.length).toBe(1);
});

describe('faults', () => {
  it('are located, and leave the rest readable', () => {
    const text = 'resource "a" "b" {\n  x = \n  y = 2\n}\nresource "c" "d" { z = 1 }\n';
    const one = tree(text);
    expect(one.faults.map(({ code, start }) => [code, start])).toEqual([['syntax', text.indexOf('= ')]]);
    expect(root(one).resource.c.d).toEqual({ z: 1 });
    expect(root(one).resource.a.b.x).toBeInstanceOf(Expression);
  });

  it.each([
    ['', 0],
    ['x = "', 1],
    ['}}}}', 1],
    ['a {', 1],
    ['['.repeat(100_000), 1],
    ['a = '.concat('-'.repeat(20_000), '1'), 0],
    ['a {\n'.repeat(90), 1],
    ['{"a": 1}', 0],
    [`x = ${'1+'.repeat(5000)}1`, 0],
    ['\0', 1],
  ])('survive odd text %#', (text, least) => {
    const one = tree(text);
    expect(one.faults.length).toBeGreaterThanOrEqual(least);
    if (typeof one.root === 'object' && one.root !== null) expect(at(one, one.root)).toMatch(/^\d+:\d+ $/);
  });
});

it('names the files that a build must copy', () => {
  expect(hclAssets.map(({ file }) => file)).toEqual(['web-tree-sitter.wasm', 'tree-sitter-hcl.wasm']);
});
