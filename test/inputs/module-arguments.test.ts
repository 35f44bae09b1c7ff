import { expect, test } from 'vitest';
import { variables } from './module-variables.ts';
import { read, readCluster } from './read.ts';

/* Arguments that only some versions of a module have reveal the version that a call means. */

const eks = variables.get('terraform-aws-modules/eks') ?? new Map<string, readonly number[]>();
const majorsOf = (name: string): readonly number[] => eks.get(name) ?? [];
/** Variables of version 21 that were called otherwise before, which have no older meaning. */
const late = [...eks.keys()].filter(
  (name) =>
    Math.min(...majorsOf(name)) === 21 &&
    Math.max(...majorsOf(name === 'kubernetes_version' ? 'cluster_version' : `cluster_${name}`)) === 20,
);

/** Whether a call without a version, but with an argument, has the hop limit that version 21 gives its nodes, or an older one. */
const hopLimitWith = (argument: string): number | undefined =>
  readCluster(
    'main.tf',
    `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  ${argument} = null\n  eks_managed_node_groups = { a = {} }\n}\n`,
  ).nodegroups.items[0]?.template.imds.hopLimit.value;

test('a call without a version has no default that depends on the version', () => {
  expect(hopLimitWith('subnet_ids')).toBeUndefined();
  expect(late.length).toBeGreaterThan(10);
});
test.each(late)('%s means version 21', (name) => {
  expect(hopLimitWith(name)).toBe(1);
});
test.each([
  ...late.map((name) => (name === 'kubernetes_version' ? 'cluster_version' : `cluster_${name}`)),
  'eks_managed_node_group_defaults',
  'self_managed_node_group_defaults',
])('%s tells that the version is older', (name) => {
  expect(majorsOf(name).at(-1)).toBe(20);
  expect(hopLimitWith(name)).toBe(2);
});
test.each([
  'worker_groups',
  'worker_groups_launch_template',
  'workers_group_defaults',
  'node_groups',
  'node_groups_defaults',
  'create_eks',
  'subnets',
])('%s tells that the version is 17', (name) => {
  expect(majorsOf(name)).toEqual([17]);
  // From version 19 on the module makes a key.
  const files = { 'main.tf': `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  ${name} = null\n}\n` };
  expect(read(files).clusters[0]?.secretsKey.state).toBe('default');
});
