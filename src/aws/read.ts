import { push } from '#model/selector.ts';
import type { AwsPart } from '#model/aws.ts';
import { type Cluster, type ClusterPart, membersOf } from '#model/cluster.ts';
import type { Holder, Note } from '#model/finding.ts';
import type { Variant } from '#model/resource.ts';
import { Collection, Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import type { Location } from '#syntax/tree.ts';
import { beside, join } from './beside.ts';
import { associationType, entryType, looseAssociations, readAccessEntry, readIdentityProvider } from './access.ts';
import { readAddon } from './addon.ts';
import { authType, readAwsAuth } from './aws-auth.ts';
import { readCapability } from './capability.ts';
import { readCluster } from './cluster.ts';
import { selfManaged } from './autoscaling.ts';
import { readStores } from './database.ts';
import { readDetectors } from './detector.ts';
import { readFargateProfile } from './fargate.ts';
import { ClusterIdentities } from './identity.ts';
import { readFileSystems } from './file-system.ts';
import { readInsight } from './insight.ts';
import { indexKeys, readKeys } from './kms-key.ts';
import { readEntrances } from './lattice.ts';
import { readLogGroups } from './log-group.ts';
import { readAcls } from './network-acl.ts';
import { indexNames } from './namesakes.ts';
import { readNetworks } from './network.ts';
import { readNodeClass } from './node-template.ts';
import { type Owner, readNodegroup } from './nodegroup.ts';
import { readOidcProviders } from './oidc-provider.ts';
import { readPodIdentity } from './pod-identity.ts';
import { readCaches, readRepositories } from './repository.ts';
import { readRole } from './role.ts';
import { indexNetworks } from './users.ts';

/** Reads AWS resources into the model. */
interface Reading {
  /** AWS resources contain no Kubernetes objects. */
  readonly resources: [];
  readonly clusters: Cluster[];
  /** Parts of clusters that are defined elsewhere. */
  readonly loose: ClusterPart[];
  /** Resources that do not belong to a single cluster. */
  readonly aws: AwsPart[];
  readonly notes: Note[];
  /** The module calls that create a part, outermost first. */
  readonly calls: ReadonlyMap<object, readonly Holder[]>;
  /** The ways in which parts are applied, if there are several. */
  readonly variants: ReadonlyMap<object, Variant>;
}

const clusterType = 'AWS::EKS::Cluster';
const insightType = 'EKS::Insight';
/** CloudFormation has no type for a node group that EKS does not manage. */
const groupTypes = ['AWS::EKS::Nodegroup', 'EKS::SelfManagedNodegroup'] as const;

interface Member<T extends ClusterPart> {
  readonly types: readonly [string, ...string[]];
  readonly read: (one: AwsResource, description: Description, owner: Owner) => T;
  /**
   * Files that define a cluster usually list all of these next to it, unless something that is not read may add more.
   */
  readonly listed?: boolean;
  /** Those that another module of the root defines belong to the cluster as well. */
  readonly wherever?: boolean;
}
type MemberOf<K> = K extends keyof Cluster
  ? Cluster[K] extends Collection<infer T extends ClusterPart>
    ? T
    : never
  : never;
type MemberKey =
  | 'nodegroups'
  | 'addons'
  | 'podIdentities'
  | 'fargateProfiles'
  | 'accessEntries'
  | 'identityProviders'
  | 'capabilities';

/** What belongs to a cluster, keyed by the cluster's property. */
const members: { readonly [K in MemberKey]: Member<MemberOf<K>> } = {
  nodegroups: { types: groupTypes, read: readNodegroup },
  addons: {
    types: ['AWS::EKS::Addon'],
    read: (one, home, { cluster }) => readAddon(one, home, cluster),
    listed: true,
    wherever: true,
  },
  podIdentities: {
    types: ['AWS::EKS::PodIdentityAssociation'],
    read: (one, home, { cluster }) => readPodIdentity(one, home, cluster),
    wherever: true,
  },
  fargateProfiles: {
    types: ['AWS::EKS::FargateProfile'],
    read: (one, home, { cluster }) => readFargateProfile(one, home, cluster),
  },
  accessEntries: {
    types: [entryType, associationType],
    read: (one, home, { cluster }) => readAccessEntry(one, home, cluster),
  },
  identityProviders: {
    types: ['AWS::EKS::IdentityProviderConfig'],
    read: (one, home, { cluster }) => readIdentityProvider(one, home, cluster),
  },
  capabilities: {
    types: ['AWS::EKS::Capability'],
    read: (one, home, { cluster }) => readCapability(one, home, cluster),
  },
};
const memberKeys = Object.keys(members) as MemberKey[];

/** The model of the files that are applied together. Each kind of resource has one reading, whatever the format. */
function readDescription(
  description: Description,
  identities: ClusterIdentities,
): Pick<Reading, 'clusters' | 'loose' | 'aws'> & {
  readonly missing: readonly Missing[];
  /** Members of clusters that another module defines, and that module. */
  readonly homes: ReadonlyMap<object, Description>;
} {
  const known = description.of(clusterType);
  /** The cluster that a part names: by reference or by name, or because it is the only one. */
  const ownerOf = ({ body }: AwsResource): AwsResource | undefined => {
    const name = body.path('ClusterName');
    const link = description.linked(name, clusterType);
    return link.state === 'here' && link.home === description
      ? link.resource
      : name.why !== undefined && known.length === 1
        ? known[0]
        : undefined;
  };
  /** Whether it belongs to a cluster that another module defines. */
  const isFar = ({ body }: AwsResource): boolean => {
    const link = description.linked(body.path('ClusterName'), clusterType);
    return link.state === 'here' && link.home !== description;
  };
  const scaled = new Map<AwsResource | undefined, AwsResource[]>();
  for (const group of selfManaged(description)) {
    const owner = ownerOf(group);
    push(scaled, owner, group);
  }
  const alone = new Set(looseAssociations(description));
  const partsOf = (type: string, owner: AwsResource | undefined): readonly AwsResource[] => {
    const named = description.naming(type, 'ClusterName', clusterType, (one) => [ownerOf(one)]).get(owner) ?? [];
    if (type === associationType) return named.filter((one) => alone.has(one));
    return type === groupTypes[1] ? [...named, ...(scaled.get(owner) ?? [])] : named;
  };
  const homes = new Map<object, Description>();
  const readAll = <K extends MemberKey>(
    key: K,
    of: AwsResource | undefined,
    owner: (one: AwsResource) => Owner,
    maybe?: Map<MemberOf<K>, string>,
  ): MemberOf<K>[] => {
    const { types, read, wherever } = members[key];
    return types.flatMap((type) =>
      partsOf(type, of).flatMap((one) => {
        if (of === undefined && wherever === true && isFar(one)) return [];
        const member = read(one, description, owner(one));
        if (one.maybe !== undefined) maybe?.set(member, one.maybe);
        return [member];
      }),
    );
  };
  const collect = <K extends MemberKey>(key: K, of: AwsResource, owner: Owner): Collection<MemberOf<K>> => {
    const { types, listed, read, wherever } = members[key];
    const { whole, lists } = of;
    const maybe = new Map<MemberOf<K>, string>();
    const items = readAll(key, of, () => owner, maybe);
    if (wherever === true)
      for (const one of beside(of, description, types[0], 'ClusterName')) {
        if (one.home === description) continue;
        const member = read(one.resource, one.home, owner);
        homes.set(member, one.home);
        items.push(member);
      }
    const fields = lists?.[types[0]] ?? [];
    const why = fields.map((field) => field.partial).find((one) => one !== undefined);
    return new Collection(items, {
      at: (fields.find((field) => field.written) ?? fields[0] ?? whole).at,
      state: items.length > 0 ? 'set' : why === undefined ? 'default' : 'unknown',
      why: why ?? (listed === true ? description.unread : description.more),
      unread: description.whyUnread(types[0]),
      maybe: maybe.size > 0 ? maybe : undefined,
    });
  };

  const clusters = known.map((one) => {
    const own: Owner = { cluster: Ref.here(() => cluster), version: one.body.path('Version').text() };
    const cluster: Cluster = readCluster(one, description, {
      nodegroups: collect('nodegroups', one, own),
      addons: collect('addons', one, own),
      podIdentities: collect('podIdentities', one, own),
      fargateProfiles: collect('fargateProfiles', one, own),
      accessEntries: collect('accessEntries', one, own),
      identityProviders: collect('identityProviders', one, own),
      capabilities: collect('capabilities', one, own),
      // API answers do not say which cluster they belong to.
      insights: new Collection(
        known.length === 1
          ? description.of(insightType).map((insight) => readInsight(insight, description, own.cluster))
          : [],
        { at: one.whole.at, unread: description.whyUnread(insightType) },
      ),
    });
    identities.made(one, cluster);
    return cluster;
  });
  const nobody: Owner = { cluster: Ref.elsewhere('it is not defined in these files'), version: undefined };
  const elsewhere = (one: AwsResource): Owner => identities.ownerOf(one, description) ?? nobody;
  const missing = new Map<string, Missing>();
  for (const type of memberKeys.flatMap((key) => members[key].types))
    for (const part of partsOf(type, undefined)) {
      if (identities.ownerOf(part, description)) continue;
      const name = part.body.path('ClusterName').text().value;
      const key = `${part.whole.tree.source.id} ${name}`;
      if (!missing.has(key)) missing.set(key, { name, at: part.whole.at });
    }
  return {
    clusters,
    loose: [
      ...memberKeys.flatMap((key): ClusterPart[] => readAll(key, undefined, elsewhere)),
      ...description.of('EKS::NodeClass').map((one) => readNodeClass(one, description)),
    ],
    aws: [
      ...description.of('AWS::IAM::Role').map((one) => readRole(one, description)),
      ...description.of(authType).map((one) => readAwsAuth(one, description)),
      ...readKeys(description),
      ...readRepositories(description),
      ...readCaches(description),
      ...readLogGroups(description),
      ...readFileSystems(description),
      ...readOidcProviders(description),
      ...readNetworks(description),
      ...readAcls(description),
      ...readEntrances(description),
      ...readDetectors(description),
      ...readStores(description),
    ],
    missing: [...missing.values()],
    homes,
  };
}

/** A cluster that parts name but that is not among the resources defined with them. */
interface Missing {
  readonly name: string | undefined;
  readonly at: () => Location;
}

/**
 * The model of all descriptions of a run. A cluster that none of them defines is noted once for each file that names
 * it.
 */
export function readDescriptions(descriptions: readonly Description[]): Reading {
  join(descriptions);
  indexNames(descriptions);
  indexNetworks(descriptions);
  indexKeys(descriptions);
  const identities = new ClusterIdentities(descriptions);
  const read = descriptions.map((description) => readDescription(description, identities));
  const clusters = read.flatMap((one) => one.clusters);
  const known = new Set(clusters.map(({ name }) => name.value).filter((name) => name !== undefined));
  const notes = read
    .flatMap((one) => one.missing)
    .filter(({ name }) => name === undefined || !known.has(name))
    .map(({ name, at }): Note => {
      const cluster = name === undefined || name === '' ? 'the cluster' : `cluster "${name}"`;
      return {
        kind: 'partial',
        message: `${cluster} is not defined here: only its parts in these files are judged`,
        at: at(),
      };
    });
  const calls = new Map<object, readonly Holder[]>();
  const variants = new Map<object, Variant>();
  for (const [index, { clusters: made, loose, aws, homes }] of read.entries()) {
    const { calls: through = [], variant } = descriptions[index] ?? {};
    if (through.length === 0 && !variant && homes.size === 0) continue;
    const parts = [...made.flatMap(membersOf), ...loose];
    const templates = parts.flatMap((part) => (part.kind === 'nodegroup' ? [part.template] : []));
    for (const part of [...made, ...parts, ...templates, ...aws]) {
      calls.set(part, through);
      if (variant) variants.set(part, variant);
    }
    for (const [part, home] of homes) calls.set(part, home.calls);
  }
  return {
    resources: [],
    clusters,
    loose: read.flatMap((one) => one.loose),
    aws: read.flatMap((one) => one.aws),
    notes,
    calls,
    variants,
  };
}
