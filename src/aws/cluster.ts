import type { Cluster, Connector, ControlPlane } from '#model/cluster.ts';
import { type EksVersion, eksVersions, minorOf } from '#model/calendar.ts';
import { Collection, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { identityOf } from './identity.ts';
import { readKeyReference } from './kms-key.ts';
import { roleType } from './namesakes.ts';
import { partOf, readHealth, readTags, textOf } from './part.ts';
import { roleAt } from './role.ts';
import { readSubnets } from './subnet.ts';

/** The facts of a cluster. Fallbacks are the defaults of the EKS API (CreateCluster). */
export function readCluster(
  resource: AwsResource,
  description: Description,
  members: Pick<
    Cluster,
    | 'nodegroups'
    | 'addons'
    | 'podIdentities'
    | 'insights'
    | 'fargateProfiles'
    | 'accessEntries'
    | 'identityProviders'
    | 'capabilities'
  >,
): Cluster {
  const { body } = resource;
  const name = body.path('Name').text();
  const network = body.path('ResourcesVpcConfig');
  const kubernetes = body.path('KubernetesNetworkConfig');
  const remote = body.path('RemoteNetworkConfig');
  const access = body.path('AccessConfig');
  const role = roleAt(body.path('RoleArn'), description);
  const autoMode = body.path('ComputeConfig', 'Enabled').bool(false);
  return partOf('cluster', description.input, resource, name, {
    name,
    identity: identityOf(resource, description),
    health: readHealth(body),
    connector: readConnector(body.path('ConnectorConfig'), description),
    platformVersion: body.path('PlatformVersion').text(),
    issuer: body.path('Identity', 'Oidc', 'Issuer').text(),
    version: body.path('Version').text(),
    roleArn: role.arn,
    role: role.role,
    endpoint: {
      public: network.path('EndpointPublicAccess').bool(true),
      private: network.path('EndpointPrivateAccess').bool(false),
      publicCidrs: network.path('PublicAccessCidrs').textsOr(['0.0.0.0/0']),
    },
    subnets: readSubnets(network.path('SubnetIds'), description),
    securityGroups: network.path('SecurityGroupIds').texts(),
    egressMode: network.path('ControlPlaneEgressMode').text('AWS_MANAGED'),
    network: {
      ipFamily: kubernetes.path('IpFamily').text('ipv4'),
      serviceCidr: kubernetes.path('ServiceIpv4Cidr').text(),
      remoteNodes: readCidrs(remote.path('RemoteNodeNetworks')),
      remotePods: readCidrs(remote.path('RemotePodNetworks')),
    },
    zonalShift: body.path('ZonalShiftConfig', 'Enabled').bool(false),
    controlPlane: readControlPlane(body),
    logging: body.path('Logging', 'ClusterLogging', 'EnabledTypes').texts([], 'Type'),
    ...readSecretsKey(body.path('EncryptionConfig'), description),
    supportType: body.path('UpgradePolicy', 'SupportType').text('EXTENDED'),
    authenticationMode: access.path('AuthenticationMode').text('CONFIG_MAP'),
    creatorAdmin: access.path('BootstrapClusterCreatorAdminPermissions').bool(true),
    deletionProtection: body.path('DeletionProtection').bool(false),
    autoMode,
    autoModeStorage: body.path('StorageConfig', 'BlockStorage', 'Enabled').bool(false),
    autoModeLoadBalancing: kubernetes.path('ElasticLoadBalancing', 'Enabled').bool(false),
    nodePools: body.path('ComputeConfig', 'NodePools').texts(),
    nodePoolRoleArn: textOf(body.path('ComputeConfig', 'NodeRoleArn'), roleType, description),
    // EKS installs them by default, but not with Auto Mode (EKS User Guide, Create an EKS Auto Mode Cluster with the AWS CLI).
    bootstrapSelfManagedAddons: body.path('BootstrapSelfManagedAddons').bool(autoMode.is(true).state === 'no'),
    tags: readTags(body.path('Tags')),
    outpost: body.path('OutpostConfig').exists(),
    ...members,
    calendar: readCalendar(resource, description),
  });
}

/** The facts of a connector (EKS API reference, ConnectorConfigResponse). */
function readConnector(config: Property, description: Description): Connector {
  const { arn, role } = roleAt(config.path('RoleArn'), description);
  return {
    written: config.exists(),
    // The API returns seconds, the AWS CLI writes a timestamp.
    expiry: config
      .path('ActivationExpiry')
      .text()
      .to((text) => {
        const time = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
        return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
      }),
    roleArn: arn,
    role,
  };
}

/** The parameters of control plane components; the API has no defaults of its own for those of Kubernetes. */
function readControlPlane(body: Property): ControlPlane {
  const server = body.path('KubeApiServerConfig');
  const ports = server.path('ServiceNodePortRange');
  const manager = body.path('KubeControllerManagerConfig');
  const scoring = body.path('KubeSchedulerConfig', 'NodeResourcesFit', 'ScoringStrategy');
  const resources = scoring.path('Resources');
  return {
    tier: body.path('ControlPlaneScalingConfig', 'Tier').text('standard'),
    eventTtl: server.path('EventTtl').text(),
    nodePorts: { from: ports.path('MinPort').number(), to: ports.path('MaxPort').number() },
    autoscalerSyncPeriod: manager
      .path('HorizontalPodAutoscalerControllerConfig', 'HorizontalPodAutoscalerSyncPeriod')
      .text(),
    terminatedPods: manager.path('PodGcControllerConfig', 'TerminatedPodGcThreshold').number(),
    scoringStrategy: scoring.path('Type').text(),
    scoringWeights: new Collection(
      resources.items().map((one) => one.path('Weight').number()),
      { at: resources.at, state: resources.absent ? 'default' : 'set', why: resources.rest },
    ),
    rollbackTimeout: body.path('RollbackConfig', 'TimeoutMinutes').number(720),
    forceUpdate: body.path('Force').bool(false),
  };
}

/** The CIDR blocks of all networks in a list. */
function readCidrs(networks: Property): Collection<Value<string>> {
  const lists = networks.items().map((one) => one.path('Cidrs').texts());
  const items = lists.flatMap((list) => [...list]);
  const why = networks.rest ?? lists.find(({ complete }) => !complete)?.why;
  const [first] = lists;
  return new Collection(items, {
    at: first ? () => first.at : networks.at,
    state: networks.absent ? 'default' : items.length === 0 && why !== undefined ? 'unknown' : 'set',
    why,
  });
}

/** What the service says about the versions that it offers, otherwise what this release knows about them. */
function readCalendar({ whole }: AwsResource, description: Description): Cluster['calendar'] {
  const { at } = whole;
  const told = description.of('EKS::ClusterVersion').flatMap(({ body }): EksVersion[] => {
    const day = (name: string): string => (body.path(name).text().value ?? '').slice(0, 10);
    const [version, released] = [body.path('ClusterVersion').text().value, day('ReleaseDate')];
    const [endStandard, endExtended] = [day('EndOfStandardSupportDate'), day('EndOfExtendedSupportDate')];
    return version === undefined || endStandard === '' || endExtended === ''
      ? []
      : [{ version, released, endStandard, endExtended, source: 'Amazon EKS API, DescribeClusterVersions' }];
  });
  // A version that the service no longer lists has ended; the data of this release says when.
  const others = eksVersions.filter(({ version }) => !told.some((one) => one.version === version));
  const sorted = [...told, ...others].sort((one, other) => (minorOf(other.version) ?? 0) - (minorOf(one.version) ?? 0));
  return new Collection(sorted, { at, unread: description.whyUnread('EKS::ClusterVersion') });
}

/**
 * The key in the entry for secrets, the only value that `Resources` allows. A key that is set counts, wherever it comes
 * from.
 */
function readSecretsKey(
  config: Property,
  description: Description,
): Pick<Cluster, 'secretsKey' | 'secretsKeyReference'> {
  const { why, at } = config;
  const none = (secretsKey: Value<string>) => ({ secretsKey, secretsKeyReference: undefined });
  if (why !== undefined) return none(Value.unknown(why, at, { unwritten: !config.written }));
  let unclear: string | undefined;
  for (const entry of config.items()) {
    const covers = entry
      .path('Resources')
      .texts(['secrets'])
      .has((one) => one.is('secrets'));
    const named = entry.path('Provider', 'KeyArn');
    const key = named.given();
    const answer = covers.and(key.where((text) => text !== ''));
    if (answer.state === 'yes') return { secretsKey: key, secretsKeyReference: readKeyReference(named, description) };
    if (answer.state === 'unknown') unclear ??= answer.why;
  }
  return none(unclear === undefined ? Value.default<string>(undefined, at) : Value.unknown(unclear, at));
}
