import type { Aws } from './aws.ts';
import type { Calls } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/* What stores workload data outside the cluster, as its objects name it, and what monitors the account. */

/** A database by the name in its endpoint. */
export interface NamedDatabase {
  readonly name: string;
  readonly region: string;
  readonly isCluster: boolean;
}

/** RDS databases in the region. Returns their security groups. */
export async function collectDatabases(
  aws: Aws,
  calls: Calls,
  { region, arnOf }: Place,
  named: readonly NamedDatabase[],
): Promise<readonly string[]> {
  if (!calls.wants('AWS::RDS::DBInstance', 'AWS::RDS::DBCluster') || named.length === 0) return [];
  const sdk = await import('#sources/clients.ts');
  const { rds } = await aws.clients;
  const groups: string[] = [];
  const note = (list: readonly { readonly VpcSecurityGroupId?: string | undefined }[] = []): void =>
    void groups.push(...list.flatMap(({ VpcSecurityGroupId: id }) => id ?? []));
  const readInstance = async (DBInstanceIdentifier: string): Promise<void> => {
    const all = await calls.list(
      'rds:DescribeDBInstances',
      sdk.paginateDescribeDBInstances({ client: rds }, { DBInstanceIdentifier }, aws.until),
      (page) => page.DBInstances,
      ['missing'],
    );
    for (const { DBInstanceArn, DBInstanceIdentifier: name, VpcSecurityGroups } of all ?? []) {
      note(VpcSecurityGroups);
      calls.keep(DBInstanceArn ?? arnOf('rds', `db:${name}`), {
        DBInstances: [{ DBInstanceArn, DBInstanceIdentifier: name, VpcSecurityGroups }],
      });
    }
  };
  const readCluster = async (DBClusterIdentifier: string): Promise<void> => {
    const all = await calls.list(
      'rds:DescribeDBClusters',
      sdk.paginateDescribeDBClusters({ client: rds }, { DBClusterIdentifier }, aws.until),
      (page) => page.DBClusters,
      ['missing'],
    );
    for (const { DBClusterArn, DBClusterIdentifier: name, VpcSecurityGroups } of all ?? []) {
      note(VpcSecurityGroups);
      calls.keep(DBClusterArn ?? arnOf('rds', `cluster:${name}`), {
        DBClusters: [{ DBClusterArn, DBClusterIdentifier: name, VpcSecurityGroups }],
      });
    }
  };
  const namesOf = (areClusters: boolean): string[] => {
    const here = named.filter((one) => one.region === region && one.isCluster === areClusters);
    return [...new Set(here.map(({ name }) => name))].sort();
  };
  await Promise.all([
    ...(calls.wants('AWS::RDS::DBInstance') ? [calls.each(namesOf(false), readInstance)] : []),
    ...(calls.wants('AWS::RDS::DBCluster') ? [calls.each(namesOf(true), readCluster)] : []),
  ]);
  return groups;
}

/** Maximum number of names in one filter (Systems Manager API reference, ParameterStringFilter). */
const perFilter = 50;

/**
 * The name of a parameter of the account and region, as the service accepts it (Systems Manager API reference,
 * PutParameter).
 */
function nameHere(given: string, { account, region }: Place): readonly string[] {
  const [, place, owner, name = given] = /^arn:[\w-]+:ssm:([^:]*):([^:]*):parameter(\/.+)$/.exec(given) ?? [];
  if ((owner ?? account) !== account || (place ?? region) !== region) return [];
  if (!/^\/?[\w.-]+(?:\/[\w.-]+)*$/.test(name) || name.length > 1011) return [];
  // A name without other slashes is the same with a leading slash.
  const [, word] = /^\/?([^/]+)$/.exec(name) ?? [];
  return word === undefined ? [name] : [word, `/${word}`];
}

/** Types of Parameter Store parameters. The call returns no values. */
export async function collectParameters(aws: Aws, calls: Calls, place: Place, named: readonly string[]): Promise<void> {
  const all = [...new Set(named.flatMap((one) => nameHere(one, place)))].sort();
  if (!calls.wants('AWS::SSM::Parameter') || all.length === 0) return;
  const sdk = await import('#sources/clients.ts');
  const { ssm } = await aws.clients;
  const parts = Array.from({ length: Math.ceil(all.length / perFilter) }, (_, index) =>
    all.slice(index * perFilter, (index + 1) * perFilter),
  );
  await calls.each(parts, async (Values) => {
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }];
    const found = await calls.list(
      'ssm:DescribeParameters',
      sdk.paginateDescribeParameters({ client: ssm }, { ParameterFilters }, aws.until),
      (page) => page.Parameters,
    );
    for (const { Name = '', Type } of found ?? [])
      calls.keep(place.arnOf('ssm', `parameter/${Name.replace(/^\//, '')}`), { Parameters: [{ Name, Type }] });
  });
}

/** The GuardDuty detector, which monitors all clusters of its account and region. */
export async function collectDetectors(aws: Aws, calls: Calls, { arnOf }: Place): Promise<void> {
  if (!calls.wants('AWS::GuardDuty::Detector')) return;
  const sdk = await import('#sources/clients.ts');
  const { guardduty } = await aws.clients;
  const ids = await calls.list(
    'guardduty:ListDetectors',
    sdk.paginateListDetectors({ client: guardduty }, {}, aws.until),
    (page) => page.DetectorIds,
  );
  await calls.each(ids ?? [], async (DetectorId) => {
    const said = await calls.ask('guardduty:GetDetector', () =>
      guardduty.send(new sdk.GetDetectorCommand({ DetectorId }), aws.until),
    );
    if (!said) return;
    const { Status, DataSources, Features = [], Tags } = said;
    calls.keep(arnOf('guardduty', `detector/${DetectorId}`), { DetectorId, Status, DataSources, Features, Tags });
  });
}
