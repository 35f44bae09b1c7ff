import { awsSamples } from './key-samples-aws.ts';
import { moduleSamples } from './key-samples-modules.ts';
import { moreSamples } from './key-samples-more.ts';
import { toolSamples } from './key-samples-tools.ts';

/* Files whose keys all decide something. */

export interface Sample {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Names of things, and keys that only repeat what another says. */
  readonly idle?: readonly string[];
}

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const cluster = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig' };
const group = (more: object) => ({
  'cluster.yaml': json({ ...cluster, metadata: { name: 'a' }, nodeGroups: [{ name: 'own', ...more }] }),
});
const managed = (more: object) => ({
  'cluster.yaml': json({ ...cluster, metadata: { name: 'a' }, managedNodeGroups: [{ name: 'own', ...more }] }),
});
const whole = (more: object) => ({ 'cluster.yaml': json({ ...cluster, ...more, metadata: { name: 'a' } }) });
const template = (Resources: object, more: object = {}) => ({ 'template.json': json({ Resources, ...more }) });
const statement = (more: object) => ({ Statement: [{ Effect: 'Allow', Action: 's3:Get', Resource: '*', ...more }] });
const role = (more: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'r', AssumeRolePolicyDocument: statement({ Principal: { AWS: '1' } }), ...more },
});
const terraform = (text: string) => ({ 'main.tf': text });

export const samples: readonly Sample[] = [
  {
    name: 'Terraform: provider',
    files: terraform(
      'provider "aws" {\n  region = "eu-west-1"\n}\nresource "aws_eks_cluster" "c" {\n  name = "c"\n}\n',
    ),
  },
  {
    name: 'eksctl: cluster',
    files: whole({
      privateCluster: { enabled: true },
      vpc: { publicAccessCIDRs: ['10.0.0.0/8'] },
      cloudWatch: { clusterLogging: { enableTypes: ['audit'] } },
      secretsEncryption: { keyARN: 'arn:aws:kms:k' },
      upgradePolicy: { supportType: 'STANDARD' },
      accessConfig: { authenticationMode: 'API' },
      autoModeConfig: { enabled: false },
      addons: [{ name: 'coredns', version: 'v1.1.1' }],
    }),
  },
  { name: 'eksctl: outpost', files: whole({ outpost: { controlPlaneOutpostARN: 'arn:aws:outposts:o' } }) },
  {
    name: 'eksctl: service accounts',
    idle: ['.iam.serviceAccounts[].wellKnownPolicies', '.iam.serviceAccounts[].wellKnownPolicies.autoScaler'],
    files: whole({
      iam: {
        withOIDC: true,
        serviceAccounts: [
          {
            metadata: { name: 'x', namespace: 'y' },
            roleName: 'r',
            permissionsBoundary: 'arn:aws:iam::1:policy/b',
            attachPolicyARNs: ['arn:aws:iam::aws:policy/A'],
            attachPolicy: statement({}),
          },
          { metadata: { name: 'z', namespace: 'y' }, roleOnly: true, wellKnownPolicies: { autoScaler: true } },
        ],
      },
    }),
  },
  {
    name: 'eksctl: pod identities',
    files: whole({
      iam: {
        podIdentityAssociations: [
          {
            serviceAccountName: 'x',
            namespace: 'y',
            roleName: 'r',
            permissionPolicy: statement({}),
            permissionsBoundaryARN: 'arn:aws:iam::1:policy/b',
            createServiceAccount: true,
            targetRoleARN: 'arn:aws:iam::1:role/t',
            disableSessionTags: true,
          },
          { serviceAccountName: 'z', namespace: 'y', roleARN: 'arn:aws:iam::1:role/x' },
        ],
      },
    }),
  },
  {
    name: 'eksctl: nodes',
    idle: [
      '.nodeGroups[].iam.withAddonPolicies.autoScaler',
      '.nodeGroups[].instancesDistribution.onDemandBaseCapacity',
      '.nodeGroups[].ssh.allow',
      '.nodeGroups[].ssh.publicKeyName',
    ],
    files: group({
      instancesDistribution: {
        instanceTypes: ['m5.large'],
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: 0,
      },
      iam: { withAddonPolicies: { autoScaler: true } },
      ssh: { allow: true, publicKeyName: 'ops' },
      disableIMDSv1: false,
      disablePodIMDS: true,
      volumeEncrypted: true,
      amiFamily: 'Bottlerocket',
    }),
  },
  {
    name: 'eksctl: the role of nodes',
    files: managed({ instanceType: 'm5.large', iam: { instanceRoleARN: 'arn:aws:iam::1:role/r' } }),
  },
  {
    name: 'eksctl: the name and the boundary of the role',
    files: managed({
      instanceTypes: ['m5.large'],
      spot: true,
      privateNetworking: true,
      iam: {
        instanceRoleName: 'r',
        instanceRolePermissionsBoundary: 'arn:aws:iam::1:policy/b',
        attachPolicyARNs: ['arn:aws:iam::aws:policy/A'],
        attachPolicy: statement({}),
      },
    }),
  },
  {
    name: 'CloudFormation: a role',
    idle: ['.Resources.Own', '.Resources.Own.Properties.Policies[].PolicyName'],
    files: template({
      Own: role({
        PermissionsBoundary: 'b',
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/A'],
        Policies: [
          { PolicyName: 'p', PolicyDocument: statement({ Sid: 's', Condition: { StringLike: { 'aws:a': ['b'] } } }) },
        ],
      }),
    }),
  },
  {
    name: 'CloudFormation: what a statement leaves out',
    idle: ['.Resources.Own', '.Resources.Own.Properties.Policies[].PolicyName'],
    files: template({
      Own: role({
        Policies: [
          {
            PolicyName: 'p',
            PolicyDocument: { Statement: [{ Effect: 'Deny', NotAction: ['s3:*'], NotResource: ['a'] }] },
          },
        ],
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { Federated: 'f' } }],
        },
      }),
    }),
  },
  {
    name: 'CloudFormation: a key',
    idle: ['.Resources.Own'],
    files: template({
      Own: {
        Type: 'AWS::KMS::Key',
        Properties: {
          EnableKeyRotation: true,
          KeySpec: 'SYMMETRIC_DEFAULT',
        },
      },
    }),
  },
  {
    name: 'CloudFormation: a repository',
    idle: ['.Resources.Own'],
    files: template({
      Own: {
        Type: 'AWS::ECR::Repository',
        Properties: {
          RepositoryName: 'r',
          ImageTagMutability: 'MUTABLE',
          ImageScanningConfiguration: { ScanOnPush: true },
          RepositoryPolicyText: statement({ Principal: '*' }),
        },
      },
    }),
  },
  {
    name: 'CloudFormation: nodes',
    idle: ['.Resources.H.Properties', '.Resources.I', '.Resources.Own'],
    files: template({
      Own: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: {
          ClusterName: 'c',
          NodegroupName: 'n',
          AmiType: 'AL2_x86_64',
          CapacityType: 'SPOT',
          InstanceTypes: ['m5.large'],
          NodeRole: { Ref: 'R' },
          Subnets: [{ Ref: 'S' }],
          LaunchTemplate: { Id: { Ref: 'T' } },
        },
      },
      R: role({}),
      S: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } },
      T: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            KeyName: 'k',
            MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 3, HttpEndpoint: 'enabled' },
            BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
            SecurityGroupIds: [{ 'Fn::GetAtt': ['G', 'GroupId'] }],
            NetworkInterfaces: [{ AssociatePublicIpAddress: true, Groups: [{ 'Fn::GetAtt': ['H', 'GroupId'] }] }],
          },
        },
      },
      G: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }] },
      },
      H: { Type: 'AWS::EC2::SecurityGroup', Properties: {} },
      I: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: {
          GroupId: { 'Fn::GetAtt': ['H', 'GroupId'] },
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          CidrIpv6: '::/0',
        },
      },
    }),
  },
  {
    name: 'Terraform: nodes',
    idle: ['.resource.aws_iam_role.r.description'],
    files: terraform(`resource "aws_eks_node_group" "g" {
  cluster_name    = "c"
  node_group_name = "n"
  ami_type        = "AL2_x86_64"
  capacity_type   = "SPOT"
  instance_types  = ["m5.large"]
  node_role_arn   = aws_iam_role.r.arn
  launch_template {
    id = aws_launch_template.t.id
  }
}
resource "aws_iam_role" "r" {
  name                 = "r"
  description          = "control"
  permissions_boundary = "b"
  assume_role_policy   = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    sid     = "s"
    effect  = "Deny"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:a"
      values   = ["b"]
    }
  }
}
resource "aws_launch_template" "t" {
  key_name               = "k"
  vpc_security_group_ids = [aws_security_group.s.id]
  metadata_options {
    http_tokens                 = "optional"
    http_put_response_hop_limit = 3
    http_endpoint               = "enabled"
  }
  block_device_mappings {
    ebs {
      encrypted = true
    }
  }
}
resource "aws_security_group" "s" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "i" {
  security_group_id = aws_security_group.s.id
  ip_protocol       = "tcp"
  from_port         = 3389
  to_port           = 3389
  cidr_ipv6         = "::/0"
}
resource "aws_vpc_security_group_ingress_rule" "j" {
  security_group_id = aws_security_group.s.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "10.0.0.0/8"
}
`),
  },
  {
    name: 'Terraform: policies',
    files: terraform(`resource "aws_iam_role" "r" {
  name = "r"
  inline_policy {
    policy = data.aws_iam_policy_document.d.json
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.a.json]
  override_policy_documents = [data.aws_iam_policy_document.b.json]
}
data "aws_iam_policy_document" "a" {
  statement {
    not_actions   = ["s3:*"]
    not_resources = ["x"]
  }
}
data "aws_iam_policy_document" "b" {
  statement {
    actions   = ["s3:*"]
    resources = ["y"]
    not_principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
`),
  },
  {
    name: 'ACK: references',
    idle: ['.metadata', '.metadata.name', '.spec.encryptionConfig[].resources'],
    files: {
      'a.yaml': json({
        apiVersion: 'eks.services.k8s.aws/v1alpha1',
        kind: 'Nodegroup',
        metadata: { name: 'n' },
        spec: {
          name: 'n',
          clusterRef: { from: { name: 'c' } },
          amiType: 'AL2_x86_64',
          remoteAccess: { ec2SshKey: 'k', sourceSecurityGroups: ['s'] },
        },
      }),
      'b.yaml': json({
        apiVersion: 'eks.services.k8s.aws/v1alpha1',
        kind: 'Cluster',
        metadata: { name: 'c' },
        spec: {
          name: 'c',
          version: '1.30',
          resourcesVPCConfig: { endpointPublicAccess: true, publicAccessCIDRs: ['10.0.0.0/8'] },
          encryptionConfig: [{ resources: ['secrets'], provider: { keyARN: 'k' } }],
        },
      }),
    },
  },
  {
    name: 'Crossplane, classic: references',
    idle: [
      '.spec.forProvider.encryptionConfig[].provider.keyArnRef.name',
      '.spec.forProvider.encryptionConfig[].resources',
    ],
    files: {
      'a.yaml': json({
        apiVersion: 'eks.aws.crossplane.io/v1beta1',
        kind: 'Cluster',
        metadata: { name: 'c', annotations: { 'crossplane.io/external-name': 'x' } },
        spec: {
          forProvider: {
            version: '1.30',
            encryptionConfig: [{ resources: ['secrets'], provider: { keyArnRef: { name: 'k' } } }],
          },
        },
      }),
      'b.yaml': json({
        apiVersion: 'eks.aws.crossplane.io/v1alpha1',
        kind: 'NodeGroup',
        metadata: { name: 'n' },
        spec: { forProvider: { clusterNameRef: { name: 'c' }, remoteAccess: { ec2SSHKey: 'k' } } },
      }),
    },
  },

  {
    name: 'eksctl: endpoints',
    files: whole({ vpc: { clusterEndpoints: { publicAccess: false, privateAccess: true } } }),
  },
  { name: 'eksctl: a key for nodes', files: managed({ ssh: { publicKeyName: 'ops', sourceSecurityGroupIds: ['s'] } }) },
  { name: 'eksctl: a key in a file', files: managed({ ssh: { publicKeyPath: 'a.pub' } }) },
  { name: 'eksctl: a key in the text', files: managed({ ssh: { publicKey: 'ssh-rsa a' } }) },
  {
    name: 'eksctl: nodes that may be bought',
    files: group({
      instancesDistribution: {
        instanceTypes: ['a', 'b'],
        onDemandBaseCapacity: 1,
        onDemandPercentageAboveBaseCapacity: 0,
      },
    }),
  },
  { name: 'eksctl: security groups', files: group({ securityGroups: { attachIDs: ['sg-1'] } }) },
  {
    name: 'eksctl: policies for programs',
    idle: ['.managedNodeGroups[].iam.withAddonPolicies.autoScaler'],
    files: managed({ iam: { withAddonPolicies: { autoScaler: true } } }),
  },
  {
    name: 'CloudFormation: a stack of CDK',
    idle: ['.Parameters.P.Type', '.Resources.C', '.Resources.Eks', '.Resources.Eks.Properties.TemplateURL'],
    files: {
      ...template({
        Eks: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: 'x', Parameters: { P: '1.30' } },
          Metadata: { 'aws:asset:path': 'child.json' },
        },
      }),
      'child.json': json({
        Parameters: { P: { Type: 'String' } },
        Resources: { C: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'a', Version: { Ref: 'P' } } } },
      }),
    },
  },
  {
    name: 'CloudFormation: a serverless application',
    idle: ['.AWSTemplateFormatVersion', '.Parameters.P.Type', '.Resources.C', '.Resources.Eks'],
    files: {
      ...template(
        {
          Eks: {
            Type: 'AWS::Serverless::Application',
            Properties: { Location: 'child.json', Parameters: { P: '1.30' } },
          },
        },
        { AWSTemplateFormatVersion: '2010-09-09' },
      ),
      'child.json': json({
        Parameters: { P: { Type: 'String' } },
        Resources: { C: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'a', Version: { Ref: 'P' } } } },
      }),
    },
  },
  {
    name: 'CloudFormation: a key by its alias',
    idle: ['.Resources.A', '.Resources.C', '.Resources.C.Properties.EncryptionConfig[].Resources'],
    files: template({
      K: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
      A: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/eks', TargetKeyId: { Ref: 'K' } } },
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: { Name: 'c', EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: 'alias/eks' } }] },
      },
    }),
  },
  {
    name: 'Terraform: the module of 20',
    idle: [
      '.module.eks.cluster_encryption_config.resources',
      '.module.eks.eks_managed_node_groups.a.create_launch_template',
      '.module.eks.node_security_group_additional_rules.ssh',
      '.module.eks.node_security_group_additional_rules.ssh.type',
    ],
    files: terraform(`module "eks" {
  source                         = "terraform-aws-modules/eks/aws"
  version                        = "20.31.0"
  cluster_name                   = "a"
  cluster_version                = "1.30"
  cluster_endpoint_public_access = true
  cluster_encryption_config      = { provider_key_arn = "k", resources = ["secrets"] }
  create_kms_key                 = false
  cluster_addons                 = { coredns = { addon_version = "v1" } }
  eks_managed_node_group_defaults = {
    ami_type = "AL2_x86_64"
    iam_role_permissions_boundary = "b"
  }
  eks_managed_node_groups = {
    a = { create_launch_template = false, launch_template_id = "lt-1" }
    b = { use_custom_launch_template = false, remote_access = { ec2_ssh_key = "ops", source_security_group_ids = ["sg-1"] } }
  }
  self_managed_node_group_defaults = { instance_type = "m5.large" }
  self_managed_node_groups         = { own = { ami_type = "AL2023_x86_64_STANDARD", instance_market_options = { market_type = "spot" } } }
  node_security_group_additional_rules = {
    ssh = { type = "ingress", protocol = "tcp", from_port = 20, to_port = 22, cidr_blocks = ["0.0.0.0/0"], ipv6_cidr_blocks = ["::/0"] }
  }
}
`),
  },
  {
    name: 'Terraform: security groups and groups of several instance types in the module',
    idle: [
      '.module.eks.security_group_additional_rules.a',
      '.module.eks.version',
      '.module.eks.security_group_additional_rules.a.type',
      '.module.eks.eks_managed_node_groups.a.security_group_ingress_rules.a',
    ],
    files: terraform(`module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "21.1.0"
  name    = "a"
  additional_security_group_ids = ["sg-1"]
  security_group_additional_rules = {
    a = { type = "ingress", protocol = "tcp", from_port = 22, to_port = 443, cidr_blocks = ["0.0.0.0/0"], ipv6_cidr_blocks = ["::/0"], source_security_group_id = "sg-2" }
  }
  eks_managed_node_groups = {
    a = {
      security_group_ingress_rules = {
        a = { ip_protocol = "6", from_port = 22, to_port = 23, cidr_ipv4 = "0.0.0.0/0", cidr_ipv6 = "::/0", referenced_security_group_id = "sg-2" }
      }
    }
  }
  self_managed_node_groups = {
    own = {
      use_mixed_instances_policy = true
      mixed_instances_policy = {
        instances_distribution = { on_demand_base_capacity = 1, on_demand_percentage_above_base_capacity = 0 }
        launch_template        = { override = [{ instance_type = "m5.large" }] }
      }
    }
  }
}
`),
  },
  {
    name: 'Terraform: security groups that the module does not create',
    idle: [
      '.module.eks.eks_managed_node_groups.a.security_group_rules.a',
      '.module.off.cluster_security_group_additional_rules',
      '.module.off.cluster_security_group_additional_rules.a',
      '.module.off.cluster_security_group_additional_rules.a.cidr_blocks',
      '.module.off.cluster_security_group_additional_rules.a.from_port',
      '.module.off.cluster_security_group_additional_rules.a.to_port',
      '.module.off.eks_managed_node_groups.a.security_group_rules',
      '.module.off.eks_managed_node_groups.a.security_group_rules.a',
      '.module.off.eks_managed_node_groups.a.security_group_rules.a.cidr_blocks',
      '.module.off.eks_managed_node_groups.a.security_group_rules.a.from_port',
      '.module.off.eks_managed_node_groups.a.security_group_rules.a.to_port',
    ],
    files: terraform(`module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "18.31.2"
  eks_managed_node_groups = { a = { security_group_rules = { a = { from_port = 20, to_port = 22, cidr_blocks = ["0.0.0.0/0"] } } } }
}
module "off" {
  source                                  = "terraform-aws-modules/eks/aws"
  version                                 = "18.31.2"
  create_cluster_security_group           = false
  cluster_security_group_additional_rules = { a = { from_port = 20, to_port = 22, cidr_blocks = ["0.0.0.0/0"] } }
  eks_managed_node_groups = {
    a = {
      create_security_group = false
      security_group_rules  = { a = { from_port = 20, to_port = 22, cidr_blocks = ["0.0.0.0/0"] } }
    }
  }
}
`),
  },
  {
    name: 'Terraform: roles for service accounts',
    idle: ['.module.irsa.oidc_providers.main', '.module.irsa.role_policy_arns.a'],
    files: terraform(`module "irsa" {
  source                        = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name                     = "r"
  role_permissions_boundary_arn = "b"
  role_policy_arns              = { a = "arn:aws:iam::aws:policy/A" }
  assume_role_condition_test    = "StringLike"
  oidc_providers                = { main = { provider_arn = "arn:aws:iam::1:oidc-provider/x", namespace_service_accounts = ["a:b"] } }
}
`),
  },
  {
    name: 'Terraform: pod identities',
    idle: ['.module.pod.additional_policy_arns.a', '.module.pod.associations.one'],
    files: terraform(`module "pod" {
  source                   = "terraform-aws-modules/eks-pod-identity/aws"
  name                     = "r"
  permissions_boundary_arn = "b"
  additional_policy_arns   = { a = "arn:aws:iam::aws:policy/A" }
  association_defaults     = { namespace = "shop" }
  associations             = { one = { cluster_name = "c", service_account = "web" } }
}
`),
  },
  {
    name: 'Terraform: repositories of the module',
    files: terraform(`module "ecr" {
  source                          = "terraform-aws-modules/ecr/aws"
  repository_name                 = "r"
  repository_image_tag_mutability = "MUTABLE"
  repository_image_scan_on_push   = false
  repository_policy               = jsonencode({ Statement = [{ Effect = "Allow", Action = "ecr:*", Principal = "*" }] })
}
`),
  },
  {
    name: 'CloudFormation: what an ARN names',
    idle: [
      '.Resources.A',
      '.Resources.C',
      '.Resources.C.Properties.EncryptionConfig[].Resources',

      '.Resources.P',
      '.Resources.R',
    ],
    files: template({
      K: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
      A: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/eks', TargetKeyId: { Ref: 'K' } } },
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: {
          Name: 'c',
          EncryptionConfig: [
            { Resources: ['secrets'], Provider: { KeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/eks' } },
          ],
        },
      },
      G: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: { ClusterName: 'c', NodeRole: 'arn:aws:iam::111122223333:role/r' },
      },
      R: role({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/p'] }),
      P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'p', PolicyDocument: statement({}) } },
    }),
  },
  {
    name: 'CloudFormation: policies that name their role',
    idle: ['.Resources.P', '.Resources.Q'],
    files: template({
      R: role({}),
      P: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'R' }], PolicyDocument: statement({}) } },
      Q: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Roles: [{ Ref: 'R' }], PolicyDocument: statement({}) } },
    }),
  },
  {
    name: 'eksctl: mappings of aws-auth, and feature gates',
    files: whole({
      iamIdentityMappings: [
        { arn: 'arn:aws:iam::1:role/r', username: 'u', groups: ['g'] },
        { arn: 'arn:aws:iam::1:user/u', username: 'v', groups: ['h'] },
        { account: '1' },
      ],
      nodeGroups: [{ name: 'own', kubeletExtraConfig: { featureGates: { A: true } } }],
    }),
  },
  {
    name: 'Terraform: mappings of aws-auth',
    files: terraform(`resource "kubernetes_config_map_v1_data" "auth" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = {
    mapRoles    = yamlencode([{ rolearn = "r", username = "u", groups = ["g"] }])
    mapUsers    = yamlencode([{ userarn = "r", username = "u", groups = ["g"] }])
    mapAccounts = yamlencode(["1"])
  }
}
`),
  },
  {
    name: 'Terraform: mappings of aws-auth of the module before version 18',
    files: terraform(`module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "17.24.0"
  map_roles    = [{ rolearn = "r", username = "u", groups = ["g"] }]
  map_users    = [{ userarn = "r", username = "u", groups = ["g"] }]
  map_accounts = ["1"]
}
module "off" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "17.24.0"
  manage_aws_auth = false
  map_roles       = [{ rolearn = "r", username = "u", groups = ["g"] }]
}
`),
    idle: [
      '.module.off.map_roles',
      '.module.off.map_roles[].groups',
      '.module.off.map_roles[].rolearn',
      '.module.off.map_roles[].username',
    ],
  },
  {
    name: 'Terraform: mappings of aws-auth of later versions of the module',
    files: terraform(`module "eks" {
  source                    = "terraform-aws-modules/eks/aws"
  version                   = "19.21.0"
  manage_aws_auth_configmap = true
  aws_auth_roles            = [{ rolearn = "r", username = "u", groups = ["g"] }]
  aws_auth_users            = [{ userarn = "r", username = "u", groups = ["g"] }]
  aws_auth_accounts         = ["1"]
}
`),
  },
  {
    name: 'Terraform: user data of the module',
    files: terraform(`module "eks" {
  source = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"
  cloudinit_post_nodeadm = [{
    content_type = "text/x-shellscript"
    content      = "KUBELET_EXTRA_ARGS='--v=2'"
  }]
}
`),
    idle: ['.module.eks.cloudinit_post_nodeadm[].content_type'],
  },
  {
    name: 'Terraform: network ACLs',
    files: terraform(`resource "aws_eks_cluster" "c" {
  name = "c"
  vpc_config {
    subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
  }
}
resource "aws_eks_node_group" "g" {
  cluster_name    = "c"
  node_group_name = "g"
  subnet_ids      = [aws_subnet.b.id]
}
resource "aws_subnet" "a" {
  cidr_block = "10.0.0.0/24"
}
resource "aws_subnet" "b" {
  cidr_block = "10.0.1.0/24"
}
resource "aws_default_network_acl" "d" {
  subnet_ids = [aws_subnet.a.id]
  ingress {
    rule_no    = 1
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 1
    to_port    = 2
  }
}
resource "aws_network_acl" "n" {
  vpc_id = "vpc-1"
}
resource "aws_network_acl_association" "n" {
  network_acl_id = aws_network_acl.n.id
  subnet_id      = aws_subnet.b.id
}
resource "aws_network_acl_rule" "n" {
  network_acl_id  = aws_network_acl.n.id
  rule_number     = 1
  egress          = true
  protocol        = "tcp"
  rule_action     = "allow"
  ipv6_cidr_block = "::/0"
  from_port       = 1
  to_port         = 2
}
`),
  },
  {
    name: 'Terraform: databases and detectors',
    files: terraform(`resource "aws_security_group" "g" {
  name = "g"
}
resource "aws_db_instance" "i" {
  identifier             = "i"
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_rds_cluster" "c" {
  cluster_identifier     = "c"
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_guardduty_detector" "d" {
  enable = false
  datasources {
    kubernetes {
      audit_logs {
        enable = false
      }
    }
  }
}
resource "aws_guardduty_detector_feature" "f" {
  detector_id = aws_guardduty_detector.d.id
  name        = "EKS_AUDIT_LOGS"
  status      = "DISABLED"
}
`),
  },
  ...awsSamples,
  ...moduleSamples,
  ...moreSamples,
  ...toolSamples,
];
