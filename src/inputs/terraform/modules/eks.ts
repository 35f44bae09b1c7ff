import type { Note } from '#model/finding.ts';
import { clusterHasNoName, isMadeByModule, noInstanceType, otherProfile, otherTemplate } from '#model/hidden.ts';
import { Field, mixedList } from '#spelling/field.ts';
import { made, madeBody } from '#spelling/made.ts';
import { marketOf } from '#spelling/market.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows, Unsure } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { short } from '../work.ts';
import { expandGroups17 } from './eks-17.ts';
import { fargateProfile } from './fargate.ts';
import { merged } from './merged.ts';
import { serviceRole } from './service-role.ts';
import { majorsOf, orElse, type Since, sinceIn } from './version.ts';

/* What a call of terraform-aws-modules/eks creates. Arguments and defaults: its variables.tf and UPGRADE guides. */

/** Arguments that version 21 renamed: those since then, and those before with a prefix. */
const renamed = [
  'name',
  'kubernetes_version:version',
  'endpoint_public_access',
  'endpoint_private_access',
  'endpoint_public_access_cidrs',
  'enabled_log_types',
  'encryption_config',
  'addons',
  'compute_config',
  'upgrade_policy',
  'force_update_version',
  'remote_network_config',
  'zonal_shift_config',
  'additional_security_group_ids',
  'ip_family',
  'service_ipv4_cidr',
  'service_ipv6_cidr',
  'addons_timeouts',
  'timeouts',
  'identity_providers',
  'encryption_policy_name',
  'encryption_policy_use_name_prefix',
  'encryption_policy_path',
  'encryption_policy_description',
  'encryption_policy_tags',
  'security_group_id',
  'security_group_name',
  'security_group_use_name_prefix',
  'security_group_description',
  'security_group_additional_rules',
  'security_group_tags',
].map((one) => one.split(':') as [string, string?]);
const since21 = renamed.map(([late]) => late);
const until20 = [
  ...renamed.map(([late, early = late]) => `cluster_${early}`),
  'eks_managed_node_group_defaults',
  'self_managed_node_group_defaults',
];

/** Arguments that were removed after version 17. */
const until17 = [
  'worker_groups',
  'worker_groups_launch_template',
  'workers_group_defaults',
  'node_groups',
  'node_groups_defaults',
  'create_eks',
  'subnets',
];

/**
 * The major versions that a call may use. `late` and `early` are arguments that exist only since version 21, and only
 * before it.
 */
function sinceOf(block: Field, late: readonly string[], early: readonly string[]): Since {
  const has = (keys: readonly string[]): boolean =>
    keys.some((key) => block.map !== undefined && Object.hasOwn(block.map, key));
  if (has(until17)) return sinceIn([17, 17]);
  let [low, high] = majorsOf(block, [18, 21]);
  if (has(late)) low = Math.max(low, 21);
  else if (has(early)) high = Math.min(high, 20);
  return sinceIn([low, Math.max(low, high)]);
}

/** An argument that is not written into calls of versions that do not have it: Terraform would reject them. */
const argument =
  (since: Since, first: number, at: string, defaults: Readonly<Record<number, unknown>>): Row =>
  (block) => {
    const field = block.get(at);
    const read = orElse(field, since(defaults));
    return field.absent && since({ 17: true, [first]: false }) === true ? read.as(read.value) : read;
  };

const clusterRows = (label: string, since: Since): Rows => ({
  Name: ['name', 'cluster_name'],
  Version: ['kubernetes_version', 'cluster_version'],
  'ResourcesVpcConfig.EndpointPublicAccess': {
    at: ['endpoint_public_access', 'cluster_endpoint_public_access'],
    else: since({ 17: true, 19: false }),
  },
  'ResourcesVpcConfig.EndpointPrivateAccess': {
    at: ['endpoint_private_access', 'cluster_endpoint_private_access'],
    else: since({ 17: false, 19: true }),
  },
  'ResourcesVpcConfig.PublicAccessCidrs': ['endpoint_public_access_cidrs', 'cluster_endpoint_public_access_cidrs'],
  'Logging.ClusterLogging.EnabledTypes': {
    at: ['enabled_log_types', 'cluster_enabled_log_types'],
    else: since({ 17: [], 18: ['audit', 'api', 'authenticator'] }),
  },
  'Logging.ClusterLogging.EnabledTypes[].Type': '',
  EncryptionConfig: (block) => encryption(block, label, since),
  'EncryptionConfig[].Resources': none,
  'EncryptionConfig[].Provider.KeyArn': '',
  RoleArn(block) {
    const [create, given] = [block.get('create_iam_role'), block.get('iam_role_arn')];
    return create.value === false ? given : given.doubted(create.why ?? isMadeByModule('the role'), true);
  },
  'ResourcesVpcConfig.SubnetIds'(block) {
    const own = block.get('control_plane_subnet_ids');
    return own.absent || (Array.isArray(own.value) && own.value.length === 0)
      ? Field.either([block.get('subnet_ids'), block.get('subnets')])
      : own;
  },
  // The module adds the group that it creates, which is read where a call adds rules to it.
  'ResourcesVpcConfig.SecurityGroupIds'(block) {
    const more = Field.either([
      block.get('additional_security_group_ids'),
      block.get('cluster_additional_security_group_ids'),
    ]);
    if (clusterGroup.rules(block).absent) return more;
    const own = block.naming(clusterGroup.id(`module.${label}`));
    return block.filled(mixedList([own, ...more.items()], (more.why ?? more.rest) === undefined ? [] : [more]));
  },
  'ResourcesVpcConfig.ControlPlaneEgressMode': none,
  'KubernetesNetworkConfig.IpFamily': ['ip_family', 'cluster_ip_family'],
  'KubernetesNetworkConfig.ServiceIpv4Cidr': ['service_ipv4_cidr', 'cluster_service_ipv4_cidr'],
  RemoteNetworkConfig: ['remote_network_config', 'cluster_remote_network_config'],
  ZonalShiftConfig: ['zonal_shift_config', 'cluster_zonal_shift_config'],
  KubeApiServerConfig: none,
  KubeControllerManagerConfig: none,
  KubeSchedulerConfig: none,
  RollbackConfig: none,
  Force: ['force_update_version', 'cluster_force_update_version'],
  // Since version 20 only a requested access entry makes the creator an administrator.
  'AccessConfig.BootstrapClusterCreatorAdminPermissions': argument(
    since,
    20,
    'enable_cluster_creator_admin_permissions',
    { 17: true, 20: false },
  ),
  'ComputeConfig.NodePools': ['compute_config.node_pools', 'cluster_compute_config.node_pools'],
  'ComputeConfig.NodeRoleArn': ['compute_config.node_role_arn', 'cluster_compute_config.node_role_arn'],
  'UpgradePolicy.SupportType': ['upgrade_policy.support_type', 'cluster_upgrade_policy.support_type'],
  'AccessConfig.AuthenticationMode': argument(since, 20, 'authentication_mode', {
    17: 'CONFIG_MAP',
    20: 'API_AND_CONFIG_MAP',
  }),
  // The argument was added in version 21.1 (CHANGELOG).
  ...(since({ 17: false, 21: true }) === false ? { DeletionProtection: none } : {}),
  'ComputeConfig.Enabled': ['compute_config.enabled', 'cluster_compute_config.enabled'],
  // compute_config.enabled turns on all three settings, and the module then installs no default add-ons (its main.tf).
  'StorageConfig.BlockStorage.Enabled': none,
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': none,
  BootstrapSelfManagedAddons: none,
  OutpostConfig(block) {
    const config = block.get('outpost_config');
    return config.map && Object.keys(config.map).length === 0 ? config.nothing() : config;
  },
});

/**
 * The keys for secrets: the module creates one unless that is turned off, and uses it even if a call names another one
 * (`key_arn = var.create_kms_key ? module.kms.key_arn : ...`, main.tf of versions 19 to 21).
 */
function encryption(block: Field, label: string, since: Since): Field {
  const [late, early] = [block.get('encryption_config'), block.get('cluster_encryption_config')];
  const config = late.absent && !early.absent ? early : late;
  if (config.why !== undefined) return config;
  const create = orElse(block.get('create_kms_key'), since({ 17: false, 19: true }));
  const own = (): Field => {
    if (create.value === false) return create.doubted('the key is set elsewhere');
    return create.why === undefined || !create.written
      ? config.filled(mixedList([config.naming(`module.${label}.kms_key_arn`)]))
      : create;
  };
  const decide = (answer: unknown): Field =>
    answer instanceof Unsure ? config.doubted(answer.why, true) : answer === true ? own() : config.nothing();
  if (config.absent) {
    // null turns it off since version 21
    if (block.map !== undefined && Object.hasOwn(block.map, 'encryption_config')) return config.nothing();
    return decide(since({ 17: false, 19: true }));
  }
  const inner = config.single;
  if (Object.keys(inner.map ?? {}).length === 0) return decide(since({ 17: false, 21: true }));
  const resources = inner.get('resources').texts(['secrets']);
  if (resources.has((one) => one.is('secrets')).state === 'no') return config.nothing();
  const key = inner.get('provider_key_arn');
  return key.absent || create.value === true ? own() : config.as(mixedList([key]));
}

/** The mappings that versions before 21 write into aws-auth: if a setting is on, and in version 17 unless it is off. */
function authOf(id: string, block: Field): AwsResource[] {
  const isOn = ['manage_aws_auth_configmap', 'create_aws_auth_configmap'].some((key) => block.get(key).value === true);
  const isOld = ['map_roles', 'map_users', 'map_accounts'].some((key) => block.get(key).written);
  if (!isOn && (!isOld || block.get('manage_aws_auth').value === false)) return [];
  return [awsAuth(`${id}.aws_auth`, block)];
}
const awsAuth = (id: string, block: Field): AwsResource => ({
  type: 'EKS::AwsAuth',
  id,
  title: id,
  whole: block,
  body: new Property(
    spell({
      MapRoles: ['aws_auth_roles', 'map_roles'],
      MapUsers: ['aws_auth_users', 'map_users'],
      MapAccounts: ['aws_auth_accounts', 'map_accounts'],
    }),
    block,
  ),
});
/** The submodule of version 20, which has no other purpose. */
export const expandAuth = (label: string, block: Field): AwsResource[] =>
  block.get('manage_aws_auth_configmap').value === false && block.get('create_aws_auth_configmap').value !== true
    ? []
    : [awsAuth(`module.${label}`, block)];

/** The key that the module creates, which rotates by default. */
function keys(label: string, block: Field): AwsResource[] {
  if (block.get('create_kms_key').value === false) return [];
  const rows: Rows = {
    EnableKeyRotation: { at: 'enable_kms_key_rotation', else: true },
    KeySpec: none,
  };
  const id = `module.${label}.kms_key_arn`;
  return [{ type: 'AWS::KMS::Key', id, title: id, whole: block, body: new Property(spell(rows), block) }];
}

/** The name that a group or add-on sets, otherwise its key in the map. */
const nameOf =
  (key: string): Row =>
  (part) => {
    const named = part.why === undefined ? part.get('name') : undefined;
    if (named?.written) return named;
    if (key.startsWith('(')) return part.doubted(`${short(key)} is not known before Terraform runs`);
    return part.why === undefined ? part.as(key) : part.filled(key);
  };

interface GroupOptions {
  readonly key: string;
  readonly managed: boolean;
  readonly since: Since;
  readonly cluster: Row;
  /** The ids of the launch template that the module creates, and of the security group of all nodes. */
  readonly template: string;
  readonly nodes: string | undefined;
  readonly role: string;
  /** The call of the module that contains the group, for the subnets that groups share. */
  readonly call: Field | undefined;
}

/** What the AMI lookup of version 18 to 20 finds for a self-managed group. */
const platforms: readonly [readonly [platform: string, type: string], ...(readonly [string, string])[]] = [
  ['linux', 'AL2_x86_64'],
  ['al2023', 'AL2023_x86_64_STANDARD'],
  ['bottlerocket', 'BOTTLEROCKET_x86_64'],
  ['windows', 'WINDOWS_CORE_2019_x86_64'],
];
function platformType(platform: Field): Field {
  // An AMI type is not a platform, so neither this value nor the one below is written back.
  const [, fallback] = platforms[0];
  if (platform.absent) return platform.filled(fallback).as(fallback);
  const type = platforms.find(([name]) => name === platform.value)?.[1];
  return type === undefined ? platform.doubted(platform.why ?? 'the platform is not known') : platform.as(type);
}

/** The policy of a self-managed group with several instance types; nothing unless it is turned on. */
function mixedOf(group: Field): Field {
  const [on, policy] = [group.get('use_mixed_instances_policy'), group.get('mixed_instances_policy')];
  if (on.why !== undefined) return on;
  return on.bool(false).value === true ? policy : policy.nothing();
}
function marketOfGroup(group: Field): Field {
  const mixed = mixedOf(group);
  if (mixed.absent) return mixed;
  const distribution = mixed.get('instances_distribution');
  return marketOf(
    distribution,
    distribution.get('on_demand_base_capacity'),
    distribution.get('on_demand_percentage_above_base_capacity'),
  );
}

const groupRows = ({ key, managed, since, cluster, template, role, call }: GroupOptions): Rows => ({
  NodegroupName: nameOf(key),
  ClusterName: cluster,
  NodeRole(group) {
    const create = group.get(managed ? 'create_iam_role' : 'create_iam_instance_profile');
    if (create.value === false) return managed ? group.get('iam_role_arn') : create.doubted(otherProfile);
    return create.why === undefined ? group.naming(role) : create;
  },
  Subnets(group) {
    const own = group.get('subnet_ids');
    return own.absent && call ? call.get('subnet_ids') : own;
  },
  Version: ['kubernetes_version', 'cluster_version'],
  InstanceTypes(group) {
    if (managed) return group.get('instance_types');
    const mixed = mixedOf(group);
    if (mixed.why !== undefined) return mixed;
    // Version 21 writes the list as the resource does.
    const overrides = [mixed.get('launch_template'), mixed].map((on) => on.get('override')).find((one) => !one.absent);
    if (overrides) return overrides.as(mixedList(overrides.items().map((one) => one.get('instance_type'))));
    const type = group.get('instance_type');
    if (type.written && type.value !== '') return type.as(mixedList([type]));
    const fallback = since({ 18: '', 21: 'm6i.large' });
    if (fallback === '') return type.doubted(noInstanceType, true);
    return fallback instanceof Unsure ? type.doubted(fallback.why, true) : type.filled([fallback]);
  },
  ...(managed ? {} : { CapacityType: marketOfGroup }),
  AmiType(group) {
    const [image, type] = [group.get('ami_id'), group.get('ami_type')];
    if (image.why !== undefined) return image;
    if (image.written && image.value !== '') return image.as('CUSTOM');
    if (!type.absent) return type;
    const fallback = since({ 18: '', 21: 'AL2023_x86_64_STANDARD' });
    if (fallback !== '') return orElse(type, fallback);
    return managed ? type : platformType(group.get('platform'));
  },
  'RemoteAccess.SourceSecurityGroups': 'remote_access.source_security_group_ids',
  'ScalingConfig.MinSize': { at: 'min_size', else: since({ 18: 0, 21: 1 }) },
  'ScalingConfig.DesiredSize': { at: 'desired_size', else: 1 },
  'ScalingConfig.MaxSize': { at: 'max_size', else: 3 },
  'UpdateConfig.MaxUnavailablePercentage'(group) {
    const config = group.get('update_config');
    const own = config.get('max_unavailable_percentage');
    return config.absent ? orElse(own, since({ 18: null, 19: 33 })) : own;
  },
  ForceUpdateEnabled: 'force_update_version',
  ReleaseVersion: 'ami_release_version',
  Taints(group) {
    const all = group.get('taints');
    if (!all.map) return all;
    return all.as(
      mixedList(
        all.entries().map(([, one]) => one),
        all.rest === undefined ? [] : [all],
      ),
    );
  },
  Tags: (group) => (call ? merged(call.get('tags'), group.get('tags')) : group.get('tags')),
  WarmPoolConfig: none,
  MaxPods: none,
  'LaunchTemplate.Version': 'launch_template_version',
  LaunchTemplate(group) {
    const given = group.get('launch_template_id');
    if (given.written && given.value !== '') return made(given, { id: given }); // the default is an empty string
    const off = ['create_launch_template', 'use_custom_launch_template']
      .map((key) => group.get(key))
      .find((one) => !one.absent && one.bool().value !== true);
    if (!off) return made(given, { id: given.naming(template) });
    if (managed && off.bool().value === false) return off.nothing();
    return off.doubted(otherTemplate);
  },
});

/** Version 21 has a default for each metadata option; before, there was only one for all of them together. */
function option(group: Field, key: string, fallback: unknown, since: Since): Field {
  const options = group.get('metadata_options');
  const field = options.get(key);
  if (!field.absent) return field;
  if (options.absent) return orElse(options, fallback);
  const fills = since({ 18: false, 21: true });
  return fills === false ? field : orElse(field, fills === true ? fallback : fills);
}

/** What a call adds to the user data that the module generates. */
const userDataOf = (group: Field): Field[] =>
  [
    'pre_bootstrap_user_data',
    'bootstrap_extra_args',
    'cloudinit_pre_nodeadm',
    'cloudinit_post_nodeadm',
    'post_bootstrap_user_data',
  ]
    .map((key) => group.get(key))
    .filter((one) => one.written);

const templateRows = (id: string, { since, nodes }: GroupOptions): Rows => ({
  LaunchTemplateData: '',
  'LaunchTemplateData.ImageId': none, // AmiType of the group decides
  'LaunchTemplateData.MetadataOptions.HttpTokens': (group) =>
    option(group, 'http_tokens', since({ 18: 'required' }), since),
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': (group) =>
    option(group, 'http_put_response_hop_limit', since({ 18: 2, 21: 1 }), since),
  'LaunchTemplateData.SecurityGroupIds'(group) {
    const given = group.get('vpc_security_group_ids');
    const own = [
      ...(nodes === undefined ? [] : [nodes]),
      ...(groupGroup.rules(group).absent ? [] : [groupGroup.id(id)]),
    ].map((one) => given.naming(one));
    return group.filled(mixedList([...own, ...given.items()], (given.why ?? given.rest) ? [given] : []));
  },
  // A map whose keys the caller chooses.
  'LaunchTemplateData.BlockDeviceMappings'(group) {
    const all = group.get('block_device_mappings');
    const items = all.entries().map(([, one]) => one);
    return all.map ? all.as(mixedList(items, all.rest === undefined ? [] : [all])) : all;
  },
  // EFA brings its own interfaces, which have no public addresses.
  'LaunchTemplateData.NetworkInterfaces'(group) {
    const [efa, own] = [group.get('enable_efa_support').bool(false), group.get('network_interfaces')];
    if (efa.value === undefined) return own.doubted(efa.why ?? 'enable_efa_support is not a boolean');
    return efa.value ? own.nothing() : own;
  },
  'LaunchTemplateData.NetworkInterfaces[].Groups': 'security_groups',
  'LaunchTemplateData.UserDataParts'(group) {
    const template = group.get('user_data_template_path');
    if (template.written) return template.doubted(isMadeByModule('the user data'));
    return group.as(
      mixedList(
        userDataOf(group).flatMap((one) =>
          Array.isArray(one.value) ? one.items().map((part) => part.get('content')) : [one],
        ),
      ),
    );
  },
  'LaunchTemplateData.UserData'(group) {
    const [first, ...others] = userDataOf(group);
    const template = group.get('user_data_template_path');
    if (template.written) return template.doubted(isMadeByModule('the user data'));
    if (!first) return template.nothing();
    return others.length > 0 || typeof first.value !== 'string'
      ? first.doubted(isMadeByModule('the user data'))
      : first;
  },
  'LaunchTemplateData.Monitoring.Enabled': { at: 'enable_monitoring', else: since({ 18: true, 21: false }) },
  'LaunchTemplateData.IamInstanceProfile': none,
});

/**
 * The role that the module creates for a group: with the policies that nodes need by default, and those of the call.
 */
const nodeRoleRows = serviceRole({
  service: 'ec2.amazonaws.com',
  more: 'iam_role_additional_policies',
  statements: 'iam_role_policy_statements',
  boundary: 'iam_role_permissions_boundary',
});

/** A node group and its launch template. `fields` is what the group sets, merged with what all groups share. */
function expandGroup(id: string, whole: Field, fields: Field, options: GroupOptions): AwsResource[] {
  const { key, managed, template, role } = options;
  return [
    {
      type: managed ? 'AWS::EKS::Nodegroup' : 'EKS::SelfManagedNodegroup',
      id,
      title: key,
      whole,
      body: new Property(spell(groupRows(options)), fields),
    },
    {
      type: 'AWS::EC2::LaunchTemplate',
      id: template,
      title: key,
      whole,
      body: new Property(spell(templateRows(id, options)), fields),
    },
    ...(groupGroup.rules(fields).absent ? [] : [securityGroup(groupGroup, id, key, whole, fields)]),
    { type: 'AWS::IAM::Role', id: role, title: key, whole, body: new Property(spell(nodeRoleRows), fields) },
  ];
}

/** A security group that the module creates, if a call adds rules to it. */
interface Group {
  readonly id: (of: string) => string;
  /** The inbound rules that a call adds; nothing if it turns off the group. */
  readonly rules: (block: Field) => Field;
}
/** `keys`: the arguments with rules, by keys that the caller chooses; `switches`: those that turn off the group. */
const addedRules =
  (keys: readonly [string, ...string[]], switches: readonly string[]) =>
  (block: Field): Field => {
    const rules = Field.either(keys.map((key) => block.get(key)) as [Field, ...Field[]]);
    if (switches.some((key) => block.get(key).value === false)) return rules.nothing();
    if (rules.why !== undefined || rules.absent) return rules;
    const items = rules.entries().map(([, rule]) => rule);
    const inward = items.filter((rule) => rule.get('type').value !== 'egress');
    if (inward.length === 0 && rules.rest === undefined) return rules.nothing();
    return rules.as(mixedList(inward, rules.rest === undefined ? [] : [rules]));
  };
/** Of the control plane, of all nodes, and of one group (the latter in version 18 and since version 21). */
const clusterGroup: Group = {
  id: (of) => `${of}.cluster_security_group_id`,
  rules: addedRules(
    ['security_group_additional_rules', 'cluster_security_group_additional_rules'],
    ['create_security_group', 'create_cluster_security_group'],
  ),
};
const nodesGroup: Group = {
  id: (of) => `${of}.node_security_group_id`,
  rules: addedRules(['node_security_group_additional_rules'], ['create_node_security_group']),
};
const groupGroup: Group = {
  id: (of) => `${of}.security_group_id`,
  rules: addedRules(['security_group_ingress_rules', 'security_group_rules'], ['create_security_group']),
};

function securityGroup(group: Group, of: string, title: string, whole: Field, fields = whole): AwsResource {
  const rows: Rows = {
    SecurityGroupIngress: group.rules,
    'SecurityGroupIngress[].IpProtocol': { at: ['ip_protocol', 'protocol'], else: 'tcp' },
    'SecurityGroupIngress[].CidrIp': ['cidr_ipv4', 'cidr_blocks'],
    'SecurityGroupIngress[].CidrIpv6': ['cidr_ipv6', 'ipv6_cidr_blocks'],
    'SecurityGroupIngress[].SourceSecurityGroupId': ['referenced_security_group_id', 'source_security_group_id'],
    // The module repeats the first port.
    'SecurityGroupIngress[].ToPort': ['to_port', 'from_port'],
  };
  return { type: 'AWS::EC2::SecurityGroup', id: group.id(of), title, whole, body: new Property(spell(rows), fields) };
}

/** The log group of the control plane, which the module creates before EKS does. */
function logGroup(id: string, block: Field, since: Since): AwsResource[] {
  if (block.get('create_cloudwatch_log_group').value === false) return [];
  const name = Field.either([block.get('name'), block.get('cluster_name')]);
  const rows: Rows = {
    LogGroupName: () =>
      typeof name.value === 'string'
        ? block.filled(`/aws/eks/${name.value}/cluster`)
        : name.doubted(clusterHasNoName, true),
    RetentionInDays: {
      at: ['cloudwatch_log_group_retention_in_days', 'cluster_log_retention_in_days'],
      else: since({ 17: 90 }),
    },
    KmsKeyId: ['cloudwatch_log_group_kms_key_id', 'cluster_log_kms_key_id'],
  };
  return [
    {
      type: 'AWS::Logs::LogGroup',
      id: `${id}.cloudwatch_log_group_arn`,
      title: id,
      whole: block,
      body: new Property(spell(rows), block),
    },
  ];
}

/** The OIDC provider that `enable_irsa` makes, which is on since version 18.4 (the module's changelog). */
function issuer(id: string, block: Field, since: Since): AwsResource[] {
  const on = orElse(block.get('enable_irsa'), since({ 17: false, 18: true }));
  if (on.bool().value !== true) return [];
  const body = madeBody(block, { Url: 'https://oidc.eks', ClientIdList: ['sts.amazonaws.com'] });
  return [{ type: 'AWS::IAM::OIDCProvider', id: `${id}.oidc_provider_arn`, title: id, whole: block, body }];
}

const entryRows = (): Rows => ({
  Username: 'user_name',
  AccessPolicies(entry) {
    const all = entry.get('policy_associations');
    if (!all.map) return all;
    return all.as(
      mixedList(
        all.entries().map(([, one]) => one),
        all.rest === undefined ? [] : [all],
      ),
    );
  },
});
const providerRows = (key: string): Rows => ({
  IdentityProviderConfigName(provider) {
    const named = provider.get('identity_provider_config_name');
    return named.absent ? provider.as(key) : named;
  },
  Oidc: '',
});

/** A call of the module. */
export function expandModule(label: string, block: Field): { resources: AwsResource[]; notes: Note[] } {
  const id = `module.${label}`;
  const since = sinceOf(block, since21, until20);
  const cluster: Row = (part) => part.naming(id);
  const notes: Note[] = [];
  const note = (message: string, { at }: Field): void => {
    notes.push({ kind: 'partial', message, at: at() });
  };
  const old = expandGroups17(id, block, cluster, note);
  const kinds = ['eks_managed_node_group', 'self_managed_node_group'] as const;
  const groups = kinds.map((kind) => block.get(`${kind}s`));
  const nodes = kinds.flatMap((kind, index) => {
    const all = groups[index] as Field;
    if (all.partial !== undefined) note(`node groups of ${id} are not judged: ${all.partial}`, all);
    return all.entries().flatMap(([key, group]) => {
      if (group.get('create').value === false) return [];
      const own = `${id}.${kind}s.${key}`;
      return expandGroup(own, group, group.over(block.get(`${kind}_defaults`)), {
        key,
        managed: kind === 'eks_managed_node_group',
        since,
        cluster,
        template: `${own}.template`,
        nodes: nodesGroup.id(id),
        role: `${own}.role`,
        call: block,
      });
    });
  });
  const others = (
    [
      ['AWS::EKS::AccessEntry', ['access_entries'], entryRows],
      ['AWS::EKS::IdentityProviderConfig', ['identity_providers', 'cluster_identity_providers'], providerRows],
    ] as const
  ).flatMap(([type, keys, rows]) => {
    const [argument] = keys;
    const list = Field.either(keys.map((key) => block.get(key)) as [Field, ...Field[]]);
    const resources = list.entries().flatMap(([key, whole]): AwsResource[] =>
      whole.get('create').value === false
        ? []
        : [
            {
              type,
              id: `${id}.${argument}.${key}`,
              title: key,
              whole,
              body: new Property(spell({ ...rows(key), ClusterName: cluster }), whole),
            },
          ],
    );
    return [{ type, list, resources }];
  });
  const profiles = block.get('fargate_profiles');
  const [late, early] = [block.get('addons'), block.get('cluster_addons')];
  const addons = late.absent && !early.absent ? early : late;
  const resources: AwsResource[] = [
    {
      type: 'AWS::EKS::Cluster',
      id,
      title: id,
      whole: block,
      body: new Property(spell(clusterRows(label, since)), block),
      lists: {
        'AWS::EKS::Nodegroup': [...groups, ...old.lists],
        'AWS::EKS::Addon': [addons],
        'AWS::EKS::FargateProfile': [profiles],
        ...Object.fromEntries(others.map(({ type, list }) => [type, [list]])),
      },
    },
    ...(clusterGroup.rules(block).absent ? [] : [securityGroup(clusterGroup, id, id, block)]),
    securityGroup(nodesGroup, id, id, block),
    ...keys(label, block),
    ...logGroup(id, block, since),
    ...authOf(id, block),
    ...issuer(id, block, since),
    ...nodes,
    ...old.resources,
    ...others.flatMap(({ resources }) => resources),
    ...profiles.entries().flatMap(([key, whole]) =>
      whole.get('create').value === false
        ? []
        : fargateProfile(`${id}.fargate_profiles.${key}`, key, {
            whole,
            fields: whole.over(block.get('fargate_profile_defaults')),
            name: nameOf(key),
            cluster,
            shared: block,
          }),
    ),
    ...addons.entries().map(([key, addon]): AwsResource => ({
      type: 'AWS::EKS::Addon',
      id: `${id}.addons.${key}`,
      title: key,
      whole: addon,
      body: new Property(
        spell({
          AddonName: nameOf(key),
          ClusterName: cluster,
          PodIdentityAssociations: 'pod_identity_association',
          ResolveConflicts: { at: 'resolve_conflicts_on_update', else: 'OVERWRITE' },
          PreserveOnDelete: { at: 'preserve', else: since({ 17: false, 20: true }) },
        }),
        addon,
      ),
    })),
  ];
  return { resources, notes };
}

/** A group in a call of the submodule. */
export function expandGroupModule(label: string, block: Field, managed: boolean): AwsResource[] {
  const id = `module.${label}`;
  return expandGroup(id, block, block, {
    key: label,
    managed,
    since: sinceOf(block, ['kubernetes_version'], ['cluster_version']),
    cluster: 'cluster_name',
    template: `${id}.template`,
    nodes: undefined,
    role: `${id}.iam_role_arn`,
    call: undefined,
  });
}
