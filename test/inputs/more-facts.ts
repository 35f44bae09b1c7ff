import type { Spelled } from './facts.ts';

/*
 * How tools that define clusters in Kubernetes objects, CDK's handler and answers of the API write the facts of
 * facts.ts.
 */

export const moreFormats = ['cdk', 'ack', 'classic', 'upbound', 'capi', 'answers'] as const;
export type More = Readonly<Record<(typeof moreFormats)[number], Spelled | 'none'>>;

/** Values that are written as in the EKS API. */
const api = (at: string, value: unknown, fallback?: unknown): Pick<More, 'cdk' | 'ack' | 'classic' | 'answers'> => {
  const spelled = { at, value, else: fallback };
  return { cdk: spelled, ack: spelled, classic: spelled, answers: spelled };
};
const none = { cdk: 'none', ack: 'none', classic: 'none', upbound: 'none', capi: 'none', answers: 'none' } as const;
const logs = [{ enabled: true, types: ['audit', 'scheduler'] }];
const modern = 'AL2023_x86_64_STANDARD';
const pool = 'spec.awsLaunchTemplate';

const amiType: More = {
  ...none,
  ack: { at: 'amiType', value: 'BOTTLEROCKET_x86_64', else: modern },
  classic: { at: 'amiType', value: 'BOTTLEROCKET_x86_64', else: modern },
  upbound: { at: 'amiType', value: 'BOTTLEROCKET_x86_64', else: modern },
  capi: { at: 'spec.amiType', value: 'BOTTLEROCKET_x86_64', else: 'AL2_x86_64' },
  answers: { at: 'amiType', value: 'BOTTLEROCKET_x86_64', else: modern },
};
export const moreFacts: Readonly<Record<string, More>> = {
  name: {
    ...api('name', 'shop'),
    classic: 'none', // the name of the object, or an annotation
    upbound: 'none',
    capi: { at: 'spec.eksClusterName', value: 'shop', else: 'n_c' },
    answers: 'none', // always present
  },
  version: {
    ...api('version', '1.33'),
    upbound: { at: 'version', value: '1.33' },
    capi: { at: 'spec.version', value: 'v1.33' },
  },
  'endpoint.public': {
    ...api('resourcesVpcConfig.endpointPublicAccess', false, true),
    ack: { at: 'resourcesVPCConfig.endpointPublicAccess', value: false, else: true },
    upbound: { at: 'vpcConfig.0.endpointPublicAccess', value: false, else: true },
    capi: { at: 'spec.endpointAccess.public', value: false, else: true },
  },
  'endpoint.private': {
    ...api('resourcesVpcConfig.endpointPrivateAccess', true, false),
    ack: { at: 'resourcesVPCConfig.endpointPrivateAccess', value: true, else: false },
    upbound: { at: 'vpcConfig.0.endpointPrivateAccess', value: true, else: false },
    capi: { at: 'spec.endpointAccess.private', value: true, else: false },
  },
  'endpoint.publicCidrs': {
    ...api('resourcesVpcConfig.publicAccessCidrs', ['203.0.113.0/24'], ['0.0.0.0/0']),
    ack: { at: 'resourcesVPCConfig.publicAccessCIDRs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    upbound: { at: 'vpcConfig.0.publicAccessCidrs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    capi: { at: 'spec.endpointAccess.publicCIDRs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
  },
  logging: {
    ...api('logging.clusterLogging', logs, []),
    upbound: { at: 'enabledClusterLogTypes', value: ['audit', 'scheduler'], else: [] },
    capi: { at: 'spec.logging', value: { audit: true, scheduler: true, api: false }, else: [] },
  },
  secretsKey: {
    ...api('encryptionConfig.0.provider.keyArn', 'arn:aws:kms:k'),
    cdk: { at: 'encryptionConfig.0.provider.keyArn', value: 'arn:aws:kms:k', hidden: 'set' },
    classic: { at: 'encryptionConfig.0.provider.keyArn', value: 'arn:aws:kms:k', hidden: 'set' },
    ack: { at: 'encryptionConfig.0.provider.keyARN', value: 'arn:aws:kms:k', hidden: 'set' },
    upbound: { at: 'encryptionConfig.0.provider.0.keyArn', value: 'arn:aws:kms:k', hidden: 'set' },
    capi: { at: 'spec.encryptionConfig.provider', value: 'arn:aws:kms:k', hidden: 'set' },
  },
  supportType: {
    ...api('upgradePolicy.supportType', 'STANDARD', 'EXTENDED'),
    classic: 'none',
    upbound: { at: 'upgradePolicy.0.supportType', value: 'STANDARD', else: 'EXTENDED' },
    capi: { at: 'spec.upgradePolicy', value: 'standard', else: 'EXTENDED' },
  },
  authenticationMode: {
    ...api('accessConfig.authenticationMode', 'API', 'CONFIG_MAP'),
    upbound: { at: 'accessConfig.0.authenticationMode', value: 'API', else: 'CONFIG_MAP' },
    capi: { at: 'spec.accessConfig.authenticationMode', value: 'api', else: 'CONFIG_MAP' },
  },
  deletionProtection: {
    ...api('deletionProtection', true, false),
    classic: 'none',
    upbound: { at: 'deletionProtection', value: true, else: false },
    capi: 'none',
  },
  autoMode: {
    ...api('computeConfig.enabled', true, false),
    classic: 'none',
    upbound: { at: 'computeConfig.0.enabled', value: true, else: false },
    capi: 'none',
  },
  autoModeStorage: {
    ...api('storageConfig.blockStorage.enabled', true, false),
    classic: 'none',
    upbound: { at: 'storageConfig.0.blockStorage.0.enabled', value: true, else: false },
    capi: 'none',
  },
  autoModeLoadBalancing: {
    ...api('kubernetesNetworkConfig.elasticLoadBalancing.enabled', true, false),
    classic: 'none',
    upbound: { at: 'kubernetesNetworkConfig.0.elasticLoadBalancing.0.enabled', value: true, else: false },
    capi: 'none',
  },
  bootstrapSelfManagedAddons: {
    ...api('bootstrapSelfManagedAddons', false, true),
    classic: 'none',
    upbound: { at: 'bootstrapSelfManagedAddons', value: false, else: true },
    capi: 'none',
    answers: 'none',
  },
  tags: {
    ...api('tags', { team: 'dev' }, []),
    upbound: { at: 'tags', value: { team: 'dev' }, else: [] },
    capi: { at: 'spec.additionalTags', value: { team: 'dev' }, else: [] },
  },
  outpost: {
    ...api('outpostConfig', { outpostArns: ['arn:x'] }, false),
    upbound: { at: 'outpostConfig', value: [{ outpostArns: ['arn:x'] }], else: false },
    capi: 'none',
  },
  'group.name': {
    ...none,
    ack: { at: 'name', value: 'web' },
    capi: { at: 'spec.eksNodegroupName', value: 'web', else: 'n_g' },
  },
  'group.version': {
    ...none,
    ack: { at: 'version', value: '1.33' },
    classic: { at: 'version', value: '1.33' },
    upbound: { at: 'version', value: '1.33' },
    capi: { at: 'pool.template.spec.version', value: 'v1.33', place: 'spec.template.spec.version' },
    answers: { at: 'version', value: '1.33' },
  },
  'group.instanceTypes': {
    ...none,
    ack: { at: 'instanceTypes', value: ['m7i.large'], else: ['t3.medium'] },
    classic: { at: 'instanceTypes', value: ['m7i.large'], else: ['t3.medium'] },
    upbound: { at: 'instanceTypes', value: ['m7i.large'], else: ['t3.medium'] },
    answers: { at: 'instanceTypes', value: ['m7i.large'], else: ['t3.medium'] },
  },
  'group.amiType': amiType,
  'template.amiType': amiType,
  'group.capacityType': {
    ...none,
    ack: { at: 'capacityType', value: 'SPOT', else: 'ON_DEMAND' },
    classic: { at: 'capacityType', value: 'SPOT', else: 'ON_DEMAND' },
    upbound: { at: 'capacityType', value: 'SPOT', else: 'ON_DEMAND' },
    capi: { at: 'spec.capacityType', value: 'spot', else: 'ON_DEMAND' },
    answers: { at: 'capacityType', value: 'SPOT', else: 'ON_DEMAND' },
  },
  'template.httpTokens': {
    ...none,
    ack: { at: 'template.metadataOptions.httpTokens', value: 'optional', else: 'required' },
    upbound: { at: 'template.metadataOptions.0.httpTokens', value: 'optional', else: 'required' },
    capi: { at: `${pool}.instanceMetadataOptions.httpTokens`, value: 'optional', else: 'optional' },
    answers: { at: 'template.MetadataOptions.HttpTokens', value: 'optional', else: 'required' },
  },
  'template.hopLimit': {
    ...none,
    ack: { at: 'template.metadataOptions.httpPutResponseHopLimit', value: 1, else: 2 },
    upbound: { at: 'template.metadataOptions.0.httpPutResponseHopLimit', value: 1, else: 2 },
    capi: { at: `${pool}.instanceMetadataOptions.httpPutResponseHopLimit`, value: 1, else: 2 },
    answers: { at: 'template.MetadataOptions.HttpPutResponseHopLimit', value: 1, else: 2 },
  },
  'template.endpointEnabled': {
    ...none,
    ack: { at: 'template.metadataOptions.httpEndpoint', value: 'disabled', else: true },
    upbound: { at: 'template.metadataOptions.0.httpEndpoint', value: 'disabled', else: true },
    capi: { at: `${pool}.instanceMetadataOptions.httpEndpoint`, value: 'disabled', else: true },
    answers: { at: 'template.MetadataOptions.HttpEndpoint', value: 'disabled', else: true },
  },
  'template.volumes.encrypted': {
    ...none,
    ack: { at: 'template.blockDeviceMappings.0.ebs.encrypted', value: true },
    upbound: { at: 'template.blockDeviceMappings.0.ebs.0.encrypted', value: true },
    answers: { at: 'template.BlockDeviceMappings.0.Ebs.Encrypted', value: true },
  },
  'template.keyName': {
    ...none,
    ack: { at: 'template.keyName', value: 'ops', else: false },
    upbound: { at: 'template.keyName', value: 'ops', else: false },
    capi: { at: `${pool}.sshKeyName`, value: 'ops', else: false },
    answers: { at: 'template.KeyName', value: 'ops', else: false },
  },
  'remoteAccess.key': {
    ...none,
    ack: { at: 'remoteAccess.ec2SshKey', value: 'ops', else: false },
    classic: { at: 'remoteAccess.ec2SSHKey', value: 'ops', else: false },
    upbound: { at: 'remoteAccess.0.ec2SshKey', value: 'ops', else: false },
    capi: { at: 'spec.remoteAccess.sshKeyName', value: 'ops', else: false },
    answers: { at: 'remoteAccess.ec2SshKey', value: 'ops', else: false },
  },
  'remoteAccess.sourceSecurityGroups': {
    ...none,
    ack: { at: 'remoteAccess.sourceSecurityGroups', value: ['sg-1'], else: [] },
    classic: { at: 'remoteAccess.sourceSecurityGroups', value: ['sg-1'], else: [] },
    upbound: { at: 'remoteAccess.0.sourceSecurityGroupIds', value: ['sg-1'], else: [] },
    capi: 'none', // the provider adds the group of the cluster, see written-facts
    answers: { at: 'remoteAccess.sourceSecurityGroups', value: ['sg-1'], else: [] },
  },
  'template.instanceType': {
    ...none,
    ack: { at: 'template.instanceType', value: 'm7i.large', else: ['t3.medium'], hidden: 'set' },
    upbound: { at: 'template.instanceType', value: 'm7i.large', else: ['t3.medium'], hidden: 'set' },
    capi: { at: 'spec.instanceType', value: 'm7i.large', else: ['t3.medium'] },
    answers: { at: 'template.InstanceType', value: 'm7i.large', else: ['t3.medium'] },
  },
  'template.image': {
    ...none,
    ack: { at: 'template.imageID', value: 'ami-1', else: modern },
    upbound: { at: 'template.imageId', value: 'ami-1', else: modern },
    capi: { at: `${pool}.ami.id`, value: 'ami-1', else: 'AL2_x86_64' },
    answers: { at: 'template.ImageId', value: 'ami-1', else: modern },
  },
};
