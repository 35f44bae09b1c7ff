import type { Source, Tree } from './document.ts';

/*
 * Answers of the AWS API as `aws eks describe-cluster` and similar commands print them: JSON that is recognized by its
 * shape. They are read by JSON.parse, which is fast, because their line numbers are not needed.
 */

type Shape = (value: unknown) => boolean;
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One EKS object, recognized by its ARN. */
const ofEks =
  (key: string): Shape =>
  (value) =>
    isMap(value) && typeof value[key] === 'string' && /^arn:[\w-]+:eks:/.test(value[key]);
const listOf =
  (...keys: readonly string[]): Shape =>
  (value) =>
    Array.isArray(value) && value.every((item) => isMap(item) && keys.every((key) => key in item));
/** The items in ListServices and similar lists of VPC Lattice. */
const ofLattice: Shape = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => isMap(item) && typeof item['arn'] === 'string' && /^arn:[\w-]+:vpc-lattice:/.test(item['arn']));
const isText: Shape = (value) => typeof value === 'string';
const names: Shape = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** An attribute of a VPC. */
const isAttribute: Shape = (value) => isMap(value) && typeof value['Value'] === 'boolean';

/** What an answer contains under its keys (API references of the services). */
const shapes: Readonly<Record<string, Shape>> = {
  cluster: ofEks('arn'),
  nodegroup: ofEks('nodegroupArn'),
  addon: ofEks('addonArn'),
  fargateProfile: ofEks('fargateProfileArn'),
  accessEntry: ofEks('accessEntryArn'),
  association: ofEks('associationArn'),
  capability: ofEks('arn'),
  identityProviderConfig: (value) => isMap(value) && ofEks('identityProviderConfigArn')(value['oidc']),
  clusters: names,
  nodegroups: names,
  // ListAddons returns names, DescribeAddonVersions the offered versions.
  addons: (value) => names(value) || listOf('addonName', 'addonVersions')(value),
  fargateProfileNames: names,
  accessEntries: names,
  associatedAccessPolicies: listOf('policyArn', 'accessScope'),
  identityProviderConfigs: listOf('type', 'name'),
  capabilities: listOf('capabilityName'),
  LaunchTemplateVersions: listOf('LaunchTemplateId', 'LaunchTemplateData'),
  SecurityGroups: listOf('GroupId', 'IpPermissions'),
  AutoScalingGroups: listOf('AutoScalingGroupARN'),
  LaunchConfigurations: listOf('LaunchConfigurationARN'),
  Vpcs: listOf('VpcId', 'CidrBlock'),
  EnableDnsSupport: isAttribute,
  EnableDnsHostnames: isAttribute,
  Subnets: listOf('SubnetId', 'VpcId'),
  RouteTables: listOf('RouteTableId', 'Routes'),
  NatGateways: listOf('NatGatewayId'),
  VpcEndpoints: listOf('VpcEndpointId'),
  FlowLogs: listOf('FlowLogId'),
  associations: listOf('associationArn'),
  clusterVersions: listOf('clusterVersion'),
  insights: listOf('id', 'insightStatus'),
  RoleDetailList: listOf('RoleName', 'AssumeRolePolicyDocument'),
  Policies: listOf('PolicyName', 'Arn'),
  KeyMetadata: (value) => isMap(value) && 'KeyId' in value && 'Arn' in value,
  KeyRotationEnabled: (value) => typeof value === 'boolean',
  Aliases: listOf('AliasName'),
  repositories: listOf('repositoryArn', 'repositoryName'),
  policyText: isText,
  lifecyclePolicyText: isText,
  pullThroughCacheRules: listOf('ecrRepositoryPrefix'),
  ClientIDList: names,
  FileSystems: listOf('FileSystemId'),
  MountTargets: listOf('MountTargetId', 'FileSystemId'),
  logGroups: listOf('logGroupName'),
  scanningConfiguration: (value) => isMap(value) && 'scanType' in value,
  NetworkAcls: listOf('NetworkAclId', 'Entries'),
  items: ofLattice,
  policy: isText,
  Items: listOf('IntegrationId', 'IntegrationType'),
  Parameters: listOf('Name', 'Type'),
  DBInstances: listOf('DBInstanceIdentifier', 'VpcSecurityGroups'),
  DBClusters: listOf('DBClusterIdentifier', 'VpcSecurityGroups'),
  Features: listOf('Name', 'Status'),
};
/** Keys that may stand next to it. */
const besides = new Set([
  'nextToken',
  'NextToken',
  'ResponseMetadata',
  'IsTruncated',
  'Marker',
  'UserDetailList',
  'GroupDetailList',
  'KeyId',
  'RotationPeriodInDays',
  'NextRotationDate',
  'OnDemandRotationStartDate',
  'registryId',
  'repositoryName',
  'lastEvaluatedAt',
  'clusterName',
  'principalArn',
  'VpcId',
  'Url',
  'ThumbprintList',
  'CreateDate',
  'Tags',
  'NextMarker',
  // Next to the policy of a VPC Lattice resource, and the features of a GuardDuty detector.
  'resourceIdentifier',
  'name',
  'state',
  'createdAt',
  'lastUpdatedAt',
  'DetectorId',
  'Status',
  'DataSources',
  'FindingPublishingFrequency',
  'ServiceRole',
  'CreatedAt',
  'UpdatedAt',
]);
const firstKey = /^\ufeff?\s*\{\s*"(\w+)"\s*:/;

/** Whether a text begins like an answer about a cluster: one that is cut off must not pass for a file of another tool. */
export function looksLikeAnswer(text: string): boolean {
  const key = firstKey.exec(text.slice(0, 200))?.[1];
  return key !== undefined && Object.hasOwn(shapes, key) && /rn"\s*:\s*"arn:[\w-]+:eks:/.test(text);
}

/** The document in a text that is an answer. */
export function readAnswer(source: Source): Tree | undefined {
  const key = firstKey.exec(source.text.slice(0, 200))?.[1];
  if (key === undefined || (!Object.hasOwn(shapes, key) && !besides.has(key))) return undefined;
  let root: unknown;
  try {
    root = JSON.parse(source.text.replace(/^\ufeff/, ''));
  } catch {
    return undefined; // the YAML reader reports the error
  }
  if (!isMap(root)) return undefined;
  const held = Object.keys(root).filter((one) => !besides.has(one));
  const isKnown = (one: string): boolean => Object.hasOwn(shapes, one) && shapes[one]?.(root[one]) === true;
  if (held.length === 0 || !held.every(isKnown)) return undefined;
  return { source, root, offsets: new Uint32Array(), faults: [], language: 'answer', index: 0, start: 0 };
}
