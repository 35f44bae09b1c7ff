import { expect, test } from 'vitest';
import { read } from './read.ts';

/* What the blocks around a value say of it. */

const factsOf = (more: string, own = '') => {
  const [cluster] = read({
    'main.tf': `resource "aws_eks_cluster" "a" {
  name                          = "a"
  version                       = "1.33"
  bootstrap_self_managed_addons = false
  access_config {
    bootstrap_cluster_creator_admin_permissions = false
  }
${own}}
${more}`,
  }).clusters;
  if (!cluster) throw new Error('no cluster');
  return cluster;
};
const ignoring = (names: string): string => `  lifecycle {\n    ignore_changes = ${names}\n  }\n`;

test('what only counts at creation is known, whoever changes it later', () => {
  const { bootstrapSelfManagedAddons, creatorAdmin, version } = factsOf(
    '',
    ignoring('[bootstrap_self_managed_addons, access_config[0].bootstrap_cluster_creator_admin_permissions, version]'),
  );
  expect([bootstrapSelfManagedAddons.value, creatorAdmin.value, version.value]).toEqual([false, false, undefined]);
  const { nodegroups, accessEntries } = factsOf(`resource "aws_eks_node_group" "n" {
  cluster_name = aws_eks_cluster.a.name
  scaling_config {
    desired_size = 3
    max_size     = 4
  }
${ignoring('[scaling_config[0].desired_size, scaling_config[0].max_size]')}}
resource "aws_eks_access_entry" "e" {
  cluster_name  = aws_eks_cluster.a.name
  principal_arn = "arn:aws:iam::111122223333:role/r"
  user_name     = "u"
${ignoring('[principal_arn, user_name]')}}
`);
  const [group] = nodegroups.items;
  const [entry] = accessEntries.items;
  expect([group?.scaling.desired.value, group?.scaling.max.value]).toEqual([3, undefined]);
  expect([entry?.principalArn.value, entry?.username.value]).toEqual(['arn:aws:iam::111122223333:role/r', undefined]);
});

test('all changes may be ignored', () => {
  const { version, deletionProtection } = factsOf('', `  deletion_protection = true\n${ignoring('all')}`);
  expect([version.state, deletionProtection.state]).toEqual(['unknown', 'unknown']);
});

test('a variable that must not be null has its default', () => {
  const withVariable = (more: string) =>
    read({
      'main.tf': 'module "m" {\n  source = "./m"\n  v      = null\n}\n',
      'm/main.tf': `variable "v" {\n  default = "1.31"\n${more}}\nresource "aws_eks_cluster" "a" {\n  version = var.v\n}\n`,
    }).clusters[0]?.version;
  expect(withVariable('  nullable = false\n')?.value).toBe('1.31');
  expect(withVariable('')?.value).toBeUndefined();
});

test('an iterator names the elements of a dynamic block', () => {
  const cidrs = (iterator: string, name: string) =>
    factsOf(
      '',
      `  dynamic "vpc_config" {\n    for_each = ["192.0.2.1/32"]\n${iterator}    content {\n      public_access_cidrs = [${name}.value]\n    }\n  }\n`,
    ).endpoint.publicCidrs.items.map(({ value }) => value);
  expect(cidrs('', 'vpc_config')).toEqual(['192.0.2.1/32']);
  expect(cidrs('    iterator = it\n', 'it')).toEqual(['192.0.2.1/32']);
});

test('a provider without an alias says the region', () => {
  expect(
    factsOf(
      'provider "aws" {\n  alias  = "far"\n  region = "us-east-1"\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n',
    ).identity.region.value,
  ).toBe('eu-west-1');
});

test('a whole data source is followed to its attributes', () => {
  const { clusters } = read({
    'main.tf': `data "aws_eks_cluster" "main" { name = "shop" }
module "twin" {
  source = "./twin"
  other  = data.aws_eks_cluster.main
}
`,
    'twin/main.tf': `variable "other" {}
resource "aws_eks_cluster" "twin" {
  name    = "twin"
  version = var.other.version
}
`,
  });
  expect(clusters.map(({ version }) => version.why)).toEqual([
    'data.aws_eks_cluster.main.version is not known before Terraform runs',
  ]);
});

test('a whole block is followed to its attributes, whatever name it is passed on by', () => {
  const { loose } = read({
    'main.tf': `module "network" { source = "./network" }
module "nodes" {
  source = "./nodes"
  vpc    = module.network.inner
  zones  = aws_subnet.main
}
resource "aws_subnet" "main" {
  vpc_id                  = "vpc-1"
  map_public_ip_on_launch = true
}
`,
    'network/main.tf': `module "vpc" {
  source          = "terraform-aws-modules/vpc/aws"
  version         = "6.0.0"
  private_subnets = ["10.0.1.0/24"]
  public_subnets  = ["10.0.2.0/24"]
}
output "inner" { value = module.vpc }
`,
    'nodes/main.tf': `variable "vpc" {}
variable "zones" {}
resource "aws_eks_node_group" "public" {
  cluster_name = "a"
  subnet_ids   = var.vpc.public_subnets
}
resource "aws_eks_node_group" "private" {
  cluster_name = "a"
  subnet_ids   = var.vpc.private_subnets
}
resource "aws_eks_node_group" "own" {
  cluster_name = "a"
  subnet_ids   = [var.zones.id]
}
`,
  });
  const groups = loose.filter((one) => one.kind === 'nodegroup');
  expect(
    groups.map(({ subject, subnets }) => [subject.name, subnets.has(({ isPublic }) => isPublic).state]).toSorted(),
  ).toEqual([
    ['aws_eks_node_group.own', 'yes'],
    ['aws_eks_node_group.private', 'no'],
    ['aws_eks_node_group.public', 'yes'],
  ]);
});

test('a block with for_each is a map that another block can go through', () => {
  const { aws } = read({
    'main.tf': `resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_policy" "app" {
  for_each = toset(["read", "write"])
  name     = each.key
  policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "app" {
  for_each   = aws_iam_policy.app
  role       = aws_iam_role.app.name
  policy_arn = each.value.arn
}
`,
  });
  const [role] = aws.filter((one) => one.kind === 'iamRole');
  const actions = [...(role?.managed ?? [])].map(({ document }) =>
    [...(document.part?.statements ?? [])].flatMap((one) => [...one.actions.values].map(({ value }) => value)),
  );
  expect(actions).toEqual([['s3:*'], ['s3:*']]);
});

test('the number of blocks of a type may depend on others of that type', () => {
  const groupsOf = (enabled: string) =>
    read({
      'main.tf': `module "nodes" {
  source = "./nodes"
  count  = module.this.enabled ? 2 : 1
  min    = count.index
}
module "this" {
  source  = "cloudposse/label/null"
  enabled = ${enabled}
}
`,
      'nodes/main.tf': `variable "min" {}
resource "aws_eks_cluster" "a" {
  name = "a"
}
resource "aws_eks_node_group" "n" {
  cluster_name = aws_eks_cluster.a.name
  scaling_config {
    min_size = var.min
  }
}
`,
    }).clusters.flatMap(({ nodegroups }) => nodegroups.items.map(({ scaling }) => scaling.min.value));
  expect([groupsOf('true'), groupsOf('false')]).toEqual([[0, 1], [0]]);
});
