import { expect, it } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
import { read } from '../inputs/read.ts';

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
