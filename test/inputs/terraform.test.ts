import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { read, readCluster, touch } from './read.ts';

const place = ({ start, path }: Location): string => `${start?.line}:${start?.column} ${path}`;
const module = (body: string, version = 'version = "~> 21.0"') => readCluster('main.tf', `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  ${version}\n${body}\n}\n`);
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
  it('are those of the fact, or of what lacks it', () => {
    const one = readCluster('main.tf', text);
    expect(place(one.at)).toBe('1:1 resource.aws_eks_cluster.main');
    expect(place(one.endpoint.public.at)).toBe('4:5 resource.aws_eks_cluster.main.vpc_config.endpoint_public_access');
    expect(place(one.endpoint.private.at)).toBe('3:3 resource.aws_eks_cluster.main.vpc_config.endpoint_private_access');
    expect([...one.endpoint.publicCidrs].map(({ at }) => place(at))).toEqual(['6:7 resource.aws_eks_cluster.main.vpc_config.public_access_cidrs[0]', '7:7 resource.aws_eks_cluster.main.vpc_config.public_access_cidrs[1]']);
    expect(place(one.version.at)).toBe('1:1 resource.aws_eks_cluster.main.version');
  });
  it('of locals are where they are used', () => {
    const { clusters } = read({ 'locals.tf': 'locals {\n  open = true\n  net = { cidrs = ["0.0.0.0/0"] }\n  v = local.deep\n  deep = "1.33"\n  loop = local.loop\n}\n', 'main.tf': 'resource "aws_eks_cluster" "a" {\n  version = local.v\n  name = local.loop\n  vpc_config {\n    endpoint_public_access = local.open\n    public_access_cidrs = local.net.cidrs\n  }\n}\n' });
    const one = first(clusters);
    expect([one.version.value, one.name.state, one.endpoint.public.value, place(one.endpoint.public.at)]).toEqual(['1.33', 'unknown', true, '5:5 resource.aws_eks_cluster.a.vpc_config.endpoint_public_access']);
    expect(place(first(one.endpoint.publicCidrs).at)).toBe('3:20 locals.net.cidrs[0]');
  });
});

describe('the module', () => {
  const facts = (version: string, body = '') => {
    const one = module(`${body}\n  eks_managed_node_groups = { web = {} }`, version);
    const { imds } = first(one.nodegroups);
    return [one.endpoint.public.value, one.endpoint.private.value, one.secretsKey.value, one.authenticationMode.value, imds.httpTokens.value, imds.hopLimit.value];
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
    ['version = "~> 17.0"', '', [undefined, undefined, undefined, undefined, undefined, undefined]],
  ])('%s %s', (version, body, expected) => {
    expect(facts(version, body)).toEqual(expected);
  });

  it('tells how secrets are encrypted', () => {
    const state = (body: string, version?: string) => module(body, version).secretsKey.present.state;
    expect([state('encryption_config = null'), state('encryption_config = {}'), state('encryption_config = { provider_key_arn = "arn:x" }'), state('encryption_config = { provider_key_arn = var.key }'), state('encryption_config = { provider_key_arn = aws_kms_key.k.arn }'), state('cluster_encryption_config = {}', 'version = "20.0.0"'), state('create_kms_key = false')])
      .toEqual(['no', 'yes', 'yes', 'unknown', 'yes', 'no', 'unknown']);
  });

  it('reads groups written in part', () => {
    const group = (body: string, version?: string) => first(module(`eks_managed_node_groups = { web = { ${body} } }`, version).nodegroups);
    expect(group('metadata_options = { http_tokens = "optional" }').imds.httpTokens.value).toBe('optional');
    expect(group('metadata_options = { http_tokens = "optional" }').imds.hopLimit.value).toBe(1);
    expect(group('metadata_options = { http_tokens = "optional" }\nami_type = "AL2023_x86_64_STANDARD"', 'version = "20.1.0"').imds.hopLimit.value).toBe(2);
    expect(group('launch_template_id = "lt-1"').imds.httpTokens.state).toBe('unknown');
    expect(group('ami_id = "ami-1"').amiType.value).toBe('CUSTOM');
    expect(group('name = var.x').name.state).toBe('unknown');
  });

  it('admits that groups may be made elsewhere', () => {
    const one = module('eks_managed_node_groups = merge(local.a, local.b)\n  addons = { for k in var.x : k => {} }');
    expect([one.nodegroups.complete, one.nodegroups.items.length, one.addons.has(() => true).state]).toEqual([false, 0, 'unknown']);
    expect(module('self_managed_node_groups = { (var.n) = {} }').nodegroups.items.map(({ name, managed }) => [name.state, managed])).toEqual([['unknown', false]]);
  });

  it('is known by its source', () => {
    const found = (from: string) => read({ 'a.tf': `module "eks" {\n  source = "${from}"\n}\n` }).clusters.length;
    expect(['terraform-aws-modules/eks/aws', 'git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4', 'github.com/terraform-aws-modules/terraform-aws-eks', 'terraform-aws-modules/eks/aws//modules/karpenter', './eks'].map(found)).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('resources', () => {
  const main = 'resource "aws_eks_cluster" "main" {\n  name = "shop"\n  version = "1.33"\n}\n';
  it('find their cluster', () => {
    const group = (name: string) => `resource "aws_eks_node_group" "g" {\n  cluster_name = ${name}\n}\n`;
    const count = (name: string, more = '') => read({ 'a/main.tf': main + more, 'a/nodes.tf': group(name), 'b/main.tf': main }).clusters.map(({ nodegroups }) => nodegroups.items.length);
    expect(count('aws_eks_cluster.main.name')).toEqual([1, 0]);
    expect(count('aws_eks_cluster.main[0].id')).toEqual([1, 0]);
    expect(count('"shop"')).toEqual([1, 0]);
    expect(count('var.cluster')).toEqual([1, 0]);
    expect(count('"other"')).toEqual([0, 1, 0]);
    expect(count('data.aws_eks_cluster.main.name', 'resource "aws_eks_cluster" "second" {\n  name = "second"\n}\n')).toEqual([0, 0, 1, 0]);
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
    expect([one.amiType.value, one.imds.httpTokens.state, one.remoteAccess.openCidrs.complete, [...one.remoteAccess.openCidrs].map(({ value }) => value)]).toEqual(['CUSTOM', 'unknown', true, ['10.0.0.0/8', undefined, '::/0']]);
  });

  it('with a syntax error are judged by what can be read', () => {
    const one = readCluster('main.tf', 'resource "aws_eks_cluster" "main" {\n  name = "shop"\n  vpc_config {\n    public_access_cidrs = ["0.0.0.0/0"]\n  }\n  version =\n}\n');
    expect([one.name.value, one.endpoint.publicCidrs.has((cidr) => cidr.is('0.0.0.0/0')).state, one.secretsKey.state]).toEqual(['shop', 'yes', 'unknown']);
  });

  it('survive any damage to their text', () => {
    const files = `${main}locals {\n  g = { web = { metadata_options = { http_tokens = "optional" }, name = null } }\n}
module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  encryption_config = [{}]\n  addons = { dns = {} }\n  eks_managed_node_groups = local.g\n}
resource "aws_eks_node_group" "g" {\n  cluster_name = aws_eks_cluster.main.name\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}
resource "aws_launch_template" "t" {\n  vpc_security_group_ids = [aws_security_group.n.id]\n  metadata_options {\n    http_tokens = "required"\n  }\n}
resource "aws_security_group" "n" {\n  ingress {\n    from_port = 22\n    cidr_blocks = ["::/0"]\n  }\n}\n`;
    const cut = fc.tuple(fc.nat(files.length), fc.nat(25), fc.constantFrom('', '{', '}', '"', '[', ']', '= ', 'null', '${', '<<E\n', '\n', '[{}]', '"x"'));
    let seen = 0;
    fc.assert(fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
      let text = files;
      for (const [start, length, put] of cuts) text = text.slice(0, start) + put + text.slice(start + length);
      for (const one of read({ 'main.tf': text }).clusters) {
        touch(one);
        seen++;
      }
    }), { numRuns: 300 });
    expect(seen).toBeGreaterThan(100);
  });

  it('switched off are left out', () => {
    expect(read({ 'a.tf': 'resource "aws_eks_cluster" "a" {\n  count = 0\n}\nmodule "m" {\n  source = "terraform-aws-modules/eks/aws"\n  create = false\n}\n' }).clusters).toEqual([]);
  });
});
