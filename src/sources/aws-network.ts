import type { Filter } from '@aws-sdk/client-ec2';
import type { Aws } from './aws.ts';
import type { Calls } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/*
 * Security groups and subnets that a cluster uses, by ID or by selector, and what controls the traffic of these
 * subnets.
 */

/** Selectors: each is one search, whose filters must all match. */
export type Selection = readonly (readonly Filter[])[];

/** Maximum number of values in one filter (EC2 API reference, Filter: at most 200). */
const perFilter = 200;

/** Searches for some values. A filter omits missing resources; a list of IDs would fail as a whole. */
const searches = (name: string, values: Iterable<string>): Filter[][] => {
  const all = [...new Set(values)].sort();
  return Array.from({ length: Math.ceil(all.length / perFilter) }, (_, index) => [
    { Name: name, Values: all.slice(index * perFilter, (index + 1) * perFilter) },
  ]);
};

export async function collectGroups(
  aws: Aws,
  calls: Calls,
  { arnOf }: Place,
  ids: Iterable<string>,
  selected: Selection,
): Promise<void> {
  if (!calls.wants('AWS::EC2::SecurityGroup')) return;
  const sdk = await import('#sources/clients.ts');
  const { ec2 } = await aws.clients;
  await calls.each([...searches('group-id', ids), ...selected], async (filters) => {
    const all = await calls.list(
      'ec2:DescribeSecurityGroups',
      sdk.paginateDescribeSecurityGroups({ client: ec2 }, { Filters: [...filters] }, aws.until),
      (page) => page.SecurityGroups,
    );
    for (const one of all ?? [])
      calls.keep(arnOf('ec2', `security-group/${one.GroupId ?? ''}`), { SecurityGroups: [one] });
  });
}

/** Subnets, the route tables of their VPCs (those that they name, and the main ones), and their network ACLs. */
export async function collectSubnets(
  aws: Aws,
  calls: Calls,
  { arnOf }: Place,
  ids: readonly string[],
  selected: Selection,
): Promise<void> {
  if (!calls.wants('AWS::EC2::Subnet')) return;
  const sdk = await import('#sources/clients.ts');
  const { ec2 } = await aws.clients;
  const [networks, subnets] = [new Set<string>(), new Set<string>()];
  await calls.each([...searches('subnet-id', ids), ...selected], async (filters) => {
    const all = await calls.list(
      'ec2:DescribeSubnets',
      sdk.paginateDescribeSubnets({ client: ec2 }, { Filters: [...filters] }, aws.until),
      (page) => page.Subnets,
    );
    for (const one of all ?? []) {
      networks.add(one.VpcId ?? '');
      subnets.add(one.SubnetId ?? '');
      calls.keep(arnOf('ec2', `subnet/${one.SubnetId ?? ''}`), { Subnets: [one] });
    }
  });
  const readTables = (Filters: Filter[]): Promise<void> =>
    calls
      .list(
        'ec2:DescribeRouteTables',
        sdk.paginateDescribeRouteTables({ client: ec2 }, { Filters }, aws.until),
        (page) => page.RouteTables,
      )
      .then((all) => {
        for (const one of all ?? [])
          calls.keep(arnOf('ec2', `route-table/${one.RouteTableId ?? ''}`), { RouteTables: [one] });
      });
  const readAcls = (Filters: Filter[]): Promise<void> =>
    calls
      .list(
        'ec2:DescribeNetworkAcls',
        sdk.paginateDescribeNetworkAcls({ client: ec2 }, { Filters }, aws.until),
        (page) => page.NetworkAcls,
      )
      .then((all) => {
        for (const one of all ?? [])
          calls.keep(arnOf('ec2', `network-acl/${one.NetworkAclId ?? ''}`), { NetworkAcls: [one] });
      });
  await Promise.all([
    ...(calls.wants('AWS::EC2::RouteTable') ? [calls.each(searches('vpc-id', networks), readTables)] : []),
    ...(calls.wants('AWS::EC2::NetworkAcl') ? [calls.each(searches('association.subnet-id', subnets), readAcls)] : []),
  ]);
}
