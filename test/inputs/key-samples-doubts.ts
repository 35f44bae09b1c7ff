import type { Sample } from './key-samples.ts';

/* What leads elsewhere or is not known: references, names without a definition, answers that are missing. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const iam = 'arn:aws:iam::111122223333';
const template = (Resources: object, more: object = {}): Sample['files'] => ({
  'template.json': json({ Parameters: { Hidden: { Type: 'String' } }, Resources, ...more }),
});
const terraform = (text: string): Sample['files'] => ({ 'main.tf': text });
const answers = (...bodies: readonly object[]): Sample['files'] =>
  Object.fromEntries(bodies.map((body, index) => [`a/${index}.json`, json(body)]));
const object = (apiVersion: string, kind: string, name: string, spec: object, more: object = {}): string =>
  json({ apiVersion, kind, metadata: { name, ...more }, spec });
const upbound = (kind: string, name: string, forProvider: object, labels?: object): string =>
  object('eks.aws.upbound.io/v1beta1', kind, name, { forProvider }, labels ? { labels } : {});
const ref = (Ref: string): object => ({ Ref });
const get = (name: string, attribute: string): object => ({ 'Fn::GetAtt': [name, attribute] });
const trust = (Principal: object): object => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }],
});
const eksctl = (name: string, region: string, version: string, more: object = {}): string =>
  json({ apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { name, region, version }, ...more });
const entries = (principals: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(principals).map(([name, PrincipalArn]) => [
      name,
      { Type: 'AWS::EKS::AccessEntry', Properties: { ClusterName: 'c', PrincipalArn } },
    ]),
  );
const role = (document: object): object => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: document },
});

export const doubtSamples: readonly Sample[] = [
  {
    name: 'CloudFormation: principals of access entries',
    files: template(
      {
        R: role(trust({ Service: 'ec2.amazonaws.com' })),
        S: role(trust({ Service: 'ec2.amazonaws.com' })),
        U: { Type: 'AWS::IAM::User', Properties: { UserName: 'u' } },
        ...entries({
          OfRole: get('R', 'Arn'),
          OfUser: get('U', 'Arn'),
          OfEither: { 'Fn::If': ['C', get('R', 'Arn'), get('S', 'Arn')] },
          OfRoleOrUser: { 'Fn::If': ['C', get('R', 'Arn'), get('U', 'Arn')] },
          OfPath: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/x' },
          OfUserPath: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:user/x' },
          Hidden: ref('Hidden'),
          Root: `${iam}:root`,
          Session: 'arn:aws:sts::111122223333:assumed-role/r/s',
          Plain: `${iam}:role/r`,
          User: `${iam}:user/u`,
        }),
      },
      { Conditions: { C: { 'Fn::Equals': [ref('Hidden'), 'x'] } } },
    ),
  },
  {
    name: 'Terraform: principals of access entries',
    files: terraform(`variable "hidden" {}
module "admin" {
  source = "example.com/roles"
}
resource "aws_iam_user" "u" {
  name = "u"
}
${Object.entries({
  module: 'module.admin.iam_role_arn',
  other: 'module.admin.arn',
  user: 'aws_iam_user.u.arn',
  missing: 'aws_iam_role.elsewhere.arn',
  either: 'var.hidden ? aws_iam_role.a.arn : aws_iam_role.b.arn',
  data: 'data.aws_iam_user.d.arn',
  session: 'data.aws_iam_session_context.s.issuer_arn',
})
  .map(
    ([name, arn]) => `resource "aws_eks_access_entry" "${name}" {
  cluster_name  = "c"
  principal_arn = ${arn}
}
`,
  )
  .join('')}`),
  },
  {
    name: 'Terraform: the version of a group is that of its cluster',
    files: terraform(`resource "aws_eks_cluster" "c" {
  name    = "c"
  version = "1.29"
}
resource "aws_eks_node_group" "same" {
  cluster_name    = aws_eks_cluster.c.name
  node_group_name = "same"
  version         = aws_eks_cluster.c.version
}
resource "aws_eks_node_group" "elsewhere" {
  cluster_name    = "d"
  node_group_name = "elsewhere"
  version         = aws_eks_cluster.other.version
}
`),
  },
  {
    name: 'A part that names one of two clusters by its region',
    files: {
      'a.yaml': eksctl('c', 'eu-west-1', '1.29'),
      'b.yaml': eksctl('c', 'us-east-1', '1.33'),
      'c.yaml': upbound('NodeGroup', 'west', { region: 'eu-west-1', clusterName: 'c' }),
      'd.yaml': upbound('NodeGroup', 'east', { region: 'us-east-1', clusterName: 'c' }),
      'e.yaml': upbound('NodeGroup', 'neither', { region: 'eu-north-1', clusterName: 'c' }),
      'f.yaml': upbound('NodeGroup', 'any', { clusterName: 'c' }),
    },
  },
  {
    name: 'CloudFormation: OIDC providers that a role trusts',
    files: template({
      C: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'c' } },
      P: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: get('C', 'OpenIdConnectIssuerUrl') } },
      Q: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://token.example.com' } },
      H: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: ref('Hidden') } },
      OfCluster: role(trust({ Federated: ref('P') })),
      OfAnother: role(trust({ Federated: get('Q', 'Arn') })),
      OfHidden: role(trust({ Federated: ref('H') })),
      Unknown: role(trust({ Federated: ref('Hidden') })),
      Named: role(
        trust({
          Federated: `${iam}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789`,
        }),
      ),
      Saml: role(trust({ Federated: `${iam}:saml-provider/x` })),
    }),
  },
  {
    name: 'CloudFormation: security groups and databases that are not known',
    files: template({
      G: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupName: 'g',
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: ref('Hidden'), ToPort: 22, CidrIp: '0.0.0.0/0' },
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' },
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.1.0.0/16' },
            { IpProtocol: 'tcp', FromPort: 20, ToPort: 4000, CidrIpv6: '::/0' },
          ],
        },
      },
      N: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: { ClusterName: 'c', RemoteAccess: { Ec2SshKey: 'k', SourceSecurityGroups: [ref('G')] } },
      },
      L: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: { LaunchTemplateData: { KeyName: 'k', SecurityGroupIds: [ref('G')] } },
      },
      O: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'c', LaunchTemplate: { Id: ref('L') } } },
      D: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBInstanceIdentifier: 'd', VPCSecurityGroups: [get('G', 'GroupId')] },
      },
      E: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'e', VPCSecurityGroups: ref('Hidden') } },
      F: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'f' } },
      I: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { DBClusterIdentifier: 'i', VpcSecurityGroupIds: [get('G', 'GroupId')] },
      },
    }),
  },
  {
    name: 'CloudFormation: Spot Instances of groups that EKS does not manage',
    files: template(
      Object.fromEntries(
        Object.entries({
          Spot: { InstanceMarketOptions: { MarketType: 'spot' } },
          Block: { InstanceMarketOptions: { MarketType: 'capacity-block' } },
          None: {},
          Hidden: { InstanceMarketOptions: ref('Hidden') },
        }).flatMap(([name, LaunchTemplateData]) => [
          [`${name}Template`, { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData } }],
          [
            name,
            {
              Type: 'AWS::AutoScaling::AutoScalingGroup',
              Properties: {
                LaunchTemplate: { LaunchTemplateId: ref(`${name}Template`), Version: '1' },
                Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }],
              },
            },
          ],
        ]),
      ),
    ),
  },
  {
    name: 'AWS: answers that are missing',
    files: answers(
      {
        cluster: {
          name: 'c',
          arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/c',
          resourcesVpcConfig: { vpcId: 'vpc-1', subnetIds: ['subnet-1'] },
          logging: {
            clusterLogging: [
              { types: ['api', 'audit'], enabled: true },
              { types: ['scheduler'], enabled: false },
            ],
          },
        },
      },
      {
        cluster: {
          name: 'd',
          arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/d',
          logging: { clusterLogging: [{ types: ['api'] }] },
        },
      },
      {
        Vpcs: [
          { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '444455556666' },
          { VpcId: 'vpc-2', CidrBlock: '10.1.0.0/16', OwnerId: '111122223333' },
        ],
      },
      { Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }] },
      {
        KeyMetadata: {
          KeyId: 'k',
          Arn: 'arn:aws:kms:eu-west-1:111122223333:key/k',
          KeyManager: 'CUSTOMER',
          KeyUsage: 'ENCRYPT_DECRYPT',
          KeySpec: 'SYMMETRIC_DEFAULT',
        },
      },
      {
        repositories: [
          { repositoryName: 'plain', repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/plain' },
          { repositoryName: 'without', repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/without' },
        ],
      },
      { repositoryName: 'without', lifecyclePolicyText: '' },
      {
        Status: 'ENABLED',
        DataSources: { Kubernetes: { AuditLogs: { Status: 'DISABLED' } } },
        FindingPublishingFrequency: 'SIX_HOURS',
        Features: [{ Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' }],
      },
    ),
  },
  {
    name: 'ACK: entries of network ACLs',
    files: {
      'a.yaml': object('ec2.services.k8s.aws/v1alpha1', 'NetworkACL', 'a', {
        vpcID: 'vpc-1',
        associations: [{ subnetID: 'subnet-1' }],
        entries: [
          { egress: false, ruleNumber: 100, protocol: '-1', ruleAction: 'allow', cidrBlock: '0.0.0.0/0' },
          { egress: true, ruleNumber: 200, protocol: '-1', ruleAction: 'allow', cidrBlock: '10.0.0.0/8' },
          {
            ruleNumber: 50,
            protocol: '6',
            ruleAction: 'deny',
            cidrBlock: '0.0.0.0/0',
            portRange: { from: 22, to: 22 },
          },
        ],
      }),
      'b.yaml': object('ec2.services.k8s.aws/v1alpha1', 'NetworkACL', 'b', {
        vpcID: 'vpc-1',
        associations: [{ subnetID: 'subnet-2' }],
        entries: [
          { egress: '${EGRESS}', ruleNumber: 100, protocol: '-1', ruleAction: 'allow', cidrBlock: '0.0.0.0/0' },
        ],
      }),
      'n.yaml': object('eks.services.k8s.aws/v1alpha1', 'Nodegroup', 'n', {
        name: 'n',
        subnets: ['subnet-1', 'subnet-2'],
      }),
    },
  },
  {
    name: 'Upbound: references of launch templates',
    files: {
      't.yaml': object('ec2.aws.upbound.io/v1beta1', 'LaunchTemplate', 't', {
        forProvider: {
          name: 'nodes',
          keyName: 'ops',
          vpcSecurityGroupIdRefs: [{ name: 'g' }],
          networkInterfaces: [{ securityGroupRefs: [{ name: 'h' }] }],
          blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: [{ encrypted: 'true', kmsKeyIdRef: { name: 'k' } }] }],
          iamInstanceProfile: [{ nameRef: { name: 'p' } }],
        },
      }),
      ...Object.fromEntries(
        ['g', 'h'].map((name, index) => [
          `${name}.yaml`,
          object('ec2.aws.upbound.io/v1beta1', 'SecurityGroup', name, {
            forProvider: {
              ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: [`10.${index}.0.0/16`] }],
            },
          }),
        ]),
      ),
      'k.yaml': object('kms.aws.upbound.io/v1beta1', 'Key', 'k', { forProvider: { enableKeyRotation: true } }),
      'n.yaml': upbound('NodeGroup', 'n', {
        clusterName: 'c',
        launchTemplate: [{ name: 'nodes', version: '1' }],
      }),
    },
  },
  {
    name: 'Upbound: arguments for creation, and objects that observe',
    files: {
      'a.yaml': object('eks.aws.upbound.io/v1beta2', 'Cluster', 'a', {
        initProvider: { version: '1.33', vpcConfig: { endpointPrivateAccess: true } },
        forProvider: { vpcConfig: { endpointPublicAccess: true } },
      }),
      'b.yaml': object('eks.aws.upbound.io/v1beta2', 'Cluster', 'b', {
        managementPolicies: ['Observe'],
        forProvider: {},
      }),
      'c.yaml': object(
        'eks.services.k8s.aws/v1alpha1',
        'Cluster',
        'c',
        {},
        {
          annotations: { 'services.k8s.aws/read-only': 'true' },
        },
      ),
      'd.yaml': object(
        'eks.services.k8s.aws/v1alpha1',
        'Cluster',
        'd',
        {},
        {
          annotations: { 'services.k8s.aws/adoption-policy': 'adopt' },
        },
      ),
    },
  },
  {
    name: 'CloudFormation: exports of another template',
    files: {
      'a.json': json({
        Conditions: { Off: { 'Fn::Equals': ['a', 'b'] } },
        Resources: { R: { Type: 'AWS::EC2::VPC', Properties: { EnableDnsSupport: true } } },
        Outputs: {
          Version: { Value: '1.33', Export: { Name: { 'Fn::Sub': '${AWS::Region}-version' } } },
          Other: { Value: '1.30', Export: { Name: { 'Fn::Sub': '${AWS::Region}-version' } }, Condition: 'Off' },
        },
      }),
      'b.json': json({
        Resources: {
          C: {
            Type: 'AWS::EKS::Cluster',
            Properties: {
              Name: 'c',
              Version: { 'Fn::ImportValue': { 'Fn::Join': ['-', [ref('AWS::Region'), 'version']] } },
            },
          },
        },
      }),
    },
  },
  {
    name: 'eksctl: capacity and tokens of groups',
    files: {
      'cluster.yaml': eksctl('c', 'eu-west-1', '1.33', {
        nodeGroups: [
          { name: 'absent' },
          { name: 'no-share', instancesDistribution: { instanceTypes: ['m5.large'] } },
          { name: 'spot', instancesDistribution: { onDemandPercentageAboveBaseCapacity: 0 } },
          { name: 'half', instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 } },
          { name: 'floor', instancesDistribution: { onDemandPercentageAboveBaseCapacity: 0, onDemandBaseCapacity: 1 } },
          { name: 'hidden-share', instancesDistribution: { onDemandPercentageAboveBaseCapacity: '${SHARE}' } },
          {
            name: 'hidden-floor',
            instancesDistribution: { onDemandPercentageAboveBaseCapacity: 0, onDemandBaseCapacity: '${FLOOR}' },
          },
          { name: 'v2', disableIMDSv1: true },
          { name: 'v1', disableIMDSv1: false },
          { name: 'v1-not-for-pods', disableIMDSv1: false, disablePodIMDS: true },
          { name: 'v1-perhaps-for-pods', disableIMDSv1: false, disablePodIMDS: '${PODS}' },
          { name: 'no-boolean', disableIMDSv1: 'yes' },
          { name: 'hidden', disableIMDSv1: '${TOKENS}' },
        ],
      }),
    },
  },
  {
    name: 'Argo CD: values that cannot be read',
    files: {
      'a.yaml': object('argoproj.io/v1alpha1', 'Application', 'a', {
        source: { repoURL: 'https://charts.example.com', chart: 'cluster-autoscaler', helm: { values: 'a: [b' } },
        destination: { namespace: 'kube-system' },
      }),
      'b.yaml': object('argoproj.io/v1alpha1', 'Application', 'b', {
        sources: [
          {
            chart: 'cluster-autoscaler',
            helm: { values: 'a: [b', valuesObject: { autoDiscovery: { clusterName: 'c' } } },
          },
          { chart: 'cluster-autoscaler', helm: { values: 'a: {b' } },
        ],
        destination: { namespace: 'kube-system' },
      }),
    },
  },
  {
    name: 'Crossplane: what a selector finds',
    files: {
      'a.yaml': upbound('Cluster', 'c', { region: 'eu-west-1', version: '1.33' }, { app: 'c' }),
      'b.yaml': upbound('Cluster', 'd', { region: 'eu-west-1', version: '1.29' }, { app: 'd' }),
      'n.yaml': upbound('NodeGroup', 'by-labels', { clusterNameSelector: { matchLabels: { app: 'd' } } }),
      'o.yaml': upbound('NodeGroup', 'by-owner', { clusterNameSelector: { matchControllerRef: true } }),
      'p.yaml': upbound('NodeGroup', 'by-nothing', { clusterNameSelector: { matchLabels: {} } }),
      'q.yaml': upbound('NodeGroup', 'by-hidden', { clusterNameSelector: { matchLabels: { app: '${APP}' } } }),
      'r.yaml': json({
        apiVersion: 'apiextensions.crossplane.io/v1',
        kind: 'Composition',
        metadata: { name: 'own' },
        spec: {
          resources: [
            { name: 'plane', base: JSON.parse(upbound('Cluster', 'e', { version: '1.30' }, { app: 'e' })) as object },
            {
              name: 'group',
              base: JSON.parse(
                upbound('NodeGroup', 'own', { clusterNameSelector: { matchControllerRef: true } }),
              ) as object,
            },
            {
              name: 'labeled',
              base: JSON.parse(
                upbound('NodeGroup', 'labeled', {
                  clusterNameSelector: { matchControllerRef: true, matchLabels: { app: 'e' } },
                }),
              ) as object,
            },
          ],
        },
      }),
    },
  },
];
