import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { Field } from '#spelling/field.ts';
import { foreignOf } from '#inputs/terraform/modules/source.ts';
import { snakeCase } from '#spelling/spelling.ts';
import { cloudFormationNames, own } from '../aws/specification.ts';
import { wholeSamples } from './key-samples-whole.ts';
import { samples } from './key-samples.ts';
import { read, readCluster, touch } from './read.ts';

/* Modules are asked for the arguments that they have. Their variables stand in module-variables.txt, with the versions that have them. */

/** The major versions that have a variable, by module and name. */
const variables = new Map<string, Map<string, readonly number[]>>();
let all: readonly number[] = [];
let module = new Map<string, readonly number[]>();
for (const line of readFileSync('test/inputs/module-variables.txt', 'utf8').split('\n')) {
  const words = line.trim().split(' ');
  const [name = '', ...versions] = words;
  if (line.startsWith('  ')) module.set(name, versions.length === 0 ? all : versions.map(Number));
  else if (name !== '' && name !== '#') {
    all = versions.map((version) => Number.parseInt(version, 10));
    variables.set(name, (module = new Map()));
  }
}

/** Modules and submodules that are read by the same rows. */
const families = [
  'terraform-aws-modules/eks',
  'terraform-aws-modules/iam|terraform-aws-modules/eks-pod-identity',
  'aws-ia/',
];
const familyOf = (name: string): string =>
  families.findLast((one) => one.split('|').some((prefix) => name.startsWith(prefix))) ?? name;
const isKnown = (name: string): boolean => variables.has(name);
const isVariable = (name: string, key: string): boolean =>
  [...variables].some(([other, names]) => familyOf(other) === familyOf(name) && names.has(key));

/** What follows from the names of properties: nobody writes it into a call, and readings ask for all. */
const regular = new Set(
  [...cloudFormationNames(), ...[...own].flatMap((one) => one.split(/[ .[\]]+/))].map((name) => snakeCase(name)),
);
/** Arguments of any module, and switches that all modules are asked for. */
const common = new Set(['source', 'version', 'count', 'for_each', 'providers', 'depends_on', 'context', 'enabled']);
const switches = new Set(['create', 'create_eks', 'create_vpc', 'create_repository', 'create_role']);

afterEach(() => {
  vi.restoreAllMocks();
});

test('each argument that a module is asked for is one of its variables', () => {
  const asked = new Set<string>();
  const get = Field.prototype.get;
  vi.spyOn(Field.prototype, 'get').mockImplementation(function (this: Field, key: string) {
    const foreign = foreignOf(this.map?.['source']);
    if (foreign) {
      const name = foreign.submodule === '' ? foreign.name : `${foreign.name}//${foreign.submodule}`;
      asked.add(`${name} ${key}`);
    }
    return get.call(this, key);
  });
  for (const { files } of [...samples, ...wholeSamples]) {
    const { clusters, loose, aws } = read(files);
    for (const part of [clusters, loose, aws]) touch(part);
  }
  const unknown = [...asked].filter((one) => {
    const [name = '', key = ''] = one.split(' ');
    return isKnown(name) && !isVariable(name, key) && !common.has(key) && !switches.has(key) && !regular.has(key);
  });
  expect(new Set([...asked].map((one) => one.split(' ')[0])).size).toBeGreaterThan(15);
  expect(unknown.sort().join('\n')).toBe('');
});

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

test('a call without a version has none of the defaults that versions differ in', () => {
  expect(hopLimitWith('subnet_ids')).toBeUndefined();
  expect(late.length).toBeGreaterThan(10);
});
test.each(late)('%s tells that the version is 21', (name) => {
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
