import { expect, test } from 'vitest';
import { anywhere, statementsFor } from '#model/aws-permissions.ts';
import { allActions, permissionFor } from '#model/aws-reads.ts';
import reference from './aws-permissions.json' with { type: 'json' };

/*
 * The printed policy against the Service Authorization Reference (as of September 2026): for each permission the ARNs
 * to which it can be limited, with wildcards in place of names: `arn:*:eks:*:*:cluster/*`.
 */

const statements = statementsFor(allActions, [anywhere]);
const resourcesOf = (permission: string): readonly string[] =>
  statements
    .filter(({ Action }) => Action.includes(permission))
    .flatMap(({ Resource }) => (Resource === '*' ? [] : Resource));
const permissions = [...new Set(allActions.map(permissionFor))];

const known: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(reference));
function kindsOf(permission: string): readonly string[] {
  const kinds = known.get(permission);
  if (!kinds) throw new Error(`${permission} is not in the reference: look it up, and add what it may be allowed for`);
  return kinds;
}
/** The part of the resource before the first wildcard: `cluster/`, `db:`. */
const headOf = (arn: string): string => /^arn:\*:[\w-]+:\*?:\*?:([^*]*)/.exec(arn)?.[1] ?? '';

test('every permission exists in IAM, and names resources if and only if IAM can limit it', () => {
  expect(permissions.filter((one) => kindsOf(one).length > 0 !== resourcesOf(one).length > 0)).toEqual([]);
  expect([...known.keys()].sort()).toEqual([...permissions].sort());
});

test('each resource is of a kind that IAM supports for a permission of its statement', () => {
  const unknown: string[] = [];
  // The reference contains the parts of an HTTP API but not their lists (API Gateway Developer Guide, Control access
  // with IAM).
  for (const { Action, Resource } of statements.filter((one) => !one.Action.includes('apigateway:GET'))) {
    const kinds = Action.flatMap(kindsOf).map(headOf);
    for (const arn of Resource === '*' ? [] : Resource) if (!kinds.includes(headOf(arn))) unknown.push(arn);
  }
  expect(unknown).toEqual([]);
});

test('for one cluster, nothing of another one is allowed', () => {
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
  // IAM User Guide, IAM and AWS STS quotas: 6,144 characters, without whitespace.
  expect(JSON.stringify({ Version: '2012-10-17', Statement: statements }).length).toBeLessThan(6144);
});
