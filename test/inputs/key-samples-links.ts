import type { Sample } from './key-samples.ts';

/* Names and references that lead from one resource, stack or file to another. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const iam = 'arn:aws:iam::111122223333';
const eks = 'arn:aws:eks:eu-west-1:111122223333';
const scaling = 'arn:aws:autoscaling:eu-west-1:111122223333';
const template = (Resources: object, more: object = {}): string => json({ Resources, ...more });
const resource = (Type: string, Properties: object): object => ({ Type, Properties });
const answers = (...bodies: readonly object[]): Sample['files'] =>
  Object.fromEntries(bodies.map((body, index) => [`a/${index}.json`, json(body)]));
const get = (name: string, attribute: string): object => ({ 'Fn::GetAtt': [name, attribute] });
const trust = (service: string): object => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});
const role = (RoleName?: string): object =>
  resource('AWS::IAM::Role', {
    ...(RoleName === undefined ? {} : { RoleName }),
    AssumeRolePolicyDocument: trust('ec2.amazonaws.com'),
  });
const allows = (Action: string): object => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const entry = (PrincipalArn: object): object => resource('AWS::EKS::AccessEntry', { ClusterName: 'c', PrincipalArn });
const either = (one: string, other: string): object => ({ 'Fn::If': ['C', get(one, 'Arn'), get(other, 'Arn')] });
const hidden = {
  Parameters: { Hidden: { Type: 'String' } },
  Conditions: { C: { 'Fn::Equals': [{ Ref: 'Hidden' }, 'x'] } },
};

export const linkSamples: readonly Sample[] = [
  {
    name: 'Names of a role in other files',
    files: {
      'role/template.json': template({ R: role('r'), P: role('profiled') }),
      'uses/template.json': template({
        Inline: resource('AWS::IAM::RolePolicy', {
          RoleName: 'r',
          PolicyName: 'a',
          PolicyDocument: allows('a:Inline'),
        }),
        Shared: resource('AWS::IAM::Policy', { Roles: ['r'], PolicyName: 'b', PolicyDocument: allows('b:Shared') }),
        Managed: resource('AWS::IAM::ManagedPolicy', {
          Roles: ['r'],
          ManagedPolicyName: 'm',
          PolicyDocument: allows('m:Managed'),
        }),
        Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'c', NodegroupName: 'nodes', NodeRole: `${iam}:role/r` }),
        Profile: resource('AWS::IAM::InstanceProfile', { InstanceProfileName: 'p', Roles: ['profiled'] }),
        Template: resource('AWS::EC2::LaunchTemplate', {
          LaunchTemplateData: { IamInstanceProfile: { Arn: `${iam}:instance-profile/p` } },
        }),
        Group: resource('AWS::AutoScaling::AutoScalingGroup', {
          AutoScalingGroupName: 'scaled',
          Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }],
          LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
        }),
      }),
      'attached/main.tf':
        'resource "aws_iam_role_policy_attachment" "a" {\n  role       = "r"\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n',
      'eksctl/c.yaml': json({
        apiVersion: 'eksctl.io/v1alpha5',
        kind: 'ClusterConfig',
        metadata: { name: 'd', region: 'eu-west-1' },
        nodeGroups: [{ name: 'own', iam: { instanceRoleARN: `${iam}:role/r` } }],
      }),
    },
  },
  {
    name: 'CloudFormation: references within a nested stack',
    files: {
      'template.json': template({
        Name: resource('AWS::CloudFormation::Stack', { TemplateURL: './name.json' }),
        Entries: resource('AWS::CloudFormation::Stack', { TemplateURL: './entries.json' }),
        C: resource('AWS::EKS::Cluster', {
          Name: { 'Fn::Sub': 'shop-${Name.Outputs.Stage}' },
          ResourcesVpcConfig: { PublicAccessCidrs: ['203.0.113.0/24', { Ref: 'AWS::NoValue' }] },
        }),
      }),
      'name.json': template(
        { L: resource('AWS::Logs::LogGroup', { LogGroupName: 'l' }) },
        { Outputs: { Stage: { Value: 'prod' } } },
      ),
      'entries.json': template({ R: role(), S: role(), OfEither: entry(either('R', 'S')) }, hidden),
    },
  },
  {
    name: 'CloudFormation: logical ids that YAML reads as booleans',
    files: {
      'template.yaml': `Parameters:
  Hidden: {Type: String}
Conditions:
  C: !Equals [!Ref Hidden, x]
Resources:
  True: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  S: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  E: {Type: AWS::EKS::AccessEntry, Properties: {ClusterName: c, PrincipalArn: !If [C, !GetAtt True.Arn, !GetAtt S.Arn]}}
`,
    },
  },
  {
    name: 'CloudFormation: a file of parameters for the template that it suffices for',
    files: {
      'one.json': template(
        { C: resource('AWS::EKS::Cluster', { Name: 'one', Version: { Ref: 'Version' } }) },
        { Parameters: { Version: { Type: 'String' }, Stage: { Type: 'String', Default: 'prod' } } },
      ),
      'two.json': template(
        { C: resource('AWS::EKS::Cluster', { Name: 'two', Version: { Ref: 'Version' } }) },
        { Parameters: { Version: { Type: 'String' }, Stage: { Type: 'String' } } },
      ),
      'values.json': json([{ ParameterKey: 'Version', ParameterValue: '1.33' }]),
    },
  },
  {
    name: 'Terraform: names of clusters, roles and ports',
    files: {
      'main.tf': `resource "aws_eks_cluster" "c" {
  name = "c"
}
resource "aws_eks_node_group" "by_arn" {
  cluster_name    = "${eks}:cluster/c"
  node_group_name = "by-arn"
  scaling_config {
    min_size = "many"
  }
  launch_template {
    id      = aws_launch_template.t.id
    version = "1"
  }
}
resource "aws_launch_template" "t" {
  vpc_security_group_ids = [aws_security_group.all.id]
}
resource "aws_security_group" "all" {
  ingress {
    protocol    = "all"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["203.0.113.0/24"]
  }
}
variable "who" {}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = var.who
  policy_arn = "${iam}:policy/p"
}
`,
      'module/main.tf': `module "eks" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "20.31.0"
  cluster_name    = "m"
  cluster_version = "1.31"
}
resource "aws_eks_node_group" "g" {
  cluster_name    = module.eks.cluster_name
  node_group_name = "g"
  version         = module.eks.cluster_version
}
`,
    },
  },
  {
    name: 'eksctl: a service account in the default namespace',
    files: {
      'c.yaml': json({
        apiVersion: 'eksctl.io/v1alpha5',
        kind: 'ClusterConfig',
        metadata: { name: 'c', region: 'eu-west-1' },
        iam: {
          withOIDC: true,
          serviceAccounts: [{ metadata: { name: 'reader' }, attachPolicyARNs: [`${iam}:policy/p`] }],
        },
      }),
    },
  },
  {
    name: 'AWS: Auto Scaling groups and versions of their templates',
    files: answers(
      { cluster: { name: 'c', arn: `${eks}:cluster/c` } },
      {
        AutoScalingGroups: [
          {
            AutoScalingGroupName: 'single',
            AutoScalingGroupARN: `${scaling}:autoScalingGroup:1:autoScalingGroupName/single`,
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
            LaunchTemplate: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 't', Version: '2' },
          },
          {
            AutoScalingGroupName: 'mixed',
            AutoScalingGroupARN: `${scaling}:autoScalingGroup:1:autoScalingGroupName/mixed`,
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
            MixedInstancesPolicy: {
              LaunchTemplate: {
                LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 't', Version: '2' },
                Overrides: [{ InstanceType: 'm5.large' }],
              },
            },
          },
          {
            AutoScalingGroupName: 'l',
            AutoScalingGroupARN: `${scaling}:autoScalingGroup:1:autoScalingGroupName/l`,
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
            LaunchConfigurationName: 'l',
          },
        ],
      },
      {
        LaunchConfigurations: [
          {
            LaunchConfigurationName: 'l',
            LaunchConfigurationARN: `${scaling}:launchConfiguration:1:launchConfigurationName/l`,
            KeyName: 'configured',
          },
        ],
      },
      {
        LaunchTemplateVersions: [
          {
            LaunchTemplateId: 'lt-1',
            LaunchTemplateName: 't',
            VersionNumber: 1,
            DefaultVersion: true,
            LaunchTemplateData: { KeyName: 'first' },
          },
          {
            LaunchTemplateId: 'lt-1',
            LaunchTemplateName: 't',
            VersionNumber: 2,
            DefaultVersion: false,
            LaunchTemplateData: { ImageId: 'ami-2' },
          },
        ],
      },
    ),
  },
  {
    name: 'kro: logs that an instance switches on',
    files: {
      'g.yaml': `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: clusters}
spec:
  schema:
    apiVersion: v1alpha1
    kind: ShopCluster
    spec: {logs: boolean}
  resources:
  - id: control
    template:
      apiVersion: eks.services.k8s.aws/v1alpha1
      kind: Cluster
      metadata: {name: c}
      spec:
        name: c
        logging:
          clusterLogging:
          - {enabled: "\${schema.spec.logs}", types: [audit]}
`,
    },
  },
  {
    name: 'Terraform: policies of the module iam-policy',
    idle: ['.module.none.policy', '.module.none.name', '.module.none.source', '.module.none.version'],
    files: {
      'main.tf': `resource "aws_eks_cluster" "c" {
  name     = "c"
  role_arn = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" {
  name                = "r"
  managed_policy_arns = [module.own.arn, "arn:aws:iam::111122223333:policy/own", "arn:aws:iam::111122223333:policy/none"]
}
module "own" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-policy"
  version = "5.60.0"
  name    = "own"
  policy  = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
module "none" {
  source        = "terraform-aws-modules/iam/aws//modules/iam-policy"
  version       = "5.60.0"
  create_policy = false
  name          = "none"
  policy        = jsonencode({ Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }] })
}
data "aws_iam_openid_connect_provider" "found" {
  url = aws_eks_cluster.c.identity[0].oidc[0].issuer
}
resource "aws_iam_role" "w" {
  name = "w"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = data.aws_iam_openid_connect_provider.found.arn }
    }]
  })
}
`,
    },
  },
];
