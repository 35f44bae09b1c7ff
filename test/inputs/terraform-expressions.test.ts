import { describe, expect, it } from 'vitest';
import { read as readTerraform } from '#inputs/terraform/input.ts';
import { readDescriptions } from '#aws/read.ts';
import type { Cluster } from '#model/cluster.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { countTime } from '../processor-time.ts';
import { parse, read, readCluster, source, touch } from './read.ts';

const locals = `locals {
  yes = true
  map = { b = 2, a = 1 }
  list = ["b", "a", "b"]
  nested = [[1], [2, [3]]]
  objects = [{ name = "x", size = 1 }, { name = "y", size = 2 }]
  text = <<-EOT
    one
      two \${local.map.a}
    %{ if local.yes ~}
    three
    %{ endif ~}
    %{ for k, v in local.map ~}
    \${k}=\${v}
    %{ endfor ~}
  EOT
}
`;
/** The value of an expression, as JSON; otherwise why it is unknown. */
function worth(expression: string, more = ''): unknown {
  const { name } = readCluster(
    'main.tf',
    `${locals}${more}resource "aws_eks_cluster" "a" {\n  name = jsonencode(${expression})\n}\n`,
  );
  return name.value === undefined ? name.why : (JSON.parse(name.value) as unknown);
}

describe('expressions', () => {
  it.each<[string, unknown]>([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * 3', 9],
    ['3 * (1 + 2)', 9],
    ['(local.map).a + 1', 2],
    ['(local.yes || false) && !(local.yes && false)', true],
    ['7 % 3', 1],
    ['-local.map.a', -1],
    ['!local.yes || 2 > 1 && 1 <= 1', true],
    ['local.map == { a = 1, b = 2 }', true],
    ['"1" == 1', false],
    ['local.map.b != 2', false],
    ['local.yes ? "a" : "b"', 'a'],
    ['true ? 0 : 2 > 1 ? 5 : 6', 0],
    ['true ? true : false ? 5 : 6', true],
    ['false ? 1 : false ? 2 : false ? 3 : 4', 4],
    ['false ? true ? 1 : 2 : 3', 3],
    ['(true ? false : true) ? 5 : 6', 6],
    ['false && var.hidden', false],
    ['var.hidden || true', true],
    ['[for x in local.list : upper(x)]', ['B', 'A', 'B']],
    ['[for i, x in local.list : "${i}${x}" if x != "a"]', ['0b', '2b']],
    ['{ for k, v in local.map : "x-${k}" => v + 1 }', { 'x-a': 2, 'x-b': 3 }],
    ['{ for o in local.objects : o.name => o.size... }', { x: [1], y: [2] }],
    ['local.objects[*].name', ['x', 'y']],
    ['local.objects.*.size', [1, 2]],
    ['local.objects.*.size[1]', 2],
    ['local.nested[*][0]', [1, 2]],
    ['local.objects[1]["name"]', 'y'],
    ['local.map[local.yes ? "a" : "b"]', 1],
    ['{ (local.list[0]) = 1, "${local.list[1]}z" = 2 }', { b: 1, az: 2 }],
    ['"%{ if local.yes }on%{ else }off%{ endif }"', 'on'],
    ['"%{ for x in local.list }${x},%{ endfor }"', 'b,a,b,'],
    ['local.text', 'one\n  two 1\nthree\na=1\nb=2\n'],
    ['concat([local.list, ["c"]]...)', ['b', 'a', 'b', 'c']],
  ])('%s', (expression, value) => {
    expect(worth(expression)).toEqual(value);
  });
});

describe('functions', () => {
  it.each<[string, unknown]>([
    ['concat(["a"], [], ["b"])', ['a', 'b']],
    ['merge({ a = 1, b = 1 }, null, { b = 2 })', { a: 1, b: 2 }],
    ['flatten(local.nested)', [1, 2, 3]],
    ['compact(["a", "", null])', ['a']],
    ['distinct(local.list)', ['b', 'a']],
    ['sort(local.list)', ['a', 'b', 'b']],
    ['toset(local.list)', ['a', 'b']],
    ['[for k, v in toset(["x"]) : k]', ['x']],
    ['reverse([1, 2])', [2, 1]],
    ['slice([1, 2, 3], 1, 3)', [2, 3]],
    ['chunklist([1, 2, 3], 2)', [[1, 2], [3]]],
    ['setunion(["a"], ["b", "a"])', ['a', 'b']],
    ['setintersection(["a", "b"], ["b"])', ['b']],
    ['setsubtract(["a", "b"], ["b"])', ['a']],
    [
      'setproduct(["a", "b"], [1, 2])',
      [
        ['a', 1],
        ['a', 2],
        ['b', 1],
        ['b', 2],
      ],
    ],
    ['keys(local.map)', ['a', 'b']],
    ['values(local.map)', [1, 2]],
    ['zipmap(["x", "y"], [1, 2])', { x: 1, y: 2 }],
    ['lookup(local.map, "c", 9)', 9],
    ['element(["a", "b", "c"], 4)', 'b'],
    ['one([])', null],
    ['length(local.map) + length("abc")', 5],
    ['contains(local.list, "a")', true],
    ['index(["a", "b"], "b")', 1],
    ['coalesce(null, "", "x")', 'x'],
    ['coalescelist([], ["x"])', ['x']],
    ['list("x", ["y"])', ['x', ['y']]],
    ['try(local.map.c, local.map["d"], 7)', 7],
    ['can(local.map.c)', false],
    ['can(regex("^a", "b"))', false],
    ['transpose({ a = ["x", "y"], b = ["x"] })', { x: ['a', 'b'], y: ['a'] }],
    ['matchkeys(["i1", "i2"], ["a", "b"], ["b"])', ['i2']],
    ['alltrue([true, "true"])', true],
    ['alltrue(["false"])', false],
    ['anytrue([])', false],
    ['sum([1, 2.5])', 3.5],
    ['range(3)', [0, 1, 2]],
    ['range(5, 1, -2)', [5, 3]],
    ['join("-", ["a", 1])', 'a-1'],
    ['split(",", "a,b")', ['a', 'b']],
    ['format("%s-%03d-%.1f-%q-%%", "a", 7, 1.25, "b")', 'a-007-1.3-"b"-%'],
    ['format("%v %v %t %x", "a", { b = 1 }, true, 255)', 'a {"b":1} true ff'],
    ['format("%03s-%3s-%-3s|", "a", "b", "c")', '00a-  b-c  |'],
    ['formatlist("%s.%s", ["a", "b"], "x")', ['a.x', 'b.x']],
    ['replace("a.b.c", ".", "-")', 'a-b-c'],
    ['replace("a1b22", "/[0-9]+/", "x")', 'axbx'],
    ['regex("(?P<major>\\\\d+)\\\\.(?P<minor>\\\\d+)", "1.33")', { major: '1', minor: '33' }],
    ['regex("[a-z]+", "12ab3")', 'ab'],
    ['regexall("[a-z]", "a1b")', ['a', 'b']],
    ['substr("abcdef", 1, 3)', 'bcd'],
    ['trim("--a--", "-")', 'a'],
    ['trimprefix("v1.2", "v")', '1.2'],
    ['trimsuffix("a.tf", ".tf")', 'a'],
    ['trimspace(" a\\n")', 'a'],
    ['chomp("a\\n")', 'a'],
    ['indent(2, "a\\nb")', 'a\n  b'],
    ['[lower("A"), upper("b"), title("my team")]', ['a', 'B', 'My Team']],
    ['strrev("abc")', 'cba'],
    ['startswith("abc", "ab") && endswith("abc", "bc") && strcontains("abc", "b")', true],
    ['[basename("/a/b.c"), dirname("/a/b.c")]', ['b.c', '/a']],
    ['base64decode(base64encode("é"))', 'é'],
    ['urlencode("a b&c")', 'a+b%26c'],
    ['jsondecode("{\\"a\\": [1]}")', { a: [1] }],
    ['yamldecode("a: [1, x]\\nb: {c: true}")', { a: [1, 'x'], b: { c: true } }],
    ['yamldecode(yamlencode({ a = 1 }))', { a: 1 }],
    ['cidrsubnet("10.0.0.0/16", 8, 2)', '10.0.2.0/24'],
    ['cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', 'fd00:fd12:3456:7800:a200::/72'],
    ['cidrsubnets("10.0.0.0/16", 8, 8, 4)', ['10.0.0.0/24', '10.0.1.0/24', '10.0.16.0/20']],
    ['cidrhost("10.12.112.0/20", 16)', '10.12.112.16'],
    ['cidrhost("10.0.0.0/24", -2)', '10.0.0.254'],
    ['cidrnetmask("172.16.0.0/12")', '255.240.0.0'],
    [
      '[min(3, 1), max([1, 5]...), abs(-2), ceil(1.1), floor(1.9), signum(-3), pow(2, 3), log(8, 2)]',
      [1, 5, 2, 2, 1, -1, 8, 3],
    ],
    ['parseint("ff", 16)', 255],
    ['[tonumber("1"), tobool("true"), tostring(2)]', [1, true, '2']],
    ['core::upper("a")', 'A'],
    ['[tolist(toset(["b", "a"])), tomap({ a = 1 })]', [['a', 'b'], { a: 1 }]],
    ['[sensitive("a"), nonsensitive("b"), ephemeralasnull("c")]', ['a', 'b', null]],
    ['abspath("/a/b")', '/a/b'],
    ['templatestring("${local.list[0]}-${"$"}{x}", { x = "y" })', 'b-y'],
  ])('%s', (expression, value) => {
    expect(worth(expression)).toEqual(value);
  });
  it('that depend on more than their arguments, or do not exist, are unknown', () => {
    expect([worth('timestamp()'), worth('nosuch("x")'), worth('provider::aws::arn_parse("x")')]).toEqual([
      'timestamp() is not known before Terraform runs',
      'nosuch("x") is not known before Terraform runs',
      'provider::aws::arn_parse("x") is not known before Terraform runs',
    ]);
  });
});

describe('partly known values', () => {
  const versionOf = (version: string, more = '') =>
    readCluster(
      'main.tf',
      `${locals}${more}resource "aws_eks_cluster" "a" {\n  name = "a"\n  version = ${version}\n}\n`,
    ).version;
  it('are reported by the name that hides them', () => {
    expect(
      [
        'var.v',
        'local.w',
        'upper(local.w)',
        '"x-${var.v}"',
        'data.aws_x.y.z',
        'terraform.workspace',
        'module.m.out',
      ].map((version) => versionOf(version, 'locals {\n  w = "${var.v}1"\n}\n').why),
    ).toEqual([
      'var.v is not known before Terraform runs',
      'var.v is not known before Terraform runs',
      'var.v is not known before Terraform runs',
      'var.v is not known before Terraform runs',
      'data.aws_x.y.z is not known before Terraform runs',
      'terraform.workspace is not known before Terraform runs',
      'module.m.out is not known before Terraform runs',
    ]);
  });
  it('are known if all possible values agree', () => {
    const looks = (version: string) => {
      const one = versionOf(version);
      return [one.value, one.is('1.33').state];
    };
    expect(
      [
        'var.x ? "1.28" : "1.28"',
        'var.x ? "1.28" : "1.29"',
        'var.x ? "1.28" : "1.33"',
        'var.x ? "1.28" : (var.y ? "1.29" : "1.27")',
        '{ dev = "1.28", prod = "1.29" }[var.env]',
        'lookup({ dev = "1.28", prod = "1.28" }, var.env, "1.28")',
        'lookup({ dev = "1.28", prod = "1.29" }, var.env, var.v)',
        '(var.x ? { v = "1.28" } : { v = "1.28" }).v',
        'element(["1.28", "1.29"], var.i)',
        '{ dev = { v = "1.28" }, prod = { v = "1.28" } }[terraform.workspace].v',
        '{ dev = { v = ["1.28"] }, prod = { v = ["1.29"] } }[terraform.workspace].v[0]',
        '{ dev = { v = "1.28" }, prod = {} }[terraform.workspace].v',
        '{ dev = { v = "1.28" }, prod = { v = var.v } }[terraform.workspace].v',
        '{}[terraform.workspace].v',
      ].map(looks),
    ).toEqual([
      ['1.28', 'no'],
      [undefined, 'no'],
      [undefined, 'unknown'],
      [undefined, 'no'],
      [undefined, 'no'],
      ['1.28', 'no'],
      [undefined, 'unknown'],
      ['1.28', 'no'],
      [undefined, 'no'],
      ['1.28', 'no'],
      [undefined, 'no'],
      [undefined, 'unknown'],
      [undefined, 'unknown'],
      [undefined, 'unknown'],
    ]);
  });
  it('contain what is certain', () => {
    const { tags } = readCluster(
      'main.tf',
      'resource "aws_eks_cluster" "a" {\n  name = "a"\n  tags = merge({ team = "x" }, var.tags, { env = "dev" })\n}\n',
    );
    expect([tags.complete, tags.items.map(({ key, value }) => [key.value, value.value])]).toEqual([
      false,
      [
        ['team', undefined],
        ['env', 'dev'],
      ],
    ]);
  });
});

describe('endless evaluation', () => {
  const cut: [string, string][] = [
    ['range(1000000000)', 'range(1000000000) makes more than 2000 items, so it is not evaluated'],
    [
      'setproduct(range(100), range(100), range(100))',
      'setproduct(range(100), range(100), range(100)) makes more than 2000 items, so it is not evaluated',
    ],
    [
      '[for a in range(2000) : [for b in range(2000) : [for c in range(2000) : a]]]',
      'jsonencode([for a in range(2000) : [for b in range(2000) ... is too complex to evaluate',
    ],
    [
      'join("", [for x in range(2000) : format("%100s", "a")])',
      'join("", [for x in range(2000) : format("%100s", "a")]) creates a string that is too long to evaluate',
    ],
    ['local.circle', 'local.other refers to itself'],
    ['local.t0', '"${local.t27}${local.t27}" creates a string that is too long to evaluate'],
  ];
  const more = `locals {\n  circle = [local.other]\n  other = local.circle[0]\n  t40 = "aaaaaaaaaa"\n${Array.from({ length: 40 }, (_, index) => `  t${index} = "\${local.t${index + 1}}\${local.t${index + 1}}"\n`).join('')}}\n`;
  // Each step doubles the previous one: followed one by one, there would be a trillion.
  it('names that others contain twice are followed once', () => {
    const doubled = (first: string, twice: (name: string) => string): string =>
      `locals {\n  d0 = ${first}\n${Array.from({ length: 40 }, (_, i) => `  d${i + 1} = ${twice(`local.d${i}`)}\n`).join('')}}\n`;
    const cluster = (name: string, subnets: string): string =>
      `resource "aws_eks_cluster" "c" {\n  name = ${name}\n  vpc_config {\n    subnet_ids = ${subnets}\n  }\n}\n`;
    const texts = doubled('"aaaaaaaaaa"', (name) => `"\${${name}}\${${name}}"`);
    const lists = doubled('[aws_subnet.a.id]', (name) => `concat(${name}, ${name})`);
    const [named] = read({ 'main.tf': texts + cluster('local.d40', '["subnet-1"]') }).clusters;
    expect(named?.name.why).toMatch(/creates a string that is too long to evaluate$/);
    expect(named?.name.pieces?.length).toBeLessThan(5000);
    const [placed] = read({ 'main.tf': lists + cluster('"c"', 'local.d40') }).clusters;
    expect(placed?.name.value).toBe('c');
  });
  it.each(cut)('%s', (expression, why) => {
    const told = worth(expression, more);
    expect(told).toBe(why);
  });
  it.each([
    'cidrsubnet("10.0.0.0/8", 1.5, 2)',
    'cidrhost("10.0.0.0/8", -1e0)'.replace('e0', '.5'),
    'indent(-1, "a\\nb")',
    'format("%.999f", 1)',
    'chunklist([1, 2], 0.0000001)',
    'parseint("zz", 99)',
    'pow(10, 400)',
    'range(0, 1, 0)',
    'merge(1, 2)',
    'lookup(1, 2)',
    'jsondecode("{\\"__proto__\\": 1}")',
    'zipmap(["__proto__"], [1])',
    'yamldecode("a: &a [*a]")',
    'join()',
    'length(null)',
  ])('%s does not end the run', (expression) => {
    expect(() => worth(expression)).not.toThrow();
  });
  it('regular expressions that backtrack are not run', () => {
    expect(worth(`regex("(a+)+$", "${'a'.repeat(200)}b")`)).toMatch(/ is not known before Terraform runs$/);
  });
});

describe('repeated blocks', () => {
  const names = (text: string) =>
    read({ 'main.tf': text }).clusters.map(({ name, at }) => [name.value ?? name.why, at.start?.line]);
  const cluster = (body: string) => `resource "aws_eks_cluster" "c" {\n${body}\n}\n`;
  it('with count and for_each are one for each element', () => {
    expect([
      names(cluster('count = 2\nname = "c-${count.index}"')),
      names(cluster('for_each = toset(["a", "b"])\nname = each.key')),
      names(cluster('for_each = { a = { n = "x" }, b = { n = "y" } }\nname = "${each.key}-${each.value.n}"')),
      names(cluster('for_each = var.all\nname = each.key')),
      names(cluster('count = var.n\nname = "c-${count.index}"')),
    ]).toEqual([
      [
        ['c-0', 1],
        ['c-1', 1],
      ],
      [
        ['a', 1],
        ['b', 1],
      ],
      [
        ['a-x', 1],
        ['b-y', 1],
      ],
      [['var.all is not known before Terraform runs', 1]],
      [['var.n is not known before Terraform runs', 1]],
    ]);
  });
  it('are found by references to them', () => {
    const { clusters } = read({
      'main.tf': `${cluster('for_each = toset(["a", "b"])\nname = var.names[each.key]')}resource "aws_eks_node_group" "g" {
  for_each = toset(["a", "b"])
  node_group_name = "g-\${each.key}"
  cluster_name = aws_eks_cluster.c[each.key].name
  launch_template {
    id = aws_launch_template.t[each.value].id
  }
}
resource "aws_launch_template" "t" {
  for_each = { a = "optional", b = "required" }
  metadata_options {
    http_tokens = each.value
  }
}
`,
    });
    expect(
      clusters.map(({ nodegroups }) =>
        nodegroups.items.map(({ name, template }) => [name.value, template.imds.httpTokens.value]),
      ),
    ).toEqual([[['g-a', 'optional']], [['g-b', 'required']]]);
  });
  it('have their locations where the element is written', () => {
    const [one] = read({
      'main.tf': `locals {\n  all = {\n    a = { version = "1.22" }\n  }\n}\n${cluster('for_each = local.all\nname = each.key\nversion = each.value.version')}`,
    }).clusters;
    expect([one?.version.at.start?.line, one?.name.at.start?.line]).toEqual([3, 3]);
  });
  it('from dynamic blocks of one label are complete', () => {
    const text = (six: string) =>
      `resource "aws_eks_cluster" "a" {\n  dynamic "encryption_config" {\n    for_each = []\n    content {}\n  }\n  dynamic "encryption_config" {\n    for_each = ${six}\n    content {\n      provider {\n        key_arn = "k"\n      }\n    }\n  }\n}\n`;
    const keys = ['[1]', '[]', 'var.x'].map((six) => readCluster('main.tf', text(six)).secretsKey);
    expect(keys.map(({ state, why }) => [state, why])).toEqual([
      ['set', undefined],
      ['default', undefined],
      ['unknown', 'var.x is not known before Terraform runs'],
    ]);
  });
  it('from dynamic blocks keep the differences', () => {
    const text = `resource "aws_eks_node_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\nresource "aws_launch_template" "t" {\n  vpc_security_group_ids = [aws_security_group.n.id]\n}
resource "aws_security_group" "n" {
  ingress {
    protocol = "tcp"
    from_port = 443
    to_port = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = { ssh = { port = 22, cidr = "10.0.0.0/8" }, rdp = { port = 3389, cidr = "0.0.0.0/0" } }
    iterator = rule
    content {
      protocol = "tcp"
      from_port = rule.value.port
      to_port = rule.value["port"]
      cidr_blocks = [rule.value.cidr]
      description = rule.key
    }
  }
}
`;
    const [group] = read({ 'main.tf': text }).loose;
    if (group?.kind !== 'nodegroup') throw new Error('no group');
    const { openings } = group.remoteAccess;
    expect([openings.complete, openings.items.map(({ cidr, port }) => [cidr.value, port])]).toEqual([
      true,
      [
        ['0.0.0.0/0', '3389'],
        ['10.0.0.0/8', '22'],
      ],
    ]);
  });
});

describe('variables', () => {
  const asked =
    'variable "net" {\n  type = object({\n    cidrs = optional(list(string), ["0.0.0.0/0"])\n    public = optional(bool, false)\n    none = optional(string)\n  })\n  default = {}\n}\nresource "aws_eks_cluster" "a" {\n  name = "a"\n  version = var.net.none\n  vpc_config {\n    public_access_cidrs = var.net.cidrs\n    endpoint_public_access = var.net.public\n  }\n}\n';
  it('have the defaults of their types', () => {
    const { endpoint, version } = readCluster('main.tf', asked);
    expect([
      endpoint.publicCidrs.items.map(({ value }) => value),
      endpoint.publicCidrs.assuming,
      endpoint.public.value,
      endpoint.public.at.start?.line,
      version.state,
    ]).toEqual([['0.0.0.0/0'], 'the default of var.net', false, 14, 'default']);
  });
  const files = {
    'main.tf':
      'variable "env" {}\nvariable "open" {\n  default = false\n}\nresource "aws_eks_cluster" "a" {\n  name = "shop-${var.env}"\n  vpc_config {\n    endpoint_public_access = var.open\n  }\n}\n',
    'env/dev.tfvars': 'env = "dev"\nopen = true\n',
    'env/prod.tfvars': 'env = "prod"\n',
  };
  const looks = (clusters: readonly Cluster[]) =>
    clusters.map(({ name, endpoint }) => [name.value, endpoint.public.value, endpoint.public.at.source]);
  it('are set once by each values file', () => {
    expect(looks(read(files).clusters)).toEqual([
      ['shop-dev', true, 'env/dev.tfvars'],
      ['shop-prod', false, 'main.tf'],
    ]);
  });
  it('are set by files next to the folder of the variables', () => {
    const { clusters } = read({
      'terraform/main.tf': files['main.tf'],
      'envs/dev.tfvars': files['env/dev.tfvars'],
      'envs/prod.tfvars': files['env/prod.tfvars'],
      'other/main.tf': 'variable "env" {}\n',
    });
    expect(looks(clusters)).toEqual([
      ['shop-dev', true, 'envs/dev.tfvars'],
      ['shop-prod', false, 'terraform/main.tf'],
    ]);
  });
  it('that are only set by a file that shares nothing with the others are in doubt', () => {
    const { clusters } = read({
      ...files,
      'env/prod.tfvars': 'env = "prod"\nopen = true\n',
      'common.tfvars': 'version = "1.33"\n',
      'version.tf':
        'variable "version" {\n  default = "1.30"\n}\nresource "aws_eks_cluster" "b" {\n  version = var.version\n  name = "b"\n}\n',
    });
    expect(clusters.filter(({ name }) => name.value === 'b').map(({ version }) => version.why)).toEqual([
      'var.version depends on which tfvars file is used, e.g. common.tfvars',
      'var.version depends on which tfvars file is used, e.g. common.tfvars',
    ]);
  });
  it('that have no default are what the only file says that sets them', () => {
    const { clusters } = read({
      ...files,
      'env/prod.tfvars': 'env = "prod"\nopen = true\n',
      'common.tfvars': 'version = "1.33"\n',
      'version.tf':
        'variable "version" {}\nresource "aws_eks_cluster" "b" {\n  version = var.version\n  name = "b"\n}\n',
    });
    expect(clusters.filter(({ name }) => name.value === 'b').map(({ version }) => version.value)).toEqual([
      '1.33',
      '1.33',
    ]);
  });
  it('that must not be null have their default where null is given', () => {
    const { clusters } = read({
      'main.tf': 'module "c" {\n  source = "./c"\n  a = null\n  b = null\n}\n',
      'c/main.tf':
        'variable "a" {\n  default = true\n  nullable = false\n}\nvariable "b" {\n  default = true\n}\nresource "aws_eks_cluster" "a" {\n  vpc_config {\n    endpoint_public_access = var.a\n    endpoint_private_access = var.b\n  }\n}\n',
    });
    expect(clusters.map(({ endpoint }) => [endpoint.public.state, endpoint.private.state])).toEqual([
      ['set', 'default'],
    ]);
  });
  it('cause no duplicate note', () => {
    const call = 'module "far" {\n  source = "git::https://example.com/eks.git"\n  cluster_version = "1.22"\n}\n';
    expect(read({ ...files, 'far.tf': call }).notes.length).toBe(1);
  });
  it('of a file with backend settings are not variables', () => {
    expect(looks(read({ 'main.tf': files['main.tf'], 'backend.tfvars': 'bucket = "b"\n' }).clusters)).toEqual([
      [undefined, false, 'main.tf'],
    ]);
  });
});

describe('modules', () => {
  it('pass on their outputs, once for each call', () => {
    const { clusters, loose } = read({
      'main.tf': `module "c" {
  source = "./c"
  for_each = { a = "1.22", b = "1.33" }
  name = each.key
  release = each.value
}
module "only" {
  source = "./c"
  count = 1
  name = module.c["a"].name
  release = module.c["b"].release
}
`,
      'c/main.tf': `variable "name" {}
variable "release" {}
output "name" {
  value = upper(aws_eks_cluster.c.name)
}
output "release" {
  value = module.inner.release
}
module "inner" {
  source = "../inner"
  release = var.release
}
resource "aws_eks_cluster" "c" {
  name = var.name
  version = module.inner.release
}
`,
      'inner/main.tf': 'variable "release" {}\noutput "release" {\n  value = var.release\n}\n',
    });
    expect(loose).toEqual([]);
    expect(
      clusters.map(({ name, version }) => [name.value, version.value, version.at.source, version.at.start?.line]),
    ).toEqual([
      ['a', '1.22', 'main.tf', 3],
      ['b', '1.33', 'main.tf', 3],
      ['A', '1.33', 'main.tf', 3],
    ]);
  });
});

describe('files', () => {
  const texts: Record<string, string> = {
    'infra/cfg/c.yaml': 'version: "1.22"\nnames: [x, z]\n',
    'infra/t.tftpl': '${env}-a ${more}',
    'infra/c.tftpl': 'shop-${upper(env)}%{ if big }-big%{ endif }',
  };
  const asked: string[] = [];
  const nameOf = (name: string) => {
    const trees = parse(source('infra/main.tf', `resource "aws_eks_cluster" "a" {\n  name = ${name}\n}\n`));
    const { descriptions = [] } = readTerraform(trees, undefined, {
      charts: new Set(),
      kustomizations: new Set(),
      textOf(path) {
        asked.push(path);
        return texts[path];
      },
    });
    return readDescriptions(descriptions).clusters[0]?.name;
  };
  const evaluate = (name: string): unknown => nameOf(name)?.value ?? nameOf(name)?.why;
  it('are read from the workspace', () => {
    expect([
      evaluate('yamldecode(file("${path.module}/cfg/c.yaml")).version'),
      evaluate('join(",", yamldecode(file("cfg/c.yaml")).names)'),
      evaluate('templatefile("${path.root}/c.tftpl", { env = "prod", big = true })'),
      evaluate('base64decode(filebase64("cfg/c.yaml"))'),
      evaluate('templatefile("c.tftpl", { env = var.x, big = true })'),
      evaluate('file("/etc/passwd")'),
      evaluate('file("~/.aws/credentials")'),
    ]).toEqual([
      '1.22',
      'x,z',
      'shop-PROD-big',
      'version: "1.22"\nnames: [x, z]\n',
      'var.x is not known before Terraform runs',
      'file("/etc/passwd") is not known before Terraform runs',
      'file("~/.aws/credentials") is not known before Terraform runs',
    ]);
    expect(asked.every((path) => path.startsWith('infra/'))).toBe(true);
  });
  it.each([
    ['templatefile("t.tftpl", { env = "prod", more = var.x })', ['prod', '-a ', undefined]],
    ['templatefile("t.tftpl", merge(var.all, { env = "prod" }))', ['prod', '-a ', undefined]],
    ['templatefile("t.tftpl", merge({ env = "prod" }, var.all))', [undefined, '-a ', undefined]],
    ['templatestring("b-${"$"}{more}", { more = var.x })', ['b-', undefined]],
    ['templatefile("none.tftpl", { env = var.x })', [undefined]],
    ['templatefile(var.file, { env = "a" })', [undefined]],
  ])('%s is known in part', (name, expected) => {
    const pieces = nameOf(name)?.pieces ?? [];
    expect(pieces.filter((piece) => piece !== '')).toEqual(expected);
  });
});

it('inputs of Terragrunt are named and not judged', () => {
  const main = 'variable "v" {\n  default = "1.22"\n}\nresource "aws_eks_cluster" "a" {\n  version = var.v\n}\n';
  const parsed = [
    ...parse(source('a/main.tf', main)),
    ...parse(source('a/terragrunt.hcl', 'inputs = {\n  v = "1.33"\n}\n')),
  ];
  const { descriptions = [], notes } = readTerraform(parsed);
  const [cluster] = readDescriptions(descriptions).clusters;
  expect([cluster?.version.why, notes.map(({ message }) => message)]).toEqual([
    'a/terragrunt.hcl may set it, and Terragrunt inputs are not read',
    ['Terragrunt inputs are not read, so variables that they may set are not known'],
  ]);
});

it.each([
  ['live/terragrunt.stack.hcl', 'unit "eks" {\n  source = "../modules//eks"\n  path = "eks"\n}\n'],
  ['live/terragrunt.stack.hcl', 'stack "eks" {\n  source = "../modules/eks"\n  path = "eks"\n}\n'],
])('%s sets variables of the folders that %s names', (name, text) => {
  const main = 'variable "v" {\n  default = "1.22"\n}\nresource "aws_eks_cluster" "a" {\n  version = var.v\n}\n';
  const { descriptions = [] } = readTerraform([
    ...parse(source('modules/eks/main.tf', main)),
    ...parse(source(name, text)),
  ]);
  const [cluster] = readDescriptions(descriptions).clusters;
  expect(cluster?.version.why).toBe(`${name} may set it, and Terragrunt inputs are not read`);
});

describe('Terraform Stacks', () => {
  const main =
    'variable "v" {\n  default = "1.22"\n}\nresource "aws_eks_cluster" "a" {\n  name = "a"\n  version = var.v\n}\n';
  const component = 'component "eks" {\n  source = "./eks"\n  inputs = { v = "1.20" }\n}\n';
  it.each(['stack.tfcomponent.hcl', 'stack.tfstack.hcl'])('%s sets variables of the modules that it uses', (name) => {
    const { descriptions = [], notes } = readTerraform([
      ...parse(source('eks/main.tf', main)),
      ...parse(source(name, component)),
    ]);
    const [cluster] = readDescriptions(descriptions).clusters;
    expect([cluster?.version.why, notes.map(({ kind, message }) => `${kind} ${message}`)]).toEqual([
      `${name} may set it, and Terraform Stacks are not read`,
      ['partial Terraform Stacks are not judged, only the local modules that they use'],
    ]);
  });
  it('a file that is asked for makes the run incomplete', () => {
    const asked = ['stack.tfdeploy.hcl', 'live/terragrunt.hcl'].flatMap((name) => [
      ...parse({ ...source(name, 'inputs = {}\n'), isAsked: true }),
    ]);
    expect(readTerraform(asked).notes.map(({ kind, at }) => [kind, at?.source])).toEqual([
      ['incomplete', 'stack.tfdeploy.hcl'],
      ['incomplete', 'live/terragrunt.hcl'],
    ]);
  });
});

describe('findings', () => {
  const main = `variable "env" {}
variable "cidrs" {
  default = ["10.0.0.0/8"]
}
variable "release" {
  default = "1.22"
}
resource "aws_eks_cluster" "a" {
  name = "shop"
  version = var.env == "prod" ? "1.35" : var.release
  vpc_config {
    public_access_cidrs = var.cidrs
  }
}
`;
  const asked = rules.filter(({ id }) => /version-end-of-support|endpoint-public-open/.test(id));
  it('that only some values files have name them, unless they are located there', async () => {
    const { findings } = await lintTexts(
      { 'main.tf': main, 'dev.tfvars': 'env = "dev"\ncidrs = ["0.0.0.0/0"]\n', 'prod.tfvars': 'env = "prod"\n' },
      asked,
    );
    expect(
      findings.map(({ at, message }) => [at.source, at.start?.line, /(?: \([^()]*\))+$/.exec(message)?.[0]]),
    ).toEqual([
      ['dev.tfvars', 2, undefined],
      ['main.tf', 10, expect.stringMatching(/\(the default of var\.release\) \(as applied with dev\.tfvars\)$/)],
    ]);
  });
  it('that all values files have are one', async () => {
    const { findings } = await lintTexts(
      { 'main.tf': main, 'dev.tfvars': 'env = "dev"\n', 'test.tfvars': 'env = "test"\n' },
      asked,
    );
    expect(findings.map(({ message }) => message.includes('as applied'))).toEqual([false]);
  });
  it('that a variable hides know their cluster', async () => {
    const { undetermined } = await lintTexts({ 'main.tf': main.replace('= var.cidrs', '= var.office') }, asked);
    expect(undetermined.map(({ why, cluster }) => [why, cluster])).toEqual([
      ['var.office is not known before Terraform runs', 'shop'],
      ['var.env is not known before Terraform runs', 'shop'],
    ]);
  });
});

describe('blocks that are not in these files', () => {
  const data = `data "aws_eks_cluster" "main" {\n  name = "prod"\n}\n`;
  const labels = (more = '') => `variable "enabled" {
  default = null
}
variable "context" {
  type    = any
  default = { enabled = true, tags = {} }
}
module "this" {
  source  = "cloudposse/label/null"
  enabled = var.enabled
  context = var.context
}
module "label" {
  source  = "cloudposse/label/null"
  context = module.this.context
  ${more}
}
`;
  it.each<[string, string, unknown]>([
    ['data.aws_eks_cluster.main.name', data, 'prod'],
    ['data.aws_eks_cluster.main.arn', data, 'data.aws_eks_cluster.main.arn is not known before Terraform runs'],
    ['module.this.enabled', labels(), true],
    ['module.label.enabled', labels(), true],
    ['module.label.enabled', labels('enabled = false'), false],
    ['module.label.id', labels(), 'module.label.id is not known before Terraform runs'],
    ['module.this.enabled', labels().replace('enabled = true', 'tags = {}'), true],
    [
      'module.this.enabled',
      labels().replace('{ enabled = true, tags = {} }', 'data.hidden.context'),
      'data.hidden.context is not known before Terraform runs',
    ],
  ])('%s', (expression, blocks, expected) => {
    expect(worth(expression, blocks)).toEqual(expected);
  });
});

it('loops in the items of a dynamic block end with the run, not each by itself', () => {
  const text = `resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = [for a in range(2000) : a]
    content {
      cidr_blocks = [for a in range(2000) : [for b in range(2000) : "10.0.0.0/8"]]
    }
  }
}
resource "aws_eks_cluster" "a" {
  vpc_config {
    security_group_ids = [aws_security_group.a.id]
  }
}
`;
  const spent = countTime();
  touch(read({ 'main.tf': text }));
  expect(spent()).toBeLessThan(4000);
});
