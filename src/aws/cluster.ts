import type { Cluster } from '#model/cluster.ts';
import { type EksVersion, eksVersions, minorOf } from '#model/calendar.ts';
import { Collection, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, readTags } from './part.ts';

/** The facts of a cluster. Fallbacks are the defaults of the EKS API (CreateCluster). */
export function readCluster(
  resource: AwsResource,
  description: Description,
  members: Pick<Cluster, 'nodegroups' | 'addons' | 'podIdentities' | 'insights'>,
): Cluster {
  const { body } = resource;
  const name = body.path('Name').text();
  const network = body.path('ResourcesVpcConfig');
  return partOf('cluster', description.input, resource, name, {
    name,
    version: body.path('Version').text(),
    endpoint: {
      public: network.path('EndpointPublicAccess').bool(true),
      private: network.path('EndpointPrivateAccess').bool(false),
      publicCidrs: network.path('PublicAccessCidrs').textsOr(['0.0.0.0/0']),
    },
    logging: body.path('Logging', 'ClusterLogging', 'EnabledTypes').texts([], 'Type'),
    secretsKey: readSecretsKey(body.path('EncryptionConfig')),
    supportType: body.path('UpgradePolicy', 'SupportType').text('EXTENDED'),
    authenticationMode: body.path('AccessConfig', 'AuthenticationMode').text('CONFIG_MAP'),
    deletionProtection: body.path('DeletionProtection').bool(false),
    autoMode: body.path('ComputeConfig', 'Enabled').bool(false),
    autoModeStorage: body.path('StorageConfig', 'BlockStorage', 'Enabled').bool(false),
    autoModeLoadBalancing: body.path('KubernetesNetworkConfig', 'ElasticLoadBalancing', 'Enabled').bool(false),
    bootstrapSelfManagedAddons: body.path('BootstrapSelfManagedAddons').bool(true),
    tags: readTags(body.path('Tags')),
    outpost: body.path('OutpostConfig').exists(),
    ...members,
    calendar: readCalendar(resource, description),
  });
}

/** What the service says of the versions that it offers; else what this release knows of them. */
function readCalendar({ whole }: AwsResource, description: Description): Cluster['calendar'] {
  const { at } = whole;
  const told = description.of('EKS::ClusterVersion').flatMap(({ body }): EksVersion[] => {
    const day = (name: string): string => (body.path(name).text().value ?? '').slice(0, 10);
    const [version, released] = [body.path('ClusterVersion').text().value, day('ReleaseDate')];
    const [endStandard, endExtended] = [day('EndOfStandardSupportDate'), day('EndOfExtendedSupportDate')];
    return version === undefined || endStandard === '' || endExtended === ''
      ? []
      : [{ version, released, endStandard, endExtended }];
  });
  // What the service no longer lists has ended, and the data of this release says when.
  const others = eksVersions.filter(({ version }) => !told.some((one) => one.version === version));
  const sorted = [...told, ...others].sort((one, other) => (minorOf(other.version) ?? 0) - (minorOf(one.version) ?? 0));
  return new Collection(sorted, { at, unread: description.whyUnread('EKS::ClusterVersion') });
}

/** The key of the entry for secrets, which is all that `Resources` may name. A key that is given is one, wherever it comes from. */
function readSecretsKey(config: Property): Value<string> {
  const { why, at } = config;
  if (why !== undefined) return Value.unknown(why, at, { unwritten: !config.written });
  let unclear: string | undefined;
  for (const entry of config.items()) {
    const covers = entry
      .path('Resources')
      .texts(['secrets'])
      .has((one) => one.is('secrets'));
    const key = entry.path('Provider', 'KeyArn').given();
    const answer = covers.and(key.where((text) => text !== ''));
    if (answer.state === 'yes') return key;
    if (answer.state === 'unknown') unclear ??= answer.why;
  }
  if (unclear !== undefined) return Value.unknown(unclear, at);
  return Value.default<string>(undefined, at);
}
