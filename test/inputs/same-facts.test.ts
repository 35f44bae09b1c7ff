import { describe, expect, it } from 'vitest';
import type { Cluster } from '#model/cluster.ts';
import type { Answer } from '#model/value.ts';
import { readCluster } from './read.ts';

const firstGroup = (cluster: Cluster) => {
  const [group] = cluster.nodegroups;
  if (!group) throw new Error('no node group');
  return group;
};

/** Questions that rules ask, one per line. */
const questions: Readonly<Record<string, (cluster: Cluster) => Answer>> = {
  name: (cluster) => cluster.name.is('shop'),
  version: (cluster) => cluster.version.is('1.33'),
  public: (cluster) => cluster.endpoint.public.is(true),
  private: (cluster) => cluster.endpoint.private.is(true),
  open: (cluster) => cluster.endpoint.publicCidrs.has((cidr) => cidr.is('0.0.0.0/0')),
  office: (cluster) => cluster.endpoint.publicCidrs.has((cidr) => cidr.is('203.0.113.0/24')),
  audit: (cluster) => cluster.logging.has((type) => type.is('audit')),
  scheduler: (cluster) => cluster.logging.has((type) => type.is('scheduler')),
  key: (cluster) => cluster.secretsKey.present,
  standard: (cluster) => cluster.supportType.is('STANDARD'),
  api: (cluster) => cluster.authenticationMode.is('API'),
  auto: (cluster) => cluster.autoMode.is(true),
  addon: (cluster) =>
    cluster.addons.has((addon) => addon.name.is('coredns').and(addon.version.is('v1.12.1-eksbuild.2'))),
  group: (cluster) => firstGroup(cluster).name.is('web'),
  al2023: (cluster) => firstGroup(cluster).amiType.is('AL2023_x86_64_STANDARD'),
  type: (cluster) => firstGroup(cluster).instanceTypes.has((type) => type.is('m5.large')),
  spot: (cluster) => firstGroup(cluster).capacityType.is('SPOT'),
  tokens: (cluster) => firstGroup(cluster).template.imds.httpTokens.is('required'),
  hops: (cluster) => firstGroup(cluster).template.imds.hopLimit.is(1),
  endpoint: (cluster) => firstGroup(cluster).template.imds.endpointEnabled.is(true),
  ssh: (cluster) => firstGroup(cluster).remoteAccess.enabled.is(true),
  world: (cluster) => firstGroup(cluster).remoteAccess.openings.has(({ cidr }) => cidr.is('0.0.0.0/0')),
};

const ask = (cluster: Cluster) =>
  Object.fromEntries(Object.entries(questions).map(([name, question]) => [name, question(cluster).state]));

const cfnOf = (properties: object, group: object, template?: object) =>
  JSON.stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Parameters: { Open: { Type: 'String' }, Cidr: { Type: 'String' } },
      Resources: {
        Key: { Type: 'AWS::KMS::Key', Properties: {} },
        ...(template
          ? { Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: template } } }
          : {}),
        Cluster: { Type: 'AWS::EKS::Cluster', Properties: properties },
        Web: {
          Type: 'AWS::EKS::Nodegroup',
          Properties: { ClusterName: { Ref: 'Cluster' }, NodegroupName: 'web', ...group },
        },
        Dns: {
          Type: 'AWS::EKS::Addon',
          Properties: { ClusterName: { Ref: 'Cluster' }, AddonName: 'coredns', AddonVersion: 'v1.12.1-eksbuild.2' },
        },
      },
    },
    null,
    2,
  );

describe('a hardened cluster reads the same in every format', () => {
  const files: Readonly<Record<string, string>> = {
    'eksctl.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.33"}
vpc:
  clusterEndpoints: {publicAccess: true, privateAccess: true}
  publicAccessCIDRs: [203.0.113.0/24]
cloudWatch: {clusterLogging: {enableTypes: ["*"]}}
secretsEncryption: {keyARN: "arn:aws:kms:eu-west-1:111122223333:key/1"}
upgradePolicy: {supportType: STANDARD}
accessConfig: {authenticationMode: API}
addons: [{name: coredns, version: v1.12.1-eksbuild.2}]
managedNodeGroups:
  - {name: web, instanceType: m5.large, spot: true, disablePodIMDS: true, ssh: {allow: true, sourceSecurityGroupIds: [sg-1]}}
`,
    'cfn.yaml': `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key: {Type: "AWS::KMS::Key"}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 1}
        KeyName: ops
        SecurityGroupIds: [!GetAtt Nodes.GroupId]
  Nodes:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      Version: 1.33
      ResourcesVpcConfig:
        EndpointPrivateAccess: true
        PublicAccessCidrs: [203.0.113.0/24]
      Logging:
        ClusterLogging:
          EnabledTypes: [{Type: api}, {Type: audit}, {Type: authenticator}, {Type: controllerManager}, {Type: scheduler}]
      EncryptionConfig: [{Provider: {KeyArn: !GetAtt Key.Arn}, Resources: [secrets]}]
      UpgradePolicy: {SupportType: STANDARD}
      AccessConfig: {AuthenticationMode: API}
  Web:
    Type: AWS::EKS::Nodegroup
    Properties: {ClusterName: !Ref Cluster, NodegroupName: web, InstanceTypes: [m5.large], CapacityType: SPOT, LaunchTemplate: {Id: !Ref Template}}
  Dns:
    Type: AWS::EKS::Addon
    Properties: {ClusterName: !Ref Cluster, AddonName: coredns, AddonVersion: v1.12.1-eksbuild.2}
`,
    'cfn.json': cfnOf(
      {
        Name: 'shop',
        Version: '1.33',
        ResourcesVpcConfig: { EndpointPrivateAccess: 'true', PublicAccessCidrs: ['203.0.113.0/24'] },
        Logging: {
          ClusterLogging: {
            EnabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((Type) => ({ Type })),
          },
        },
        EncryptionConfig: [{ Provider: { KeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] } }, Resources: ['secrets'] }],
        UpgradePolicy: { SupportType: 'STANDARD' },
        AccessConfig: { AuthenticationMode: 'API' },
      },
      { InstanceTypes: ['m5.large'], CapacityType: 'SPOT', LaunchTemplate: { Id: { Ref: 'Template' } } },
      { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: '1' }, KeyName: 'ops' },
    ),
    'main.tf': `resource "aws_kms_key" "eks" {}
locals {
  office = "203.0.113.0/24"
  logs   = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
}
resource "aws_eks_cluster" "main" {
  name    = "shop"
  version = "1.33"
  vpc_config {
    endpoint_private_access = true
    public_access_cidrs     = [local.office]
  }
  enabled_cluster_log_types = local.logs
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.eks.arn
    }
  }
  upgrade_policy {
    support_type = "STANDARD"
  }
  access_config {
    authentication_mode = "API"
  }
}
resource "aws_launch_template" "nodes" {
  key_name = "ops"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
resource "aws_eks_node_group" "web" {
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "web"
  version         = aws_eks_cluster.main.version
  instance_types  = ["m5.large"]
  capacity_type   = "SPOT"
  launch_template {
    id      = aws_launch_template.nodes.id
    version = aws_launch_template.nodes.latest_version
  }
}
resource "aws_eks_addon" "dns" {
  cluster_name  = aws_eks_cluster.main.name
  addon_name    = "coredns"
  addon_version = "v1.12.1-eksbuild.2"
}
`,
    'module21.tf': `module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"
  name               = "shop"
  kubernetes_version = "1.33"
  endpoint_public_access       = true
  endpoint_public_access_cidrs = ["203.0.113.0/24"]
  enabled_log_types            = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  authentication_mode          = "API"
  upgrade_policy = { support_type = "STANDARD" }
  addons = { coredns = { addon_version = "v1.12.1-eksbuild.2" } }
  eks_managed_node_groups = {
    web = { instance_types = ["m5.large"], capacity_type = "SPOT", key_name = "ops" }
  }
}
`,
    'module20.tf': `module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "20.31.0"
  cluster_name    = "shop"
  cluster_version = "1.33"
  cluster_endpoint_public_access       = true
  cluster_endpoint_public_access_cidrs = ["203.0.113.0/24"]
  cluster_enabled_log_types            = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  authentication_mode                  = "API"
  cluster_upgrade_policy = { support_type = "STANDARD" }
  cluster_addons = { coredns = { addon_version = "v1.12.1-eksbuild.2" } }
  eks_managed_node_group_defaults = {
    key_name         = "ops"
    metadata_options = { http_tokens = "required", http_put_response_hop_limit = 1 }
  }
  eks_managed_node_groups = {
    web = { instance_types = ["m5.large"], capacity_type = "SPOT" }
  }
}
`,
  };
  const expected = {
    name: 'yes',
    version: 'yes',
    public: 'yes',
    private: 'yes',
    open: 'no',
    office: 'yes',
    audit: 'yes',
    scheduler: 'yes',
    key: 'yes',
    standard: 'yes',
    api: 'yes',
    auto: 'no',
    addon: 'yes',
    group: 'yes',
    al2023: 'yes',
    type: 'yes',
    spot: 'yes',
    tokens: 'yes',
    hops: 'yes',
    endpoint: 'yes',
    ssh: 'yes',
    world: 'no',
  };
  it.each(Object.keys(files))('%s', (file) => {
    expect(ask(readCluster(file, files[file] ?? ''))).toEqual(expected);
  });
});

describe('a careless cluster reads the same in every format', () => {
  const files: Readonly<Record<string, string>> = {
    'eksctl.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.29"}
accessConfig: {authenticationMode: CONFIG_MAP}
managedNodeGroups:
  - {name: web, amiFamily: AmazonLinux2, disableIMDSv1: false, ssh: {publicKeyName: ops}}
`,
    'cfn.yaml': cfnOf(
      { Name: 'shop', Version: '1.29' },
      { InstanceTypes: ['m5.large'], RemoteAccess: { Ec2SshKey: 'ops' } },
    ),
    'main.tf': `resource "aws_eks_cluster" "main" {
  name    = "shop"
  version = "1.29"
}
resource "aws_eks_node_group" "web" {
  cluster_name    = "shop"
  node_group_name = "web"
  instance_types  = ["m5.large"]
  remote_access {
    ec2_ssh_key = "ops"
  }
}
`,
    'module20.tf': `module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 20.8"
  cluster_name    = "shop"
  cluster_version = "1.29"
  cluster_endpoint_public_access  = true
  cluster_endpoint_private_access = false
  cluster_enabled_log_types = []
  cluster_encryption_config = {}
  eks_managed_node_groups = {
    web = {
      use_custom_launch_template = false
      instance_types = ["m5.large"]
      remote_access = { ec2_ssh_key = "ops" }
    }
  }
}
`,
  };
  const expected = {
    name: 'yes',
    version: 'no',
    public: 'yes',
    private: 'no',
    open: 'yes',
    office: 'no',
    audit: 'no',
    scheduler: 'no',
    key: 'no',
    standard: 'no',
    api: 'no',
    auto: 'no',
    group: 'yes',
    al2023: 'no',
    type: 'yes',
    spot: 'no',
    tokens: 'no',
    hops: 'no',
    endpoint: 'yes',
    ssh: 'yes',
    world: 'yes',
  };
  it.each(Object.keys(files))('%s', (file) => {
    const { addon, ...rest } = ask(readCluster(file, files[file] ?? ''));
    expect(addon).not.toBe(undefined);
    expect(rest).toEqual(expected);
  });
});

describe('what a file does not define is unknown', () => {
  const files: Readonly<Record<string, string>> = {
    'cfn.yaml': cfnOf(
      {
        ResourcesVpcConfig: { EndpointPublicAccess: { Ref: 'Open' }, PublicAccessCidrs: [{ Ref: 'Cidr' }] },
        Version: { 'Fn::ImportValue': 'v' },
        Logging: { 'Fn::If': ['a', 'b', 'c'] },
        EncryptionConfig: { Ref: 'Cidr' },
      },
      { LaunchTemplate: { Id: 'lt-1' } },
    ),
    'main.tf': `variable "open" {
  type = bool
}
resource "aws_eks_cluster" "main" {
  name    = "x\${var.n}"
  version = var.version
  vpc_config {
    endpoint_public_access = var.open
    public_access_cidrs    = [var.cidr]
  }
  enabled_cluster_log_types = var.logs
  dynamic "encryption_config" {
    for_each = var.keys
    content {}
  }
}
resource "aws_eks_node_group" "web" {
  cluster_name = aws_eks_cluster.main.name
  launch_template {
    id = var.template
  }
}
`,
    'module.tf': `module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"
  kubernetes_version = var.version
  endpoint_public_access       = var.open
  endpoint_public_access_cidrs = [var.cidr]
  enabled_log_types            = concat(var.logs, [])
  encryption_config            = var.encryption
  eks_managed_node_groups = { web = { metadata_options = var.options, ami_type = var.ami, remote_access = var.ssh, vpc_security_group_ids = [var.sg] } }
}
`,
  };
  it.each(Object.keys(files))('%s', (file) => {
    const answers = ask(readCluster(file, files[file] ?? ''));
    for (const name of ['version', 'public', 'open', 'audit', 'key', 'al2023', 'tokens', 'hops', 'ssh', 'world'])
      expect([name, answers[name]]).toEqual([name, 'unknown']);
  });
});
