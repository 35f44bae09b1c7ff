import { isMadeByModule } from '#model/hidden.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, noParameters, type Row, type Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { userDataOf } from '../user-data.ts';
import { generatedUserData } from './generated-user-data.ts';
import { majorsOf, orElse, type Since, sinceIn } from './version.ts';

/* Modules of Cloud Posse: eks-cluster and eks-node-group. Facts: their variables.tf and main.tf. */

/** Names are composed from the context of the module. */
const label: Row = (block) => block.doubted(isMadeByModule('the name'), true);

const clusterRows = (id: string, since: Since): Rows => ({
  Name: label,
  Version: { at: 'kubernetes_version', else: since({ 0: undefined, 2: '1.21' }) },
  'ResourcesVpcConfig.EndpointPublicAccess': 'endpoint_public_access',
  'ResourcesVpcConfig.EndpointPrivateAccess': 'endpoint_private_access',
  'ResourcesVpcConfig.PublicAccessCidrs': 'public_access_cidrs',
  'Logging.ClusterLogging.EnabledTypes': 'enabled_cluster_log_types',
  'Logging.ClusterLogging.EnabledTypes[].Type': '',
  EncryptionConfig(block) {
    const on = orElse(block.get('cluster_encryption_config_enabled'), since({ 2: true }));
    const { value } = on.bool();
    if (value === undefined) return on;
    if (!value) return on.nothing();
    const key = block.get('cluster_encryption_config_kms_key_id');
    if (key.why !== undefined || (key.written && key.value !== '')) return key.as(mixedList([key]));
    return key.filled(mixedList([key.naming(`${id}.cluster_encryption_config_provider_key_arn`)]));
  },
  'EncryptionConfig[].Resources': none,
  'EncryptionConfig[].Provider.KeyArn': '',
  'AccessConfig.AuthenticationMode': {
    at: 'access_config.authentication_mode',
    else: since({ 0: 'CONFIG_MAP', 4: 'API' }),
  },
  RoleArn: 'eks_cluster_service_role_arn',
  'ResourcesVpcConfig.SubnetIds': 'subnet_ids',
  'ResourcesVpcConfig.SecurityGroupIds': 'associated_security_group_ids',
  'ResourcesVpcConfig.ControlPlaneEgressMode': none,
  'KubernetesNetworkConfig.IpFamily': {
    at: 'kubernetes_network_ipv6_enabled',
    values: [
      [true, 'ipv6'],
      [false, 'ipv4'],
    ],
  },
  'KubernetesNetworkConfig.ServiceIpv4Cidr': 'service_ipv4_cidr',
  ...noParameters,
  'AccessConfig.BootstrapClusterCreatorAdminPermissions': {
    at: 'access_config.bootstrap_cluster_creator_admin_permissions',
    else: since({ 0: true, 4: false }),
  },
  'ComputeConfig.NodePools': 'auto_mode_compute_config.node_pools',
  'ComputeConfig.NodeRoleArn': 'auto_mode_compute_config.node_role_arn',
  DeletionProtection: 'deletion_protection_enabled',
  'ComputeConfig.Enabled': 'auto_mode_compute_config.enabled',
  'StorageConfig.BlockStorage.Enabled': 'auto_mode_storage_config.block_storage.enabled',
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': 'auto_mode_elastic_load_balancing.enabled',
  BootstrapSelfManagedAddons: none, // the module turns it off with Auto Mode by default
  OutpostConfig: none,
});

/** The first item of a list with at most one. */
const only = (field: Field): Field => (Array.isArray(field.value) ? (field.items()[0] ?? field.nothing()) : field);

const groupRows = (template: string): Rows => ({
  NodegroupName: label,
  Version: (block) => only(block.get('kubernetes_version')),
  InstanceTypes: { at: 'instance_types', else: ['t3.medium'] },
  AmiType(block) {
    const image = only(block.get('ami_image_id'));
    if (image.why !== undefined) return image;
    if (image.written && image.value !== '') return image.as('CUSTOM');
    return orElse(block.get('ami_type'), 'AL2_x86_64');
  },
  ReleaseVersion: (block) => only(block.get('ami_release_version')),
  NodeRole(block) {
    const own = only(block.get('node_role_arn'));
    return own.absent ? own.doubted(isMadeByModule('the role'), true) : own;
  },
  'ScalingConfig.MinSize': 'min_size',
  'ScalingConfig.DesiredSize': 'desired_size',
  'ScalingConfig.MaxSize': 'max_size',
  Labels: 'kubernetes_labels',
  Taints: 'kubernetes_taints',
  'LaunchTemplate.Version': (block) => only(block.get('launch_template_version')),
  LaunchTemplate(block) {
    const own = only(block.get('launch_template_id'));
    if (own.why !== undefined || own.written) return made(own, { id: own });
    return made(own, { id: block.naming(template) });
  },
});
const userData = generatedUserData([
  'before_cluster_joining_userdata',
  'bootstrap_additional_options',
  'kubelet_additional_options',
  'after_cluster_joining_userdata',
]);
const templateRows = (ssh: string): Rows => ({
  'LaunchTemplateData.ImageId': none,
  'LaunchTemplateData.Monitoring.Enabled': 'detailed_monitoring_enabled',
  'LaunchTemplateData.UserData'(block) {
    const own = block.get('userdata_override_base64');
    return own.why !== undefined || only(own).written ? userDataOf(only(own)) : userData(block);
  },
  'LaunchTemplateData.KeyName': (block) => only(block.get('ec2_ssh_key_name')),
  'LaunchTemplateData.MetadataOptions.HttpTokens': {
    at: 'metadata_http_tokens_required',
    values: [
      [true, 'required'],
      [false, 'optional'],
    ],
    else: 'required',
  },
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': { at: 'metadata_http_put_response_hop_limit', else: 2 },
  'LaunchTemplateData.MetadataOptions.HttpEndpoint': {
    at: 'metadata_http_endpoint_enabled',
    values: [
      [true, 'enabled'],
      [false, 'disabled'],
    ],
  },
  'LaunchTemplateData.SecurityGroupIds'(block) {
    const more = block.get('associated_security_group_ids');
    return block.filled(mixedList([block.naming(ssh), ...more.items()], more.why === undefined ? [] : [more]));
  },
  'LaunchTemplateData.BlockDeviceMappings'(block) {
    const map = block.get('block_device_map');
    return map.map ? map.as(mixedList(map.entries().map(([, one]) => one))) : map;
  },
  // The object type of block_device_map encrypts by default.
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted': { at: 'ebs.encrypted', else: true },
});

export function expandCluster(name: string, block: Field): AwsResource[] {
  const id = `module.${name}`;
  const addons = block.get('addons');
  const since = sinceIn(majorsOf(block, [2, 4]));
  return [
    {
      type: 'AWS::EKS::Cluster',
      id,
      title: id,
      whole: block,
      body: new Property(spell(clusterRows(id, since)), block),
      lists: { 'AWS::EKS::Addon': [addons] },
    },
    ...addons.items().map((whole, index): AwsResource => ({
      type: 'AWS::EKS::Addon',
      id: `${id}.addons.${index}`,
      title: String(index),
      whole,
      body: new Property(
        spell({
          ClusterName: (addon) => addon.naming(id),
          ResolveConflicts: ['resolve_conflicts_on_update', 'resolve_conflicts'],
          PreserveOnDelete: 'preserve',
          'NamespaceConfig.Namespace': 'namespace',
          // Roles by service account.
          PodIdentityAssociations(addon) {
            const roles = addon.get('pod_identity_association');
            return roles.map && roles.rest === undefined && roles.entries().length === 0 ? roles.nothing() : roles;
          },
        }),
        whole,
      ),
    })),
  ];
}

export function expandGroup(name: string, block: Field): AwsResource[] {
  const id = `module.${name}`;
  const [template, ssh] = [`${id}.template`, `${id}.ssh`];
  return [
    { type: 'AWS::EKS::Nodegroup', id, title: id, whole: block, body: new Property(spell(groupRows(template)), block) },
    {
      type: 'AWS::EC2::LaunchTemplate',
      id: template,
      title: id,
      whole: block,
      body: new Property(spell(templateRows(ssh)), block),
    },
    // Its group for SSH allows members of ssh_access_security_group_ids, no addresses.
    {
      type: 'AWS::EC2::SecurityGroup',
      id: ssh,
      title: id,
      whole: block,
      body: new Property(spell(), block),
    },
  ];
}
