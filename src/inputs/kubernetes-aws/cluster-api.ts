import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import { locate } from '#syntax/tree.ts';
import { distributionDecides } from '#model/hidden.ts';
import type { Field } from '#spelling/field.ts';
import { mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, noParameters, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';
import { below, type Described, type Given, type Index } from './objects.ts';

/* Cluster API. Fields and defaults: cluster-api-provider-aws, its API types v1beta2 and their webhooks. */

const spell = (rows: Rows): Spelling => ({ name: camelCase, blocks: false, rows });
/** Values whose case differs from that of the API. */
const words = (at: string, pairs: readonly (readonly [string, string])[], fallback?: string): Row => ({
  at,
  values: pairs,
  ...(fallback === undefined ? {} : { else: fallback }),
});

/** `v1.33` and `v1.33.2` mean 1.33. */
function version(field: Field): Field {
  const [, minor] = (typeof field.value === 'string' && /^v?(\d+\.\d+)/.exec(field.value)) || [];
  return minor === undefined ? field : field.as(minor, (one) => `v${String(one)}`);
}

const logs = [
  ['apiServer', 'api'],
  ['audit', 'audit'],
  ['authenticator', 'authenticator'],
  ['controllerManager', 'controllerManager'],
  ['scheduler', 'scheduler'],
] as const;
/** One boolean for each log type. */
function loggedTypes(whole: Field): Field {
  const logging = below(whole, 'spec.logging');
  if (logging.absent || logging.why !== undefined) return logging;
  const switches = logs.map(([key, type]) => [logging.get(key), type] as const);
  const unclear = switches.find(([one]) => one.why !== undefined)?.[0];
  if (unclear) return unclear;
  return logging.as(mixedList(switches.filter(([one]) => one.value === true).map(([one, type]) => one.as(type))));
}

/** The webhook composes a name from namespace and name if none is set. */
const nameAt =
  (path: string) =>
  (whole: Field): Field => {
    const own = below(whole, path);
    const [namespace, name] = ['namespace', 'name'].map((key) => whole.get('metadata').get(key).value);
    if (!own.absent || typeof name !== 'string') return own;
    return typeof namespace === 'string'
      ? own.filled(`${namespace}_${name}`)
      : own.doubted('the namespace is part of the name', true);
  };

const cluster = spell({
  Name: nameAt('spec.eksClusterName'),
  Version: (whole) => version(below(whole, 'spec.version')),
  'ResourcesVpcConfig.EndpointPublicAccess': 'spec.endpointAccess.public',
  'ResourcesVpcConfig.EndpointPrivateAccess': 'spec.endpointAccess.private',
  'ResourcesVpcConfig.PublicAccessCidrs': 'spec.endpointAccess.publicCIDRs',
  'Logging.ClusterLogging.EnabledTypes': loggedTypes,
  'Logging.ClusterLogging.EnabledTypes[].Type': '',
  EncryptionConfig: 'spec.encryptionConfig',
  'EncryptionConfig[].Provider.KeyArn': 'provider',
  'UpgradePolicy.SupportType': words('spec.upgradePolicy', [
    ['standard', 'STANDARD'],
    ['extended', 'EXTENDED'],
  ]),
  'AccessConfig.AuthenticationMode': words(
    'spec.accessConfig.authenticationMode',
    [
      ['config_map', 'CONFIG_MAP'],
      ['api', 'API'],
      ['api_and_config_map', 'API_AND_CONFIG_MAP'],
    ],
    'CONFIG_MAP',
  ),
  Region: 'spec.region',
  RoleArn: none, // the name of a role that is created if it does not exist
  'ResourcesVpcConfig.SubnetIds'(whole) {
    const all = below(whole, 'spec.network.subnets');
    return all.absent || all.why !== undefined ? all : all.as(mixedList(all.items().map((one) => one.get('id'))));
  },
  'ResourcesVpcConfig.SecurityGroupIds': none,
  'ResourcesVpcConfig.ControlPlaneEgressMode': none,
  KubernetesNetworkConfig: none,
  RemoteNetworkConfig: none,
  ZonalShiftConfig: none,
  ...noParameters,
  'AccessConfig.BootstrapClusterCreatorAdminPermissions': 'spec.accessConfig.bootstrapClusterCreatorAdminPermissions',
  'ComputeConfig.NodePools': none,
  'ComputeConfig.NodeRoleArn': none,
  DeletionProtection: none,
  'ComputeConfig.Enabled': none,
  'StorageConfig.BlockStorage.Enabled': none,
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': none,
  BootstrapSelfManagedAddons: none, // the webhook always sets it to true
  Tags: 'spec.additionalTags',
  OutpostConfig: none,
});

const addonSpelling = (id: string): Spelling =>
  spell({
    AddonName: 'name',
    AddonVersion: 'version',
    ClusterName: (addon) => addon.naming(id),
    ConfigurationValues: 'configuration',
    ResolveConflicts: words(
      'conflictResolution',
      [
        ['overwrite', 'OVERWRITE'],
        ['none', 'NONE'],
        ['preserve', 'PRESERVE'],
      ],
      'OVERWRITE',
    ),
    PreserveOnDelete: 'preserveOnDelete',
    NamespaceConfig: none,
    ServiceAccountRoleArn: 'serviceAccountRoleARN',
  });

const entrySpelling = (id: string): Spelling =>
  spell({
    ClusterName: (entry) => entry.naming(id),
    PrincipalArn: 'principalARN',
    Type: words('type', [
      ['standard', 'STANDARD'],
      ['ec2_linux', 'EC2_LINUX'],
      ['ec2_windows', 'EC2_WINDOWS'],
      ['fargate_linux', 'FARGATE_LINUX'],
      ['ec2', 'EC2'],
      ['hybrid_linux', 'HYBRID_LINUX'],
      ['hyperpod_linux', 'HYPERPOD_LINUX'],
    ]),
    'AccessPolicies[].PolicyArn': 'policyARN',
  });

/** The MachinePool that an AWS pool belongs to, which names cluster and version. */
function ownerOf(pool: Given, all: Index): Given | undefined {
  const byName = all.find('cluster.x-k8s.io MachinePool', pool.resource.name);
  const reference = byName && below(byName.whole, 'spec.template.spec.infrastructureRef');
  return reference?.get('name').value === pool.resource.name ? byName : undefined;
}
/** The control plane that a Cluster names. */
function planeOf(name: Field, all: Index): Field {
  const owner = all.find('cluster.x-k8s.io Cluster', name.value);
  const plane =
    owner &&
    all.find(
      'controlplane.cluster.x-k8s.io AWSManagedControlPlane',
      below(owner.whole, 'spec.controlPlaneRef.name').value,
    );
  return plane ? name.naming(plane.id) : name.doubted('the control plane is not in these files');
}

/** The launch template of a pool. Its image is looked up if no ID is set. */
const template = spell({
  LaunchTemplateData: 'spec.awsLaunchTemplate',
  'LaunchTemplateData.ImageId': 'spec.awsLaunchTemplate.ami.id',
  'LaunchTemplateData.KeyName': 'spec.awsLaunchTemplate.sshKeyName',
  'LaunchTemplateData.MetadataOptions': 'spec.awsLaunchTemplate.instanceMetadataOptions',
  'LaunchTemplateData.MetadataOptions.HttpTokens': (pool) => option(pool, 'httpTokens', 'optional'),
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': (pool) => option(pool, 'httpPutResponseHopLimit', 1),
  'LaunchTemplateData.SecurityGroupIds'(pool) {
    const more = below(pool, 'spec.awsLaunchTemplate.additionalSecurityGroups');
    return more.absent ? more : more.as(mixedList(more.items().map((one) => one.get('id'))));
  },
  'LaunchTemplateData.SecurityGroups': none,
  'LaunchTemplateData.NetworkInterfaces': none,
  'LaunchTemplateData.BlockDeviceMappings'(pool) {
    const [root, others] = ['rootVolume', 'nonRootVolumes'].map((key) =>
      below(pool, `spec.awsLaunchTemplate.${key}`),
    ) as [Field, Field];
    return root.as(
      mixedList([...(root.map ? [root] : []), ...others.items()], others.why === undefined ? [] : [others]),
    );
  },
  'LaunchTemplateData.BlockDeviceMappings[].Ebs': '',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted': 'encrypted',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeType': 'type',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeSize': 'size',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId': 'encryptionKey',
  'LaunchTemplateData.UserData': none,
  'LaunchTemplateData.Monitoring': none,
  'LaunchTemplateData.IamInstanceProfile.Name': 'spec.awsLaunchTemplate.iamInstanceProfile',
  'LaunchTemplateData.IamInstanceProfile.Arn': none,
  // Options of Spot Instances, even without a price, or the type of market (AWSLaunchTemplate, spotMarketOptions and marketType).
  'LaunchTemplateData.InstanceMarketOptions.MarketType'(pool) {
    const type = below(pool, 'spec.awsLaunchTemplate.marketType');
    const spot = below(pool, 'spec.awsLaunchTemplate.spotMarketOptions');
    if (spot.why !== undefined) return spot;
    if (!spot.absent) return spot.worth('spot');
    return typeof type.value === 'string' ? type.worth(type.value.toLowerCase()) : type;
  },
});
/** Options have defaults if any of them is set. */
function option(pool: Field, key: string, fallback: unknown): Field {
  const options = below(pool, 'spec.awsLaunchTemplate.instanceMetadataOptions');
  const own = options.get(key);
  return own.absent && !options.absent ? own.filled(fallback) : own;
}

/**
 * The provider adds the security group of the cluster unless the access is public (pkg/cloud/services/eks/nodegroup.go,
 * remoteAccess).
 */
function sourceGroups(pool: Field): Field {
  const access = below(pool, 'spec.remoteAccess');
  const [open, own] = [access.get('public'), access.get('sourceSecurityGroups')];
  if (open.why !== undefined) return open;
  if (open.value === true || access.absent) return own;
  const ofCluster = open.doubted('the security group of the cluster has no ID yet', true);
  return access.as(mixedList([ofCluster, ...own.items()], own.why === undefined ? [] : [own]));
}

function poolSpelling(pool: Given, all: Index, managed: boolean): Spelling {
  const owner = ownerOf(pool, all);
  const hasTemplate = !managed || !below(pool.whole, 'spec.awsLaunchTemplate').absent;
  return spell({
    NodegroupName: nameAt('spec.eksNodegroupName'),
    ClusterName: (whole) =>
      owner
        ? planeOf(below(owner.whole, 'spec.clusterName'), all)
        : whole.get('metadata').doubted('no MachinePool refers to the cluster'),
    Version: (whole) => (owner ? version(below(owner.whole, 'spec.template.spec.version')) : whole.nothing()),
    AmiType(whole) {
      const image = below(whole, 'spec.awsLaunchTemplate.ami.id');
      if (image.why !== undefined) return image;
      if (image.written) return image.as('CUSTOM');
      const type = below(whole, 'spec.amiType');
      if (!managed) return type.doubted('the image is looked up by name', true);
      return type.absent ? type.filled('AL2_x86_64') : type;
    },
    InstanceTypes(whole) {
      const single = Object.values(['spec.instanceType', 'spec.awsLaunchTemplate.instanceType']).map((path) =>
        below(whole, path),
      );
      const type = single.find((one) => !one.absent);
      const overrides = below(whole, 'spec.mixedInstancesPolicy.overrides');
      if (!overrides.absent) return overrides.as(mixedList(overrides.items().map((one) => one.get('instanceType'))));
      return type ? type.as(mixedList([type])) : whole.nothing();
    },
    CapacityType: managed
      ? words(
          'spec.capacityType',
          [
            ['onDemand', 'ON_DEMAND'],
            ['spot', 'SPOT'],
          ],
          'ON_DEMAND',
        )
      : (whole) => {
          const mixed = below(whole, 'spec.mixedInstancesPolicy');
          return mixed.absent ? mixed : mixed.doubted(distributionDecides);
        },
    NodeRole: none, // the name of a role that is created if it does not exist
    Subnets: 'spec.subnetIDs',
    ReleaseVersion: 'spec.amiVersion',
    DiskSize: 'spec.diskSize',
    Labels: 'spec.labels',
    Tags: 'spec.additionalTags',
    'ScalingConfig.MinSize': managed ? 'spec.scaling.minSize' : 'spec.minSize',
    'ScalingConfig.MaxSize': managed ? 'spec.scaling.maxSize' : 'spec.maxSize',
    'ScalingConfig.DesiredSize': (whole) => (owner ? below(owner.whole, 'spec.replicas') : whole.nothing()),
    UpdateConfig: 'spec.updateConfig',
    'UpdateConfig.MaxUnavailablePercentage': 'spec.updateConfig.maxUnavailablePercentage',
    'UpdateConfig.MaxUnavailable': 'spec.updateConfig.maxUnavailable',
    'UpdateConfig.UpdateStrategy': none,
    ForceUpdateEnabled: none,
    Taints: 'spec.taints',
    'Taints[].Effect': words('effect', [
      ['no-schedule', 'NO_SCHEDULE'],
      ['no-execute', 'NO_EXECUTE'],
      ['prefer-no-schedule', 'PREFER_NO_SCHEDULE'],
    ]),
    NodeRepairConfig: 'spec.nodeRepairConfig',
    'NodeRepairConfig.Enabled': 'spec.nodeRepairConfig.enabled',
    WarmPoolConfig: none,
    RemoteAccess: 'spec.remoteAccess',
    'RemoteAccess.Ec2SshKey': 'spec.remoteAccess.sshKeyName',
    'RemoteAccess.SourceSecurityGroups': sourceGroups,
    LaunchTemplate: (whole) =>
      hasTemplate ? made(whole.get('spec'), { Id: whole.get('spec').naming(`${pool.id}/template`) }) : whole.nothing(),
    'LaunchTemplate.Id': (whole) => whole.get('spec').naming(`${pool.id}/template`),
    'LaunchTemplate.Name': none,
    AddonPolicies: none,
  });
}

/** Templates of a ClusterClass: its patches and variables decide what each cluster has, and they are not read. */
export function unreadTemplate({ group, kind, name, tree, object }: AnyResource): Note[] {
  const isTemplate =
    group.endsWith('cluster.x-k8s.io') && /^AWSManaged(?:ControlPlane|MachinePool)Template$/.test(kind);
  if (!isTemplate) return [];
  const made = kind.replace(/Template$/, '');
  return [
    {
      kind: 'partial',
      message: `what ${kind} "${name}" creates is not judged: lint the ${made} objects of the management cluster`,
      at: locate(tree, object, 'kind'),
    },
  ];
}

export function readClusterApi(given: Given, all: Index): Described | undefined {
  const { resource, whole, id } = given;
  const { group, kind } = resource;
  if (group === 'controlplane.cluster.x-k8s.io' && kind === 'AWSManagedControlPlane') {
    const addons = below(whole, 'spec.addons');
    const entries = below(whole, 'spec.accessEntries');
    return {
      type: 'AWS::EKS::Cluster',
      body: new Property(cluster, whole),
      lists: { 'AWS::EKS::Addon': [addons], 'AWS::EKS::AccessEntry': [entries] },
      parts: [
        ...addons.items().map((addon, index) => ({
          type: 'AWS::EKS::Addon',
          id: `${id}/addon/${index}`,
          whole: addon,
          body: new Property(addonSpelling(id), addon),
        })),
        ...entries.items().map((entry, index) => ({
          type: 'AWS::EKS::AccessEntry',
          id: `${id}/entry/${index}`,
          whole: entry,
          body: new Property(entrySpelling(id), entry),
        })),
      ],
    };
  }
  if (group !== 'infrastructure.cluster.x-k8s.io') return undefined;
  const managed = kind === 'AWSManagedMachinePool';
  if (!managed) {
    // Machines may join a cluster that is not an EKS cluster.
    const owner = kind === 'AWSMachinePool' ? ownerOf(given, all) : undefined;
    const bootstrap = owner && below(owner.whole, 'spec.template.spec.bootstrap.configRef.kind').value;
    if (bootstrap !== 'EKSConfig' && bootstrap !== 'NodeadmConfig') return undefined;
  }
  return {
    type: managed ? 'AWS::EKS::Nodegroup' : 'EKS::SelfManagedNodegroup',
    body: new Property(poolSpelling(given, all, managed), whole),
    parts: [{ type: 'AWS::EC2::LaunchTemplate', id: `${id}/template`, whole, body: new Property(template, whole) }],
  };
}
