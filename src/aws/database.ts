import type { Database, SsmParameter } from '#model/aws.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { Collection } from '#model/value.ts';
import { partOf, refOf } from './part.ts';
import { readSecurityGroup } from './security-group.ts';

/**
 * Databases and stores that keep workload data outside the cluster: the properties that name them and their security
 * groups.
 */
const databases = [
  ['AWS::RDS::DBInstance', 'DBInstanceIdentifier', 'VPCSecurityGroups'],
  ['AWS::RDS::DBCluster', 'DBClusterIdentifier', 'VpcSecurityGroupIds'],
] as const;

function readDatabase(
  resource: AwsResource,
  description: Description,
  [, identifier, groups]: (typeof databases)[number],
): Database {
  const { body } = resource;
  const name = body.path(identifier).text();
  const list = body.path(groups);
  return partOf('database', description.input, resource, name, {
    name,
    securityGroups: new Collection(
      list
        .items()
        .map((one) => refOf(description.linked(one, 'AWS::EC2::SecurityGroup'), 'none is set', readSecurityGroup)),
      { at: list.at, state: list.absent ? 'default' : list.why === undefined ? 'set' : 'unknown', why: list.rest },
    ),
  });
}

function readParameter(resource: AwsResource, { input }: Description): SsmParameter {
  const { body } = resource;
  const name = body.path('Name').text();
  return partOf('ssmParameter', input, resource, name, { name, type: body.path('Type').text() });
}

export const readStores = (description: Description): (Database | SsmParameter)[] => [
  ...databases.flatMap((row) => description.of(row[0]).map((one) => readDatabase(one, description, row))),
  ...description.of('AWS::SSM::Parameter').map((one) => readParameter(one, description)),
];
