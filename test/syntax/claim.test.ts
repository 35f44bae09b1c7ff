import { expect, test } from 'vitest';
import { isForeign, looksLikeOurs } from '#syntax/claim.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const source = (text: string, path = 'a.yaml') => ({ id: path, path, text, target: true });

test.each([
  ['values of a chart', 'image: {tag: 1}\nlist: [a, b\n', 'values.yaml'],
  ['a schema', 'openapi: 3.0.0\nPod:\n  apiVersion:\n    type: string\n  kind: {type: string}\n', 'openapi.yaml'],
  ['JSON of another tool', '{"a": "\\u00e9", "kind": "x"}', 'a.json'],
  ['the tree of CDK', '{"version":"tree-0.1","tree":{"a":{"type":"AWS::EKS::Cluster"}}}', 'cdk.out/tree.json'],
])('%s is foreign', (_, text, path) => expect(isForeign(source(text, path))).toBe(true));

test.each([
  ['an object', 'apiVersion: v1\nkind: Pod\n'],
  ['a key in escapes', '{"\\u0061piVersion": "v1", "\\u006bind": "Pod"}'],
  ['a key that is an alias', 'x: &a apiVersion\n*a : v1\n'],
  ['such a key in brackets at the start', '{x: &a apiVersion, *a : v1}'],
  ['a key in base64', '!!binary YXBpVmVyc2lvbg==: v1\n'],
  ['a tag in escapes of a URL', '!!%62inary YXBpVmVyc2lvbg== : v1\n'],
  ['a key behind an escaped line end', '? "api\\\n  Version"\n: v1\n'],
  ['a key behind an escaped line end of YAML 1.1', '? "api\\\u0085  Version"\n: v1\n'],
  ['such a key in brackets', '---\n{? "api\\\n  Version" : v1}\n'],
  ['a complex key', '? apiVersion # c\n: v1\n'],
  ['a patch', '- {op: remove, path: /metadata}\n'],
  [
    'an object that begins like the tree of CDK',
    '{"version": "tree-0.1", "tree": {}, "apiVersion": "v1", "kind": "Pod"}',
  ],
  ['parameters of a template', '{"Parameters": {"Name": "x"}}'],
  ['a list of parameters', '[{"ParameterKey": "a", "ParameterValue": "b"}]'],
  ['CloudFormation', 'Resources: {A: {Type: "AWS::EKS::Cluster"}}\n'],
  ['a type whose colons are escaped', '{"Resources": {"A": {"Type": "AWS\\u003a\\u003AEKS::Cluster"}}}'],
  ['a manifest of CDK', '{"Resources": {"A": {"Type": "Custom::AWSCDK-EKS-KubernetesResource"}}}'],
  ['a cluster of the quick start', '{"Resources": {"A": {"Type": "AWSQS::EKS::Cluster"}}}'],
])('%s is not foreign', (_, text) => expect(isForeign(source(text))).toBe(false));

test('only a broken file that looks like a manifest is worth a finding', () => {
  const broken = (text: string, path?: string) => looksLikeOurs(source(text, path));
  expect(broken('apiVersion v1\nkind: Pod\nmetadata: {name: a\n')).toBe(true);
  expect(broken('{"apiVersion": "v1" "kind": "Pod"}', 'a.json')).toBe(true);
  expect(broken('{"format_version":"1.2","planned_values":{"root_module":', 'plan.json')).toBe(true);
  expect(broken('{"cluster": {"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/a",', 'c.json')).toBe(true);
  expect(broken('{"cluster": {"arn": "arn:aws:ecs:eu-west-1:111122223333:cluster/a",', 'c.json')).toBe(false);
  expect(broken('{"name": "a", "clusterArn": "arn:aws:eks:eu-west-1:111122223333:cluster/a", // x', 'c.json')).toBe(
    false,
  );
  for (const text of [
    '#!/bin/sh\napiVersion: v1\nkind: Pod\n',
    'MIME-Version: 1.0\napiVersion: v1\nkind: Pod\n',
    '? apiVersion\n: v1\n? kind\n: Pod\n',
    '!!str apiVersion: v1\n!!str kind: Pod\n',
    '{"apiVersion"\n: "v1", "kind"\n: "Pod"}',
    '? &a apiVersion\n: &k kind\n',
    '"\\x61piVersion": v1\n"ki\\\n  nd": Pod\n',
    '!!binary YXBpVmVyc2lvbg==: v1\n!!binary a2lu ZA==: Pod\n',
  ])
    expect([text, broken(text)]).toEqual([text, true]);
  expect(broken('#!/bin/sh\ncat <<EOF\napiVersion: v1\nkind: Pod\nEOF\n')).toBe(false);
  expect(broken('server {\n  kind: x;\n}\n', 'nginx.template')).toBe(false);
});

test('JSON is an object behind any whitespace', async () => {
  for (const space of ['\u00a0', '\u3000', ' \n\u2003\t'])
    expect(await said(`${space}{"apiVersion": "v1", "kind": "Pod", "kind": "Pod"}`)).toContain(
      `correctness/duplicate-yaml-key ${space.includes('\n') ? 2 : 1}`,
    );
});

test('JSON is an object wherever the colon of its key stands', () =>
  expect(isForeign(source(`{"apiVersion"${'\n'.repeat(99)}: "v1", "kind": "Pod"}`))).toBe(false));

const said = async (text: string): Promise<string[]> => {
  const { findings, crashes } = await lintTexts({ 'a.yaml': text }, rules);
  expect(crashes).toEqual([]);
  return findings.map(({ rule, at }) => `${rule} ${at.start?.line}`);
};

test.each(['Workload', 'Resource', 'cluster', 'nodegroup', 'addon', 'document'])(
  'a kind called %s is not a subject of the model',
  async (kind) => {
    expect(await said(`apiVersion: x.io/v1\nkind: ${kind}\nmetadata: {name: a}\nspec: {}\n`)).toEqual([]);
    expect(await said(`apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\nspec: {}\n`)).toEqual([
      'correctness/unknown-kind 2',
    ]);
  },
);

test('a Deployment belongs only to its own groups', async () => {
  const text = (apiVersion: string) =>
    `apiVersion: ${apiVersion}\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {hostPID: true, containers: []}}}\n`;
  expect((await said(text('apps/v1'))).join()).toContain('pod-security/host-pid');
  expect((await said(text('extensions/v1beta1'))).join()).toContain('pod-security/host-pid');
  expect(await said(text('batch/v1'))).toEqual(['correctness/unknown-kind 2']);
  expect(await said(text('x.io/v1'))).toEqual([]);
});

test('the value of an alias without an anchor is unknown, and its name is not shown', async () => {
  const { findings, undetermined } = await lintTexts(
    {
      'a.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      securityContext: *hunter2\n      resources: *hunter2\n',
    },
    rules,
  );
  const about = [...findings, ...undetermined].filter(({ rule }) => /request|limit|non-root|syntax/.test(rule));
  expect(about.map(({ rule }) => rule).sort()).toEqual([
    'correctness/request-above-limit',
    'correctness/yaml-syntax',
    'cost/request-out-of-range',
    'pod-security/run-as-non-root-missing',
    'reliability/cpu-limit-missing',
    'reliability/cpu-request-missing',
    'reliability/memory-limit-missing',
    'reliability/memory-request-missing',
  ]);
  expect(findings.filter(({ rule }) => /request|limit|non-root/.test(rule))).toEqual([]);
  const shown = [...findings.map(({ message, excerpt }) => [message, excerpt]), undetermined.map(({ why }) => why)];
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});

test('megabytes of blank lines and comments overflow nothing', async () => {
  expect(await said(`${'\n# c\n'.repeat(1_000_000)}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n`)).toEqual([
    'correctness/unreferenced-object 2000003',
  ]);
  expect(await said(`${' '.repeat(4_900_000)}\n`)).toEqual([]);
});

const privilegedPod =
  '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: a, securityContext: {privileged: true}}]}}';

test.each([
  'kustomize.config.k8s.io/v1beta1, kind: Kustomization',
  'eksctl.io/v1alpha5, kind: ClusterConfig',
  '"", kind: List',
])('a document with items is a list, whatever its type: %s', async (type) => {
  const said = await lintTexts({ 'a.yaml': `---\n{apiVersion: ${type}, items: [${privilegedPod}]}\n` }, rules);
  expect(said.findings.map(({ rule }) => rule)).toContain('pod-security/privileged-container');
});

test('CloudFormation tags have no meaning in a Kubernetes object', async () => {
  const text = `${privilegedPod.replace('securityContext:', 'securityContext: !If').replaceAll(/^\{|\}$/g, '')}`;
  expect(await said(`---\n{${text}, data: {a: "\n Resources: x"}}\n`).then((all) => all.join())).toContain(
    'pod-security/privileged-container',
  );
});

test('a plan or an answer that is cut off is a finding, not a file of another tool', async () => {
  for (const text of [
    '{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[',
    '{"cluster": {"name": "prod", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/prod", "version": "1.34",',
  ])
    expect(await said(text)).toEqual(['correctness/yaml-syntax 1']);
});
