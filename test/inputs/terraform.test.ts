import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nodegroup } from '#model/cluster.ts';
import type { Location } from '#syntax/tree.ts';
import { cloudControlName } from '#inputs/terraform/spelling.ts';
import { read, readCluster, touch } from './read.ts';

const place = ({ start, path }: Location): string => `${start?.line}:${start?.column} ${path}`;
const module = (body: string, version = 'version = "~> 21.0"') =>
  readCluster('main.tf', `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  ${version}\n${body}\n}\n`);
const first = <T>(items: Iterable<T>): T => {
  for (const item of items) return item;
  throw new Error('nothing there');
};

describe('places', () => {
  const text = `resource "aws_eks_cluster" "main" {
  name = "shop"
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs = [
      "10.0.0.0/8",
      "0.0.0.0/0",
    ]
  }
}
`;
  it('are those of the fact, or of the map that lacks it', () => {
    const one = readCluster('main.tf', text);
    expect(place(one.at)).toBe('1:1 resource.aws_eks_cluster.main');
    expect(place(one.endpoint.public.at)).toBe('4:5 resource.aws_eks_cluster.main.vpc_config.endpoint_public_access');
    expect(place(one.endpoint.private.at)).toBe('3:3 resource.aws_eks_cluster.main.vpc_config.endpoint_private_access');
    expect([...one.endpoint.publicCidrs].map(({ at }) => place(at))).toEqual([
      '6:7 resource.aws_eks_cluster.main.vpc_config.public_access_cidrs[0]',
      '7:7 resource.aws_eks_cluster.main.vpc_config.public_access_cidrs[1]',
    ]);
    expect(place(one.version.at)).toBe('1:1 resource.aws_eks_cluster.main.version');
  });
  it('of locals are where they are used', () => {
    const { clusters } = read({
      'locals.tf':
        'locals {\n  open = true\n  net = { cidrs = ["0.0.0.0/0"] }\n  v = local.deep\n  deep = "1.33"\n  loop = local.loop\n}\n',
      'main.tf':
        'resource "aws_eks_cluster" "a" {\n  version = local.v\n  name = local.loop\n  vpc_config {\n    endpoint_public_access = local.open\n    public_access_cidrs = local.net.cidrs\n  }\n}\n',
    });
    const one = first(clusters);
    expect([one.version.value, one.name.state, one.endpoint.public.value, place(one.endpoint.public.at)]).toEqual([
      '1.33',
      'unknown',
      true,
      '5:5 resource.aws_eks_cluster.a.vpc_config.endpoint_public_access',
    ]);
    expect(place(first(one.endpoint.publicCidrs).at)).toBe('3:20 locals.net.cidrs[0]');
  });
});

describe('the module', () => {
  const facts = (version: string, body = '') => {
    const one = module(`${body}\n  eks_managed_node_groups = { web = {} }`, version);
    const { imds } = first(one.nodegroups).template;
    return [
      one.endpoint.public.value,
      one.endpoint.private.value,
      one.secretsKey.value,
      one.authenticationMode.value,
      imds.httpTokens.value,
      imds.hopLimit.value,
    ];
  };
  const key = 'module.eks.kms_key_arn';
  it.each([
    ['version = "~> 21.0"', '', [false, true, key, 'API_AND_CONFIG_MAP', 'required', 1]],
    ['version = "20.31.0"', '', [false, true, key, 'API_AND_CONFIG_MAP', 'required', 2]],
    ['version = "~> 19.15"', '', [false, true, key, 'CONFIG_MAP', 'required', 2]],
    ['version = ">= 18.0, < 19.0"', '', [true, false, undefined, 'CONFIG_MAP', 'required', 2]],
    ['version = ">= 20.0"', '', [false, true, key, 'API_AND_CONFIG_MAP', 'required', undefined]],
    ['version = ">= 20.0"', 'kubernetes_version = "1.33"', [false, true, key, 'API_AND_CONFIG_MAP', 'required', 1]],
    ['version = ">= 20.0"', 'cluster_version = "1.33"', [false, true, key, 'API_AND_CONFIG_MAP', 'required', 2]],
    ['', '', [undefined, undefined, undefined, undefined, 'required', undefined]],
    ['version = var.v', '', [undefined, undefined, undefined, undefined, 'required', undefined]],
    ['version = "~> 16.0"', '', [undefined, undefined, undefined, undefined, undefined, undefined]],
  ])('%s %s', (version, body, expected) => {
    expect(facts(version, body)).toEqual(expected);
  });

  it('says how secrets are encrypted', () => {
    const state = (body: string, version?: string) => module(body, version).secretsKey.present.state;
    expect([
      state('encryption_config = null'),
      state('encryption_config = {}'),
      state('encryption_config = { provider_key_arn = "arn:x" }'),
      state('encryption_config = { provider_key_arn = var.key }'),
      state('encryption_config = { provider_key_arn = aws_kms_key.k.arn }'),
      state('cluster_encryption_config = {}', 'version = "20.0.0"'),
      state('create_kms_key = false'),
    ]).toEqual(['no', 'yes', 'yes', 'yes', 'yes', 'no', 'unknown']);
  });

  it('reads partly written groups', () => {
    const group = (body: string, version?: string) =>
      first(module(`eks_managed_node_groups = { web = { ${body} } }`, version).nodegroups);
    expect(group('metadata_options = { http_tokens = "optional" }').template.imds.httpTokens.value).toBe('optional');
    expect(group('metadata_options = { http_tokens = "optional" }').template.imds.hopLimit.value).toBe(1);
    expect(
      group(
        'metadata_options = { http_tokens = "optional" }\nami_type = "AL2023_x86_64_STANDARD"',
        'version = "20.1.0"',
      ).template.imds.hopLimit.value,
    ).toBe(2);
    expect(group('launch_template_id = "lt-1"').template.imds.httpTokens.state).toBe('unknown');
    expect(group('ami_id = "ami-1"').amiType.value).toBe('CUSTOM');
    expect(group('name = var.x').name.state).toBe('unknown');
  });

  it('allows for groups that are defined elsewhere', () => {
    const one = module('eks_managed_node_groups = merge(local.a, local.b)\n  addons = { for k in var.x : k => {} }');
    expect([one.nodegroups.complete, one.nodegroups.items.length, one.addons.has(() => true).state]).toEqual([
      false,
      0,
      'unknown',
    ]);
    expect(
      module('self_managed_node_groups = { (var.n) = {} }').nodegroups.items.map(({ name, managed }) => [
        name.state,
        managed,
      ]),
    ).toEqual([['unknown', false]]);
  });

  it('is recognized by its source', () => {
    const found = (from: string) => read({ 'a.tf': `module "eks" {\n  source = "${from}"\n}\n` }).clusters.length;
    expect(
      [
        'terraform-aws-modules/eks/aws',
        'git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4',
        'github.com/terraform-aws-modules/terraform-aws-eks',
        'terraform-aws-modules/eks/aws//modules/karpenter',
        './eks',
      ].map(found),
    ).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('resources', () => {
  const main = 'resource "aws_eks_cluster" "main" {\n  name = "shop"\n  version = "1.33"\n}\n';
  it('find their cluster', () => {
    const group = (name: string) => `resource "aws_eks_node_group" "g" {\n  cluster_name = ${name}\n}\n`;
    const count = (name: string, more = '') =>
      read({ 'a/main.tf': main + more, 'a/nodes.tf': group(name), 'b/main.tf': main }).clusters.map(
        ({ nodegroups }) => nodegroups.items.length,
      );
    expect(count('aws_eks_cluster.main.name')).toEqual([1, 0]);
    expect(count('aws_eks_cluster.main[0].id')).toEqual([1, 0]);
    expect(count('"shop"')).toEqual([1, 0]);
    expect(count('var.cluster')).toEqual([1, 0]);
    expect(count('"other"')).toEqual([0, 0]);
    expect(
      count('data.aws_eks_cluster.main.name', 'resource "aws_eks_cluster" "second" {\n  name = "second"\n}\n'),
    ).toEqual([0, 0, 0]);
  });

  it('read security groups of their launch template', () => {
    const files = `${main}resource "aws_eks_node_group" "g" {
  cluster_name = aws_eks_cluster.main.name
  launch_template {
    id = aws_launch_template.t.id
  }
}
resource "aws_launch_template" "t" {
  image_id = "ami-1"
  vpc_security_group_ids = [aws_security_group.n.id, aws_eks_cluster.main.vpc_config[0].cluster_security_group_id]
}
resource "aws_security_group" "n" {
  ingress {
    from_port = 22
    to_port = 22
    protocol = "tcp"
    cidr_blocks = ["10.0.0.0/8", var.x]
  }
  ingress {
    from_port = 443
    to_port = 443
    protocol = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_security_group.n.id
  ip_protocol = "-1"
  cidr_ipv6 = "::/0"
}
`;
    const one = first(readCluster('main.tf', files).nodegroups);
    expect([
      one.amiType.value,
      one.template.imds.httpTokens.state,
      one.remoteAccess.openings.complete,
      [...one.remoteAccess.openings].map(({ cidr }) => cidr.value),
    ]).toEqual(['CUSTOM', 'unknown', true, ['10.0.0.0/8', undefined, '::/0']]);
  });

  it('with a block for encryption have a key, wherever it comes from', () => {
    const key = (value: string) =>
      readCluster(
        'main.tf',
        `resource "aws_eks_cluster" "a" {\n  encryption_config {\n    provider {\n      key_arn = ${value}\n    }\n  }\n}\n`,
      ).secretsKey.present.state;
    expect(['module.kms.key_arn', 'var.key', '"arn:x"', 'aws_kms_key.k[0].arn'].map(key)).toEqual([
      'yes',
      'yes',
      'yes',
      'yes',
    ]);
  });

  it('with a syntax error are judged by the readable parts', () => {
    const one = readCluster(
      'main.tf',
      'resource "aws_eks_cluster" "main" {\n  name = "shop"\n  vpc_config {\n    public_access_cidrs = ["0.0.0.0/0"]\n  }\n  version =\n}\n',
    );
    expect([
      one.name.value,
      one.endpoint.publicCidrs.has((cidr) => cidr.is('0.0.0.0/0')).state,
      one.secretsKey.state,
    ]).toEqual(['shop', 'yes', 'unknown']);
  });

  it('survive any damage to their text', () => {
    const files = `${main}locals {\n  g = { web = { metadata_options = { http_tokens = "optional" }, name = null } }\n}
module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  encryption_config = [{}]\n  addons = { dns = {} }\n  eks_managed_node_groups = local.g\n}
resource "aws_eks_node_group" "g" {\n  cluster_name = aws_eks_cluster.main.name\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}
resource "aws_launch_template" "t" {\n  vpc_security_group_ids = [aws_security_group.n.id]\n  metadata_options {\n    http_tokens = "required"\n  }\n}
resource "aws_security_group" "n" {\n  ingress {\n    from_port = 22\n    cidr_blocks = ["::/0"]\n  }\n}\n`;
    const cut = fc.tuple(
      fc.nat(files.length),
      fc.nat(25),
      fc.constantFrom('', '{', '}', '"', '[', ']', '= ', 'null', '${', '<<E\n', '\n', '[{}]', '"x"'),
    );
    let seen = 0;
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
        let text = files;
        for (const [start, length, put] of cuts) text = text.slice(0, start) + put + text.slice(start + length);
        for (const one of read({ 'main.tf': text }).clusters) {
          touch(one);
          seen++;
        }
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('that are turned off are left out', () => {
    expect(
      read({
        'a.tf':
          'resource "aws_eks_cluster" "a" {\n  count = 0\n}\nmodule "m" {\n  source = "terraform-aws-modules/eks/aws"\n  create = false\n}\n',
      }).clusters,
    ).toEqual([]);
  });
});

describe('values', () => {
  const cidrs = (value: string, more = '') =>
    readCluster(
      'main.tf',
      `${more}resource "aws_eks_cluster" "a" {\n  vpc_config {\n    public_access_cidrs = ${value}\n  }\n}\n`,
    ).endpoint.publicCidrs;
  const open = (value: string, more?: string) => cidrs(value, more).has((cidr) => cidr.is('0.0.0.0/0')).state;
  it('of functions and conditionals are evaluated as far as their arguments are known', () => {
    const locals =
      'locals {\n  yes = true\n  some = ["10.0.0.0/8"]\n  all = "0.0.0.0"\n  map = { a = { b = ["0.0.0.0/0"] } }\n}\n';
    const asked = [
      'concat(local.some, ["0.0.0.0/0"])',
      'concat(var.office, ["0.0.0.0/0"])',
      'concat(var.office, ["10.0.0.0/8"])',
      'toset(local.some)',
      'local.yes ? ["0.0.0.0/0"] : []',
      'var.yes ? ["0.0.0.0/0"] : []',
      '["${local.all}/0"]',
      'local.map["a"].b',
      'local.map.a.c',
      'coalesce(null, local.map.a.b)',
      'try(local.map.a.c, [])',
      'setunion(local.some, ["0.0.0.0/0"])',
      '[cidrsubnet("10.0.0.0/8", 8, 1)]',
    ];
    expect(asked.map((value) => open(value, locals))).toEqual([
      'yes',
      'yes',
      'unknown',
      'no',
      'yes',
      'unknown',
      'yes',
      'yes',
      'unknown',
      'yes',
      'yes',
      'yes',
      'no',
    ]);
  });
  it('keep the locations of their parts', () => {
    expect(
      [...cidrs('concat(local.some, [\n      "0.0.0.0/0"])', 'locals {\n  some = ["10.0.0.0/8"]\n}\n')].map(
        ({ at }) => `${at.start?.line}:${at.start?.column}`,
      ),
    ).toEqual(['2:11', '7:7']);
  });
  it('in cycles and endless chains are unknown', () => {
    const chain = Array.from({ length: 3000 }, (_, index) => `  l${index} = local.l${index + 1}\n`).join('');
    const doubled = Array.from(
      { length: 40 },
      (_, index) => `  l${index} = concat(local.l${index + 1}, local.l${index + 1})\n`,
    ).join('');
    expect([
      open('local.a', 'locals {\n  a = concat(local.b, [])\n  b = concat(local.a, [])\n}\n'),
      open('local.l0', `locals {\n${chain}  l3000 = []\n}\n`),
      open('local.l0', `locals {\n${doubled}  l40 = ["0.0.0.0/0"]\n}\n`),
      open(`${'true ? [] : '.repeat(2000)}[]`),
    ]).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
  const versionOf = (files: Record<string, string>) => {
    const one = first(read(files).clusters).version;
    return [one.value ?? one.why, one.is('1.29').assuming, one.at.source];
  };
  const asked = 'resource "aws_eks_cluster" "a" {\n  version = var.v\n}\n';
  const given = 'variable "v" {\n  default = "1.29"\n}\n';
  it('of a variable are its default if it is not set', () => {
    expect([
      versionOf({ 'main.tf': asked + given }),
      versionOf({ 'main.tf': asked + given.replace('default', 'sensitive = true\n  default') }),
      versionOf({ 'main.tf': `${asked}variable "v" {\n}\n` }),
    ]).toEqual([
      ['1.29', 'the default of var.v', 'main.tf'],
      ['var.v is not known before Terraform runs', undefined, 'main.tf'],
      ['var.v is not known before Terraform runs', undefined, 'main.tf'],
    ]);
  });
  it('of a variable come from the files that Terraform loads; later ones override earlier ones', () => {
    const files = { 'main.tf': asked + given, 'terraform.tfvars': 'v = "1.30"\n' };
    expect([
      versionOf(files),
      versionOf({ ...files, 'b.auto.tfvars': 'v = "1.31"\n', 'a.auto.tfvars': 'v = "1.32"\n' }),
      versionOf({ ...files, 'terraform.tfvars.json': '{"v": "1.33"}' }),
      versionOf({ 'main.tf': `${asked}variable "v" {\n}\n`, 'prod/terraform.tfvars': 'v = "1.30"\n' }),
      versionOf({ 'main.tf': asked + given, 'prod.tfvars': 'other = "1.30"\n' }),
    ]).toEqual([
      ['1.30', undefined, 'terraform.tfvars'],
      ['1.31', undefined, 'b.auto.tfvars'],
      ['1.33', undefined, 'terraform.tfvars.json'],
      ['1.30', undefined, 'prod/terraform.tfvars'],
      ['1.29', 'the default of var.v', 'main.tf'],
    ]);
  });
  it('come from a single file that a run may name, and from the defaults if these are enough', () => {
    const versions = (files: Record<string, string>) => read(files).clusters.map(({ version }) => version.value);
    const prod = 'v = "1.30"\nname = "a"\n';
    const required = 'variable "name" {\n}\n';
    expect([
      versions({ 'main.tf': asked + given, 'prod.tfvars': prod }),
      versions({ 'main.tf': asked + given + required, 'prod.tfvars': prod }),
      versions({ 'main.tf': asked + given, 'prod.tfvars': prod, 'dev.tfvars': 'v = "1.31"\n' }),
    ]).toEqual([['1.29', '1.30'], ['1.30'], ['1.30', '1.31']]);
  });
  it('for undeclared variables are reported, and the others apply', () => {
    const files = {
      'tf/main.tf': asked + given,
      'envs/prod.tfvars': 'v = "1.30"\nother = 1\n',
      'x/other.tfvars': 'w = "1"\n',
    };
    const { clusters, notes } = read(files);
    expect(clusters.map(({ version }) => version.value)).toEqual(['1.29', '1.30']);
    expect(notes.map(({ kind, message, at }) => [kind, message, at?.source])).toEqual([
      ['partial', 'no variable other is declared, so what this file sets there is not used', 'envs/prod.tfvars'],
      ['skipped', 'tfvars files with variables that no Terraform file here declares', 'x/other.tfvars'],
    ]);
  });
  it('of a folder with its own values files count, although another folder calls it', () => {
    const { clusters } = read({
      'eks/main.tf': asked + given,
      'eks/terraform.tfvars': 'v = "1.30"\n',
      'example/main.tf': 'module "eks" {\n  source = "../eks"\n  v = "1.34"\n}\n',
    });
    expect(clusters.map(({ version }) => version.value).sort()).toEqual(['1.30', '1.34']);
  });
  it('of dynamic blocks are their contents if the collection is known', () => {
    const key = (each: string) => {
      const one = readCluster(
        'main.tf',
        `variable "on" {\n  default = true\n}\nresource "aws_eks_cluster" "a" {\n  dynamic "encryption_config" {\n    for_each = ${each}\n    content {\n      provider {\n        key_arn = aws_kms_key.k.arn\n      }\n    }\n  }\n}\n`,
      ).secretsKey;
      return one.present.state;
    };
    expect(['[1]', '[]', 'var.on ? [1] : []', 'var.off ? [1] : []', 'toset(["a", "b"])'].map(key)).toEqual([
      'yes',
      'no',
      'yes',
      'unknown',
      'yes',
    ]);
  });
  it('that a computed key names are not strings', () => {
    expect(
      readCluster('main.tf', 'locals {\n  odd = { [{}] = 1 }\n}\nresource "aws_eks_cluster" "a" {\n  name = "a"\n}\n')
        .name.value,
    ).toBe('a');
  });

  it('that providers assign are not null and not empty', () => {
    const tokens = (condition: string): unknown => {
      const { loose } = read({
        'main.tf': `resource "aws_launch_template" "t" {
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_eks_node_group" "g" {
  for_each     = { a = { lt = aws_launch_template.t.id, other = var.lt } }
  cluster_name = "shop"
  dynamic "launch_template" {
    for_each = ${condition} ? [{ id = each.value.lt }] : []
    content {
      id = launch_template.value.id
    }
  }
}
`,
      });
      return loose.map((one) => one.kind === 'nodegroup' && one.template.imds.httpTokens.value);
    };
    expect(tokens('each.value.lt != null')).toEqual(['optional']);
    expect(tokens('null != aws_launch_template.t.arn')).toEqual(['optional']);
    expect(tokens('each.value.lt != ""')).toEqual(['optional']);
    expect(tokens('aws_launch_template.t.key_name != ""')).toEqual([undefined]);
    expect(tokens('each.value.other != null')).toEqual([undefined]);
    expect(tokens('data.aws_ami.a.image_id != ""')).toEqual(['optional']);
    expect(tokens('data.aws_ami.a.name_regex != null')).toEqual([undefined]);
    expect(tokens('each.id != null')).toEqual([undefined]);
  });
  it('of a condition with one empty branch are those of the other, if a value is required', () => {
    const tokens = (id: string): unknown => {
      const { loose } = read({
        'main.tf': `variable "on" {}\nvariable "other" {}
resource "aws_launch_template" "t" {
  count = 1
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_eks_node_group" "g" {
  cluster_name = "shop"
  launch_template {
    id = ${id}
  }
}
`,
      });
      return loose.map((one) => one.kind === 'nodegroup' && one.template.imds.httpTokens.value);
    };
    expect(tokens('var.on ? aws_launch_template.t[0].id : ""')).toEqual(['optional']);
    expect(tokens('var.on ? null : var.other ? aws_launch_template.t[0].id : ""')).toEqual(['optional']);
    expect(tokens('var.on ? aws_launch_template.t[0].id : var.other')).toEqual([undefined]);
    expect(tokens('var.on ? null : ""')).toEqual([undefined]);
  });
  it('of a map are hidden by unknown maps merged over it only if those may have the keys', () => {
    const version = (more: string): unknown =>
      readCluster(
        'main.tf',
        `variable "on" {}\nvariable "more" {}
locals {
  all = merge({ version = "1.33" }, ${more})
}
resource "aws_eks_cluster" "a" {
  name = "a"
  version = local.all.version
}
`,
      ).version.value;
    expect(version('var.on ? { name = "b" } : {}')).toBe('1.33');
    expect(version('var.on ? null : terraform.workspace == "live" ? { name = "b" } : {}')).toBe('1.33');
    expect(version('var.on ? { version = "1.34" } : {}')).toBeUndefined();
    expect(version('var.on ? var.more : {}')).toBeUndefined();
    expect(version('var.more')).toBeUndefined();
  });
  it('that something else sets are unknown', () => {
    const main =
      'resource "aws_eks_cluster" "a" {\n  name = "a"\n  version = "1.29"\n  vpc_config {\n    endpoint_public_access = true\n    public_access_cidrs = []\n  }\n';
    const facts = (files: Record<string, string>) => {
      const { clusters } = read(files);
      const { name, version, endpoint } = first(clusters);
      return [clusters.length, name.state, version.state, endpoint.public.state, endpoint.publicCidrs.state];
    };
    expect(
      facts({
        'main.tf': `${main}  lifecycle {\n    ignore_changes = [version, vpc_config[0].public_access_cidrs]\n  }\n}\n`,
      }),
    ).toEqual([1, 'set', 'unknown', 'set', 'unknown']);
    expect(facts({ 'main.tf': `${main}  lifecycle {\n    ignore_changes = all\n  }\n}\n` })).toEqual([
      1,
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

it('blocks over nothing are left out', () => {
  const count = (argument: string) =>
    read({ 'a.tf': `locals {\n  on = false\n  none = {}\n}\nresource "aws_eks_cluster" "a" {\n  ${argument}\n}\n` })
      .clusters.length;
  expect(
    [
      'count = local.on ? 1 : 0',
      'for_each = local.none',
      'for_each = toset([])',
      'for_each = merge(var.x, {})',
      'count = var.on ? 1 : 0',
    ].map(count),
  ).toEqual([0, 0, 0, 1, 1]);
});

it('a dynamic block next to written ones may add more', () => {
  const text = `resource "aws_eks_node_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\nresource "aws_launch_template" "t" {\n  vpc_security_group_ids = concat([aws_security_group.n.id], var.more)\n}
resource "aws_security_group" "n" {\n  ingress {\n    protocol = "tcp"\n    from_port = 443\n    to_port = 443\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n  dynamic "ingress" {\n    for_each = [22]\n    content {\n    }\n  }\n}\n`;
  const world = (files: string) =>
    (first(read({ 'main.tf': files }).loose) as Nodegroup).remoteAccess.openings.has(({ cidr }) => cidr.is('0.0.0.0/0'))
      .state;
  expect([
    world(text),
    world(text.replace(/ {2}dynamic[^]*/, '}\n')),
    world(text.replace(/ {2}dynamic[^]*/, '}\n').replace(', var.more', '')),
  ]).toEqual(['unknown', 'unknown', 'no']);
});

describe('node groups of the module', () => {
  it('are found in the result of merge', () => {
    const { nodegroups } = module(
      'eks_managed_node_groups = merge({ a = {} }, var.more, { b = { metadata_options = { http_tokens = "optional" } } }, { c = merge(local.base, { ami_type = "AL2_x86_64" }) })\n}\nlocals {\n  base = { metadata_options = { http_tokens = "optional" }, ami_type = "CUSTOM" }\n',
    );
    expect(
      [...nodegroups].map(({ name, amiType, template, at }) => [
        name.value,
        amiType.value,
        template.imds.httpTokens.value,
        at.start?.line,
      ]),
    ).toEqual([
      // var.more may set another one.
      [undefined, undefined, undefined, 4],
      ['b', 'AL2023_x86_64_STANDARD', 'optional', 4],
      ['c', 'AL2_x86_64', 'optional', 4],
    ]);
  });
  it('that are unknown are reported', () => {
    const notes = (body: string, version?: string) =>
      read({
        'main.tf': `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  ${version ?? ''}\n  ${body}\n}\n`,
      }).notes.map(({ message, at }) => [message, at?.start?.line]);
    expect(notes('eks_managed_node_groups = var.groups')).toEqual([
      ['node groups of module.eks are not judged: var.groups is not known before Terraform runs', 4],
    ]);
    expect(notes('self_managed_node_groups = merge({ a = {} }, var.more)')).toEqual([
      ['node groups of module.eks are not judged: var.more is not known before Terraform runs', 4],
    ]);
    expect(notes('self_managed_node_groups = merge(var.more, { a = {} })')).toEqual([
      ['node groups of module.eks are not judged: var.more is not known before Terraform runs', 4],
    ]);
    expect(notes('worker_groups = var.groups', 'version = "17.24.0"')).toEqual([
      ['worker_groups of module.eks are not judged in full: var.groups is not known before Terraform runs', 4],
    ]);
  });
  it('in submodules belong to a cluster elsewhere, or to the one they name', () => {
    const group = (cluster: string) =>
      `module "ng" {\n  source = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"\n  version = "~> 20.0"\n  name = "own"\n  cluster_name = ${cluster}\n}\n`;
    const { clusters, loose, notes } = read({ 'main.tf': group('"shop"') });
    const { template, name } = first(loose) as Nodegroup;
    expect([clusters, name.value, template.imds.httpTokens.value, template.imds.hopLimit.value]).toEqual([
      [],
      'own',
      'required',
      2,
    ]);
    expect(notes.map(({ message }) => message)).toEqual([
      'cluster "shop" is not defined here: only its parts in these files are judged',
    ]);
    expect(
      readCluster('main.tf', `resource "aws_eks_cluster" "a" {\n  name = "a"\n}\n${group('aws_eks_cluster.a.name')}`)
        .nodegroups.items.length,
    ).toBe(1);
  });
  it('have the AMI that their version looks up', () => {
    const type = (group: string): unknown => {
      const { nodegroups } = module(`self_managed_node_groups = { a = { ${group} } }`, 'version = "~> 19.0"');
      return first([...nodegroups]).amiType.value;
    };
    expect(['', 'platform = "linux"', 'platform = "bottlerocket"', 'platform = "windows"'].map(type)).toEqual([
      'AL2_x86_64',
      'AL2_x86_64',
      'BOTTLEROCKET_x86_64',
      'WINDOWS_CORE_2019_x86_64',
    ]);
    expect(['platform = var.os', 'platform = "plan9"', 'ami_id = var.image'].map(type)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
  it('before version 17 have no known defaults', () => {
    expect(module('', 'version = "16.2.0"').logging.has((type) => type.is('audit')).state).toBe('unknown');
    expect(
      readCluster(
        'a.tf',
        'module "eks" {\n  source = "github.com/terraform-aws-modules/terraform-aws-eks?ref=20f0b5c9d"\n}\n',
      ).endpoint.public.state,
    ).toBe('unknown');
  });
  it('are those that are created, with their own launch template unless one is set', () => {
    const { nodegroups } = module(
      'eks_managed_node_groups = { off = { create = false }, on = { launch_template_id = "" } }',
    );
    expect([...nodegroups].map(({ name, template }) => [name.value, template.imds.httpTokens.value])).toEqual([
      ['on', 'required'],
    ]);
    const shut = first(
      module(
        'create_node_security_group = false\n  node_security_group_additional_rules = { ssh = { from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"] } }\n  eks_managed_node_groups = { web = {} }',
      ).nodegroups,
    );
    expect(shut.remoteAccess.openings.empty.state).toBe('yes');
  });
  it('use tcp in rules without a protocol', () => {
    const group = first(
      module(
        'node_security_group_additional_rules = { ssh = { from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"] } }\n  eks_managed_node_groups = { web = {} }',
      ).nodegroups,
    );
    expect(group.remoteAccess.openings.has(({ cidr }) => cidr.is('0.0.0.0/0')).state).toBe('yes');
  });
});

it('groups use the version that they take from their cluster', () => {
  const [group] = readCluster(
    'main.tf',
    'resource "aws_eks_cluster" "c" {\n  version = "1.33"\n}\nresource "aws_eks_node_group" "g" {\n  cluster_name = aws_eks_cluster.c.name\n  version = aws_eks_cluster.c.version\n}\n',
  ).nodegroups;
  expect(group?.version.value).toBe('1.33');
});

it('security groups are found by name, with separate rules, and outbound traffic does not count', () => {
  const port = 'from_port = 22\n  to_port = 22\n  protocol = "tcp"\n';
  const { loose } = read({
    'main.tf': `resource "aws_eks_node_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}
resource "aws_launch_template" "t" {\n  security_group_names = ["nodes"]\n}
resource "aws_security_group" "n" {\n  name = "nodes"\n}
resource "aws_security_group_rule" "in" {\n  type = "ingress"\n  security_group_id = aws_security_group.n.id\n  cidr_blocks = ["0.0.0.0/0"]\n  ${port}}
resource "aws_security_group_rule" "out" {\n  type = "egress"\n  security_group_id = aws_security_group.n.id\n  cidr_blocks = ["10.0.0.0/8"]\n  ${port}}\n`,
  });
  const { openings } = (first(loose) as Nodegroup).remoteAccess;
  expect([openings.complete, openings.items.map(({ cidr, port: open }) => [cidr.value, open])]).toEqual([
    true,
    [['0.0.0.0/0', '22']],
  ]);
  const rule = (type: string) =>
    `${type} = { type = "${type}", from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"] }`;
  const ofModule = module(
    `node_security_group_additional_rules = { ${rule('ingress')}, ${rule('egress')} }\n  eks_managed_node_groups = { web = {} }`,
  );
  expect(first(ofModule.nodegroups).remoteAccess.openings.items.length).toBe(1);
});

it('self-managed groups of the module use their market options', () => {
  const { nodegroups } = module(
    'self_managed_node_groups = { a = {}, b = { instance_market_options = { market_type = "spot" }, instance_type = "m5.large" } }',
  );
  expect(
    [...nodegroups].map(({ managed, capacityType, instanceTypes }) => [
      managed,
      capacityType.value,
      instanceTypes.items.map(({ value }) => value),
    ]),
  ).toEqual([
    [false, 'ON_DEMAND', ['m6i.large']],
    [false, 'SPOT', ['m5.large']],
  ]);
});

it('parts of a cluster that another module in the files defines leave no note', () => {
  const { loose, notes } = read({
    'main.tf': 'module "c" {\n  source = "./c"\n}\nresource "aws_eks_node_group" "g" {\n  cluster_name = "shop"\n}\n',
    'c/main.tf': 'resource "aws_eks_cluster" "c" {\n  name = "shop"\n}\n',
  });
  expect([loose.length, notes]).toEqual([1, []]);
});

describe('local modules', () => {
  const child = `variable "name" {}
variable "release" {
  type = string
}
variable "open" {
  default = true
}
variable "net" {
  type = object({ cidrs = optional(list(string), []) })
}
resource "aws_eks_cluster" "a" {
  name = var.name
  version = var.release
  vpc_config {
    endpoint_public_access = var.open
    public_access_cidrs = var.net.cidrs
  }
}
`;
  const call = (name: string, version: string, more = '') =>
    `module "${name}" {\n  source = "../../modules/eks"\n  name = "\${local.team}-${name}"\n  release = ${version}\n${more}}\n`;
  const team = 'locals {\n  team = "shop"\n}\n';
  it('are read once for each call, with its arguments', () => {
    const { clusters } = read({
      'modules/eks/main.tf': child,
      'envs/prod/main.tf': team + call('prod', '"1.33"', '  open = false\n'),
      'envs/dev/main.tf': team + call('dev', 'var.v'),
    });
    expect(
      clusters.map(({ name, version, endpoint }) => [
        name.value,
        version.value ?? version.why,
        version.at.source,
        version.at.start?.line,
        endpoint.public.value,
        place(endpoint.public.at),
        endpoint.publicCidrs.state,
      ]),
    ).toEqual([
      ['shop-prod', '1.33', 'envs/prod/main.tf', 7, false, '8:3 module.prod.open', 'unknown'],
      [
        'shop-dev',
        'var.v is not known before Terraform runs',
        'envs/dev/main.tf',
        7,
        true,
        '6:3 variable.open.default',
        'unknown',
      ],
    ]);
  });
  it('that no one calls have their defaults', () => {
    const one = readCluster('modules/eks/main.tf', child);
    expect([one.version.state, one.endpoint.public.value, place(one.endpoint.public.at)]).toEqual([
      'unknown',
      true,
      '15:5 resource.aws_eks_cluster.a.vpc_config.endpoint_public_access',
    ]);
  });
  it('that call one another in cycles end', () => {
    const files = {
      'a/main.tf': 'module "b" {\n  source = "../b"\n}\nresource "aws_eks_cluster" "a" {\n}\n',
      'b/main.tf': 'module "a" {\n  source = "../a"\n  v = var.v\n}\nvariable "v" {\n  default = var.v\n}\n',
    };
    expect(read(files).clusters.length).toBe(1);
  });
  it('that are not among the files are reported if they look like clusters', () => {
    const text =
      'module "eks" {\n  source = "git::https://example.com/eks.git"\n  cluster_version = "1.22"\n}\nmodule "gone" {\n  source = "../gone"\n  node_groups = {}\n}\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  name = "x"\n}\n';
    expect(read({ 'a/main.tf': text }).notes.map(({ message, at }) => [message, at?.start?.line])).toEqual([
      ['module.eks is not judged: git::https://example.com/eks.git is not among these files', 1],
      ['module.gone is not judged: ../gone is not among these files', 5],
    ]);
  });
  it('that are not among the files are reported, wherever their path leads', () => {
    const called = (source: string): unknown =>
      read({ 'a/main.tf': `module "m" {\n  source = "${source}"\n}\n`, 'b/main.tf': '' }).notes.map(
        ({ kind, message }) => [kind, message],
      );
    const note = (kind: string, source: string) => [
      [kind, `module.m is not judged: ${source} is not among these files`],
    ];
    // What is named in a folder that is skipped by its name is asked for.
    for (const source of ['./node_modules/m', '../.terraform/modules/m'])
      expect(called(source), source).toEqual(note('incomplete', source));
    for (const source of ['./gone', '../gone', '../../gone', '/srv/m'])
      expect(called(source), source).toEqual(note('partial', source));
    for (const source of ['git::https://example.com/m.git', 'example/m/aws', 'cloudposse/eks-workers/aws'])
      expect(called(source), source).toEqual([
        ['partial', 'modules that are not in these files are not judged: lint a plan'],
      ]);
    for (const source of ['../b', './', 'cloudposse/label/null', 'cloudposse/eks-cluster/aws'])
      expect(called(source), source).toEqual([]);
  });
});

it('the JSON syntax reads the same', () => {
  const one = readCluster(
    'main.tf.json',
    JSON.stringify(
      {
        locals: { open: true },
        variable: { v: { default: '1.29' } },
        resource: {
          aws_kms_key: { k: {} },
          aws_eks_cluster: {
            main: {
              name: 'a-${var.env}',
              version: '${var.v}',
              vpc_config: [
                { endpoint_public_access: '${local.open}', public_access_cidrs: ['${var.office}', '0.0.0.0/0'] },
              ],
              encryption_config: { provider: { key_arn: '${aws_kms_key.k.arn}' } },
            },
          },
          aws_eks_node_group: {
            ng: { cluster_name: '${aws_eks_cluster.main.name}', remote_access: { ec2_ssh_key: 'k' } },
          },
        },
      },
      null,
      2,
    ),
  );
  expect([
    one.name.state,
    one.version.value,
    one.endpoint.public.value,
    one.endpoint.publicCidrs.has((cidr) => cidr.is('0.0.0.0/0')).state,
    one.secretsKey.value,
    one.nodegroups.items.length,
  ]).toEqual(['unknown', '1.29', true, 'yes', 'aws_kms_key.k.arn', 1]);
});

it('service accounts and namespaces of the Kubernetes provider are provided', () => {
  const object = (type: string, name: string, metadata: string) =>
    `resource "kubernetes_${type}" "${name}" {\n  metadata {\n${metadata.replace(/^/gm, '    ')}\n  }\n}\n`;
  const { provided } = read({
    'a/main.tf': [
      object('namespace', 'apps', 'name = "apps"'),
      object('service_account', 'web', 'name = "web"\nnamespace = kubernetes_namespace.apps.metadata[0].name'),
      object('service_account_v1', 'plain', 'name = local.name'),
      object('service_account', 'unknown', 'name = "x-${var.y}"'),
      object('service_account', 'nowhere', 'name = "x"\nnamespace = var.namespace'),
      object('namespace_v1', 'drawn', 'generate_name = "x"'),
      'locals {\n  name = "plain"\n}\n',
    ].join(''),
  });
  expect(provided.map((one) => [one.kind, one.namespaced, one.namespace, one.name, place(one.at)])).toEqual([
    ['ServiceAccount', true, 'apps', 'web', '6:1 resource.kubernetes_service_account.web'],
    ['ServiceAccount', true, 'default', 'plain', '12:1 resource.kubernetes_service_account_v1.plain'],
    ['Namespace', false, '', 'apps', '1:1 resource.kubernetes_namespace.apps'],
  ]);
});

it('blocks in JSON syntax may stand in lists', () => {
  const made = (name: string) => ({ name, version: '1.33' });
  const { clusters } = read({
    'main.tf.json': JSON.stringify({
      variable: [{ x: { default: 'c' } }],
      resource: [
        { aws_eks_cluster: [{ a: made('a') }, { b: [made('b')] }] },
        { aws_eks_cluster: { c: made('${var.x}') } },
      ],
      module: [{ m: { source: './m' } }],
    }),
    'm/main.tf.json': JSON.stringify({ resource: { aws_eks_cluster: [{ d: made('d') }] } }),
  });
  expect(clusters.map(({ name }) => name.value).sort()).toEqual(['a', 'b', 'c', 'd']);
});

it('an empty string is not a version', () => {
  const one = readCluster('main.tf', 'resource "aws_eks_cluster" "c" {\n  name = "c"\n  version = ""\n}\n');
  expect(one.version.present.state).toBe('no');
});

describe('the provider awscc', () => {
  it('spells names by one rule', () => {
    // documentation of hashicorp/awscc: eks_nodegroup, eks_cluster, ec2_security_group, autoscaling_auto_scaling_group
    const names = [
      'Ec2SshKey',
      'ServiceIpv4Cidr',
      'CidrIpv6',
      'VPCZoneIdentifier',
      'ResourcesVpcConfig',
      'OIDCProvider',
    ];
    expect(names.map(cloudControlName)).toEqual([
      'ec_2_ssh_key',
      'service_ipv_4_cidr',
      'cidr_ipv_6',
      'vpc_zone_identifier',
      'resources_vpc_config',
      'oidc_provider',
    ]);
  });
  it('links what it describes', () => {
    const { clusters, aws } = read({
      'main.tf': `resource "awscc_iam_role" "n" {
  role_name = "n"
  policies = [{
    policy_name     = "p"
    policy_document = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
  }]
}
resource "awscc_kms_key" "k" {
  enable_key_rotation = false
}
resource "awscc_eks_cluster" "c" {
  name              = "c"
  encryption_config = [{ provider = { key_arn = awscc_kms_key.k.arn }, resources = ["secrets"] }]
}
resource "awscc_ec2_security_group" "s" {
  security_group_ingress = [{ ip_protocol = "tcp", from_port = 22, to_port = 22, cidr_ip = "0.0.0.0/0" }]
}
resource "awscc_ec2_launch_template" "t" {
  launch_template_data = {
    metadata_options   = { http_tokens = "optional" }
    security_group_ids = [awscc_ec2_security_group.s.group_id]
  }
}
resource "awscc_eks_nodegroup" "g" {
  cluster_name    = awscc_eks_cluster.c.name
  node_role       = awscc_iam_role.n.arn
  launch_template = { id = awscc_ec2_launch_template.t.launch_template_id }
}
`,
    });
    const [cluster] = clusters;
    const [group] = cluster?.nodegroups.items ?? [];
    expect(group?.template.imds.httpTokens.value).toBe('optional');
    expect(group?.role.part?.name.value).toBe('n');
    const roles = aws.filter((part) => part.kind === 'iamRole');
    expect(roles.map(({ inline }) => inline.items.map(({ statements }) => statements.items.length))).toEqual([[1]]);
    const keys = aws.filter((part) => part.kind === 'kmsKey');
    expect(keys.map(({ rotation }) => rotation.value)).toEqual([false]);
  });
});
