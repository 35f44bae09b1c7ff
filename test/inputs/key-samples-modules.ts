import type { Sample } from './key-samples.ts';

/*
 * Module calls, eksctl files and objects of controllers, for what the other samples do not cover.
 */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const terraform = (text: string) => ({ 'main.tf': text });
const eksctl = (more: object, metadata: object = {}) => ({
  'cluster.yaml': json({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'a', ...metadata },
    ...more,
  }),
});
const object = (apiVersion: string, kind: string, more: object) =>
  json({ apiVersion, kind, metadata: { name: 'n' }, ...more });

export const moduleSamples: readonly Sample[] = [
  {
    name: 'Terraform: networks of the module',
    idle: [
      '.module.endpoints.endpoints.off',
      '.module.endpoints.endpoints.off.service',
      '.module.endpoints.endpoints.own',
      '.module.endpoints.endpoints.s3',
      '.module.endpoints.endpoints.sts',
      '.module.none.version',
      '.module.vpc.map_public_ip_on_launch',
      '.module.vpc.version',
    ],
    files: terraform(`module "vpc" {
  source                               = "terraform-aws-modules/vpc/aws"
  version                              = "5.8.0"
  cidr                                 = "10.0.0.0/16"
  secondary_cidr_blocks                = ["100.64.0.0/16"]
  azs                                  = ["eu-west-1a", "eu-west-1b"]
  public_subnets                       = ["10.0.1.0/24", "10.0.2.0/24"]
  private_subnets                      = ["10.0.3.0/24"]
  intra_subnets                        = ["10.0.4.0/24"]
  enable_dns_support                   = false
  enable_dns_hostnames                 = false
  enable_flow_log                      = true
  flow_log_traffic_type                = "REJECT"
  map_public_ip_on_launch              = true
  enable_nat_gateway                   = true
  single_nat_gateway                   = true
  tags                                 = { team = "dev" }
  public_subnet_tags                   = { "kubernetes.io/role/elb" = "1" }
}
module "zones" {
  source                 = "terraform-aws-modules/vpc/aws"
  version                = "5.8.0"
  azs                    = ["eu-west-1a", "eu-west-1b"]
  create_igw             = false
  public_subnets         = ["10.0.1.0/24"]
  enable_nat_gateway     = true
  one_nat_gateway_per_az = true
}
module "longest" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.0"
  enable_nat_gateway = true
  database_subnets   = ["10.0.5.0/24", "10.0.6.0/24"]
}
module "pool" {
  source        = "terraform-aws-modules/vpc/aws"
  version       = "5.8.0"
  use_ipam_pool = true
}
module "none" {
  source     = "terraform-aws-modules/vpc/aws"
  version    = "5.8.0"
  create_vpc = false
}
module "endpoints" {
  source = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id = module.vpc.vpc_id
  region = "eu-west-1"
  endpoints = {
    s3  = { service = "s3", service_type = "Gateway" }
    sts = { service_name = "com.amazonaws.eu-west-1.sts", private_dns_enabled = true }
    own = { service_endpoint = "com.amazonaws.vpce.eu-west-1.vpce-svc-1" }
    off = { service = "ec2", create = false }
  }
}
module "flow" {
  source       = "terraform-aws-modules/vpc/aws//modules/flow-log"
  vpc_id       = module.zones.vpc_id
  traffic_type = "ACCEPT"
}
`),
  },
  {
    name: 'Terraform: all of a cluster of the module of 20',
    idle: [
      '.module.eks.access_entries.e',
      '.module.eks.access_entries.off',
      '.module.eks.access_entries.off.principal_arn',
      '.module.eks.cluster_identity_providers.i',
      '.module.eks.fargate_profiles.off',
      '.module.eks.outpost_config.outpost_arns',
    ],
    files: terraform(`module "eks" {
  source                                   = "terraform-aws-modules/eks/aws"
  version                                  = "20.31.0"
  cluster_name                             = "a"
  subnet_ids                               = [aws_subnet.a.id]
  tags                                     = { team = "dev" }
  cluster_endpoint_private_access          = false
  cluster_endpoint_public_access_cidrs     = ["203.0.113.0/24"]
  cluster_enabled_log_types                = ["audit"]
  cluster_additional_security_group_ids    = ["sg-1"]
  cluster_ip_family                        = "ipv6"
  cluster_service_ipv4_cidr                = "172.20.0.0/16"
  cluster_remote_network_config            = { remote_node_networks = [{ cidrs = ["10.200.0.0/16"] }] }
  cluster_zonal_shift_config               = { enabled = true }
  cluster_force_update_version             = true
  cluster_compute_config                   = { enabled = true, node_pools = ["system"], node_role_arn = "arn:aws:iam::111122223333:role/n" }
  cluster_upgrade_policy                   = { support_type = "STANDARD" }
  enable_cluster_creator_admin_permissions = true
  authentication_mode                      = "API"
  enable_kms_key_rotation                  = false
  outpost_config                           = { outpost_arns = ["arn:aws:outposts:o"] }
  fargate_profile_defaults                 = { iam_role_permissions_boundary = "b" }
  fargate_profiles = {
    f   = { selectors = [{ namespace = "f" }], subnet_ids = [aws_subnet.b.id] }
    g   = { selectors = [{ namespace = "g" }], create_iam_role = false, iam_role_arn = "arn:aws:iam::111122223333:role/f" }
    off = { create = false }
  }
  access_entries = {
    e   = { principal_arn = "arn:aws:iam::111122223333:role/x", user_name = "u" }
    off = { create = false, principal_arn = "arn:aws:iam::111122223333:role/y" }
  }
  cluster_identity_providers = {
    i = { identity_provider_config_name = "own", client_id = "c", issuer_url = "https://example.com" }
  }
}
resource "aws_subnet" "a" {
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}
`),
  },
  {
    name: 'Terraform: all of a cluster of the module of 21',
    idle: [
      '.module.eks.addons.coredns',
      '.module.eks.addons.coredns.name',
      '.module.eks.version',
      '.module.plain.version',
    ],
    files: terraform(`module "eks" {
  source                        = "terraform-aws-modules/eks/aws"
  version                       = "21.1.0"
  name                          = "a"
  kubernetes_version            = "1.33"
  endpoint_public_access        = true
  endpoint_private_access       = false
  endpoint_public_access_cidrs  = ["203.0.113.0/24"]
  enabled_log_types             = ["audit"]
  additional_security_group_ids = ["sg-1"]
  ip_family                     = "ipv6"
  service_ipv4_cidr             = "172.20.0.0/16"
  remote_network_config         = { remote_node_networks = [{ cidrs = ["10.200.0.0/16"] }] }
  zonal_shift_config            = { enabled = true }
  force_update_version          = true
  compute_config                = { enabled = true, node_pools = ["system"], node_role_arn = "arn:aws:iam::111122223333:role/n" }
  upgrade_policy                = { support_type = "STANDARD" }
  encryption_config             = { provider_key_arn = "k" }
  create_kms_key                = false
  addons                        = { coredns = { name = "coredns", addon_version = "v1" } }
}
module "plain" {
  source            = "terraform-aws-modules/eks/aws"
  version           = "21.1.0"
  name              = "b"
  encryption_config = null
}
`),
  },
  {
    name: 'Terraform: groups of the module of 20',
    idle: [
      '.module.auth.manage_aws_auth_configmap',
      '.module.auth.version',
      '.module.eks.eks_managed_node_groups.a.block_device_mappings.xvda',
      '.module.eks.eks_managed_node_groups.a.iam_role_additional_policies.p',
      '.module.eks.eks_managed_node_groups.a.taints.t',
      '.module.eks.eks_managed_node_groups.none',
      '.module.late.version',
    ],
    files: terraform(`module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "20.31.0"
  cluster_name = "a"
  subnet_ids   = [aws_subnet.a.id]
  eks_managed_node_groups = {
    a = {
      name                     = "web"
      create_iam_role          = false
      iam_role_arn             = "arn:aws:iam::111122223333:role/n"
      subnet_ids               = [aws_subnet.b.id]
      cluster_version          = "1.32"
      instance_types           = ["m5.large"]
      min_size                 = 2
      desired_size             = 3
      max_size                 = 4
      update_config            = { max_unavailable_percentage = 50 }
      force_update_version     = true
      ami_release_version      = "1.32.0-20260101"
      taints                   = { t = { key = "a", value = "x", effect = "NO_SCHEDULE" } }
      tags                     = { team = "dev" }
      launch_template_version  = "3"
      metadata_options         = { http_tokens = "optional", http_put_response_hop_limit = 3, http_endpoint = "enabled" }
      vpc_security_group_ids   = ["sg-1"]
      enable_monitoring        = false
      pre_bootstrap_user_data  = "echo"
      iam_role_additional_policies = { p = "arn:aws:iam::aws:policy/A" }
      block_device_mappings    = { xvda = { device_name = "/dev/xvda", ebs = { encrypted = true, volume_size = 30 } } }
    }
    image = { ami_id = "ami-1" }
    none  = { create = false }
    bare  = { create_launch_template = false }
  }
  self_managed_node_groups = {
    windows = { platform = "windows", instance_type = "m5.large" }
    latest  = { ami_type = "AL2023_x86_64_STANDARD", instance_market_options = { market_type = "on-demand" } }
  }
}
module "group" {
  source          = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"
  version         = "20.31.0"
  cluster_name    = "a"
  cluster_version = "1.32"
}
module "late" {
  source             = "terraform-aws-modules/eks/aws//modules/self-managed-node-group"
  version            = "21.1.0"
  cluster_name       = "a"
  kubernetes_version = "1.33"
}
module "auth" {
  source                    = "terraform-aws-modules/eks/aws//modules/aws-auth"
  version                   = "20.31.0"
  manage_aws_auth_configmap = true
  aws_auth_roles            = [{ rolearn = "r", username = "u", groups = ["g"] }]
}
resource "aws_subnet" "a" {
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}
`),
  },
  {
    name: 'Terraform: groups of the module of 17',
    idle: ['.module.eks.version'],
    files: terraform(`module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "17.24.0"
  cluster_name = "a"
  subnets      = ["subnet-1"]
  node_groups = {
    image = { ami_id = "ami-1", create_launch_template = true, public_ip = true, disk_encrypted = true, additional_security_group_ids = ["sg-1"] }
    given = { launch_template_id = "lt-1" }
    key   = { key_name = "ops", source_security_group_ids = ["sg-1"] }
  }
  worker_groups = [
    { name = "image", ami_id = "ami-1", spot_price = "0.1" },
    { name = "market", market_type = "spot" },
    { name = "plain", market_type = "on-demand" },
  ]
}
`),
  },
  {
    name: 'Terraform: Fargate profiles',
    idle: [
      '.module.given.version',
      '.module.off.cluster_name',
      '.module.off.version',
      '.module.own.iam_role_additional_policies.p',
      '.module.own.version',
      '.module.posse.version',
    ],
    files: terraform(`module "own" {
  source                        = "terraform-aws-modules/eks/aws//modules/fargate-profile"
  version                       = "20.31.0"
  name                          = "jobs"
  cluster_name                  = "c"
  subnet_ids                    = [aws_subnet.b.id]
  selectors                     = [{ namespace = "jobs", labels = { a = "b" } }]
  tags                          = { team = "dev" }
  iam_role_additional_policies  = { p = "arn:aws:iam::aws:policy/A" }
  iam_role_permissions_boundary = "b"
}
module "posse" {
  source                       = "cloudposse/eks-fargate-profile/aws"
  version                      = "1.3.0"
  cluster_name                 = "c"
  fargate_profile_name         = "web"
  subnet_ids                   = [aws_subnet.b.id]
  kubernetes_namespace         = "web"
  kubernetes_labels            = { a = "b" }
  permissions_boundary         = "b"
}
module "given" {
  source                             = "cloudposse/eks-fargate-profile/aws"
  version                            = "1.3.0"
  cluster_name                       = "c"
  kubernetes_namespace               = "given"
  fargate_pod_execution_role_enabled = false
  fargate_pod_execution_role_arn     = "arn:aws:iam::111122223333:role/f"
}
resource "aws_subnet" "b" {
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}
module "off" {
  source                  = "cloudposse/eks-fargate-profile/aws"
  version                 = "1.3.0"
  cluster_name            = "c"
  fargate_profile_enabled = false
}
`),
  },
  {
    name: 'Terraform: hybrid nodes and capabilities of the module',
    idle: [
      '.module.ack.version',
      '.module.anywhere.version',
      '.module.argo.iam_policy_statements.s',
      '.module.argo.iam_role_policies.p',
      '.module.argo.version',
      '.module.hybrid.policies.p',
      '.module.hybrid.version',
      '.module.kro.version',
      '.module.trusted.version',
    ],
    files: terraform(`module "hybrid" {
  source                   = "terraform-aws-modules/eks/aws//modules/hybrid-node-role"
  version                  = "20.31.0"
  policies                 = { p = "arn:aws:iam::aws:policy/A" }
  policy_statements        = [{ actions = ["s3:*"], resources = ["*"] }]
  permissions_boundary_arn = "b"
}
module "anywhere" {
  source     = "terraform-aws-modules/eks/aws//modules/hybrid-node-role"
  version    = "20.31.0"
  enable_ira = true
}
module "argo" {
  source                            = "terraform-aws-modules/eks/aws//modules/capability"
  version                           = "21.10.0"
  cluster_name                      = "c"
  name                              = "argo"
  type                              = "ARGOCD"
  delete_propagation_policy         = "RETAIN"
  iam_role_policies                 = { p = "arn:aws:iam::aws:policy/A" }
  iam_policy_statements             = { s = { actions = ["s3:*"], resources = ["*"] } }
  iam_role_permissions_boundary_arn = "b"
  configuration = {
    argo_cd = { rbac_role_mapping = [{ role = "ADMIN" }] }
  }
}
module "ack" {
  source          = "terraform-aws-modules/eks/aws//modules/capability"
  version         = "21.10.0"
  cluster_name    = "c"
  type            = "ACK"
  create_iam_role = false
  iam_role_arn    = "arn:aws:iam::111122223333:role/ack"
}
module "kro" {
  source                                  = "terraform-aws-modules/eks/aws//modules/capability"
  version                                 = "21.10.0"
  cluster_name                            = "c"
  type                                    = "KRO"
  iam_role_source_assume_policy_documents = ["{}"]
}
module "trusted" {
  source                                    = "terraform-aws-modules/eks/aws//modules/capability"
  version                                   = "21.10.0"
  cluster_name                              = "c"
  type                                      = "KRO"
  iam_role_override_assume_policy_documents = ["{}"]
}
`),
  },
  {
    name: 'Terraform: other roles of the module of IAM',
    idle: [
      '.module.accounts.oidc_providers.main',
      '.module.accounts.permissions.s',
      '.module.accounts.version',
      '.module.clusters.cluster_service_accounts.c',
      '.module.clusters.version',
      '.module.late.inline_policy_permissions.s',
      '.module.late.policies.p',
      '.module.late.version',
      '.module.off.name',
      '.module.off.version',
      '.module.pod.version',
      '.module.urls.version',
    ],
    files: terraform(`module "clusters" {
  source                     = "terraform-aws-modules/iam/aws//modules/iam-eks-role"
  version                    = "5.30.0"
  role_name                  = "r"
  cluster_service_accounts   = { c = ["a:b"] }
  assume_role_condition_test = "StringLike"
}
module "urls" {
  source                         = "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc"
  version                        = "5.30.0"
  create_role                    = true
  role_name                      = "u"
  provider_url                   = "oidc.eks.eu-west-1.amazonaws.com/id/A"
  oidc_fully_qualified_subjects  = ["system:serviceaccount:a:b"]
  oidc_subjects_with_wildcards   = ["system:serviceaccount:a:*"]
  oidc_fully_qualified_audiences = ["sts.amazonaws.com"]
}
module "late" {
  source                 = "terraform-aws-modules/iam/aws//modules/iam-role"
  version                = "6.2.0"
  name                   = "l"
  use_name_prefix        = false
  enable_oidc            = true
  oidc_provider_urls     = ["oidc.eks.eu-west-1.amazonaws.com/id/A"]
  oidc_subjects          = ["system:serviceaccount:a:b"]
  oidc_wildcard_subjects = ["system:serviceaccount:a:*"]
  oidc_audiences         = ["sts.amazonaws.com"]
  policies               = { p = "arn:aws:iam::aws:policy/A" }
  permissions_boundary   = "b"
  inline_policy_permissions = { s = { actions = ["s3:*"], resources = ["*"] } }
}
module "accounts" {
  source      = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts"
  version     = "6.2.0"
  name        = "s"
  trust_condition_test = "StringLike"
  oidc_providers = { main = { provider_arn = "arn:aws:iam::1:oidc-provider/x", namespace_service_accounts = ["a:b"] } }
  permissions = { s = { actions = ["sqs:*"], resources = ["*"] } }
}
module "pod" {
  source                  = "terraform-aws-modules/eks-pod-identity/aws"
  version                 = "2.0.0"
  name                    = "p"
  policy_statements       = [{ actions = ["sns:*"], resources = ["*"] }]
  trust_policy_conditions = [{ test = "StringEquals", variable = "aws:SourceAccount", values = ["1"] }]
  trust_policy_statements = [{ actions = ["sts:AssumeRole"], principals = [{ type = "AWS", identifiers = ["*"] }] }]
  source_policy_documents = ["{}"]
}
module "off" {
  source = "terraform-aws-modules/eks-pod-identity/aws"
  version = "2.0.0"
  name   = "off"
  create = false
}
`),
  },
  {
    name: 'Terraform: other parts of clusters',
    idle: [
      '.resource.aws_eks_access_policy_association.e.cluster_name',
      '.resource.aws_eks_addon.a.pod_identity_association.role_arn',
      '.resource.aws_eks_addon.a.pod_identity_association.service_account',
      '.resource.aws_iam_policy.p.name',
    ],
    files: terraform(`resource "aws_eks_cluster" "c" {
  name                 = "c"
  version              = "1.33"
  force_update_version = true
  enabled_cluster_log_types = ["audit"]
}
resource "aws_eks_node_group" "g" {
  cluster_name         = "c"
  node_group_name      = "n"
  version              = "1.33"
  release_version      = "1.33.0-20260101"
  force_update_version = true
  remote_access {
    ec2_ssh_key               = "ops"
    source_security_group_ids = ["sg-1"]
  }
  taint {
    key    = "a"
    value  = "x"
    effect = "NO_SCHEDULE"
  }
  warm_pool_config {
    min_size = 1
  }
}
resource "aws_eks_addon" "a" {
  cluster_name                = "c"
  addon_name                  = "coredns"
  addon_version               = "v1"
  resolve_conflicts_on_update = "OVERWRITE"
  preserve                    = true
  pod_identity_association {
    role_arn        = "r"
    service_account = "s"
  }
}
resource "aws_eks_fargate_profile" "f" {
  cluster_name         = "c"
  fargate_profile_name = "f"
  selector {
    namespace = "jobs"
  }
}
resource "aws_eks_access_entry" "e" {
  cluster_name  = "c"
  principal_arn = "arn:aws:iam::111122223333:role/ops"
  user_name     = "ops"
}
resource "aws_eks_access_policy_association" "e" {
  cluster_name  = "c"
  principal_arn = "arn:aws:iam::111122223333:role/ops"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  access_scope {
    type = "cluster"
  }
}
resource "aws_eks_identity_provider_config" "i" {
  cluster_name = "c"
  oidc {
    identity_provider_config_name = "i"
    client_id                     = "k"
    issuer_url                    = "https://login.example.com"
  }
}
resource "aws_eks_capability" "p" {
  cluster_name    = "c"
  capability_name = "argo"
  type            = "ARGOCD"
  configuration {
    argo_cd {
      rbac_role_mapping {
        role = "ADMIN"
      }
    }
  }
}
resource "aws_eks_pod_identity_association" "d" {
  cluster_name    = "c"
  namespace       = "shop"
  service_account = "web"
  role_arn        = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" {
  name                = "r"
  managed_policy_arns = [aws_iam_policy.p.arn]
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "r" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/A"
}
resource "aws_iam_openid_connect_provider" "o" {
  url            = "https://oidc.eks.eu-west-1.amazonaws.com/id/A"
  client_id_list = ["sts.amazonaws.com"]
}
`),
  },
  {
    name: 'Terraform: other resources',
    idle: [
      '.resource.aws_apigatewayv2_integration.i.api_id',
      '.resource.aws_ecr_lifecycle_policy.r.policy',
      '.resource.aws_ecr_registry_scanning_configuration.s.rule.repository_filter.filter_type',
      '.resource.aws_ecr_registry_scanning_configuration.s.scan_type',
      '.resource.aws_efs_file_system.f.tags',
      '.resource.aws_efs_file_system.f.tags.Name',
      '.resource.aws_kms_key.k.description',
      '.resource.aws_launch_configuration.l.name',
      '.resource.aws_vpclattice_auth_policy.p.resource_identifier',
    ],
    files: terraform(`resource "aws_kms_key" "k" {
  description         = "k"
  key_spec            = "RSA_2048"
  is_enabled          = false
  enable_key_rotation = true
  policy              = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = "*" }] })
}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_cloudwatch_log_group" "l" {
  name              = "/aws/eks/c/cluster"
  retention_in_days = 7
  kms_key_id        = "alias/k"
}
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecr_lifecycle_policy" "r" {
  repository = aws_ecr_repository.r.name
  policy     = "{}"
}
resource "aws_ecr_repository_policy" "r" {
  repository = aws_ecr_repository.r.name
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Action = "ecr:*", Principal = "*" }] })
}
resource "aws_ecr_registry_scanning_configuration" "s" {
  scan_type = "BASIC"
  rule {
    scan_frequency = "SCAN_ON_PUSH"
    repository_filter {
      filter      = "r*"
      filter_type = "WILDCARD"
    }
  }
}
resource "aws_ecr_pull_through_cache_rule" "p" {
  ecr_repository_prefix = "hub"
  upstream_registry_url = "registry-1.docker.io"
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_flow_log" "f" {
  vpc_id       = aws_vpc.v.id
  traffic_type = "ALL"
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.s.id
  allocation_id = "eipalloc-1"
}
resource "aws_internet_gateway" "i" {
}
resource "aws_route_table" "t" {
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = "eigw-1"
  }
}
resource "aws_route" "r" {
  route_table_id              = aws_route_table.t.id
  destination_ipv6_cidr_block = "2001:db8::/64"
  egress_only_gateway_id      = "eigw-2"
}
resource "aws_route_table_association" "a" {
  route_table_id = aws_route_table.t.id
  subnet_id      = aws_subnet.s.id
}
resource "aws_security_group" "g" {
  name = "g"
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = ["sg-1"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    ipv6_cidr_blocks = ["::/0"]
    security_groups  = ["sg-2"]
  }
}
resource "aws_security_group_rule" "out" {
  type                     = "egress"
  security_group_id        = aws_security_group.g.id
  source_security_group_id = "sg-3"
  protocol                 = "tcp"
  from_port                = 1
  to_port                  = 2
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id            = aws_security_group.g.id
  referenced_security_group_id = "sg-4"
  ip_protocol                  = "tcp"
}
resource "aws_vpc_security_group_egress_rule" "six" {
  security_group_id = aws_security_group.g.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
}
resource "aws_vpc_security_group_ingress_rule" "in" {
  security_group_id            = aws_security_group.g.id
  referenced_security_group_id = "sg-5"
  ip_protocol                  = "tcp"
}
resource "aws_ssm_parameter" "p" {
  name = "/shop/password"
  type = "String"
}
resource "aws_efs_file_system" "f" {
  encrypted = true
  tags      = { Name = "shared" }
}
resource "aws_vpclattice_service_network" "n" {
  name      = "n"
  auth_type = "AWS_IAM"
}
resource "aws_vpclattice_service" "s" {
  name      = "s"
  auth_type = "NONE"
}
resource "aws_vpclattice_auth_policy" "p" {
  resource_identifier = aws_vpclattice_service_network.n.arn
  policy              = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Principal = "*" }] })
}
resource "aws_vpclattice_access_log_subscription" "l" {
  resource_identifier = aws_vpclattice_service_network.n.id
  destination_arn     = "arn:aws:s3:::logs"
}
resource "aws_apigatewayv2_integration" "i" {
  api_id           = "a"
  integration_type = "HTTP_PROXY"
  integration_uri  = "https://shop.example.com"
  connection_type  = "VPC_LINK"
}
resource "aws_launch_template" "t" {
  name      = "t"
  user_data = base64encode("/etc/eks/bootstrap.sh c")
  network_interfaces {
    security_groups = [aws_security_group.g.id]
  }
}
resource "aws_autoscaling_group" "id" {
  name                = "id"
  vpc_zone_identifier = [aws_subnet.s.id]
  launch_template {
    id      = aws_launch_template.t.id
    version = "2"
  }
}
resource "aws_autoscaling_group" "named" {
  name = "named"
  launch_template {
    name = aws_launch_template.t.name
  }
}
resource "aws_launch_configuration" "l" {
  name              = "l"
  image_id          = "ami-1"
  instance_type     = "m5.large"
  enable_monitoring = false
  user_data_base64  = base64encode("/etc/eks/bootstrap.sh c")
}
resource "aws_autoscaling_group" "old" {
  name                 = "old"
  launch_configuration = aws_launch_configuration.l.name
}
`),
  },
  {
    name: 'eksctl: all of a cluster',
    idle: ['.identityProviders[].type', '.vpc.subnets.private.inner'],
    files: eksctl(
      {
        iam: { serviceRoleARN: 'arn:aws:iam::111122223333:role/c' },
        vpc: {
          controlPlaneSubnetIDs: ['subnet-1'],
          controlPlaneSecurityGroupIDs: ['sg-1'],
          controlPlaneEgressMode: 'CUSTOMER_ROUTED',
          subnets: { private: { inner: { id: 'subnet-1' } } },
        },
        kubernetesNetworkConfig: { ipFamily: 'IPv6', serviceIPv4CIDR: '172.20.0.0/16' },
        autoModeConfig: {
          enabled: true,
          nodePools: ['system'],
          nodeRoleARN: 'arn:aws:iam::111122223333:role/n',
        },
        kubeAPIServerConfig: { eventTTL: '30m' },
        cloudWatch: { clusterLogging: { enableTypes: ['*'] } },
        addonsConfig: { autoApplyPodIdentityAssociations: true },
        addons: [
          { name: 'vpc-cni' },
          { name: 'coredns', podIdentityAssociations: [{ serviceAccountName: 'x', namespace: 'y', roleARN: 'r' }] },
        ],
        managedNodeGroups: [{ name: 'g' }],
        fargateProfiles: [{ name: 'f', selectors: [{ namespace: 'f' }], subnets: ['subnet-2'] }],
        accessConfig: {
          accessEntries: [
            {
              principalARN: 'arn:aws:iam::111122223333:role/a',
              accessPolicies: [
                {
                  policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
                  accessScope: { type: 'cluster' },
                },
              ],
            },
          ],
        },
        identityProviders: [{ name: 'i', type: 'oidc', issuerURL: 'https://login.example.com', clientID: 'c' }],
        capabilities: [
          { name: 'argo', type: 'ARGOCD', configuration: { argocd: { rbacRoleMappings: [{ role: 'ADMIN' }] } } },
        ],
      },
      {
        region: 'eu-west-1',
        version: '1.33',
        forceUpdateVersion: true,
        rollbackConfig: { timeoutMinutes: 60 },
        tags: { team: 'dev' },
      },
    ),
  },
  {
    name: 'eksctl: groups',
    idle: ['.nodeGroups[].instanceType', '.vpc.id'],
    files: eksctl({
      vpc: { id: 'vpc-1', cidr: '10.0.0.0/16' },
      managedNodeGroups: [
        {
          name: 'all',
          minSize: 1,
          desiredCapacity: 2,
          maxSize: 3,
          taints: [
            { key: 'a', value: 'x', effect: 'NoSchedule' },
            { key: 'b', value: 'x', effect: 'NoExecute' },
            { key: 'c', value: 'x', effect: 'PreferNoSchedule' },
          ],
          volumeSize: 30,
          volumeType: 'io1',
          volumeName: '/dev/xvda',
          volumeKmsKeyID: 'k',
          additionalVolumes: [{ volumeName: '/dev/xvdb', volumeSize: 10 }],
          enableDetailedMonitoring: true,
          instanceMarketOptions: { marketType: 'spot' },
          overrideBootstrapCommand: 'echo',
          subnets: ['subnet-1'],
        },
        { name: 'key', privateNetworking: true, ssh: { publicKeyName: 'ops' } },
        { name: 'image', ami: 'ami-1' },
        { name: 'own', launchTemplate: { id: 'lt-1', version: '2' } },
        { name: 'arm', instanceType: 'm7g.large' },
        { name: 'gpu', instanceType: 'g5.large' },
        { name: 'armGpu', instanceType: 'g5g.large' },
        { name: 'neuron', instanceType: 'inf2.xlarge' },
        { name: 'old', amiFamily: 'AmazonLinux2', instanceType: 'inf1.xlarge' },
        { name: 'fips', amiFamily: 'BottlerocketFIPS' },
        { name: 'windows', amiFamily: 'WindowsServer2022CoreContainer' },
        { name: 'ubuntu', amiFamily: 'Ubuntu2204' },
      ],
      nodeGroups: [
        { name: 'map', taints: { a: 'x:NoSchedule' } },
        { name: 'plain', instancesDistribution: { instanceTypes: ['a'], onDemandPercentageAboveBaseCapacity: 50 } },
        { name: 'mixed', instanceType: 'mixed' },
      ],
    }),
  },
  {
    name: 'eksctl: a private cluster on an Outpost',
    files: eksctl({
      privateCluster: { enabled: true },
      outpost: { controlPlaneOutpostARN: 'arn:aws:outposts:o', etcdInstanceType: 'm5.large' },
      managedNodeGroups: [{ name: 'g' }],
    }),
  },
  {
    name: 'eksctl: the subnets of an Outpost',
    files: eksctl({
      outpost: { controlPlaneOutpostARN: 'arn:aws:outposts:o' },
      nodeGroups: [{ name: 'g' }],
    }),
  },
  {
    name: 'eksctl: a cluster made elsewhere',
    files: eksctl({
      vpc: { id: 'vpc-1', securityGroup: 'sg-1' },
      managedNodeGroups: [{ name: 'g' }],
    }),
  },
  {
    name: 'eksctl: groups that name their subnets',
    files: eksctl({
      managedNodeGroups: [{ name: 'g', subnets: ['subnet-1'] }],
      nodeGroups: [{ name: 'h', subnets: ['subnet-1'] }],
    }),
  },
  {
    name: 'Karpenter: all of a class',
    idle: [
      '.metadata',
      '.metadata.name',
      '.spec',
      '.spec.amiSelectorTerms',
      '.spec.amiSelectorTerms[].tags',
      '.spec.amiSelectorTerms[].tags.a',
      '.spec.securityGroupSelectorTerms',
      '.spec.securityGroupSelectorTerms[].id',
      '.spec.subnetSelectorTerms',
      '.spec.subnetSelectorTerms[].id',
      '.status.securityGroups',
      '.status.securityGroups[].id',
      '.status.subnets',
      '.status.subnets[].id',
    ],
    files: {
      'a.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', {
        spec: {
          amiSelectorTerms: [{ alias: 'al2023@latest' }],
          metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 2, httpEndpoint: 'disabled' },
          blockDeviceMappings: [
            { deviceName: '/dev/xvda', ebs: { volumeSize: '20Gi', kmsKeyID: 'k', encrypted: true } },
            { deviceName: '/dev/xvdb', ebs: { volumeSize: '1Ti' } },
            { deviceName: '/dev/xvdc', ebs: { volumeSize: '20G' } },
            { deviceName: '/dev/xvdd', ebs: { volumeSize: '1T' } },
          ],
          securityGroupSelectorTerms: [{ id: 'sg-1' }],
          subnetSelectorTerms: [{ id: 'subnet-1' }],
        },
      }),
      'b.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', {
        spec: { amiSelectorTerms: [{ name: 'amazon-eks-node-1.32-v20260101' }] },
      }),
      'c.yaml': object('karpenter.k8s.aws/v1beta1', 'EC2NodeClass', { spec: { amiFamily: 'Bottlerocket' } }),
      'd.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', {
        spec: { amiSelectorTerms: [{ tags: { a: 'b' } }] },
        status: {
          amis: [{ name: 'amazon-eks-node-al2023-x86_64-standard-1.33-v20260101' }],
          securityGroups: [{ id: 'sg-2' }],
          subnets: [{ id: 'subnet-2' }],
        },
      }),
      'e.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', { spec: { amiFamily: 'Windows2022' } }),
      'f.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', { spec: { amiFamily: 'Custom' } }),
      'g.yaml': object('eks.amazonaws.com/v1', 'NodeClass', { spec: {} }),
    },
  },
  {
    name: 'ACK: other kinds',
    idle: ['.metadata', '.metadata.name', '.spec.encryptionConfig[].resources'],
    files: {
      'a.yaml': object('eks.services.k8s.aws/v1alpha1', 'Addon', { spec: { name: 'coredns', clusterName: 'c' } }),
      'b.yaml': object('eks.services.k8s.aws/v1alpha1', 'FargateProfile', {
        spec: { name: 'f', clusterName: 'c', selectors: [{ namespace: 'f' }] },
      }),
      'c.yaml': object('eks.services.k8s.aws/v1alpha1', 'AccessEntry', {
        spec: { clusterName: 'c', principalARN: 'arn:aws:iam::111122223333:role/x' },
      }),
      'd.yaml': object('eks.services.k8s.aws/v1alpha1', 'PodIdentityAssociation', {
        spec: { clusterName: 'c', namespace: 'a', serviceAccount: 'b' },
      }),
      'e.yaml': object('eks.services.k8s.aws/v1alpha1', 'Capability', {
        spec: { clusterName: 'c', name: 'argo', type: 'ARGOCD' },
      }),
      'f.yaml': object('ec2.services.k8s.aws/v1alpha1', 'LaunchTemplate', {
        spec: { name: 't', data: { metadataOptions: { httpTokens: 'optional' } } },
      }),
      'g.yaml': object('ec2.services.k8s.aws/v1alpha1', 'SecurityGroup', {
        spec: {
          name: 'g',
          ingressRules: [
            { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: [{ cidrIP: '0.0.0.0/0' }] },
            { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipv6Ranges: [{ cidrIPv6: '::/0' }] },
          ],
        },
      }),
      'i.yaml': object('eks.services.k8s.aws/v1alpha1', 'Nodegroup', {
        spec: { name: 'g', clusterName: 'c', launchTemplate: { name: 't' } },
      }),
      'h.yaml': object('eks.services.k8s.aws/v1alpha1', 'Cluster', {
        spec: {
          name: 'k',
          encryptionConfig: [{ resources: ['secrets'], provider: { keyRef: { from: { name: 'k' } } } }],
        },
      }),
    },
  },
  {
    name: 'Crossplane: other kinds',
    idle: [
      '.metadata',
      '.metadata.name',
      '.spec.forProvider.clusterNameSelector.matchLabels',
      '.spec.forProvider.clusterNameSelector.matchLabels.a',
      '.spec.forProvider.encryptionConfig[].resources',
    ],
    files: {
      'a.yaml': object('eks.aws.crossplane.io/v1alpha1', 'Addon', {
        spec: { forProvider: { addonName: 'coredns', clusterName: 'c' } },
      }),
      'b.yaml': object('eks.aws.crossplane.io/v1alpha1', 'NodeGroup', {
        spec: { forProvider: { clusterNameSelector: { matchLabels: { a: 'b' } } } },
      }),
      'c.yaml': object('eks.aws.crossplane.io/v1beta1', 'Cluster', {
        spec: { forProvider: { encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'k' } }] } },
      }),
    },
  },
];
