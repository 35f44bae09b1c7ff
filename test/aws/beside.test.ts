import { expect, it } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
import { rules } from '../../src/rule/registry.ts';
import { read } from '../inputs/read.ts';
import { lintTexts } from '../lint-texts.ts';

/* What is defined in one module and added to in another. */

type Of<K extends AwsPart['kind']> = Extract<AwsPart, { readonly kind: K }>;
const part = <K extends AwsPart['kind']>(all: readonly AwsPart[], kind: K): Of<K> =>
  all.find((one): one is Of<K> => one.kind === kind) as Of<K>;

const modules: Readonly<Record<string, string>> = {
  acl: 'resource "aws_network_acl" "it" {}\noutput "id" {\n  value = aws_network_acl.it.id\n}\n',
  detector: 'resource "aws_guardduty_detector" "it" {}\noutput "id" {\n  value = aws_guardduty_detector.it.id\n}\n',
  files: 'resource "aws_efs_file_system" "it" {}\noutput "id" {\n  value = aws_efs_file_system.it.id\n}\n',
  group: 'resource "aws_security_group" "it" {}\noutput "id" {\n  value = aws_security_group.it.id\n}\n',
  key: 'resource "aws_kms_key" "it" {}\noutput "arn" {\n  value = aws_kms_key.it.arn\n}\n',
  mesh: 'resource "aws_vpclattice_service" "it" {}\noutput "arn" {\n  value = aws_vpclattice_service.it.arn\n}\n',
  net: 'resource "aws_vpc" "v" {}\nresource "aws_subnet" "it" {\n  vpc_id = aws_vpc.v.id\n}\nresource "aws_route_table" "t" {\n  vpc_id = aws_vpc.v.id\n}\noutput "id" {\n  value = aws_subnet.it.id\n}\noutput "table" {\n  value = aws_route_table.t.id\n}\n',
  repo: 'resource "aws_ecr_repository" "it" {}\noutput "name" {\n  value = aws_ecr_repository.it.name\n}\n',
  role: 'resource "aws_iam_role" "it" {\n  name_prefix = "x-"\n}\noutput "name" {\n  value = aws_iam_role.it.name\n}\noutput "arn" {\n  value = aws_iam_role.it.arn\n}\n',
};

it('a resource of one module has what another module adds to it', () => {
  const calls = Object.keys(modules).map((name) => `module "${name}" {\n  source = "./${name}"\n}\n`);
  const root = `
resource "aws_network_acl_rule" "a" {
  network_acl_id = module.acl.id
  rule_number    = 100
}
resource "aws_network_acl_association" "a" {
  network_acl_id = module.acl.id
  subnet_id      = module.net.id
}
resource "aws_guardduty_detector_feature" "a" {
  detector_id = module.detector.id
  name        = "EKS_AUDIT_LOGS"
  status      = "ENABLED"
}
resource "aws_efs_mount_target" "a" {
  file_system_id = module.files.id
  subnet_id      = module.net.id
}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = module.group.id
  protocol          = "-1"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = module.group.id
  protocol          = "tcp"
}
resource "aws_vpclattice_access_log_subscription" "a" {
  resource_identifier = module.mesh.arn
  destination_arn     = "arn:aws:s3:::logs"
}
resource "aws_route_table_association" "a" {
  subnet_id      = module.net.id
  route_table_id = module.net.table
}
resource "aws_route" "out" {
  route_table_id         = module.net.table
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}
resource "aws_internet_gateway" "g" {}
resource "aws_ecr_lifecycle_policy" "a" {
  repository = module.repo.name
  policy     = jsonencode({ rules = [] })
}
resource "aws_ecr_repository_policy" "a" {
  repository = module.repo.name
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = module.role.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_eks_node_group" "n" {
  node_group_name = "n"
  cluster_name    = aws_eks_cluster.c.name
  node_role_arn   = module.role.arn
  subnet_ids      = [module.net.id]
}
resource "aws_eks_cluster" "c" {
  name = "c"
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = module.key.arn
    }
  }
}
`;
  const { aws, clusters } = read({
    'main.tf': calls.join('') + root,
    ...Object.fromEntries(Object.entries(modules).map(([name, text]) => [`${name}/main.tf`, text])),
  });
  const [acl, role, group, repository] = [
    part(aws, 'networkAcl'),
    part(aws, 'iamRole'),
    part(aws, 'securityGroup'),
    part(aws, 'repository'),
  ];
  expect({
    acl: acl.entries.items.map(({ number }) => number.value),
    aclUsers: acl.users,
    detector: part(aws, 'detector').features.items.map(({ name }) => name.value),
    files: part(aws, 'fileSystem').mountTargets.items.map(({ subnet }) => subnet.part?.isPublic.state),
    ingress: group.ingress.items.map(({ protocol }) => protocol.value),
    egress: group.egress.items.map(({ protocol }) => protocol.value),
    key: part(aws, 'kmsKey').uses,
    secrets: clusters[0]?.secretsKeyReference?.key.part?.rotation.value,
    mesh: part(aws, 'lattice').accessLogs.items.map(({ value }) => value),
    routes: part(aws, 'subnet').routes.items.map(({ target }) => target),
    nodes: clusters[0]?.nodegroups.items.map(({ subnets }) => subnets.items.map(({ isPublic }) => isPublic.state)),
    lifecycle: repository.lifecycle.state,
    policies: repository.policies.length,
    role: role.nodegroups.map(({ name }) => name),
    granted: role.managed.items.map(({ arn }) => arn.value),
  }).toEqual({
    acl: [100],
    aclUsers: ['node group "n"'],
    detector: ['EKS_AUDIT_LOGS'],
    files: ['yes'],
    ingress: ['-1'],
    egress: ['tcp'],
    key: ['secrets of cluster "c"'],
    secrets: false,
    mesh: ['arn:aws:s3:::logs'],
    routes: ['internet'],
    nodes: [['yes']],
    lifecycle: 'yes',
    policies: 1,
    role: ['n'],
    granted: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
});

it('a policy belongs to the access entry of another module, and to none if no module has one', () => {
  const associate = (label: string, principal: string): string => `
resource "aws_eks_access_policy_association" "${label}" {
  cluster_name  = "shop"
  principal_arn = ${principal}
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  access_scope {
    type = "cluster"
  }
}
`;
  const entry = `variable "arn" {
  type = string
}
resource "aws_eks_access_entry" "it" {
  cluster_name  = "shop"
  principal_arn = var.arn
}
output "principal" {
  value = aws_eks_access_entry.it.principal_arn
}
`;
  const root = `module "entry" {
  source = "./entry"
  arn    = aws_iam_role.a.arn
}
resource "aws_iam_role" "a" {
  name_prefix = "a"
}
${associate('a', 'module.entry.principal')}${associate('b', '"arn:aws:iam::111122223333:role/b"')}`;
  const { loose } = read({ 'main.tf': root, 'entry/main.tf': entry });
  expect(
    loose.flatMap((one) =>
      one.kind === 'accessEntry'
        ? [[one.principalArn.value, one.type.value, [...one.policies].map(({ arn }) => arn.value?.split('/')[1])]]
        : [],
    ),
  ).toEqual([
    ['arn:aws:iam::111122223333:role/b', undefined, ['AmazonEKSViewPolicy']],
    [undefined, 'STANDARD', ['AmazonEKSViewPolicy']],
  ]);
});

it('a policy is not lost to an entry for the same principal, which may be that of another cluster', () => {
  const principal = 'principal_arn = "arn:aws:iam::111122223333:role/b"';
  const entry = `resource "aws_eks_access_entry" "it" {\n  cluster_name = "one"\n  ${principal}\n}\n`;
  const policy = `resource "aws_eks_access_policy_association" "it" {
  cluster_name = "two"
  ${principal}
  policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope {
    type = "cluster"
  }
}
`;
  const { loose } = read({ 'main.tf': `${call('one')}${call('two')}`, 'one/main.tf': entry, 'two/main.tf': policy });
  expect(loose.flatMap((one) => (one.kind === 'accessEntry' ? [[...one.policies].length] : []))).toEqual([0, 1]);
});

const named = (name: string): string =>
  `resource "aws_ecr_repository" "it" {\n  name = "${name}"\n}\noutput "name" {\n  value = aws_ecr_repository.it.name\n}\n`;
const policyOf = (module: string): string =>
  `resource "aws_ecr_repository_policy" "${module}" {\n  repository = module.${module}.name\n  policy     = "{}"\n}\n`;
const call = (name: string, rest = ''): string => `module "${name}" {\n  source = "./${name}"\n${rest}}\n`;

it('a name that a module returns as a known text leads back to it, if no other module has it', () => {
  const policies = (other: string): (number | undefined)[] =>
    read({ 'main.tf': call('a') + call('b') + policyOf('a'), 'a/a.tf': named('app'), 'b/b.tf': named(other) }).aws.map(
      (one) => (one.kind === 'repository' ? one.policies.length : undefined),
    );
  expect(policies('other')).toEqual([1, 0]);
  expect(policies('app')).toEqual([0, 0]);
  // A name is known only in its region.
  const elsewhere = {
    'main.tf': call('one') + call('two', '  providers = {\n    aws = aws.other\n  }\n'),
    'one/main.tf': named('app'),
    'two/main.tf': policyOf('a').replace('module.a.name', '"app"'),
  };
  expect(part(read(elsewhere).aws, 'repository').policies).toEqual([]);
  const together = { ...elsewhere, 'main.tf': call('one') + call('two') };
  expect(part(read(together).aws, 'repository').policies).toHaveLength(1);
  // Another root is another account, or is applied without this one.
  const apart = read({ 'one/main.tf': named('app'), 'two/main.tf': policyOf('a').replace('module.a.name', '"app"') });
  expect(part(apart.aws, 'repository').policies).toEqual([]);
});

it('settings of an account count in all modules of the root, unless a call changes the provider', () => {
  const account = `resource "aws_ecr_registry_scanning_configuration" "a" {
  scan_type = "ENHANCED"
}
resource "aws_ecr_pull_through_cache_rule" "a" {
  ecr_repository_prefix = "quay"
  upstream_registry_url = "quay.io"
}
resource "aws_ebs_encryption_by_default" "a" {}
`;
  const group = `resource "aws_launch_template" "a" {
  block_device_mappings {
    ebs {
      volume_size = 20
    }
  }
}
resource "aws_eks_node_group" "a" {
  cluster_name = "x"
  launch_template {
    id = aws_launch_template.a.id
  }
}
`;
  const states = (files: Readonly<Record<string, string>>): unknown[] => {
    const { aws, loose } = read(files);
    const { scannedByRegistry, cachePrefixes } = part(aws, 'repository');
    const [volume] = loose.flatMap((one) => (one.kind === 'nodegroup' ? [...one.template.volumes] : []));
    return [scannedByRegistry.state, [...cachePrefixes].map(({ value }) => value), volume?.encrypted.value];
  };
  const files = (rest = ''): Record<string, string> => ({
    'main.tf': call('account', rest) + named('app') + group,
    'account/main.tf': account,
  });
  expect(states(files())).toEqual(['yes', ['quay'], true]);
  const other = '  providers = {\n    aws = aws.other\n  }\n';
  expect(states(files(other))).toEqual(['no', [], false]);
  expect(states(files('  providers = {\n    aws = aws\n  }\n'))).toEqual(['yes', ['quay'], true]);
  expect(states(files('  providers = {\n    helm = helm.other\n  }\n'))).toEqual(['yes', ['quay'], true]);
  // A module may have a provider of its own.
  const own = 'provider "aws" {\n  region = "us-east-1"\n}\n';
  expect(states({ ...files(), 'account/provider.tf': own })).toEqual(['no', [], false]);
  expect(states({ ...files(), 'provider.tf': own })).toEqual(['yes', ['quay'], true]);
  const alias = own.replace('region', 'alias = "x"\n  region');
  expect(states({ ...files(), 'account/provider.tf': alias })).toEqual(['yes', ['quay'], true]);
  // Two modules may have the same one, also through a third.
  const two = { 'app/main.tf': named('app') + group, 'account/main.tf': account };
  expect(states({ ...two, 'main.tf': call('account', other) + call('app', other) })).toEqual(['yes', ['quay'], true]);
  expect(
    states({ ...two, 'main.tf': call('outer', other) + call('app', other), 'outer/main.tf': call('../account') }),
  ).toEqual(['yes', ['quay'], true]);
  expect(states({ 'one/main.tf': account, 'two/main.tf': named('app') + group })).toEqual(['no', [], false]);
});

it('add-ons and associations of other modules belong to the cluster', () => {
  const cluster =
    'resource "aws_eks_cluster" "it" {\n  name = "prod"\n}\noutput "name" {\n  value = aws_eks_cluster.it.name\n}\n';
  const parts = (name: string): string =>
    `resource "aws_eks_addon" "it" {\n  cluster_name = ${name}\n  addon_name = "vpc-cni"\n}\nresource "aws_eks_pod_identity_association" "it" {\n  cluster_name = ${name}\n}\n`;
  const inner = `variable "name" {}\n${parts('var.name')}`;
  const layouts: readonly Readonly<Record<string, string>>[] = [
    { 'main.tf': call('eks') + parts('module.eks.name'), 'eks/main.tf': cluster },
    { 'main.tf': cluster + call('more', '  name = aws_eks_cluster.it.name\n'), 'more/main.tf': inner },
    { 'main.tf': call('eks') + call('more', '  name = module.eks.name\n'), 'eks/a.tf': cluster, 'more/a.tf': inner },
  ];
  for (const files of layouts) {
    const { clusters, loose } = read(files);
    expect(clusters.map(({ addons, podIdentities }) => [addons.items.length, podIdentities.items.length])).toEqual([
      [1, 1],
    ]);
    expect(loose).toEqual([]);
  }
});

it('a local module is read, so only what it calls may add add-ons', () => {
  const why = (module: string): string | undefined =>
    read({ 'main.tf': `resource "aws_eks_cluster" "it" {}\n${call('net')}`, 'net/main.tf': module }).clusters[0]?.addons
      .why;
  expect(why('resource "aws_vpc" "it" {}\n')).toBeUndefined();
  expect(why('module "far" {\n  source = "example.com/far"\n}\n')).toBe('module.far is not read and may make more');
});

it('an add-on of a called module is made by its call, not by that of the cluster', async () => {
  const addon =
    'variable "name" {}\nresource "aws_eks_addon" "it" {\n  cluster_name         = var.name\n  addon_name           = "vpc-cni"\n  configuration_values = "{"\n}\n';
  const cluster = 'resource "aws_eks_cluster" "it" {}\noutput "name" {\n  value = aws_eks_cluster.it.name\n}\n';
  const { findings } = await lintTexts(
    { 'main.tf': call('eks') + call('more', '  name = module.eks.name\n'), 'eks/a.tf': cluster, 'more/a.tf': addon },
    rules.filter(({ id }) => id === 'cluster/addon-config-invalid-json'),
  );
  const calls = findings.flatMap(({ origins = [] }) => origins.flatMap((one) => one.calls));
  expect(calls.map(({ object }) => (object as { readonly source: unknown }).source)).toEqual(['./more']);
});
