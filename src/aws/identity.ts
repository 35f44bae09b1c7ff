import type { Cluster, Identity } from '#model/cluster.ts';
import { Ref, Value } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import type { Owner } from './nodegroup.ts';

const clusterType = 'AWS::EKS::Cluster';
const untold = 'it is not defined in these files';

type Told = Partial<Readonly<Record<keyof Identity, string>>>;

/** The parts of an ARN, with unknown holes: `arn:aws:eks:eu-west-1:111122223333:cluster/prod`. */
function arnParts(pieces: readonly (string | undefined)[]): Told {
  const words = pieces
    .map((piece) => piece ?? '\0')
    .join('')
    .split(':');
  if (words[0] !== 'arn' || words.length < 6) return {};
  const told = (text: string | undefined): string | undefined =>
    text === undefined || text === '' || text.includes('\0') ? undefined : text;
  const [partition, region, account] = [told(words[1]), told(words[3]), told(words[4])];
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(region === undefined ? {} : { region }),
    ...(account !== undefined && /^\d{12}$/.test(account) ? { account } : {}),
  };
}

/** Partitions by the prefix of their regions (AWS General Reference, Partitions). */
const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
];

/**
 * Account, region and partition of a cluster: from its ARN, from the region that the file or the tool sets, and from
 * its role, which must be in the same account (EKS API reference, CreateCluster: PassRole works within an account).
 */
export function identityOf({ body, whole }: AwsResource, description: Description): Identity {
  const role = body.path('RoleArn').text();
  const arn = body.path('Arn').text();
  const [own, ofRole] = [arnParts(arn.pieces), arnParts(role.pieces)];
  const from = (value: Value<string>, told: string | undefined): Value<string> | undefined =>
    told === undefined ? undefined : value.state === 'set' ? value.to(() => told) : Value.set(told, () => value.at);
  const written = regionOf(body, description);
  const region =
    from(arn, own.region) ?? (written.state === 'default' && written.value === undefined ? undefined : written);
  const unknown = (): Value<string> => Value.unknown(untold, whole.at, { unwritten: true });
  return {
    account: from(arn, own.account) ?? from(role, ofRole.account) ?? unknown(),
    region: region ?? unknown(),
    partition:
      from(arn, own.partition) ??
      from(role, ofRole.partition) ??
      region?.to((text) => partitions.find(([prefix]) => text.startsWith(prefix))?.[1] ?? 'aws') ??
      unknown(),
  };
}

/** The region that a part or its format sets. */
function regionOf(body: AwsResource['body'], { region }: Description): Value<string> {
  const own = body.path('Region');
  return own.absent && region ? region.text() : own.text();
}

/** Whether two clusters with the same name may be the same: no known fact differs. */
const mayBeSame = (one: Identity, other: Told): boolean =>
  (['account', 'region', 'partition'] as const).every((key) => {
    const [a, b] = [one[key].value, other[key]];
    return a === undefined || b === undefined || a === b;
  });

/**
 * All clusters of a run by what identifies them: account, region and name. Files rarely define the first two, so
 * clusters with the same name are the same only if nothing contradicts it and there is no third cluster with that name.
 */
export class ClusterIdentities {
  readonly #byName = new Map<string, { readonly resource: AwsResource; readonly identity: Identity }[]>();
  readonly #made = new Map<AwsResource, Cluster>();

  constructor(descriptions: readonly Description[]) {
    for (const description of descriptions)
      for (const resource of description.of(clusterType)) {
        const name = resource.body.path('Name').text().value;
        if (name === undefined) continue;
        const one = { resource, identity: identityOf(resource, description) };
        this.#byName.set(name, [...(this.#byName.get(name) ?? []), one]);
      }
  }

  /** What was read about a cluster. */
  made(resource: AwsResource, cluster: Cluster): void {
    this.#made.set(resource, cluster);
  }
  /** The cluster of a part that is defined in other files or in a called module; undefined if that is not certain. */
  ownerOf({ body }: AwsResource, description: Description): Owner | undefined {
    const named = body.path('ClusterName');
    const link = description.linked(named, clusterType);
    const found =
      link.state === 'here' ? link.resource : this.#named(named.text().value, regionOf(body, description).value);
    if (!found) return undefined;
    return {
      cluster: Ref.here(() => this.#made.get(found)),
      version: found.body.path('Version').text(),
    };
  }
  #named(text: string | undefined, region: string | undefined): AwsResource | undefined {
    if (text === undefined) return undefined;
    const [, name = text] = /^arn:[^:]*:eks:[^:]*:[^:]*:cluster\/(.+)$/.exec(text) ?? [];
    const alike = (this.#byName.get(name) ?? []).filter(({ identity }) =>
      mayBeSame(identity, { ...(region === undefined ? {} : { region }), ...arnParts([text]) }),
    );
    return alike.length === 1 ? alike[0]?.resource : undefined;
  }
}
