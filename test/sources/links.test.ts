import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { realPath } from '#sources/layout.ts';
import { lint } from '../../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'ekslint-links-'));
afterAll(() => rmSync(root, { recursive: true }));

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: "a:1", securityContext: {privileged: true}}]\n';
const patch =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, securityContext: {privileged: false}}]}\n';

/** The files with findings, and whether all was read. */
async function judge(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
  only = 'pod-security/privileged-container',
) {
  const cwd = mkdtempSync(join(root, 'x-'));
  mkdirSync(join(cwd, '.git'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  for (const [name, to] of Object.entries(links)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    symlinkSync(to, join(cwd, name));
  }
  const { findings, run } = await lint({
    cwd,
    paths: ['.'],
    only: [only],
    config: false,
  });
  return { found: findings.map(({ location }) => location.file), complete: run.complete };
}

const overlay = 'resources: [../base]\npatches: [{path: patch.yaml}]\n';
const nothing = { found: [], complete: true };

test('a kustomization that names a link to a folder reads that folder', async () => {
  const files = {
    'shared/kustomization.yaml': 'resources: [pod.yaml]\n',
    'shared/pod.yaml': pod,
    'prod/kustomization.yaml': overlay,
    'prod/patch.yaml': patch,
  };
  expect(await judge(files, { base: 'shared' })).toEqual(nothing);
  // Without the link the base is missing, and the other files are applied as they are.
  expect(await judge(files, {})).toMatchObject({ found: ['shared/pod.yaml'], complete: false });
});

test('a resource and a patch that are links stand for their targets', async () => {
  const files = {
    'shared/pod.yaml': pod,
    'shared/patch.yaml': patch,
    'prod/kustomization.yaml': 'resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n',
  };
  const links = { 'prod/pod.yaml': '../shared/pod.yaml', 'prod/patch.yaml': '../shared/patch.yaml' };
  expect(await judge(files, links)).toEqual(nothing);
});

test('a link out of the workspace is not followed', async () => {
  const outside = mkdtempSync(join(root, 'outside-'));
  writeFileSync(join(outside, 'kustomization.yaml'), 'resources: [pod.yaml]\n');
  writeFileSync(join(outside, 'pod.yaml'), pod);
  const files = { 'prod/kustomization.yaml': overlay, 'prod/patch.yaml': patch };
  expect(await judge(files, { base: outside })).toMatchObject({ found: [], complete: false });
});

const cluster =
  'variable "cidrs" {}\nresource "aws_eks_cluster" "c" {\n  name = "c"\n  vpc_config {\n    public_access_cidrs = var.cidrs\n  }\n}\n';
const open = ['cluster/endpoint-public-open'] as const;
const calling = (source: string): string => `module "m" {\n  source = "${source}"\n  cidrs = ["0.0.0.0/0"]\n}\n`;

test.each([
  [
    'a link to the folder of a module',
    { 'modules/eks/main.tf': cluster, 'main.tf': calling('./l') },
    { l: 'modules/eks' },
  ],
  [
    'a folder in a link to a link',
    { 'modules/eks/main.tf': cluster, 'prod/main.tf': calling('./m/eks') },
    { 'prod/m': '../n', n: 'modules' },
  ],
])('a Terraform module behind %s is judged', async (_, files, links) => {
  const { found, complete } = await judge(files, links, ...open);
  expect([found, complete]).toEqual([[expect.stringMatching(/main\.tf$/)], true]);
});

test('Terraform reads links to files in the folder of the link, and the folder of their targets is not judged again', async () => {
  const files = {
    'shared/cluster.tf': cluster,
    'common.tfvars': 'cidrs = ["0.0.0.0/0"]\n',
    'dev/terraform.tfvars': 'cidrs = ["10.0.0.0/8"]\n',
  };
  const links = {
    'prod/cluster.tf': '../shared/cluster.tf',
    'prod/terraform.tfvars': '../common.tfvars',
    'dev/cluster.tf': '../shared/cluster.tf',
  };
  expect(await judge(files, links, ...open)).toEqual({ found: ['common.tfvars'], complete: true });
  // With a file of its own, Terraform may run there as well.
  const more = { ...files, 'shared/terraform.tfvars': 'cidrs = ["0.0.0.0/0"]\n', 'shared/more.tf': '' };
  expect((await judge(more, links, ...open)).found.sort()).toEqual(['common.tfvars', 'shared/terraform.tfvars']);
});

test('links that lead to each other end', () => {
  const links = new Map([
    ['a', 'b'],
    ['b', 'a'],
    ['c', ''],
    ['d/e', 'f'],
  ]);
  expect(['x/y', 'c/x', 'd/e/g', 'd/eg', 'c'].map((path) => realPath(path, links))).toEqual([
    'x/y',
    'x',
    'f/g',
    'd/eg',
    '',
  ]);
  expect(['a', 'b']).toContain(realPath('a', links));
});
