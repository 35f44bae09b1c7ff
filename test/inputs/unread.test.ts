import { expect, test } from 'vitest';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { parseAll } from '#syntax/parse.ts';

/* What decides about objects or clusters and is not read is told, each time, wherever it stands. */

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
  // The configuration of a program looks the same, and is none.
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

test('patches of controllers', async () => {
  const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n';
  const argo = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n';
  const told = 'patches that Flux or Argo CD applies are not applied to what is judged here';
  const notes = await notesOf({
    'a.yaml': `${flux}  patches: [{patch: "x"}]\n`,
    'b.yaml': `${argo}  source:\n    kustomize: {patches: [{patch: "x"}]}\n`,
    'c.yaml': `${flux}  patches: []\n`,
    'd.yaml': `${argo}  source: {kustomize: {images: [x]}}\n`,
  });
  expect(notes.filter((note) => note.includes(told))).toEqual([`a.yaml:5 ${told}`, `b.yaml:6 ${told}`]);
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

test('resources that make others', async () => {
  const stack = (name: string, type: string, more = '') => `  ${name}: {Type: ${type}${more}}\n`;
  expect(
    await notesOf({
      't.yaml': `Resources:\n${stack('Set', 'AWS::CloudFormation::StackSet')}${stack('Own', 'My::Own::Cluster::MODULE')}${stack('Bought', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct')}${stack('Inner', 'AWS::CloudFormation::Stack', ', Properties: {TemplateURL: "https://example.com/x.yaml"}')}`,
      'main.tf': 'resource "helm_release" "a" {\n  chart = "x"\n}\nresource "aws_cloudformation_stack" "b" {\n}\n',
    }),
  ).toEqual([
    't.yaml:2 templates of stack sets are not judged',
    't.yaml:3 resources of CloudFormation modules are not judged',
    't.yaml:4 products of Service Catalog are not judged',
    't.yaml:5 nested stacks whose templates are not in these files are not judged',
    'main.tf:1 charts of helm_release are not rendered',
    'main.tf:4 templates of aws_cloudformation_stack are not judged',
  ]);
});
