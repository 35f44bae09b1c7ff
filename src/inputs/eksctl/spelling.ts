import {
  clusterHasNoName,
  rangeOfVpc,
  selectorDecides,
  templateSetsImage,
  templateSetsType,
  whyTemplate,
} from '#model/hidden.ts';
import { type Chip, chipOf } from '#model/machine-image.ts';
import { type Dialect, Field, mixedList, mixedMap } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { marketOf } from '#spelling/market.ts';
import { camelCase, none, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';

/* Field names and defaults: eksctl schema v1alpha5 and the defaults that eksctl applies before it creates anything. */

/**
 * eksctl reads strict JSON types; in a file that a shell expands first, such values (`${NAME}`, `$NAME`) are unknown.
 * $Latest and $Default are versions of launch templates.
 */
export const dialect: Dialect = {
  converts: false,
  unknown: (value) =>
    typeof value === 'string' && /\$\{\w+\}|^\$(?!(?:Latest|Default)$)[A-Za-z_]\w*$|\{\{.*\}\}/.test(value)
      ? whyTemplate
      : undefined,
};

export const spell = (rows: Rows): Spelling => ({ name: camelCase, blocks: false, rows });
export const below = (field: Field, path: string): Field => path.split('.').reduce((one, key) => one.get(key), field);

/** `privateCluster.enabled` overrides what `vpc.clusterEndpoints` says (eksctl schema, PrivateCluster). */
const endpoint =
  (key: string, fallback: boolean, closed: boolean) =>
  (top: Field): Field => {
    const isPrivate = below(top, 'privateCluster.enabled');
    if (isPrivate.why !== undefined || (isPrivate.written && typeof isPrivate.value !== 'boolean')) return isPrivate;
    if (isPrivate.value === true) return isPrivate.as(closed);
    const own = below(top, `vpc.clusterEndpoints.${key}`);
    return own.absent ? own.filled(fallback) : own;
  };

const allLogs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
/** `all` and `*` stand for every type (eksctl schema, cloudWatch.clusterLogging.enableTypes). */
function logTypes(top: Field): Field {
  const types = below(top, 'cloudWatch.clusterLogging.enableTypes');
  const items = types.items();
  const isAll = ({ value }: Field): boolean => value === 'all' || value === '*';
  return items.some(isAll)
    ? types.as(mixedList(items.flatMap((one) => (isAll(one) ? allLogs.map((type) => one.as(type)) : [one]))))
    : types;
}

/**
 * Local clusters whose etcd does not run on separate instances have no access entries (eksctl's defaults for
 * accessConfig).
 */
function authenticationMode(top: Field): Field {
  const mode = below(top, 'accessConfig.authenticationMode');
  const local = below(top, 'outpost.controlPlaneOutpostARN').written && below(top, 'outpost.etcdInstanceType').absent;
  return mode.absent ? mode.filled(local ? 'CONFIG_MAP' : 'API_AND_CONFIG_MAP') : mode;
}

/** One security group, or several (eksctl schema, vpc). */
function controlPlaneGroups(top: Field): Field {
  const several = below(top, 'vpc.controlPlaneSecurityGroupIDs');
  const single = below(top, 'vpc.securityGroup');
  return several.absent && !single.absent ? single.as(mixedList([single])) : several;
}

export const cluster = spell({
  Name: 'metadata.name',
  Region: 'metadata.region',
  Version: 'metadata.version',
  'ResourcesVpcConfig.EndpointPublicAccess': endpoint('publicAccess', true, false),
  'ResourcesVpcConfig.EndpointPrivateAccess': endpoint('privateAccess', false, true),
  'ResourcesVpcConfig.PublicAccessCidrs': 'vpc.publicAccessCIDRs',
  'Logging.ClusterLogging.EnabledTypes': logTypes,
  'Logging.ClusterLogging.EnabledTypes[].Type': '',
  EncryptionConfig: 'secretsEncryption',
  'EncryptionConfig[].Resources': none,
  'EncryptionConfig[].Provider.KeyArn': 'keyARN',
  'AccessConfig.AuthenticationMode': authenticationMode,
  DeletionProtection: none,
  'ComputeConfig.Enabled': 'autoModeConfig.enabled',
  // autoModeConfig.enabled turns on all three settings, and eksctl then installs no default add-ons (eksctl User Guide,
  // EKS Auto Mode).
  'StorageConfig.BlockStorage.Enabled': none,
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': none,
  BootstrapSelfManagedAddons: none,
  RoleArn: 'iam.serviceRoleARN',
  'ResourcesVpcConfig.SubnetIds': 'vpc.controlPlaneSubnetIDs',
  'ResourcesVpcConfig.SecurityGroupIds': controlPlaneGroups,
  'ResourcesVpcConfig.ControlPlaneEgressMode': 'vpc.controlPlaneEgressMode',
  'KubernetesNetworkConfig.IpFamily': {
    at: 'kubernetesNetworkConfig.ipFamily',
    values: [
      ['IPv4', 'ipv4'],
      ['IPv6', 'ipv6'],
    ],
  },
  'KubernetesNetworkConfig.ServiceIpv4Cidr': 'kubernetesNetworkConfig.serviceIPv4CIDR',
  'ComputeConfig.NodePools': 'autoModeConfig.nodePools',
  'ComputeConfig.NodeRoleArn': 'autoModeConfig.nodeRoleARN',
  KubeApiServerConfig: 'kubeAPIServerConfig',
  'KubeApiServerConfig.EventTtl': 'kubeAPIServerConfig.eventTTL',
  'KubeControllerManagerConfig.PodGcControllerConfig.TerminatedPodGcThreshold': none,
  'RollbackConfig.TimeoutMinutes': 'metadata.rollbackConfig.timeoutMinutes',
  Force: 'metadata.forceUpdateVersion',
  Tags: 'metadata.tags',
  OutpostConfig: 'outpost.controlPlaneOutpostARN',
});

/**
 * If logs are on, EKS writes them to a log group with this name, whose retention eksctl sets (eksctl schema,
 * clusterLogging).
 */
export const logGroup = spell({
  LogGroupName(top) {
    const name = below(top, 'metadata.name');
    return typeof name.value === 'string'
      ? top.filled(`/aws/eks/${name.value}/cluster`)
      : name.doubted(clusterHasNoName, true);
  },
  RetentionInDays: 'cloudWatch.clusterLogging.logRetentionInDays',
  KmsKeyId: none,
});

export const subnet = (isPublic: boolean): Spelling => spell({ IsPublic: (top) => top.filled(isPublic) });

/** Associations that are listed, and those that eksctl adds automatically if it is configured to. */
const addonIdentities =
  (top: Field) =>
  (part: Field): Field => {
    const listed = part.get('podIdentityAssociations');
    if (listed.written) return listed;
    const own = part.get('useDefaultPodIdentityAssociations');
    const all = below(top, 'addonsConfig.autoApplyPodIdentityAssociations');
    const flag = own.absent ? all : own;
    return flag.why !== undefined || flag.value === true ? flag : flag.nothing();
  };

/** `owner` is the row of the cluster that a part belongs to. */
export const addon = (top: Field, owner: Row): Spelling =>
  spell({
    PodIdentityAssociations: addonIdentities(top),
    AddonName: 'name',
    AddonVersion: 'version',
    ClusterName: owner,
    ServiceAccountRoleArn: 'serviceAccountRoleARN',
    PreserveOnDelete: none,
  });

/**
 * Profiles run in the private subnets of the cluster, with one role for all unless they name another (eksctl schema,
 * FargateProfile).
 */
export const fargateProfile = (top: Field, owner: Row, privateSubnets: string): Spelling =>
  spell({
    FargateProfileName: 'name',
    ClusterName: owner,
    PodExecutionRoleArn(profile) {
      const own = profile.get('podExecutionRoleARN');
      return own.absent ? below(top, 'iam.fargatePodExecutionRoleARN') : own;
    },
    Subnets(profile) {
      const given = profile.get('subnets');
      return given.written ? given : given.as(mixedList([given.naming(privateSubnets)]));
    },
  });

export const accessEntry = (owner: Row): Spelling =>
  spell({
    ClusterName: owner,
    PrincipalArn: 'principalARN',
    Username: 'kubernetesUsername',
    'AccessPolicies[].PolicyArn': 'policyARN',
  });

export const identityProvider = (owner: Row): Spelling =>
  spell({
    ClusterName: owner,
    IdentityProviderConfigName: 'name',
    Oidc: '',
    'Oidc.IssuerUrl': 'issuerURL',
    'Oidc.ClientId': 'clientID',
  });

export const capability = (owner: Row): Spelling =>
  spell({ ClusterName: owner, CapabilityName: 'name', 'Configuration.ArgoCd': 'configuration.argocd' });

/**
 * AMI types by amiFamily, which eksctl reads case-insensitively; the processor of the instance types gives the rest of
 * the name.
 */
function amiTypeOf(family: string, chip: Chip | undefined): string | undefined {
  const windows = /^windowsserver(\d+)(core|full)container$/i.exec(family);
  if (windows) return `WINDOWS_${(windows[2] ?? '').toUpperCase()}_${windows[1]}_x86_64`;
  if (/^ubuntu/i.test(family)) return 'CUSTOM';
  // The CPU alone never changes the result of a rule about an AMI, so an unknown one counts as x86.
  const cpu = chip === 'arm' || chip === 'armGpu' ? 'ARM_64' : 'x86_64';
  const gpu = chip === 'gpu' || chip === 'armGpu';
  switch (family.toLowerCase()) {
    case 'amazonlinux2023':
      return `AL2023_${cpu}_${gpu ? 'NVIDIA' : chip === 'neuron' ? 'NEURON' : 'STANDARD'}`;
    case 'amazonlinux2':
      return gpu || chip === 'neuron' ? 'AL2_x86_64_GPU' : `AL2_${cpu}`;
    case 'bottlerocket':
      return `BOTTLEROCKET_${cpu}${gpu ? '_NVIDIA' : ''}`;
    case 'bottlerocketfips':
      return `BOTTLEROCKET_${cpu}_FIPS`;
    default:
      return undefined;
  }
}

function amiType(group: Field): Field {
  const image = group.get('ami');
  // These values only say how eksctl finds the AMI of the family (eksctl schema, ami).
  const word = typeof image.value === 'string' ? image.value : '';
  if (image.written && !/^(auto|auto-ssm|static)$/.test(word))
    return image.why === undefined ? image.as('CUSTOM') : image;
  const template = group.get('launchTemplate');
  const family = group.get('amiFamily');
  if (template.written && family.absent) return template.doubted(templateSetsImage);
  if (family.why !== undefined) return family;
  if (!family.absent && typeof family.value !== 'string') return family.doubted('amiFamily is not a string');
  const name = typeof family.value === 'string' ? family.value : 'AmazonLinux2023';
  const type = amiTypeOf(name, chipOf(instanceTypes(group).texts()));
  if (type === undefined) return family.doubted(`amiFamily ${name} is not known`);
  return family.absent ? family.filled(type) : family.as(type);
}

function instanceTypes(group: Field): Field {
  const listed = Field.either([group.get('instanceTypes'), below(group, 'instancesDistribution.instanceTypes')]);
  if (listed.written) return listed;
  const single = group.get('instanceType');
  if (single.written && single.value !== 'mixed') return single.as(mixedList([single]));
  const selector = group.get('instanceSelector');
  if (selector.written) return selector.doubted(selectorDecides);
  const template = group.get('launchTemplate');
  if (template.written) return template.doubted(templateSetsType);
  return single.filled(['m5.large']); // eksctl's DefaultNodeType
}

/** Self-managed groups use spot instances through an instances distribution (eksctl schema). */
function capacity(group: Field): Field {
  const mixed = group.get('instancesDistribution');
  if (mixed.absent) return mixed;
  return marketOf(mixed, mixed.get('onDemandBaseCapacity'), mixed.get('onDemandPercentageAboveBaseCapacity'));
}

/** Permissions that eksctl adds to the node role, for which pods need the instance metadata. */
function addonPolicies(group: Field): Field {
  const policies = below(group, 'iam.withAddonPolicies');
  if (policies.why !== undefined) return policies;
  const flags = policies.entries().map(([, flag]) => flag);
  return flags.find(({ value }) => value === true) ?? flags.find(({ why }) => why !== undefined) ?? policies.nothing();
}

/** The id of one of the two kinds of subnets that eksctl creates or is given, or of a subnet that a file names. */
export const subnetId = (prefix: string, name: string): string => `${prefix}subnets/${name}`;

/**
 * Nodes run in public subnets unless `privateNetworking` is set; `subnets` names them by name or id (eksctl schema,
 * subnets).
 */
const subnetsOf =
  (top: Field, idOf: (kind: 'public' | 'private') => string) =>
  (group: Field): Field => {
    const given = group.get('subnets');
    if (given.written) return given;
    // A fully private cluster only has private subnets (eksctl User Guide, EKS fully-private cluster), and so does a
    // file that names no others.
    const closed = below(top, 'privateCluster.enabled');
    if (closed.value === true) return closed.as(mixedList([closed.naming(idOf('private'))]));
    const own = below(top, 'vpc.subnets');
    if (own.get('private').written && own.get('public').absent) return own.as(mixedList([own.naming(idOf('private'))]));
    const hidden = group.get('privateNetworking');
    const outpost = below(top, 'outpost.controlPlaneOutpostARN');
    if (hidden.absent && outpost.written) return outpost.doubted('the Outpost subnets are not set');
    if (hidden.why !== undefined) return hidden;
    const kind = hidden.value === true ? 'private' : 'public';
    return hidden.as(mixedList([hidden.naming(idOf(kind))]));
  };

/** The context in which a group is read. */
interface GroupOptions {
  /** The row of the cluster that it belongs to. */
  readonly owner: Row;
  readonly top: Field;
  /** Ids of the resources that eksctl creates for it. */
  readonly template: string;
  readonly role: string;
  readonly subnetOf: (kind: 'public' | 'private') => string;
}

/** A managed or self-managed group, with the launch template that eksctl creates. */
export function nodegroup(managed: boolean, { owner, top, template, role, subnetOf }: GroupOptions): Spelling {
  return spell({
    NodegroupName: 'name',
    ClusterName: owner,
    Version: none, // groups follow the cluster
    NodeRole(group) {
      const given = below(group, 'iam.instanceRoleARN');
      return given.absent ? given.naming(role) : given;
    },
    Subnets: subnetsOf(top, subnetOf),
    AmiType: amiType,
    InstanceTypes: instanceTypes,
    CapacityType: managed
      ? {
          at: 'spot',
          values: [
            [true, 'SPOT'],
            [false, 'ON_DEMAND'],
          ],
          else: 'ON_DEMAND',
        }
      : capacity,
    RemoteAccess: 'ssh',
    'RemoteAccess.Ec2SshKey': (group) => group.get('ssh').nothing(), // the key pair is in the launch template
    'RemoteAccess.SourceSecurityGroups': 'ssh.sourceSecurityGroupIds',
    ScalingConfig: '',
    'ScalingConfig.MinSize': 'minSize',
    'ScalingConfig.DesiredSize': 'desiredCapacity',
    'ScalingConfig.MaxSize': 'maxSize',
    'UpdateConfig.UpdateStrategy': none,
    ForceUpdateEnabled: none,
    DiskSize: none, // the launch template defines the volume
    WarmPoolConfig: none,
    Taints: taints,
    'Taints[].Effect': {
      at: 'effect',
      values: [
        ['NoSchedule', 'NO_SCHEDULE'],
        ['NoExecute', 'NO_EXECUTE'],
        ['PreferNoSchedule', 'PREFER_NO_SCHEDULE'],
      ],
    },
    MaxPods: 'maxPodsPerNode',
    KubeletConfiguration: 'kubeletExtraConfig',
    BottlerocketSettings: 'bottlerocket.settings.kubernetes',
    LaunchTemplate(group) {
      const own = group.get('launchTemplate');
      return own.written ? own : made(own, { id: own.naming(template) });
    },
    AddonPolicies: addonPolicies,
  });
}

/** Either setting makes tokens required: eksctl combines both in one launch template. */
function tokens(one: Field): Field {
  const noV1 = one.get('disableIMDSv1');
  const noPods = one.get('disablePodIMDS');
  if (noV1.absent) return noV1.filled('required');
  if (noV1.why === undefined && typeof noV1.value !== 'boolean') return noV1.doubted('disableIMDSv1 is not a boolean');
  if (noV1.value === false && noPods.value === true) return noPods.as('required');
  if (noV1.value === false && noPods.why !== undefined) return noPods;
  return noV1.as(noV1.value === true ? 'required' : 'optional', (value) => value === 'required');
}

/** A key turns SSH on unless `allow` is false (eksctl schema, NodeGroupSSH). */
function keyName(one: Field): Field {
  const ssh = one.get('ssh');
  const allow = ssh.get('allow');
  const keys = ['publicKey', 'publicKeyName', 'publicKeyPath'].map((key) => ssh.get(key));
  const key = keys.find((field) => field.written && field.value !== '');
  if (allow.absent) return key ? key.as('a key') : allow;
  return allow.why === undefined ? allow.as(allow.value === true ? 'a key' : '') : allow;
}

/** Taints as a list, or as a map from key to `value:effect` (eksctl schema, taints of nodeGroups). */
function taints(group: Field): Field {
  const all = group.get('taints');
  if (!all.map) return all;
  const made = all.entries().map(([key, one]) => {
    const [value = '', effect] = typeof one.value === 'string' ? one.value.split(':') : [];
    return one.as(
      mixedMap(
        new Map([
          ['key', one.as(key)],
          ['value', one.as(value)],
          ['effect', one.as(effect ?? value)],
        ]),
      ),
    );
  });
  return all.as(mixedList(made));
}

/** Commands that nodes run before or instead of eksctl's bootstrap. */
function commandsOf(group: Field): readonly Field[] {
  const [before, instead] = [group.get('preBootstrapCommands'), group.get('overrideBootstrapCommand')];
  return [...(before.why === undefined ? before.items() : [before]), ...(instead.absent ? [] : [instead])];
}
function commands(group: Field): Field {
  const all = commandsOf(group);
  const unclear = all.find(({ why }) => why !== undefined);
  if (unclear) return unclear;
  if (all.length === 0) return group.get('preBootstrapCommands').nothing();
  return (all[0] as Field).as(all.map(({ value }) => String(value)).join('\n'));
}

/** The root volume, if the group configures it, and additional ones (eksctl schema, additionalVolumes). */
function volumes(group: Field): Field {
  const keys = ['volumeSize', 'volumeType', 'volumeIOPS', 'volumeThroughput', 'volumeEncrypted', 'volumeKmsKeyID'];
  const root = keys.some((key) => group.get(key).written) ? [group] : [];
  const more = group.get('additionalVolumes');
  return group.as(mixedList([...root, ...more.items()], more.partial === undefined ? [] : [more]));
}

/** The launch template that eksctl creates for a group, with the security group that it creates for SSH. */
export function launchTemplate(sshGroup: string): Spelling {
  return spell({
    LaunchTemplateData: '',
    'LaunchTemplateData.ImageId': none, // AmiType of the group decides
    'LaunchTemplateData.InstanceType': none,
    'LaunchTemplateData.KeyName': keyName,
    'LaunchTemplateData.MetadataOptions.HttpTokens': tokens,
    'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': {
      at: 'disablePodIMDS',
      values: [
        [true, 1],
        [false, 2],
      ],
      else: 2,
    },
    'LaunchTemplateData.MetadataOptions.HttpEndpoint': none,
    'LaunchTemplateData.SecurityGroupIds'(group) {
      const attached = below(group, 'securityGroups.attachIDs');
      const own = group.naming(sshGroup);
      return attached.why === undefined ? group.as(mixedList([own, ...attached.items()])) : attached;
    },
    'LaunchTemplateData.SecurityGroups': none,
    'LaunchTemplateData.BlockDeviceMappings': volumes,
    'LaunchTemplateData.BlockDeviceMappings[].Ebs': '',
    'LaunchTemplateData.BlockDeviceMappings[].DeviceName': 'volumeName',
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted': 'volumeEncrypted',
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeType': { at: 'volumeType', else: 'gp3' },
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeSize': 'volumeSize',
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.Iops': 'volumeIOPS',
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.Throughput': 'volumeThroughput',
    'LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId': 'volumeKmsKeyID',
    'LaunchTemplateData.UserData': commands,
    'LaunchTemplateData.UserDataParts': (group) => group.as(mixedList(commandsOf(group))),
    'LaunchTemplateData.Monitoring.Enabled': 'enableDetailedMonitoring',
    'LaunchTemplateData.IamInstanceProfile.Arn': 'iam.instanceProfileARN',
    'LaunchTemplateData.IamInstanceProfile.Name': none,
    'LaunchTemplateData.InstanceMarketOptions': 'instanceMarketOptions',
    'LaunchTemplateData.NetworkInterfaces': none,
  });
}

/**
 * The sources that the security group for SSH allows: without source groups eksctl opens port 22 to the VPC if
 * privateNetworking is set, otherwise to everyone.
 */
export function sshRules(group: Field, top: Field): Field {
  const key = keyName(group);
  const sources = below(group, 'ssh.sourceSecurityGroupIds');
  const hidden = group.get('privateNetworking');
  const unclear = [key, sources, hidden].find(({ why }) => why !== undefined);
  if (key.absent || key.value === '') return key.nothing();
  if (unclear) return unclear;
  if (sources.items().length > 0) return sources.nothing();
  const rule = (cidr: Field | string) => made(key, { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: cidr });
  if (hidden.value !== true) return made(key, [rule('0.0.0.0/0'), rule('::/0')]);
  const range = below(top, 'vpc.cidr');
  const existing = below(top, 'vpc.id').written;
  const vpc = existing ? range.doubted(rangeOfVpc) : range.filled('192.168.0.0/16');
  return made(key, [rule(range.absent ? vpc : range)]);
}

/**
 * Whether the cluster is defined elsewhere and the file only adds to it: it names the security group of a cluster that
 * eksctl did not create (eksctl User Guide, Non eksctl-created clusters), or only groups that name their own subnets.
 */
export function addsParts(top: Field): boolean {
  if (hasOnlyOthers(top)) return true;
  const groups = ['managedNodeGroups', 'nodeGroups'].flatMap((key) => top.get(key).items());
  if (groups.length === 0) return false;
  if (below(top, 'vpc.id').written && below(top, 'vpc.securityGroup').written) return true;
  return hasOnlyGroups(top) && groups.every((group) => group.get('subnets').written);
}

const besides = new Set(['apiVersion', 'kind', 'metadata']);
const keysOf = (top: Field): string[] => Object.keys(top.map ?? {}).filter((key) => !besides.has(key));

/**
 * Parts for which eksctl has separate commands that read nothing else (`eksctl create fargateprofile`, `addon`,
 * `iamserviceaccount`).
 */
const ownCommands = new Set(['fargateProfiles', 'addons', 'iam']);
/**
 * Whether a file without a version has only such parts: a cluster without nodes and with only defaults is not
 * realistic.
 */
function hasOnlyOthers(top: Field): boolean {
  const keys = keysOf(top);
  return keys.length > 0 && keys.every((key) => ownCommands.has(key)) && below(top, 'metadata.version').absent;
}

/**
 * Whether a file contains only groups: it creates a cluster from defaults, or adds groups to one that another file
 * defines.
 */
export function hasOnlyGroups(top: Field): boolean {
  const keys = keysOf(top);
  return keys.length > 0 && keys.every((key) => key === 'managedNodeGroups' || key === 'nodeGroups');
}
