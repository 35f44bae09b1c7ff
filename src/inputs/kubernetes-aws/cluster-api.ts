import { groupHasNoId, imageByName, planeElsewhere, poolElsewhere } from '#model/hidden.ts';
import { chipOf } from '#model/machine-image.ts';
import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import { locate } from '#syntax/tree.ts';
import type { Field } from '#spelling/field.ts';
import { mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { marketOf } from '#spelling/market.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, noParameters, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';
import { below, type Described, type Given, type Index } from './objects.ts';

/* Cluster API. Fields and defaults: cluster-api-provider-aws, its API types v1beta2 and their webhooks. */

const spell = (rows: Rows): Spelling => ({ name: camelCase, blocks: false, rows });
/** Values whose case differs from that of the API. */
const words = (at: string, values: readonly (readonly [string, string])[]): Row => ({ at, values });

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
  'AccessConfig.AuthenticationMode': words('spec.accessConfig.authenticationMode', [
    ['config_map', 'CONFIG_MAP'],
    ['api', 'API'],
    ['api_and_config_map', 'API_AND_CONFIG_MAP'],
  ]),
  Region: 'spec.region',
  RoleArn: none, // the name of a role that is created if it does not exist
  'ResourcesVpcConfig.SubnetIds'(whole) {
    const all = below(whole, 'spec.network.subnets');
    return all.absent || all.why !== undefined ? all : all.as(mixedList(all.items().map((one) => one.get('id'))));
  },
  'ResourcesVpcConfig.SecurityGroupIds': none,
  'ResourcesVpcConfig.ControlPlaneEgressMode': none,
  KubernetesNetworkConfig: none,
  // Settings for IPv6, even none, turn it on (IsIPv6Enabled in api/v1beta2/network_types.go).
  'KubernetesNetworkConfig.IpFamily'(whole) {
    const six = below(whole, 'spec.network.vpc.ipv6');
    return six.absent || six.why !== undefined ? six : six.worth('ipv6');
  },
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
    // The words of the API in lowercase.
    ResolveConflicts: { at: 'conflictResolution', else: 'OVERWRITE' },
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

/** The identity provider of a control plane. */
const providerSpelling = (id: string): Spelling =>
  spell({
    ClusterName: (provider) => provider.naming(id),
    IdentityProviderConfigName: 'identityProviderConfigName',
    Oidc: '',
  });
/** The mappings that the provider writes into aws-auth. */
const authSpelling = spell({ MapAccounts: none });

/** The MachinePool that an AWS pool belongs to, which names cluster and version. */
function ownerOf(pool: Given, all: Index): Given | undefined {
  const byName = all.find('cluster.x-k8s.io MachinePool', pool.resource.name, pool.resource.tree);
  const reference = byName && below(byName.whole, 'spec.template.spec.infrastructureRef');
  return reference?.get('name').value === pool.resource.name ? byName : undefined;
}
/** The control plane that a Cluster names. */
function planeOf(name: Field, all: Index): Given | undefined {
  const owner = all.find('cluster.x-k8s.io Cluster', name.value, name.tree);
  return (
    owner &&
    all.find(
      'controlplane.cluster.x-k8s.io AWSManagedControlPlane',
      below(owner.whole, 'spec.controlPlaneRef.name').value,
      owner.whole.tree,
    )
  );
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
  // The type of market; where none is set, options of Spot Instances, even empty ones, stand for Spot
  // (getLaunchTemplateInstanceMarketOptionsRequest in pkg/cloud/services/ec2/launchtemplate.go).
  'LaunchTemplateData.InstanceMarketOptions.MarketType'(pool) {
    const type = below(pool, 'spec.awsLaunchTemplate.marketType');
    const spot = below(pool, 'spec.awsLaunchTemplate.spotMarketOptions');
    if (!type.absent) return type.value === 'Spot' ? type.worth('spot') : type.as('other');
    return spot.absent || spot.why !== undefined ? spot : spot.worth('spot');
  },
});
/** What names the image that a pool looks up instead of one of EKS; a control plane sets it for all of its pools. */
const lookups = ['imageLookupFormat', 'imageLookupOrg', 'imageLookupBaseOS'];
/** The images of EKS by CPU (eksAMILookup in pkg/cloud/services/ec2/ami.go). */
const images: Readonly<Record<string, readonly [x86: string, arm: string]>> = {
  AmazonLinux: ['AL2_x86_64', 'AL2_ARM_64'],
  AmazonLinux2023: ['AL2023_x86_64_STANDARD', 'AL2023_ARM_64_STANDARD'],
  AmazonLinuxGPU: ['AL2_x86_64_GPU', 'AL2_x86_64_GPU'],
  AmazonLinux2023GPU: ['AL2023_x86_64_NVIDIA', 'AL2023_x86_64_NVIDIA'],
};
/** The image that a pool without an image looks up. */
function lookedUp(pool: Field, plane: Given | undefined): Field {
  const type = below(pool, 'spec.awsLaunchTemplate.ami.eksLookupType');
  const named = lookups.flatMap((key) => [
    below(pool, `spec.awsLaunchTemplate.${key}`),
    ...(plane ? [below(plane.whole, `spec.${key}`)] : []),
  ]);
  if (!plane || named.some((one) => !one.absent)) return type.doubted(imageByName, true);
  if (type.why !== undefined) return type;
  const own = below(pool, 'spec.awsLaunchTemplate.instanceType');
  if (own.why !== undefined) return own;
  const isArm = !own.absent && ['arm', 'armGpu'].includes(chipOf(own.as(mixedList([own])).texts()) ?? '');
  const image = images[type.absent ? 'AmazonLinux' : String(type.value)]?.[isArm ? 1 : 0];
  if (image === undefined) return type.doubted('the type of the image is not known');
  return type.absent ? type.filled(image) : type.as(image);
}
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
  const ofCluster = open.doubted(groupHasNoId, true);
  return access.as(mixedList([ofCluster, ...own.items()], own.why === undefined ? [] : [own]));
}

function poolSpelling(pool: Given, all: Index, managed: boolean): Spelling {
  const owner = ownerOf(pool, all);
  const cluster = owner && below(owner.whole, 'spec.clusterName');
  const plane = cluster && planeOf(cluster, all);
  const hasTemplate = !managed || !below(pool.whole, 'spec.awsLaunchTemplate').absent;
  return spell({
    NodegroupName: nameAt('spec.eksNodegroupName'),
    ClusterName(whole) {
      if (!cluster) return whole.get('metadata').doubted(poolElsewhere);
      return plane ? cluster.naming(plane.id) : cluster.doubted(planeElsewhere);
    },
    Version: (whole) => (owner ? version(below(owner.whole, 'spec.template.spec.version')) : whole.nothing()),
    AmiType(whole) {
      const image = below(whole, 'spec.awsLaunchTemplate.ami.id');
      if (image.why !== undefined) return image;
      if (image.written) return image.as('CUSTOM');
      const type = below(whole, 'spec.amiType');
      if (!managed) return lookedUp(whole, plane);
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
      ? words('spec.capacityType', [
          ['onDemand', 'ON_DEMAND'],
          ['spot', 'SPOT'],
        ])
      : (whole) => {
          const mixed = below(whole, 'spec.mixedInstancesPolicy');
          const distribution = mixed.get('instancesDistribution');
          if (mixed.absent) return mixed;
          return marketOf(
            distribution,
            distribution.get('onDemandBaseCapacity'),
            distribution.get('onDemandPercentageAboveBaseCapacity'),
          );
        },
    NodeRole: none, // the name of a role that is created if it does not exist
    Subnets(whole) {
      const all = below(whole, managed ? 'spec.subnetIDs' : 'spec.subnets');
      if (managed || !Array.isArray(all.value)) return all;
      return all.as(mixedList(all.items().map((one) => one.get('id'))));
    },
    ReleaseVersion: 'spec.amiVersion',
    DiskSize: 'spec.diskSize',
    Labels: 'spec.labels',
    Tags: 'spec.additionalTags',
    'ScalingConfig.MinSize': managed ? 'spec.scaling.minSize' : { at: 'spec.minSize', else: 1 },
    'ScalingConfig.MaxSize': managed ? 'spec.scaling.maxSize' : { at: 'spec.maxSize', else: 1 },
    'ScalingConfig.DesiredSize': (whole) => (owner ? below(owner.whole, 'spec.replicas') : whole.nothing()),
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
      hasTemplate ? made(whole.get('spec'), { id: whole.get('spec').naming(`${pool.id}/template`) }) : whole.nothing(),
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
    const [provider, auth] = ['oidcIdentityProviderConfig', 'iamAuthenticatorConfig'].map((key) =>
      below(whole, `spec.${key}`),
    ) as [Field, Field];
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
        ...(provider.map
          ? [
              {
                type: 'AWS::EKS::IdentityProviderConfig',
                id: `${id}/provider`,
                whole: provider,
                body: new Property(providerSpelling(id), provider),
              },
            ]
          : []),
        ...(auth.map
          ? [{ type: 'EKS::AwsAuth', id: `${id}/auth`, whole: auth, body: new Property(authSpelling, auth) }]
          : []),
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
