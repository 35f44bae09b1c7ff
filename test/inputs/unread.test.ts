import { expect, test } from 'vitest';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { parseAll } from '#syntax/parse.ts';

/* What determines objects or clusters and is not read is reported, each time, wherever it is. */

const notesOf = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const sources = Object.entries(files).map(([id, text]) => ({ id, path: id, text, target: true }));
  const { trees } = await parseAll(sources, () => true);
  const layout = { charts: new Set<string>(), kustomizations: new Set<string>(), files: new Set(Object.keys(files)) };
  const { parts } = await readInputs(trees, podTemplates, layout);
  return parts.flatMap(({ notes }) => notes.map(({ message, at }) => `${at?.source}:${at?.start?.line} ${message}`));
};

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: x}]}\n';
const inText = pod.replace(/^/gm, '    ');
const inBase64 = Buffer.from(pod).toString('base64');

test.each([
  [`kind: ConfigMap\nmetadata: {name: a}\ndata:\n  pod.yaml: |\n${inText}`, true],
  [`kind: Secret\nmetadata: {name: a}\nstringData:\n  pod.yaml: |\n${inText}`, true],
  [`kind: Secret\nmetadata: {name: a}\ndata:\n  a: b\n  pod.yaml: ${inBase64}\n`, true],
  [`kind: ConfigMap\nmetadata: {name: a}\nbinaryData:\n  a: b\n  pod.yaml: ${inBase64}\n`, true],
  // The configuration of a program looks the same, but is not a manifest.
  ['kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    apiVersion: v1\n    kind: Config\n', false],
  [
    'kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    apiVersion: kubelet.config.k8s.io/v1\n    kind: KubeletConfiguration\n',
    false,
  ],
  ['kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: set apiVersion and kind\n', false],
])('manifests inside objects: %s', async (text, isTold) => {
  const notes = await notesOf({ 'a.yaml': `apiVersion: v1\n${text}` });
  const line = `apiVersion: v1\n${text}`.split('\n').findIndex((one) => one.startsWith('  pod.yaml')) + 1;
  expect(notes).toEqual(isTold ? [`a.yaml:${line} manifests inside ConfigMaps and Secrets are not judged`] : []);
});

test('manifests inside strings of custom resources', async () => {
  const told = 'manifests inside strings of custom resources are not judged';
  const workflow = (text: string) =>
    JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'a' },
      spec: { templates: [{ name: 'x' }, { name: 'y', resource: { manifest: text } }] },
    });
  const at = async (file: string) => (await notesOf({ 'a.yaml': file })).filter((note) => note.includes(told)).length;
  expect(await at(workflow(pod))).toBe(1);
  expect(await at(workflow('set apiVersion and kind'))).toBe(0);
  // The texts of a definition are documentation.
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'a' },
  };
  expect(await at(JSON.stringify({ ...definition, spec: { description: pod } }))).toBe(0);
});

test('patches and images of controllers', async () => {
  const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n';
  const argo = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n';
  const told = 'what Flux or Argo CD changes (patches, images) is not applied to what is judged here';
  const notes = await notesOf({
    'a.yaml': `${flux}  patches: [{patch: "x"}]\n`,
    'b.yaml': `${argo}  source:\n    kustomize: {patches: [{patch: "x"}]}\n`,
    'c.yaml': `${flux}  patches: []\n`,
    'd.yaml': `${argo}  source: {kustomize: {images: [x]}}\n`,
    'e.yaml': `${argo}  sources: [{path: a}, {kustomize: {images: []}}]\n`,
    'f.yaml': `${argo}  sources: [{path: a}, {kustomize: {components: [x]}}]\n`,
    'g.yaml': `apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nmetadata: {name: a}\nspec:\n  forProvider:\n    manifest: {apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {kustomize: {images: [x]}}}}\n`,
    'h.tf':
      'resource "kubernetes_manifest" "a" {\n  manifest = {\n    apiVersion = "argoproj.io/v1alpha1"\n    kind       = "Application"\n    metadata   = { name = "a" }\n    spec       = { source = { kustomize = { images = ["x"] } } }\n  }\n}\n',
  });
  expect(notes.filter((note) => note.includes(told))).toEqual(
    ['a.yaml:5', 'b.yaml:6', 'd.yaml:5', 'f.yaml:5', 'h.tf:6', 'g.yaml:6'].map((at) => `${at} ${told}`),
  );
});

test('items of a list whose kind SOPS encrypted', async () => {
  const item = 'apiVersion: v1\n  kind: "ENC[AES256_GCM,data:AA==]"\n  metadata: {name: a}';
  expect(await notesOf({ 'a.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${item}\n` })).toEqual([
    'a.yaml:5 objects whose kind SOPS encrypted are not judged: lint the decrypted file',
  ]);
});

test('generators of kustomize', async () => {
  const told = 'generators are not run, so objects that they create are not judged';
  const notes = await notesOf({
    'kustomization.yaml': `generators:\n- own.yaml\n- plain.yaml\n- |\n  apiVersion: example.com/v1\n  kind: Make\n  metadata: {name: a}\n`,
    'own.yaml': 'apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: a}\n',
    'plain.yaml': 'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: a}\n',
  });
  expect(notes.filter((note) => note.includes(told))).toEqual([
    `kustomization.yaml:2 ${told}`,
    `kustomization.yaml:4 ${told}`,
  ]);
});

test('resources that create others', async () => {
  const stack = (name: string, type: string, more = '') => `  ${name}: {Type: ${type}${more}}\n`;
  expect(
    await notesOf({
      't.yaml': `Resources:\n${stack('Set', 'AWS::CloudFormation::StackSet')}${stack('Own', 'My::Own::Cluster::MODULE')}${stack('Bought', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct')}${stack('Inner', 'AWS::CloudFormation::Stack', ', Properties: {TemplateURL: "https://example.com/x.yaml"}')}`,
      'main.tf':
        'resource "helm_release" "a" {\n  chart = "x"\n}\nresource "aws_cloudformation_stack" "b" {\n}\nresource "eksctl_cluster" "c" {\n}\nresource "github_repository_file" "d" {\n}\nresource "gitlab_repository_file" "e" {\n}\n',
    }),
  ).toEqual([
    't.yaml:2 templates of stack sets are not judged',
    't.yaml:3 resources of CloudFormation modules are not judged',
    't.yaml:4 products of Service Catalog are not judged',
    't.yaml:5 nested stacks whose templates are not in these files are not judged',
    'main.tf:1 charts of helm_release are not rendered',
    'main.tf:4 templates of aws_cloudformation_stack are not judged',
    'main.tf:6 clusters of the eksctl provider are not judged: lint their spec as an eksctl file',
    'main.tf:8 files that Terraform commits to a repository are not judged: lint that repository',
    'main.tf:10 files that Terraform commits to a repository are not judged: lint that repository',
  ]);
});

test('what a default turns off', async () => {
  const gives = { variable: 'a tfvars file or lint a plan', parameter: 'a parameter file' };
  const told = (what: keyof typeof gives) => `what the default of a ${what} disables is not judged: add ${gives[what]}`;
  const cluster = 'resource "aws_eks_cluster" "a" {\n  count = var.on ? 1 : 0\n}\n';
  const off = 'variable "on" {\n  default = false\n}\n';
  const module = 'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  create = var.on\n}\n';
  expect(await notesOf({ 'a.tf': cluster + off })).toEqual([`a.tf:2 ${told('variable')}`]);
  expect(await notesOf({ 'a.tf': module + off })).toEqual([`a.tf:3 ${told('variable')}`]);
  expect(
    await notesOf({
      'a.tf': cluster.replace('count = var.on ? 1 : 0', 'for_each = var.on') + off.replace('false', '{}'),
    }),
  ).toEqual([`a.tf:2 ${told('variable')}`]);
  // A user has decided.
  expect(await notesOf({ 'a.tf': cluster + off, 'terraform.tfvars': 'on = false\n' })).toEqual([]);
  expect(await notesOf({ 'a.tf': cluster + off, 'prod.tfvars': 'on = true\n' })).toEqual([]);
  const template = `Parameters: {Make: {Type: String, Default: "false"}}
Conditions: {Made: !Equals [!Ref Make, "true"]}
Resources:
  A:
    Type: AWS::EKS::Cluster
    Condition: Made
`;
  expect(await notesOf({ 'a.yaml': template })).toEqual([`a.yaml:6 ${told('parameter')}`]);
  expect(
    await notesOf({ 'a.yaml': template, 'a.json': '[{"ParameterKey": "Make", "ParameterValue": "true"}]' }),
  ).toEqual([]);
});

test('documents of other tools in a list', async () => {
  const told = (what: string) => `a ${what} in a list is not judged: write it as a separate document`;
  expect(
    await notesOf({
      'a.yaml': `apiVersion: v1
kind: List
items:
- {apiVersion: eksctl.io/v1alpha5, kind: ClusterConfig, metadata: {name: a, region: eu-west-1}}
- {AWSTemplateFormatVersion: "2010-09-09", Resources: {}}
- {apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, resources: [a.yaml]}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
`,
    }),
  ).toEqual([
    `a.yaml:4 ${told('ClusterConfig')}`,
    `a.yaml:5 ${told('CloudFormation template')}`,
    `a.yaml:6 ${told('Kustomization')}`,
  ]);
});

test('objects whose kind is a template', async () => {
  expect(await notesOf({ 'a.yaml': 'apiVersion: v1\nkind: ${KIND}\nmetadata: {name: a}\n' })).toEqual([
    'a.yaml:2 objects whose kind is an unrendered template are not judged',
  ]);
});

test('values of Argo CD that are not YAML, or too large', async () => {
  const application = (values: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a}
spec:
  source:
    chart: karpenter
    helm:
      values: |
${values.replace(/^/gm, '        ')}
`;
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefg'].map((name, i) => {
      const alias = `*${'abcdef'[i]}`;
      return `${name}: &${name} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
    }),
  ].join('\n');
  const told = ['a.yaml:8 `helm.values` cannot be read as YAML, so it is not judged'];
  expect(await notesOf({ 'a.yaml': application(bomb) })).toEqual(told);
  expect(await notesOf({ 'a.yaml': application('a: [') })).toEqual(told);
  expect(await notesOf({ 'a.yaml': application('a: b') })).toEqual([]);
});

test('folders of transformers and generators', async () => {
  const folder = {
    't/kustomization.yaml': 'resources: [t.yaml]\n',
    't/t.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npatch: ""\n',
  };
  expect(await notesOf({ 'kustomization.yaml': 'transformers: [t]\n', ...folder })).toContain(
    'kustomization.yaml:1 transformer "t" is a folder, and its kustomization is not built for this',
  );
  expect(await notesOf({ 'kustomization.yaml': 'validators: [t]\n', ...folder })).not.toContainEqual(
    expect.stringContaining('kustomization.yaml'),
  );
});

test('a template that samconfig.toml names', async () => {
  const template = 'Parameters: {A: {Type: String}}\nResources: {A: {Type: "AWS::ECR::Repository"}}\n';
  const settings = (file: string): string =>
    `[default.deploy.parameters]\ntemplate_file = "${file}"\nparameter_overrides = "A=b"\n`;
  expect(await notesOf({ 'template.yaml': template, 'samconfig.toml': settings('gone.yaml') })).toEqual([
    'samconfig.toml:1 the template gone.yaml that samconfig.toml (default) names is not among these files',
  ]);
  expect(await notesOf({ 'template.yaml': template, 'samconfig.toml': settings('template.yaml') })).toEqual([]);
  expect(
    await notesOf({ 'template.yaml': template, 'samconfig.toml': settings('.aws-sam/build/template.yaml') }),
  ).toEqual([]);
});
