import { table } from '#model/shape.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, type Row, type Rows } from '#spelling/spelling.ts';
import type { Field } from '#spelling/field.ts';
import { provider, ruleTypes } from '../terraform/spelling.ts';
import { externalName, orObject } from './ack.ts';
import type { Described, Given, Index } from './objects.ts';
import { withInitial } from './observed.ts';

/*
 * The provider family of Upbound for Crossplane, which is generated from Terraform's: the same arguments in camel case;
 * a block is a list of one item before v1beta2 and in cluster-scoped objects, and a map since then (upjet, README).
 */

export const kinds: Readonly<Record<string, string>> = table({
  'eks Cluster': 'aws_eks_cluster',
  'eks NodeGroup': 'aws_eks_node_group',
  'eks Addon': 'aws_eks_addon',
  'eks FargateProfile': 'aws_eks_fargate_profile',
  'eks AccessEntry': 'aws_eks_access_entry',
  'eks AccessPolicyAssociation': 'aws_eks_access_policy_association',
  'eks IdentityProviderConfig': 'aws_eks_identity_provider_config',
  'eks PodIdentityAssociation': 'aws_eks_pod_identity_association',
  'ec2 LaunchTemplate': 'aws_launch_template',
  'ec2 SecurityGroup': 'aws_security_group',
  'ec2 SecurityGroupRule': 'aws_security_group_rule',
  'ec2 SecurityGroupIngressRule': 'aws_vpc_security_group_ingress_rule',
  'ec2 SecurityGroupEgressRule': 'aws_vpc_security_group_egress_rule',
  'ec2 VPC': 'aws_vpc',
  'ec2 VPCIPv4CidrBlockAssociation': 'aws_vpc_ipv4_cidr_block_association',
  'ec2 Subnet': 'aws_subnet',
  'ec2 RouteTable': 'aws_route_table',
  'ec2 Route': 'aws_route',
  'ec2 RouteTableAssociation': 'aws_route_table_association',
  'ec2 InternetGateway': 'aws_internet_gateway',
  'ec2 NATGateway': 'aws_nat_gateway',
  'ec2 VPCEndpoint': 'aws_vpc_endpoint',
  'ec2 FlowLog': 'aws_flow_log',
  'ec2 NetworkACL': 'aws_network_acl',
  'ec2 NetworkACLRule': 'aws_network_acl_rule',
  'iam Role': 'aws_iam_role',
  'iam Policy': 'aws_iam_policy',
  'iam RolePolicy': 'aws_iam_role_policy',
  'iam RolePolicyAttachment': 'aws_iam_role_policy_attachment',
  'iam InstanceProfile': 'aws_iam_instance_profile',
  'iam OpenIDConnectProvider': 'aws_iam_openid_connect_provider',
  'guardduty Detector': 'aws_guardduty_detector',
  'ssm Parameter': 'aws_ssm_parameter',
  'kms Key': 'aws_kms_key',
  'kms Alias': 'aws_kms_alias',
  'ecr Repository': 'aws_ecr_repository',
  'ecr LifecyclePolicy': 'aws_ecr_lifecycle_policy',
  'ecr RepositoryPolicy': 'aws_ecr_repository_policy',
  'cloudwatchlogs Group': 'aws_cloudwatch_log_group',
  'efs FileSystem': 'aws_efs_file_system',
  'efs MountTarget': 'aws_efs_mount_target',
});
/** Properties that the name of the object sets. */
const names: Readonly<Record<string, string>> = table({
  'AWS::EKS::Cluster': 'Name',
  'AWS::EKS::Nodegroup': 'NodegroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::Logs::LogGroup': 'LogGroupName',
});
/** Arguments that can refer to objects, with the kind of object; the prefix of the reference if it is not the argument. */
type Lead = readonly [field: string, kind: string, base?: string];
const toCluster: Lead = ['clusterName', 'eks Cluster'];
const toRole: Lead = ['roleArn', 'iam Role'];
const ofRole: Lead = ['role', 'iam Role'];
const toVpc: Lead = ['vpcId', 'ec2 VPC'];
const toKey: Lead = ['kmsKeyId', 'kms Key'];
const toGroup: Lead = ['securityGroupId', 'ec2 SecurityGroup'];
const toOther: Lead = ['referencedSecurityGroupId', 'ec2 SecurityGroup'];
const toTable: Lead = ['routeTableId', 'ec2 RouteTable'];
const toRepository: Lead = ['repository', 'ecr Repository'];
const inSubnet: Lead = ['subnetId', 'ec2 Subnet'];
const inSubnets: Lead = ['subnetIds', 'ec2 Subnet'];
const leads: Readonly<Record<string, Readonly<Record<string, Lead>>>> = table({
  Cluster: {
    RoleArn: toRole,
    'ResourcesVpcConfig.SubnetIds': ['vpcConfig.subnetIds', 'ec2 Subnet'],
    'ResourcesVpcConfig.SecurityGroupIds': ['vpcConfig.securityGroupIds', 'ec2 SecurityGroup'],
  },
  NodeGroup: {
    ClusterName: toCluster,
    NodeRole: ['nodeRoleArn', 'iam Role'],
    Subnets: inSubnets,
    'RemoteAccess.SourceSecurityGroups': ['remoteAccess.sourceSecurityGroupIds', 'ec2 SecurityGroup'],
  },
  Addon: { ClusterName: toCluster, ServiceAccountRoleArn: ['serviceAccountRoleArn', 'iam Role'] },
  FargateProfile: {
    ClusterName: toCluster,
    PodExecutionRoleArn: ['podExecutionRoleArn', 'iam Role'],
    Subnets: inSubnets,
  },
  AccessEntry: { ClusterName: toCluster, PrincipalArn: ['principalArn', 'iam Role', 'principalArnFromRole'] },
  AccessPolicyAssociation: { ClusterName: toCluster, PrincipalArn: ['principalArn', 'eks AccessEntry'] },
  IdentityProviderConfig: { ClusterName: toCluster },
  PodIdentityAssociation: {
    ClusterName: toCluster,
    RoleArn: toRole,
    TargetRoleArn: ['targetRoleArn', 'iam Role'],
  },
  LaunchTemplate: {
    'LaunchTemplateData.SecurityGroupIds': ['vpcSecurityGroupIds', 'ec2 SecurityGroup'],
    'LaunchTemplateData.NetworkInterfaces[].Groups': ['securityGroups', 'ec2 SecurityGroup'],
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId': ['ebs.kmsKeyId', 'kms Key'],
    'LaunchTemplateData.IamInstanceProfile.Name': ['iamInstanceProfile.name', 'iam InstanceProfile'],
    'LaunchTemplateData.IamInstanceProfile.Arn': ['iamInstanceProfile.arn', 'iam InstanceProfile'],
  },
  SecurityGroupRule: {
    GroupId: toGroup,
    SourceSecurityGroupId: ['sourceSecurityGroupId', 'ec2 SecurityGroup'],
    DestinationSecurityGroupId: ['sourceSecurityGroupId', 'ec2 SecurityGroup'],
  },
  SecurityGroupIngressRule: { GroupId: toGroup, SourceSecurityGroupId: toOther },
  SecurityGroupEgressRule: { GroupId: toGroup, DestinationSecurityGroupId: toOther },
  VPCIPv4CidrBlockAssociation: { VpcId: toVpc },
  Subnet: { VpcId: toVpc },
  Route: {
    RouteTableId: toTable,
    GatewayId: ['gatewayId', 'ec2 InternetGateway'],
    NatGatewayId: ['natGatewayId', 'ec2 NATGateway'],
    VpcEndpointId: ['vpcEndpointId', 'ec2 VPCEndpoint'],
    EgressOnlyInternetGatewayId: ['egressOnlyGatewayId', 'ec2 EgressOnlyInternetGateway'],
  },
  RouteTableAssociation: { RouteTableId: toTable, SubnetId: inSubnet },
  NATGateway: { SubnetId: inSubnet, AllocationId: ['allocationId', 'ec2 EIP'] },
  VPCEndpoint: { VpcId: toVpc },
  FlowLog: { ResourceId: toVpc },
  NetworkACL: { VpcId: toVpc, SubnetIds: inSubnets },
  NetworkACLRule: { NetworkAclId: ['networkAclId', 'ec2 NetworkACL'] },
  Role: { ManagedPolicyArns: ['managedPolicyArns', 'iam Policy', 'managedPolicyArns'] },
  RolePolicy: { RoleName: ofRole },
  RolePolicyAttachment: { Roles: ofRole, PolicyArn: ['policyArn', 'iam Policy'] },
  InstanceProfile: { Roles: ofRole },
  Alias: { TargetKeyId: ['targetKeyId', 'kms Key'] },
  LifecyclePolicy: { RepositoryName: toRepository },
  RepositoryPolicy: { RepositoryName: toRepository },
  Group: { KmsKeyId: toKey },
  FileSystem: { KmsKeyId: toKey },
  MountTarget: {
    FileSystemId: ['fileSystemId', 'efs FileSystem'],
    SubnetId: inSubnet,
    SecurityGroups: ['securityGroups', 'ec2 SecurityGroup'],
  },
});

const camel = (path: string): string => path.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
const camelRow = (row: Exclude<Row, (...args: never[]) => unknown>): Row => {
  if (typeof row === 'string') return camel(row);
  if (Array.isArray(row)) return (row as string[]).map(camel) as [string, ...string[]];
  const { at, ...rest } = row as Exclude<typeof row, string | readonly string[]>;
  if (at === undefined) return rest;
  return { ...rest, at: typeof at === 'string' ? camel(at) : (at.map(camel) as [string, ...string[]]) };
};
/**
 * Rows in camel case. If several arguments decide, messages name them as in Terraform; the objects do not contain these
 * names.
 */
const camelRows = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).flatMap(([path, row]) => (typeof row === 'function' ? [] : [[path, camelRow(row)]])),
  );

/** The provider adds the prefix that the name of an alias must have (crossplane-contrib/provider-upjet-aws, config/externalname.go). */
const aliasName = (name: Field): Field =>
  typeof name.value === 'string' && !name.value.startsWith('alias/') ? name.worth(`alias/${name.value}`) : name;

export function readUpbound({ resource, whole }: Given, all: Index): Described | undefined {
  const { group, kind, namespace } = resource;
  const [, service = '', family = ''] = /^([a-z\d]+)\.(aws(?:\.m)?\.upbound\.io)$/.exec(group) ?? [];
  const known = provider[kinds[`${service} ${kind}`] ?? ''];
  if (!known) return undefined;
  const lead = ([field, to, base = field.replace(/^.*\.|s$/g, '')]: Lead): Row => {
    const [home = '', word = ''] = to.split(' ');
    const type = provider[kinds[to] ?? '']?.type;
    return orObject(field, base, all, { kind: `${home}.${family} ${word}`, type, namespace });
  };
  const named = names[known.type];
  const rows: Rows = {
    ...camelRows(known.spelling.rows),
    ...(named === undefined ? {} : { [named]: () => externalName(whole) }),
    ...(kind === 'Alias' ? { AliasName: () => aliasName(externalName(whole)) } : {}),
    ...Object.fromEntries(Object.entries(leads[kind] ?? {}).map(([property, one]) => [property, lead(one)])),
  };
  const spec = whole.get('spec');
  const parameters = withInitial(spec.get('forProvider'), spec.get('initProvider'));
  const body = new Property({ name: camelCase, blocks: true, rows }, parameters);
  if (kind !== 'SecurityGroupRule') return { type: known.type, body };
  // A rule whose direction is unknown is not read.
  const type = ruleTypes[String(body.field.get('type').value)];
  return type === undefined ? undefined : { type, body };
}
