import { describe, expect, it } from 'vitest';
import { readCluster } from './read.ts';

/* What an unknown argument, and one that Terraform rejects, makes of each function and operator. */

const locals = 'locals {\n  map = { a = 1 }\n  list = ["a"]\n}\n';
/** The value of an expression, as JSON; otherwise why it is unknown. */
function worth(expression: string): unknown {
  const { name } = readCluster(
    'main.tf',
    `${locals}resource "aws_eks_cluster" "a" {\n  name = jsonencode(${expression})\n}\n`,
  );
  return name.value === undefined ? name.why : (JSON.parse(name.value) as unknown);
}

/** Calls of which nothing is known if their argument is not. */
const calls: readonly ((unknown: string) => string)[] = [
  (x) => `can(${x})`,
  (x) => `concat(${x})`,
  (x) => `concat(${x}...)`,
  (x) => `contains(["a"], ${x})`,
  (x) => `contains(${x}, "a")`,
  (x) => `coalesce(${x}, "a")`,
  (x) => `chunklist(${x}, 1)`,
  (x) => `element(${x}, 0)`,
  (x) => `element(["a", "b"], ${x})`,
  (x) => `flatten(${x})`,
  (x) => `join(",", ${x})`,
  (x) => `keys(${x})`,
  (x) => `length(${x})`,
  (x) => `lookup(${x}, "a", 1)`,
  (x) => `lookup(local.map, ${x})`,
  (x) => `merge(${x})`,
  (x) => `one(${x})`,
  (x) => `range(${x})`,
  (x) => `setproduct(${x}, [1])`,
  (x) => `setunion(${x})`,
  (x) => `slice(${x}, 0, 1)`,
  (x) => `sort(${x})`,
  (x) => `templatestring("$\${a}", { a = ${x} })`,
  (x) => `toset(${x})`,
  (x) => `try(${x}, 1)`,
  (x) => `upper(${x})`,
  (x) => `values(${x})`,
  (x) => `zipmap(${x}, [1])`,
  (x) => `zipmap(["a"], ${x})`,
  (x) => `[for one in ${x} : one]`,
  (x) => `{ for one in ${x} : one => 1 }`,
  (x) => `"%{ for one in ${x} }\${one}%{ endfor }"`,
  (x) => `"a-\${${x}}"`,
  (x) => `${x}[*].a`,
  (x) => `${x}.a`,
  (x) => `local.map[${x}]`,
  (x) => `${x} ? 1 : 2`,
  (x) => `-${x}`,
  (x) => `!${x}`,
  (x) => `${x} + 1`,
  (x) => `${x} == 1`,
  (x) => `${x} && true`,
];
describe('what is not known leaves the result unknown', () => {
  const why = 'var.hidden is not known before Terraform runs';
  it.each(calls.map((call) => call('var.hidden')))('%s', (expression) => {
    expect(worth(expression)).toBe(why);
  });
  // Of these a part is known.
  it.each([
    'contains(concat(["a"], var.hidden), "b")',
    'element(concat(["a"], var.hidden), 0)',
    'join(",", concat(["a"], var.hidden))',
    'length(concat(["a"], var.hidden))',
    'lookup(merge({ a = 1 }, var.hidden), "b", 1)',
    'one(concat(["a"], var.hidden))',
    'setproduct(concat(["a"], var.hidden), [1])',
    'slice(concat(["a"], var.hidden), 0, 1)',
    'zipmap(["a", var.hidden], [1, 2])',
    'concat(concat(["a"], var.hidden)...)',
    'merge({ a = 1 }, var.hidden).b',
    '"%{ for one in concat(["a"], var.hidden) }${one}%{ endfor }"',
    '[for one in ["a"] : one if var.hidden]',
    '{ for one in ["a"] : var.hidden => one }',
  ])('%s', (expression) => {
    expect(worth(expression)).toBe(why);
  });
});

describe('what Terraform rejects leads `try` to its next argument', () => {
  // An argument may be what is wrong, or the call itself.
  const wrapped = calls.filter((call) => !/^(?:can|try)\(/.test(call('x')));
  it.each([
    ...wrapped.map((call) => call('local.map.c')),
    'local.map.c',
    'coalesce(null, "")',
    'element([], 0)',
    'index(["a"], "b")',
    'length(null)',
    'lookup(local.map, "c")',
    'one([1, 2])',
    'try(local.map.c)',
    '[for one in 1 : one]',
    'local.list[*].a',
    'one("a")',
    'tonumber("x")',
    '"a-${local.list}"',
    '"a-${null}"',
  ])('%s', (expression) => {
    expect(worth(`try(${expression}, "next")`)).toBe('next');
  });
  it.each(['local.map.a', 'one([])', 'element(["a"], 0)', 'lookup(local.map, "a")'])('%s is valid', (expression) => {
    expect(worth(`[can(${expression}), try(${expression}, "next") == "next"]`)).toEqual([true, false]);
  });
});

it.each([
  ['concat(range(2000), range(2000))', /makes more than 2000 items/],
  ['split("0", join("", [for one in range(1100) : "0000"]))', /makes more than 2000 items/],
  ['upper(join("", [for one in range(1500) : format("%70s", "a")]))', /creates a string that is too long/],
  ['merge([for one in range(30) : { for two in range(100) : "${one}-${two}" => 1 }]...)', /more than 2000 items/],
  ['{ for one in concat(range(1500), range(1500)) : one => 1 }', /more than 2000 items/],
])('%s is not evaluated', (expression, why) => {
  expect(worth(expression)).toMatch(why);
});

describe('a result that depends on the default of a variable says so', () => {
  const calls: readonly (readonly [fallback: string, calls: readonly string[]])[] = [
    [
      '["a"]',
      [
        'concat(var.v, ["b"])',
        'contains(["b"], var.v[0])',
        'contains(var.v, "a")',
        'contains(var.v, "b")',
        'distinct(var.v)',
        'element(var.v, 0)',
        'join(",", var.v)',
        'join(",", concat(var.v, ["b"]))',
        'length(var.v)',
        'one(var.v)',
        'setproduct(var.v, [1])',
        'sort(var.v)',
        'toset(var.v)',
        'setunion(var.v, ["b"])',
        'tolist(toset(var.v))',
        'zipmap(var.v, [1])',
        '[for one in var.v : one]',
        '{ for one in var.v : one => 1 }',
        '"%{ for one in var.v }${one}%{ endfor }"',
        'var.v[0]',
        'var.v[*]',
      ],
    ],
    ['{ a = 1 }', ['keys(var.v)', 'length(var.v)', 'lookup(var.v, "a")', 'merge(var.v, { b = 1 })', 'values(var.v)']],
    ['"a"', ['can(var.v)', 'length(var.v)', 'upper(var.v)', '"b-${var.v}"', 'var.v == "a"', 'coalesce(var.v, "b")']],
    ['true', ['var.v ? 1 : 2', '!var.v', 'var.v && true', 'var.v || false', 'var.v && false || true && var.v']],
    ['"k"', ['{ k = 1 }[var.v]', 'lookup({ k = 1 }, var.v)', '{ k = [1] }[var.v][0]']],
    ['1', ['var.v + 1', '-var.v', 'range(2)[var.v]', 'element(["a", "b"], var.v)']],
  ];
  it.each(calls.flatMap(([fallback, all]) => all.map((call) => [call, fallback] as const)))(
    '%s with %s',
    (call, fallback) => {
      const { name } = readCluster(
        'main.tf',
        `variable "v" {\n  default = ${fallback}\n}\nresource "aws_eks_cluster" "a" {\n  name = jsonencode(${call})\n}\n`,
      );
      expect([typeof name.value, name.assuming]).toEqual(['string', 'the default of var.v']);
    },
  );
});

it.each(['distinct(X)', 'toset(X)', 'setunion(X)', 'compact(X)', 'flatten(X)', 'sort(X)', 'reverse(X)'])(
  '%s keeps each item that is not known',
  (call) => {
    const list = call.replace('X', '[aws_subnet.a.id, aws_subnet.b.id]');
    const text = `resource "aws_eks_cluster" "a" {\n  vpc_config {\n    subnet_ids = ${list}\n  }\n}\n`;
    expect(readCluster('main.tf', text).subnets.items.length).toBe(2);
  },
);

it.each([
  'aws_vpc.main.id',
  'aws_vpc.main[0].arn',
  'data.aws_ami.main.image_id',
  'data.aws_ssm_parameter.main.value',
  'data.aws_ssm_parameter.main.insecure_value',
])('%s is neither null nor empty', (identity) => {
  expect(worth(`[${identity} != null, ${identity} == ""]`)).toEqual([true, false]);
});

it.each([
  ['"shop-${var.env}"', ['shop-', undefined]],
  ['join("-", ["shop", var.env])', ['shop', '-', undefined]],
  ['format("shop-%s", var.env)', ['shop-', undefined, '']],
])('the known parts of %s are kept', (name, pieces) => {
  expect(readCluster('main.tf', `resource "aws_eks_cluster" "a" {\n  name = ${name}\n}\n`).name.pieces).toEqual(pieces);
});
