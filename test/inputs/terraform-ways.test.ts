import { expect, test } from 'vitest';
import { read as readTerraform } from '#inputs/terraform/input.ts';
import { parse, read, source } from './read.ts';

/* How often a root is judged: with each file of values, through each plan, in each call of a module, up to a limit. */

const cluster = 'resource "aws_eks_cluster" "c" {\n  version = var.v\n}\n';
const root = `variable "v" {}\n${cluster}`;
const values = (folder: string, count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}${i}.tfvars`, `v = "1.${i}"\n`]));
const variantsOf = (files: Readonly<Record<string, string>>) => read(files).descriptions.map(({ variant }) => variant);
const variant = (by: string) => ({ by, of: 2, namespace: '', with: true });

test('two files of values are two ways, each of which is named', () => {
  expect(variantsOf({ 'main.tf': root, ...values('', 2) })).toEqual([variant('0.tfvars'), variant('1.tfvars')]);
  expect(variantsOf({ 'main.tf': root, ...values('', 1) })).toEqual([undefined]);
});

test('values that are always used are one way, and files for environments others', () => {
  const always = { 'terraform.tfvars': 'v = "1.28"\n' };
  expect(variantsOf({ 'main.tf': root, ...always, ...values('', 2) }).map((one) => one?.by)).toEqual([
    'terraform.tfvars',
    '0.tfvars',
    '1.tfvars',
  ]);
  const withDefault = root.replace('{}', '{\n  default = "1.27"\n}');
  expect(variantsOf({ 'main.tf': withDefault, ...values('', 1) }).map((one) => one?.by)).toEqual([
    'no tfvars file',
    '0.tfvars',
  ]);
});

test('files of values override each other in the order in which Terraform loads them', () => {
  const version = (files: Readonly<Record<string, string>>) =>
    read({ 'main.tf': root, ...files }).clusters[0]?.version.value;
  const plain = { 'terraform.tfvars': 'v = "1.28"\n' };
  const json = { 'terraform.tfvars.json': '{"v": "1.29"}' };
  const automatic = { 'a.auto.tfvars': 'v = "1.30"\n' };
  expect([version({ ...json, ...plain }), version({ ...automatic, ...json, ...plain })]).toEqual(['1.29', '1.30']);
});

test('two plans of a root are two ways', () => {
  const resource = { address: 'aws_eks_cluster.c', mode: 'managed', type: 'aws_eks_cluster', values: {} };
  const plan = JSON.stringify({ format_version: '1.2', planned_values: { root_module: { resources: [resource] } } });
  expect(variantsOf({ 'main.tf': root, 'a.json': plan, 'b.json': plan })).toEqual([
    variant('a.json'),
    variant('b.json'),
  ]);
  expect(variantsOf({ 'main.tf': root, 'a.json': plan })).toEqual([undefined]);
});

test.each([
  ['', 'the root folder'],
  ['infra/', 'infra'],
])('of many files of values in "%s" some are named as not judged', (folder, name) => {
  const { clusters, notes } = read({ [`${folder}main.tf`]: root, ...values(folder, 62) });
  expect([clusters.length, notes.map(({ kind, message }) => [kind, message])]).toEqual([
    60,
    [['incomplete', `${name} has 62 tfvars files, of which 60 are judged`]],
  ]);
});

test('of many calls of modules some are named as not judged', () => {
  const call = (label: string, to: number): string => `module "${label}" {\n  source = "../m${to}"\n}\n`;
  const folders = Array.from({ length: 11 }, (_, i) => [`m${i}/main.tf`, call('a', i + 1) + call('b', i + 1)]);
  const { notes } = read({ ...Object.fromEntries(folders), 'm11/main.tf': cluster });
  expect(notes.map(({ kind, message }) => [kind, message])).toContainEqual([
    'incomplete',
    'modules are called more than 1000 times: the rest is not judged',
  ]);
});

test('a module that is not in these files may create objects, unless it is one of terraform-aws-modules', () => {
  const gapsOf = (from: string): readonly string[] => [
    ...(readTerraform(parse(source('main.tf', `module "m" {\n  source = "${from}"\n}\n`))).gaps?.values() ?? []),
  ];
  expect(gapsOf('example/apps/kubernetes')).toEqual(['module.m, which is not in these files, may create more']);
  expect(gapsOf('terraform-aws-modules/eks/aws')).toEqual([]);
});

test.each([
  'kubernetes_version',
  'cluster_version',
  'endpoint_public_access',
  'cluster_endpoint_public_access',
  'eks_managed_node_groups',
  'self_managed_node_groups',
  'managed_node_groups',
  'node_groups',
])('a module with the argument %s seems to create a cluster, so it is named', (name) => {
  const call = (argument: string): string => `module "m" {\n  source = "example/cluster/aws"\n  ${argument} = "x"\n}\n`;
  const notes = (argument: string): readonly string[] =>
    read({ 'main.tf': call(argument) }).notes.map(({ message }) => message);
  expect(notes(name)).toEqual(['module.m is not judged: example/cluster/aws is not among these files']);
  expect(notes('other')).toEqual(['modules that are not in these files are not judged: lint a plan']);
});
