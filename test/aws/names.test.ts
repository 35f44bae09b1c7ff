import { expect, it } from 'vitest';
import { readDescriptions } from '#aws/read.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { asIs, type Row } from '#spelling/spelling.ts';
import { parse, source, touch } from '../inputs/read.ts';
import { has } from './specification.ts';

/** Our own names, if CloudFormation has none. */
const own = new Set([
  'AWS::EKS::Cluster Status', // only at run time
  'AWS::EKS::Cluster Health', // only at run time
  'AWS::EKS::Cluster Health.Issues', // only at run time
  'AWS::EKS::Nodegroup Status', // only at run time
  'AWS::EKS::Nodegroup Health', // only at run time
  'AWS::EKS::Nodegroup Health.Issues', // only at run time
  'AWS::EKS::Addon Status', // only at run time
  'AWS::EKS::Addon Health', // only at run time
  'AWS::EKS::Addon Health.Issues', // only at run time
  'AWS::EKS::Cluster ConnectorConfig', // only of clusters elsewhere
  'AWS::EKS::Cluster ConnectorConfig.ActivationExpiry', // only of clusters elsewhere
  'AWS::EKS::Cluster ConnectorConfig.RoleArn', // only of clusters elsewhere
  'AWS::EKS::Cluster PlatformVersion', // only at run time
  'AWS::EKS::Cluster Identity', // only at run time
  'AWS::EKS::Cluster Identity.Oidc', // only at run time
  'AWS::EKS::Cluster Identity.Oidc.Issuer', // only at run time
  'AWS::EKS::Cluster Region', // the region of a stack is that of its cluster
  'AWS::EKS::Cluster ResourcesVpcConfig.ClusterSecurityGroupId', // only at run time
  'AWS::EKS::Cluster ResourcesVpcConfig.VpcId', // only at run time
  'AWS::EKS::Nodegroup Resources', // only at run time
  'AWS::EKS::Nodegroup Resources.RemoteAccessSecurityGroup', // only at run time
  'AWS::EC2::Subnet IsPublic', // what tools say about the subnets that they create
  'AWS::EC2::Subnet AvailableIpAddressCount', // of running networks
  'AWS::EC2::RouteTable Routes', // Terraform writes routes into their table
  'AWS::EKS::Nodegroup InstanceProfile', // of self-managed groups
  'AWS::EKS::Nodegroup MaxPods', // of tools that generate the bootstrap of nodes
  'AWS::EKS::Nodegroup AddonPolicies', // permissions that eksctl adds to the node role
  'AWS::EKS::Nodegroup LaunchConfigurationName', // of self-managed groups
  'AWS::EKS::Nodegroup KubeletConfiguration', // of tools that generate the bootstrap of nodes
  'AWS::EKS::Nodegroup BottlerocketSettings', // of tools that generate the bootstrap of nodes
  'AWS::EC2::LaunchTemplate LaunchTemplateData.UserDataParts', // of tools that have arguments for them
  'AWS::AutoScaling::LaunchConfiguration UserDataParts', // of tools that have arguments for them
  'AWS::EC2::NetworkAcl Ingress', // Terraform writes rules into their list
  'AWS::EC2::NetworkAcl Egress', // Terraform writes rules into their list
  'AWS::EC2::NetworkAcl SubnetIds', // Terraform writes subnets into the list
  // Read from launch templates and launch configurations alike.
  'AWS::AutoScaling::LaunchConfiguration BlockDeviceMappings[].Ebs.KmsKeyId',
  'AWS::AutoScaling::LaunchConfiguration NetworkInterfaces',
  'AWS::AutoScaling::LaunchConfiguration SecurityGroupIds',
]);

const eks = 'AWS::EKS::';
const ec2 = 'AWS::EC2::';
const role = 'AWS::IAM::Role';
/** Enough of each resource to give every list an item. */
const resources: Readonly<Record<string, object>> = {
  [`${eks}Cluster`]: {
    Name: 'c',
    EncryptionConfig: [{ Provider: { KeyArn: 'AWS::KMS::Key' } }],
    RemoteNetworkConfig: { RemoteNodeNetworks: [{}], RemotePodNetworks: [{}] },
    KubeSchedulerConfig: { NodeResourcesFit: { ScoringStrategy: { Resources: [{}] } } },
    Logging: { ClusterLogging: { EnabledTypes: [{}] } },
    Tags: [{}],
  },
  [`${eks}Nodegroup`]: {
    ClusterName: 'c',
    NodeRole: role,
    Subnets: [`${ec2}Subnet`],
    LaunchTemplate: { Name: 't' },
    RemoteAccess: { Ec2SshKey: 'k' },
    Taints: [{}],
    NodeRepairConfig: { NodeRepairConfigOverrides: [{}] },
  },
  [`${eks}Addon`]: { ClusterName: 'c' },
  [`${eks}FargateProfile`]: { ClusterName: 'c', Selectors: [{ Labels: [{}] }], PodExecutionRoleArn: role },
  [`${eks}AccessEntry`]: { ClusterName: 'c', PrincipalArn: 'p', AccessPolicies: [{}] },
  [`${eks}IdentityProviderConfig`]: { ClusterName: 'c' },
  [`${eks}Capability`]: { ClusterName: 'c', Configuration: { ArgoCd: { RbacRoleMappings: [{}] } } },
  [`${eks}PodIdentityAssociation`]: { ClusterName: 'c', RoleArn: role },
  [role]: { RoleName: 'r', Policies: [{}], ManagedPolicyArns: ['AWS::IAM::ManagedPolicy'], Tags: [{}] },
  'AWS::IAM::RolePolicy': { RoleName: role },
  'AWS::IAM::Policy': { Roles: [role] },
  'AWS::IAM::ManagedPolicy': { ManagedPolicyName: 'm', Roles: [role] },
  'AWS::IAM::InstanceProfile': { InstanceProfileName: 'i', Roles: [role] },
  'AWS::IAM::OIDCProvider': { Url: 'https://oidc.eks' },
  'AWS::KMS::Key': {},
  'AWS::KMS::Alias': { AliasName: 'alias/a', TargetKeyId: 'AWS::KMS::Key' },
  'AWS::ECR::Repository': { RepositoryName: 'r', EncryptionConfiguration: { KmsKey: 'AWS::KMS::Alias' } },
  'AWS::ECR::PullThroughCacheRule': {},
  'AWS::SSM::Parameter': { Name: 'n' },
  'AWS::VpcLattice::ServiceNetwork': { Name: 'n' },
  'AWS::VpcLattice::Service': { Name: 's' },
  'AWS::VpcLattice::AuthPolicy': { Policy: {} },
  'AWS::VpcLattice::AccessLogSubscription': { ResourceIdentifier: 'AWS::VpcLattice::Service' },
  'AWS::ApiGatewayV2::Integration': {},
  'AWS::GuardDuty::Detector': { Features: [{}] },
  'AWS::RDS::DBInstance': { VPCSecurityGroups: [`${ec2}SecurityGroup`] },
  'AWS::RDS::DBCluster': { VpcSecurityGroupIds: [`${ec2}SecurityGroup`] },
  [`${ec2}NetworkAcl`]: { VpcId: `${ec2}VPC` },
  [`${ec2}NetworkAclEntry`]: { NetworkAclId: `${ec2}NetworkAcl` },
  [`${ec2}SubnetNetworkAclAssociation`]: { NetworkAclId: `${ec2}NetworkAcl`, SubnetId: `${ec2}Subnet` },
  'AWS::ECR::RegistryScanningConfiguration': { Rules: [{ RepositoryFilters: [{}] }] },
  'AWS::EFS::FileSystem': { Encrypted: true },
  'AWS::EFS::MountTarget': { FileSystemId: 'AWS::EFS::FileSystem', SubnetId: `${ec2}Subnet` },
  'AWS::Logs::LogGroup': { LogGroupName: '/aws/eks/c/cluster', KmsKeyId: 'AWS::KMS::Key' },
  [`${ec2}VPC`]: { Tags: [{}] },
  [`${ec2}VPCCidrBlock`]: { VpcId: `${ec2}VPC` },
  [`${ec2}Subnet`]: { VpcId: `${ec2}VPC`, Tags: [{}] },
  [`${ec2}RouteTable`]: {},
  [`${ec2}Route`]: { RouteTableId: `${ec2}RouteTable`, GatewayId: 'igw-1' },
  [`${ec2}SubnetRouteTableAssociation`]: { SubnetId: `${ec2}Subnet`, RouteTableId: `${ec2}RouteTable` },
  [`${ec2}NatGateway`]: { SubnetId: `${ec2}Subnet` },
  [`${ec2}VPCEndpoint`]: { VpcId: `${ec2}VPC` },
  [`${ec2}FlowLog`]: { ResourceId: `${ec2}VPC` },
  [`${ec2}SecurityGroupEgress`]: { GroupId: 'g' },
  [`${ec2}LaunchTemplate`]: {
    LaunchTemplateName: 't',
    LaunchTemplateData: { NetworkInterfaces: [{ Groups: ['g'] }], BlockDeviceMappings: [{ Ebs: { VolumeSize: 1 } }] },
  },
  [`${ec2}SecurityGroup`]: { GroupName: 'g', SecurityGroupIngress: [{ CidrIp: 'x' }] },
  [`${ec2}SecurityGroupIngress`]: { GroupId: 'g', CidrIp: 'x' },
  'AWS::AutoScaling::AutoScalingGroup': {
    LaunchConfigurationName: 'l',
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'x' }, Overrides: [{}] },
    },
    Tags: [{ Key: 'kubernetes.io/cluster/c' }],
  },
  'AWS::AutoScaling::LaunchConfiguration': {
    LaunchConfigurationName: 'l',
    BlockDeviceMappings: [{ Ebs: { VolumeSize: 1 } }],
  },
};

it('readings use the names of CloudFormation', () => {
  const asked = new Set<string>();
  const dialect: Dialect = { converts: true, unknown: () => undefined };
  const [tree] = parse(source('t.json', JSON.stringify(resources)));
  if (!tree) throw new Error('no document');
  const top = Field.of(dialect, tree, tree.root as object);
  const described = Object.keys(resources).map((type): AwsResource => {
    const rows = new Proxy<Record<string, Row>>(
      {},
      {
        get(_, path) {
          // The path of an item itself ends in a dot.
          if (typeof path === 'string' && path !== '' && !path.endsWith('.')) asked.add(`${type} ${path}`);
          return undefined;
        },
      },
    );
    const whole = top.get(type);
    return { type, id: type, title: type, whole, body: new Property({ name: asIs, blocks: false, rows }, whole) };
  });
  const { clusters, loose, aws } = readDescriptions([
    new Description({
      input: 'cloudformation',
      resources: described,
      refer: ({ value }) => (typeof value === 'string' && value in resources ? { id: value } : undefined),
      mentions: () => [],
      document: (field) => field,
      expression: () => undefined,
      more: undefined,
    }),
  ]);
  for (const all of [clusters, loose, aws]) touch(all);
  expect(loose.length).toBe(0);
  expect(new Set(aws.map(({ kind }) => kind)).size).toBeGreaterThan(12);
  expect(clusters[0]?.nodegroups.items.length).toBe(2);
  expect(asked.size).toBeGreaterThan(200);
  const unknown = [...asked].filter((one) => {
    const [type = '', path = ''] = one.split(' ');
    return !own.has(one) && !has(type, path);
  });
  expect(unknown.join('\n')).toBe('');
});
