import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { type Collection, Value } from '#model/value.ts';

/*
 * Every fact of the model and how each format writes it, spelled by hand: the test puts them into a file, leaves them
 * out and hides them. A fact that a format cannot express has `none` with its value there.
 */

export type Fact = Value<unknown> | Collection<Value<string>>;

/**
 * A path of keys, '' for keys of a list item, and the value that means `is`; `else` is the default of the format's
 * tool.
 */
export interface Spelled {
  readonly at: string;
  readonly value: unknown;
  readonly else?: unknown;
  /** The result for a variable: unknown by default (a list with one unknown item). */
  readonly hidden?: 'set';
  /** The result if it is not set, if not `else`. */
  readonly leftOut?: 'unknown';
  /** The end of the path of the location, if it differs. */
  readonly place?: string;
}
export interface FactCase {
  readonly name: string;
  readonly ask: (cluster: Cluster, group: Nodegroup) => Fact;
  readonly is: unknown;
  readonly eksctl: Spelled | 'none';
  readonly cloudformation: Spelled | 'none';
  readonly terraform: Spelled | 'none';
  readonly module20: Spelled | 'none';
  readonly module21: Spelled | 'none';
}

/** A fact that Terraform also has. */
export type CommonCase = FactCase & { readonly cloudformation: Spelled; readonly terraform: Spelled };

export const clusterFacts: readonly CommonCase[] = [
  {
    name: 'name',
    ask: (cluster) => cluster.name,
    is: 'shop',
    eksctl: { at: 'metadata.name', value: 'shop' },
    cloudformation: { at: 'Name', value: 'shop' },
    terraform: { at: 'name', value: 'shop' },
    module20: { at: 'cluster_name', value: 'shop' },
    module21: { at: 'name', value: 'shop' },
  },
  {
    name: 'version',
    ask: (cluster) => cluster.version,
    is: '1.33',
    eksctl: { at: 'metadata.version', value: '1.33' },
    cloudformation: { at: 'Version', value: '1.33' },
    terraform: { at: 'version', value: '1.33' },
    module20: { at: 'cluster_version', value: '1.33' },
    module21: { at: 'kubernetes_version', value: '1.33' },
  },
  {
    name: 'endpoint.public',
    ask: (cluster) => cluster.endpoint.public,
    is: false,
    eksctl: { at: 'vpc.clusterEndpoints.publicAccess', value: false, else: true },
    cloudformation: { at: 'ResourcesVpcConfig.EndpointPublicAccess', value: false, else: true },
    terraform: { at: 'vpc_config.endpoint_public_access', value: false, else: true },
    module20: { at: 'cluster_endpoint_public_access', value: false, else: false },
    module21: { at: 'endpoint_public_access', value: false, else: false },
  },
  {
    name: 'endpoint.private',
    ask: (cluster) => cluster.endpoint.private,
    is: true,
    eksctl: { at: 'vpc.clusterEndpoints.privateAccess', value: true, else: false },
    cloudformation: { at: 'ResourcesVpcConfig.EndpointPrivateAccess', value: true, else: false },
    terraform: { at: 'vpc_config.endpoint_private_access', value: true, else: false },
    module20: { at: 'cluster_endpoint_private_access', value: true, else: true },
    module21: { at: 'endpoint_private_access', value: true, else: true },
  },
  {
    name: 'endpoint.publicCidrs',
    ask: (cluster) => cluster.endpoint.publicCidrs,
    is: ['203.0.113.0/24'],
    eksctl: { at: 'vpc.publicAccessCIDRs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    cloudformation: { at: 'ResourcesVpcConfig.PublicAccessCidrs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    terraform: { at: 'vpc_config.public_access_cidrs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    module20: { at: 'cluster_endpoint_public_access_cidrs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
    module21: { at: 'endpoint_public_access_cidrs', value: ['203.0.113.0/24'], else: ['0.0.0.0/0'] },
  },
  {
    name: 'logging',
    ask: (cluster) => cluster.logging,
    is: ['audit', 'scheduler'],
    eksctl: { at: 'cloudWatch.clusterLogging.enableTypes', value: ['audit', 'scheduler'], else: [] },
    cloudformation: {
      at: 'Logging.ClusterLogging.EnabledTypes',
      value: [{ Type: 'audit' }, { Type: 'scheduler' }],
      else: [],
    },
    terraform: { at: 'enabled_cluster_log_types', value: ['audit', 'scheduler'], else: [] },
    module20: {
      at: 'cluster_enabled_log_types',
      value: ['audit', 'scheduler'],
      else: ['audit', 'api', 'authenticator'],
    },
    module21: { at: 'enabled_log_types', value: ['audit', 'scheduler'], else: ['audit', 'api', 'authenticator'] },
  },
  {
    name: 'secretsKey',
    ask: (cluster) => cluster.secretsKey,
    is: 'arn:aws:kms:k',
    eksctl: { at: 'secretsEncryption.keyARN', value: 'arn:aws:kms:k', hidden: 'set' },
    cloudformation: { at: 'EncryptionConfig.0.Provider.KeyArn', value: 'arn:aws:kms:k', hidden: 'set' },
    terraform: { at: 'encryption_config.provider.key_arn', value: 'arn:aws:kms:k', hidden: 'set' },
    module20: {
      at: 'cluster_encryption_config.provider_key_arn',
      value: 'arn:aws:kms:k',
      else: 'module.eks.kms_key_arn',
      hidden: 'set',
    },
    module21: {
      at: 'encryption_config.provider_key_arn',
      value: 'arn:aws:kms:k',
      else: 'module.eks.kms_key_arn',
      hidden: 'set',
    },
  },
  {
    name: 'supportType',
    ask: (cluster) => cluster.supportType,
    is: 'STANDARD',
    eksctl: { at: 'upgradePolicy.supportType', value: 'STANDARD', else: 'EXTENDED' },
    cloudformation: { at: 'UpgradePolicy.SupportType', value: 'STANDARD', else: 'EXTENDED' },
    terraform: { at: 'upgrade_policy.support_type', value: 'STANDARD', else: 'EXTENDED' },
    module20: { at: 'cluster_upgrade_policy.support_type', value: 'STANDARD', else: 'EXTENDED' },
    module21: { at: 'upgrade_policy.support_type', value: 'STANDARD', else: 'EXTENDED' },
  },
  {
    name: 'authenticationMode',
    ask: (cluster) => cluster.authenticationMode,
    is: 'API',
    eksctl: { at: 'accessConfig.authenticationMode', value: 'API', else: 'API_AND_CONFIG_MAP' },
    cloudformation: { at: 'AccessConfig.AuthenticationMode', value: 'API', else: 'CONFIG_MAP' },
    terraform: { at: 'access_config.authentication_mode', value: 'API', else: 'CONFIG_MAP' },
    module20: { at: 'authentication_mode', value: 'API', else: 'API_AND_CONFIG_MAP' },
    module21: { at: 'authentication_mode', value: 'API', else: 'API_AND_CONFIG_MAP' },
  },
  {
    name: 'deletionProtection',
    ask: (cluster) => cluster.deletionProtection,
    is: true,
    eksctl: 'none',
    cloudformation: { at: 'DeletionProtection', value: true, else: false },
    terraform: { at: 'deletion_protection', value: true, else: false },
    module20: 'none',
    module21: { at: 'deletion_protection', value: true, else: false },
  },
  {
    name: 'autoMode',
    ask: (cluster) => cluster.autoMode,
    is: true,
    eksctl: { at: 'autoModeConfig.enabled', value: true, else: false },
    cloudformation: { at: 'ComputeConfig.Enabled', value: true, else: false },
    terraform: { at: 'compute_config.enabled', value: true, else: false },
    module20: { at: 'cluster_compute_config.enabled', value: true, else: false },
    module21: { at: 'compute_config.enabled', value: true, else: false },
  },
  {
    name: 'autoModeStorage',
    ask: (cluster) => cluster.autoModeStorage,
    is: true,
    eksctl: 'none',
    cloudformation: { at: 'StorageConfig.BlockStorage.Enabled', value: true, else: false },
    terraform: { at: 'storage_config.block_storage.enabled', value: true, else: false },
    module20: 'none',
    module21: 'none',
  },
  {
    name: 'autoModeLoadBalancing',
    ask: (cluster) => cluster.autoModeLoadBalancing,
    is: true,
    eksctl: 'none',
    cloudformation: { at: 'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled', value: true, else: false },
    terraform: { at: 'kubernetes_network_config.elastic_load_balancing.enabled', value: true, else: false },
    module20: 'none',
    module21: 'none',
  },
  {
    name: 'bootstrapSelfManagedAddons',
    ask: (cluster) => cluster.bootstrapSelfManagedAddons,
    is: false,
    eksctl: 'none',
    cloudformation: { at: 'BootstrapSelfManagedAddons', value: false, else: true },
    terraform: { at: 'bootstrap_self_managed_addons', value: false, else: true },
    module20: 'none',
    module21: 'none',
  },
  {
    name: 'tags',
    ask: (cluster) => cluster.tags.map(({ value }) => value),
    is: ['dev'],
    eksctl: { at: 'metadata.tags', value: { team: 'dev' }, else: [] },
    cloudformation: { at: 'Tags', value: [{ Key: 'team', Value: 'dev' }], else: [] },
    terraform: { at: 'tags', value: { team: 'dev' }, else: [] },
    module20: { at: 'tags', value: { team: 'dev' }, else: [] },
    module21: { at: 'tags', value: { team: 'dev' }, else: [] },
  },
  {
    name: 'outpost',
    ask: (cluster) => cluster.outpost,
    is: true,
    eksctl: { at: 'outpost.controlPlaneOutpostARN', value: 'arn:aws:outposts:o', else: false },
    cloudformation: { at: 'OutpostConfig', value: { OutpostArns: ['arn:aws:outposts:o'] }, else: false },
    terraform: { at: 'outpost_config', value: { outpost_arns: ['arn:aws:outposts:o'] }, else: false },
    module20: { at: 'outpost_config', value: { outpost_arns: ['arn:aws:outposts:o'] }, else: false },
    module21: { at: 'outpost_config', value: { outpost_arns: ['arn:aws:outposts:o'] }, else: false },
  },
];

const template = 'template';
const amiType: CommonCase = {
  name: 'group.amiType',
  ask: (_, group) => group.amiType,
  is: 'BOTTLEROCKET_x86_64',
  eksctl: { at: 'amiFamily', value: 'Bottlerocket', else: 'AL2023_x86_64_STANDARD' },
  cloudformation: { at: 'AmiType', value: 'BOTTLEROCKET_x86_64', else: 'AL2023_x86_64_STANDARD' },
  terraform: { at: 'ami_type', value: 'BOTTLEROCKET_x86_64', else: 'AL2023_x86_64_STANDARD' },
  module20: { at: 'ami_type', value: 'BOTTLEROCKET_x86_64', else: 'AL2023_x86_64_STANDARD' },
  module21: { at: 'ami_type', value: 'BOTTLEROCKET_x86_64', else: 'AL2023_x86_64_STANDARD' },
};
export const groupFacts: readonly CommonCase[] = [
  {
    name: 'group.name',
    ask: (_, group) => group.name,
    is: 'web',
    eksctl: { at: 'name', value: 'web' },
    cloudformation: { at: 'NodegroupName', value: 'web' },
    terraform: { at: 'node_group_name', value: 'web' },
    module20: { at: 'name', value: 'web', else: 'g' },
    module21: { at: 'name', value: 'web', else: 'g' },
  },
  {
    name: 'group.version',
    ask: (_, group) => group.version,
    is: '1.33',
    eksctl: 'none',
    cloudformation: { at: 'Version', value: '1.33' },
    terraform: { at: 'version', value: '1.33' },
    module20: { at: 'cluster_version', value: '1.33' },
    module21: { at: 'kubernetes_version', value: '1.33' },
  },
  {
    name: 'group.instanceTypes',
    ask: (_, group) => group.instanceTypes,
    is: ['m7i.large'],
    eksctl: { at: 'instanceTypes', value: ['m7i.large'], else: ['m5.large'] },
    cloudformation: { at: 'InstanceTypes', value: ['m7i.large'], else: ['t3.medium'] },
    terraform: { at: 'instance_types', value: ['m7i.large'], else: ['t3.medium'] },
    module20: { at: 'instance_types', value: ['m7i.large'], else: ['t3.medium'] },
    module21: { at: 'instance_types', value: ['m7i.large'], else: ['t3.medium'] },
  },
  amiType,
  { ...amiType, name: 'template.amiType', ask: (_, group) => group.template.amiType },
  {
    name: 'group.capacityType',
    ask: (_, group) => group.capacityType,
    is: 'SPOT',
    eksctl: { at: 'spot', value: true, else: 'ON_DEMAND' },
    cloudformation: { at: 'CapacityType', value: 'SPOT', else: 'ON_DEMAND' },
    terraform: { at: 'capacity_type', value: 'SPOT', else: 'ON_DEMAND' },
    module20: { at: 'capacity_type', value: 'SPOT', else: 'ON_DEMAND' },
    module21: { at: 'capacity_type', value: 'SPOT', else: 'ON_DEMAND' },
  },
  {
    name: 'template.httpTokens',
    ask: (_, group) => group.template.imds.httpTokens,
    is: 'optional',
    eksctl: { at: 'disableIMDSv1', value: false, else: 'required' },
    cloudformation: { at: `${template}.MetadataOptions.HttpTokens`, value: 'optional', else: 'required' },
    terraform: { at: `${template}.metadata_options.http_tokens`, value: 'optional', else: 'required' },
    module20: { at: 'metadata_options.http_tokens', value: 'optional', else: 'required' },
    module21: { at: 'metadata_options.http_tokens', value: 'optional', else: 'required' },
  },
  {
    name: 'template.hopLimit',
    ask: (_, group) => group.template.imds.hopLimit,
    is: 1,
    eksctl: { at: 'disablePodIMDS', value: true, else: 2 },
    cloudformation: { at: `${template}.MetadataOptions.HttpPutResponseHopLimit`, value: 1, else: 2 },
    terraform: { at: `${template}.metadata_options.http_put_response_hop_limit`, value: 1, else: 2 },
    module20: { at: 'metadata_options.http_put_response_hop_limit', value: 1, else: 2 },
    module21: { at: 'metadata_options.http_put_response_hop_limit', value: 1, else: 1 },
  },
  {
    name: 'template.endpointEnabled',
    ask: (_, group) => group.template.imds.endpointEnabled,
    is: false,
    eksctl: 'none',
    cloudformation: { at: `${template}.MetadataOptions.HttpEndpoint`, value: 'disabled', else: true },
    terraform: { at: `${template}.metadata_options.http_endpoint`, value: 'disabled', else: true },
    module20: { at: 'metadata_options.http_endpoint', value: 'disabled', else: true },
    module21: { at: 'metadata_options.http_endpoint', value: 'disabled', else: true },
  },
  {
    name: 'template.volumes.encrypted',
    ask: (_, { template: { volumes } }) =>
      volumes.items[0]?.encrypted ?? Value.default<boolean>(undefined, () => volumes.at),
    is: true,
    eksctl: { at: 'volumeEncrypted', value: true },
    cloudformation: { at: `${template}.BlockDeviceMappings.0.Ebs.Encrypted`, value: true },
    terraform: { at: `${template}.block_device_mappings.ebs.encrypted`, value: true },
    module20: { at: 'block_device_mappings.xvda.ebs.encrypted', value: true },
    module21: { at: 'block_device_mappings.xvda.ebs.encrypted', value: true },
  },
  {
    name: 'template.keyName',
    ask: (_, group) => group.remoteAccess.enabled,
    is: true,
    eksctl: { at: 'ssh.publicKeyName', value: 'ops', else: false },
    cloudformation: { at: `${template}.KeyName`, value: 'ops', else: false },
    terraform: { at: `${template}.key_name`, value: 'ops', else: false },
    module20: { at: 'key_name', value: 'ops', else: false },
    module21: { at: 'key_name', value: 'ops', else: false },
  },
  {
    name: 'remoteAccess.key',
    ask: (_, group) => group.remoteAccess.enabled,
    is: true,
    eksctl: { at: 'ssh.allow', value: true, else: false },
    cloudformation: { at: 'RemoteAccess.Ec2SshKey', value: 'ops', else: false },
    terraform: { at: 'remote_access.ec2_ssh_key', value: 'ops', else: false },
    module20: { at: 'remote_access.ec2_ssh_key', value: 'ops', else: false },
    module21: { at: 'remote_access.ec2_ssh_key', value: 'ops', else: false },
  },
  {
    name: 'remoteAccess.sourceSecurityGroups',
    ask: (_, group) => group.remoteAccess.sourceSecurityGroups,
    is: ['sg-1'],
    eksctl: { at: 'ssh.sourceSecurityGroupIds', value: ['sg-1'], else: [] },
    cloudformation: { at: 'RemoteAccess.SourceSecurityGroups', value: ['sg-1'], else: [] },
    terraform: { at: 'remote_access.source_security_group_ids', value: ['sg-1'], else: [] },
    module20: { at: 'remote_access.source_security_group_ids', value: ['sg-1'], else: [] },
    module21: { at: 'remote_access.source_security_group_ids', value: ['sg-1'], else: [] },
  },
  {
    name: 'template.instanceType',
    ask: (_, group) => group.instanceTypes,
    is: ['m7i.large'],
    eksctl: { at: 'instanceType', value: 'm7i.large', else: ['m5.large'] },
    cloudformation: { at: `${template}.InstanceType`, value: 'm7i.large', else: ['t3.medium'], hidden: 'set' },
    terraform: { at: `${template}.instance_type`, value: 'm7i.large', else: ['t3.medium'], hidden: 'set' },
    module20: 'none',
    module21: 'none',
  },
  {
    name: 'template.image',
    ask: (_, group) => group.amiType,
    is: 'CUSTOM',
    eksctl: { at: 'ami', value: 'ami-1', else: 'AL2023_x86_64_STANDARD' },
    cloudformation: { at: `${template}.ImageId`, value: 'ami-1', else: 'AL2023_x86_64_STANDARD' },
    terraform: { at: `${template}.image_id`, value: 'ami-1', else: 'AL2023_x86_64_STANDARD' },
    module20: { at: 'ami_id', value: 'ami-1', else: 'AL2023_x86_64_STANDARD' },
    module21: { at: 'ami_id', value: 'ami-1', else: 'AL2023_x86_64_STANDARD' },
  },
];
