import type { Cluster } from '#model/cluster.ts';
import { Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, readTags } from './part.ts';

/** The facts of a cluster. Fallbacks are the defaults of the EKS API (CreateCluster). */
export function readCluster(
  resource: AwsResource,
  { input }: Description,
  { nodegroups, addons, podIdentities }: Pick<Cluster, 'nodegroups' | 'addons' | 'podIdentities'>,
): Cluster {
  const { body } = resource;
  const name = body.path('Name').text();
  const network = body.path('ResourcesVpcConfig');
  return partOf('cluster', input, resource, name, {
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
    nodegroups,
    addons,
    podIdentities,
  });
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
