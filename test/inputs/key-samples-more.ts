import type { Sample } from './key-samples.ts';

/* Keys of modules, of parts of networks, and of nodes, which the rule pages do not cover. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const terraform = (text: string) => ({ 'main.tf': text });
const eksctl = (more: object) => ({
  'cluster.yaml': json({ apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { name: 'a' }, ...more }),
});

export const moreSamples: readonly Sample[] = [
  {
    name: 'Terraform: parts of a network',
    idle: ['.resource.aws_route_table.t.vpc_id', '.resource.aws_security_group.s.vpc_id'],
    files: terraform(`resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_ipv4_cidr_block_association" "b" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.1.0.0/16"
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
}
resource "aws_route" "r" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = "igw-1"
}
resource "aws_vpc_endpoint" "e" {
  vpc_id       = aws_vpc.v.id
  service_name = "com.amazonaws.eu-west-1.s3"
}
resource "aws_security_group" "s" {
  vpc_id = aws_vpc.v.id
}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = aws_security_group.s.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.s.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_subnet" "n" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table_association" "a" {
  route_table_id = aws_route_table.t.id
  subnet_id      = aws_subnet.n.id
}
resource "aws_eks_cluster" "c" {
  name = "c"
  vpc_config {
    subnet_ids = [aws_subnet.n.id]
  }
}
resource "aws_efs_file_system" "f" {
}
resource "aws_efs_mount_target" "m" {
  file_system_id  = aws_efs_file_system.f.id
  subnet_id       = aws_subnet.n.id
  security_groups = [aws_security_group.s.id]
}
`),
  },
  {
    name: 'Terraform: self-managed nodes',
    idle: [
      '.resource.aws_autoscaling_group.g.tag.propagate_at_launch',
      '.resource.aws_autoscaling_group.h.tag.propagate_at_launch',
      '.resource.aws_key_pair.k.key_name',
      '.resource.aws_key_pair.k.public_key',
    ],
    files: terraform(`resource "aws_launch_configuration" "l" {
  image_id             = "ami-1"
  instance_type        = "m5.large"
  iam_instance_profile = aws_iam_instance_profile.p.name
  key_name             = aws_key_pair.k.key_name
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    volume_size = 50
  }
}
resource "aws_key_pair" "k" {
  key_name   = "k"
  public_key = "ssh-rsa a"
}
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.r.name
}
resource "aws_iam_role" "r" {
  name = "r"
}
resource "aws_autoscaling_group" "g" {
  launch_configuration = aws_launch_configuration.l.name
  min_size             = 1
  max_size             = 2
  tag {
    key                 = "kubernetes.io/cluster/c"
    value               = "owned"
    propagate_at_launch = true
  }
}
resource "aws_autoscaling_group" "h" {
  min_size = 1
  max_size = 2
  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 1
      on_demand_percentage_above_base_capacity = 0
    }
    launch_template {
      override {
        instance_type = "m5.large"
      }
    }
  }
  tag {
    key                 = "kubernetes.io/cluster/c"
    value               = "owned"
    propagate_at_launch = true
  }
}
`),
  },
  {
    name: 'Terraform: policies that are attached',
    idle: ['.resource.aws_iam_policy_attachment.a.name'],
    files: terraform(`resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "pods.eks.amazonaws.com" } }] })
}
resource "aws_iam_role" "q" {
  name               = "q"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "pods.eks.amazonaws.com" } }] })
}
resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  roles      = [aws_iam_role.r.name]
  policy_arn = "arn:aws:iam::aws:policy/A"
}
resource "aws_iam_role_policy_attachments_exclusive" "b" {
  role_name   = aws_iam_role.q.name
  policy_arns = ["arn:aws:iam::aws:policy/B"]
}
resource "aws_iam_role_policy" "i" {
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  source_json   = data.aws_iam_policy_document.a.json
  override_json = data.aws_iam_policy_document.b.json
}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["s3:*"]
    resources = ["x"]
  }
}
data "aws_iam_policy_document" "b" {
  statement {
    actions   = ["sqs:*"]
    resources = ["y"]
  }
}
`),
  },
  {
    name: 'Terraform: Kubernetes objects',
    idle: [
      '.resource.helm_release.h.chart',
      '.resource.helm_release.h.name',
      '.resource.kubernetes_manifest.m.manifest.apiVersion',
    ],
    files: terraform(`resource "kubernetes_namespace" "n" {
  metadata {
    name = "n"
  }
}
resource "kubernetes_manifest" "m" {
  manifest = { apiVersion = "v1", kind = "ServiceAccount", metadata = { name = "x", namespace = "n" } }
}
resource "helm_release" "h" {
  name  = "h"
  chart = "c"
}
`),
  },
  {
    name: 'Terraform: what the module of 20 calls otherwise',
    idle: [
      '.module.eks.access_entries.e',
      '.module.eks.access_entries.e.policy_associations.p',
      '.module.eks.cluster_addons.coredns.pod_identity_association[].role_arn',
      '.module.eks.cluster_addons.coredns.pod_identity_association[].service_account',
      '.module.eks.create_node_security_group',
      '.module.eks.eks_managed_node_groups.m.cloudinit_pre_nodeadm',
      '.module.eks.eks_managed_node_groups.m.cloudinit_pre_nodeadm[].content',
    ],
    files: terraform(`module "eks" {
  source                                 = "terraform-aws-modules/eks/aws"
  version                                = "20.31.0"
  cluster_name                           = "a"
  cloudwatch_log_group_kms_key_id        = "k"
  cloudwatch_log_group_retention_in_days = 7
  control_plane_subnet_ids               = ["subnet-1"]
  create_kms_key                         = false
  create_iam_role                        = false
  iam_role_arn                           = "arn:aws:iam::111122223333:role/r"
  create_node_security_group             = false
  enable_irsa                            = false
  fargate_profiles                       = { f = { selectors = [{ namespace = "f" }] } }
  cluster_identity_providers             = { i = { client_id = "c", issuer_url = "https://example.com" } }
  access_entries = {
    e = { principal_arn = "arn:aws:iam::111122223333:role/x", policy_associations = { p = { policy_arn = "arn:aws:eks::aws:cluster-access-policy/P", access_scope = { type = "cluster" } } } }
  }
  cluster_addons = {
    coredns = { preserve = true, resolve_conflicts_on_update = "OVERWRITE", pod_identity_association = [{ role_arn = "r", service_account = "s" }] }
  }
  self_managed_node_groups = {
    own = { bootstrap_extra_args = "--x", post_bootstrap_user_data = "echo", ami_type = "AL2_x86_64" }
  }
  eks_managed_node_groups = {
    m = { ami_type = "AL2023_x86_64_STANDARD", cloudinit_pre_nodeadm = [{ content = "a" }], user_data_template_path = "x.tpl", iam_role_policy_statements = [{ actions = ["s3:*"], resources = ["*"] }], network_interfaces = [{ associate_public_ip_address = true }] }
  }
}
`),
  },
  {
    name: 'Terraform: what the module of 21 calls otherwise',
    idle: ['.module.eks.version'],
    files: terraform(`module "eks" {
  source             = "terraform-aws-modules/eks/aws"
  version            = "21.1.0"
  name               = "a"
  create_cloudwatch_log_group = false
  identity_providers = { i = { client_id = "c", issuer_url = "https://example.com" } }
}
`),
  },
  {
    name: 'Terraform: the module of 17',
    idle: ['.module.eks.version'],
    files: terraform(`module "eks" {
  source                        = "terraform-aws-modules/eks/aws"
  version                       = "17.24.0"
  cluster_name                  = "a"
  cluster_log_kms_key_id        = "k"
  cluster_log_retention_in_days = 7
  workers_group_defaults        = { key_name = "k", root_encrypted = true, metadata_http_endpoint = "enabled", metadata_http_tokens = "required", metadata_http_put_response_hop_limit = 1 }
  node_groups_defaults          = { ami_type = "AL2_x86_64" }
  worker_groups                 = [{ name = "w", instance_type = "m5.large" }]
  worker_groups_launch_template = [{ name = "x", override_instance_types = ["m5.large"], platform = "windows" }]
  node_groups                   = { n = { instance_types = ["m5.large"] } }
}
`),
  },
  {
    name: 'Terraform: the module of Karpenter',
    idle: [
      '.data.aws_iam_policy_document.d.statement',
      '.data.aws_iam_policy_document.d.statement.actions',
      '.data.aws_iam_policy_document.d.statement.principals',
      '.data.aws_iam_policy_document.d.statement.principals.identifiers',
      '.data.aws_iam_policy_document.d.statement.principals.type',
      '.module.irsa.cluster_name',
      '.module.irsa.create_irsa',
      '.module.irsa.enable_irsa',
      '.module.irsa.node_iam_role_arn',
      '.module.irsa.version',
      '.module.karpenter.enable_pod_identity',
      '.module.karpenter.iam_role_override_assume_policy_documents',
      '.module.karpenter.iam_role_policies.a',
      '.module.karpenter.iam_role_source_assume_policy_documents',
      '.module.karpenter.node_iam_role_additional_policies.a',
    ],
    files: terraform(`module "karpenter" {
  source                            = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                           = "20.31.0"
  cluster_name                      = "c"
  enable_pod_identity               = true
  create_pod_identity_association   = true
  namespace                         = "n"
  service_account                   = "s"
  iam_role_name                     = "r"
  iam_role_use_name_prefix          = false
  node_iam_role_use_name_prefix     = false
  iam_role_source_assume_policy_documents   = [data.aws_iam_policy_document.d.json]
  iam_role_override_assume_policy_documents = [data.aws_iam_policy_document.d.json]
  iam_role_permissions_boundary_arn = "b"
  iam_role_policies                 = { a = "arn:aws:iam::aws:policy/A" }
  node_iam_role_name                = "m"
  node_iam_role_permissions_boundary = "b"
  node_iam_role_additional_policies = { a = "arn:aws:iam::aws:policy/A" }
}
module "irsa" {
  source                          = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                         = "20.31.0"
  cluster_name                    = "d"
  enable_irsa                     = true
  enable_pod_identity             = false
  irsa_oidc_provider_arn          = "arn:aws:iam::111122223333:oidc-provider/x"
  irsa_namespace_service_accounts = ["n:s"]
  irsa_assume_role_condition_test = "StringLike"
  create_irsa                     = true
  create_node_iam_role            = false
  node_iam_role_arn               = "arn:aws:iam::111122223333:role/n"
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
`),
  },
  {
    name: 'Terraform: repositories',
    idle: [
      '.module.ecr.create_lifecycle_policy',
      '.module.none.repository_name',
      '.module.off.repository_name',
      '.module.public.repository_name',
    ],
    files: terraform(`module "ecr" {
  source                     = "terraform-aws-modules/ecr/aws"
  repository_name            = "r"
  repository_encryption_type = "KMS"
  repository_kms_key         = "k"
  create_lifecycle_policy    = false
}
module "off" {
  source            = "terraform-aws-modules/ecr/aws"
  repository_name   = "off"
  create_repository = false
}
module "public" {
  source          = "terraform-aws-modules/ecr/aws"
  repository_name = "public"
  repository_type = "public"
}
module "none" {
  source          = "terraform-aws-modules/ecr/aws"
  repository_name = "none"
  create          = false
}
`),
  },
  {
    name: 'eksctl: more of a cluster',
    idle: ['.vpc.cidr'],
    files: eksctl({
      vpc: { controlPlaneSubnetIDs: ['subnet-1'], securityGroup: 'sg-1', cidr: '10.0.0.0/16' },
      iam: { fargatePodExecutionRoleARN: 'arn:aws:iam::111122223333:role/f' },
      cloudWatch: { clusterLogging: { enableTypes: ['audit'], logRetentionInDays: 7 } },
      addons: [
        { name: 'vpc-cni', serviceAccountRoleARN: 'arn:aws:iam::111122223333:role/v' },
        { name: 'aws-ebs-csi-driver', useDefaultPodIdentityAssociations: true },
      ],
      fargateProfiles: [
        { name: 'f', selectors: [{ namespace: 'f' }], podExecutionRoleARN: 'arn:aws:iam::111122223333:role/p' },
        { name: 'g', selectors: [{ namespace: 'g' }] },
      ],
      accessConfig: {
        accessEntries: [{ principalARN: 'arn:aws:iam::111122223333:role/a', kubernetesUsername: 'u' }],
      },
    }),
  },
  {
    name: 'eksctl: more of nodes',
    idle: ['.nodeGroups[].instanceSelector.vCPUs'],
    files: eksctl({
      nodeGroups: [
        {
          name: 'own',
          iam: { instanceProfileARN: 'arn:aws:iam::111122223333:instance-profile/p' },
          maxPodsPerNode: 20,
          volumeIOPS: 4000,
          volumeThroughput: 200,
          preBootstrapCommands: ['echo'],
          instanceSelector: { vCPUs: 2 },
        },
      ],
    }),
  },
  {
    name: 'Karpenter: nodes',
    idle: ['.metadata', '.metadata.name', '.spec.amiSelectorTerms', '.spec.amiSelectorTerms[].ssmParameter'],
    files: {
      'a.yaml': json({
        apiVersion: 'karpenter.k8s.aws/v1',
        kind: 'EC2NodeClass',
        metadata: { name: 'n' },
        spec: {
          instanceProfile: 'p',
          detailedMonitoring: true,
          kubelet: { maxPods: 20 },
          amiSelectorTerms: [{ ssmParameter: '/aws/service/eks/x' }],
        },
      }),
    },
  },
];
