import { expect, it } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read } from './read.ts';

/* Kubernetes objects that Crossplane and kro apply. */

const account = '{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop, namespace: live}}';
const pod =
  '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: live}, spec: {serviceAccountName: shop, containers: [{name: web, image: "web:1"}]}}';
const object = (manifest: string, rest = '', group = 'kubernetes.crossplane.io') =>
  `apiVersion: ${group}/v1alpha2\nkind: Object\nmetadata: {name: outer}\nspec: {${rest}forProvider: {manifest: ${manifest}}}\n`;
const composition = (base: string, patches = '[]', more = '') =>
  `apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {name: c}\nspec:\n  compositeTypeRef: {apiVersion: example.com/v1, kind: Team}\n  resources:\n  - {name: one, base: ${base}, patches: ${patches}}\n${more}`;
const graph = (template: string, fields = '{}') =>
  `apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {name: g}\nspec:\n  schema: {apiVersion: v1alpha1, kind: App, spec: ${fields}}\n  resources: [{id: one, template: ${template}}]\n`;

const titles = (...texts: readonly string[]): string[] =>
  read({ 'a.yaml': texts.join('---\n') }).resources.map(({ title, expanded }) => `${title}${expanded ? ' *' : ''}`);
async function judge(rule: string, ...texts: readonly string[]): Promise<string[]> {
  const { findings, undetermined } = await lintTexts(
    { 'a.yaml': texts.join('---\n') },
    rules.filter(({ id }) => id === rule),
  );
  return [...findings.map(({ subject }) => subject.name), ...undetermined.map(({ why }) => `unknown: ${why}`)];
}

it('the object that an Object applies is judged, with the name of the Object if it has none', () => {
  expect(titles(object(pod), object('{apiVersion: v1, kind: Namespace}', '', 'kubernetes.m.crossplane.io'))).toEqual([
    'Object "outer" *',
    'Object "outer" *',
    'Pod "web"',
    'Namespace "outer"',
  ]);
  expect(titles(object('{apiVersion: v1, kind: Namespace, metadata: {generateName: team-}}'))).toContain(
    'Namespace "team-"',
  );
  expect(titles(object(pod, '', 'other.crossplane.io'))).toEqual(['Object "outer"']);
  expect(titles(object('{kind: Pod}'), object('{apiVersion: v1}'), object('text'))).toEqual([
    'Object "outer"',
    'Object "outer"',
    'Object "outer"',
  ]);
});

it('an Object applies no list', () => {
  expect(titles(object(`{apiVersion: v1, kind: List, items: [${pod}]}`))).toEqual(['Object "outer"']);
});

it('a graph makes an Object, whose object is judged', () => {
  const manifest = `{apiVersion: kubernetes.crossplane.io/v1alpha2, kind: Object, metadata: {name: o}, spec: {forProvider: {manifest: ${pod}}}}`;
  expect(titles(graph(manifest))).toEqual(['ResourceGraphDefinition "g" *', 'Pod "web"', 'Object "o" *']);
});

it('an Object in two overlays applies an object of one namespace', () => {
  const overlay = '{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, resources: [../base]}';
  const { resources } = read({
    'base/kustomization.yaml': overlay.replace('../base', 'a.yaml'),
    'base/a.yaml': object(pod),
    'one/kustomization.yaml': overlay,
    'two/kustomization.yaml': overlay,
  });
  const pods = resources.filter(({ kind }) => kind === 'Pod');
  expect(pods.map(({ variant }) => variant?.namespace)).toEqual(['live', 'live']);
});

it('an Object that only watches applies nothing', () => {
  expect(titles(object(pod, 'managementPolicies: [Observe], '))).toEqual(['Object "outer" *']);
  expect(titles(object(pod, 'managementPolicies: [Observe, Update], '))).toHaveLength(2);
});

it('what a reference of an Object or a patch of a Composition sets is unknown', () => {
  const references =
    'references: [{patchesFrom: {fieldPath: data.a}, toFieldPath: spec.hostPID}, {patchesFrom: {fieldPath: data.b}}, {dependsOn: {name: x}}], ';
  const [, referring] = read({ 'a.yaml': object(pod, references) }).resources;
  expect(referring?.changes).toEqual([
    { path: ['spec', 'hostPID'], by: 'a reference of the Object' },
    { path: ['data', 'b'], by: 'a reference of the Object' },
  ]);
  const [, whole] = read({ 'a.yaml': object(pod, 'references: [{patchesFrom: {}}], ') }).resources;
  expect(whole?.changes).toEqual([{ path: [], by: 'a reference of the Object' }]);
  const base = `{apiVersion: kubernetes.crossplane.io/v1alpha2, kind: Object, spec: {forProvider: {manifest: ${pod}}}}`;
  const patches =
    '[{fromFieldPath: spec.host, toFieldPath: spec.forProvider.manifest.spec.hostPID}, {fromFieldPath: spec.x, toFieldPath: spec.providerConfigRef.name}]';
  const [, , composed] = [undefined, ...read({ 'a.yaml': composition(base, patches) }).resources];
  expect(composed?.title).toBe('Pod "web"');
  expect(composed?.changes.map(({ path }) => path)).toEqual([['spec', 'hostPID']]);
});

it('what a Composition makes is judged, except resources outside of the cluster', () => {
  expect(titles(composition(pod))).toEqual(['Composition "c" *', 'Pod "web"']);
  const knative = `{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web}, spec: {template: {spec: {containers: [{image: "web:1"}]}}}}`;
  expect(titles(composition(knative))).toEqual(['Composition "c" *', 'Service "web"']);
  // However many pods it contains, it is one Composition, and an object that asks for it finds it.
  const two = composition(
    pod.replace('web:1', 'other:1'),
    '[{fromFieldPath: spec.name, toFieldPath: metadata.name}]',
    `  - {name: two, base: ${knative}}\n`,
  );
  const team = 'apiVersion: example.com/v1\nkind: Team\nmetadata: {name: t}\nspec: {name: shop}\n';
  expect(titles(team, two)).toEqual(['Team "t"', 'Composition "c" *', 'Pod "shop"', 'Service "web"']);
  const thing = '{apiVersion: example.com/v1, kind: Thing, metadata: {name: web}}';
  expect(titles(composition(thing))).toEqual(['Composition "c" *', 'Thing "web"']);
  for (const group of ['helm.crossplane.io', 'compute.gcp.upbound.io', 'ec2.aws.upbound.io'])
    expect(titles(composition(thing.replace('example.com', group)))).toEqual(['Composition "c" *']);
});

it('they silence findings about others of the unit, and what they lack may be elsewhere', async () => {
  const rule = 'correctness/dangling-service-account';
  const namespace = '{apiVersion: v1, kind: ServiceAccount, metadata: {name: other, namespace: live}}';
  expect(await judge(rule, `${pod}\n`, `${namespace}\n`)).toEqual(['web']);
  for (const made of [object(account), composition(account), graph(account)])
    expect(await judge(rule, `${pod}\n`, `${namespace}\n`, made)).toEqual([]);
  for (const [made, why] of [
    [object(pod), 'unknown: Crossplane may apply it to a cluster with other objects'],
    [composition(pod), 'unknown: Crossplane may apply it to a cluster with other objects'],
    [graph(pod), 'unknown: the graph may be used together with other objects'],
  ] as const)
    expect(await judge('reliability/priority-class-missing', made)).toEqual([why]);
});

it('without an instance, the default of a field of a graph may not apply', async () => {
  const open = pod.replace('containers', 'hostPID: "${schema.spec.host}", containers');
  expect(await judge('pod-security/host-pid', graph(open, '{host: boolean | default=true}'))).toEqual([
    'unknown: the default of spec.host may not apply',
  ]);
  expect(await judge('pod-security/host-pid', graph(open.replace('"${schema.spec.host}"', 'true')))).toEqual(['web']);
});

it('objects of AWS in an Object are read', () => {
  const auth =
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: aws-auth, namespace: kube-system}, data: {mapUsers: "[]"}}';
  expect(read({ 'a.yaml': object(auth) }).aws.map(({ kind }) => kind)).toEqual(['awsAuth']);
});

it('what two uses of a Composition make does not conflict', async () => {
  const uses = ['a', 'b'].map((name) => `apiVersion: example.com/v1\nkind: Team\nmetadata: {name: ${name}}\n`);
  const made = composition(account, '[]', `  - {name: two, base: ${account.replace('shop', 'other')}}\n`);
  expect(titles(...uses, made)).toEqual([
    'Team "a"',
    'Team "b"',
    'Composition "c" *',
    'ServiceAccount "shop"',
    'ServiceAccount "other"',
    'ServiceAccount "shop"',
    'ServiceAccount "other"',
  ]);
  expect(await judge('correctness/duplicate-resource', ...uses, made)).toEqual([]);
});

it('what Crossplane names needs no name', async () => {
  const unnamed = '{apiVersion: v1, kind: ServiceAccount}';
  const made = [
    composition(unnamed),
    composition('{apiVersion: v1, kind: ServiceAccount, metadata: {labels: {a: b}}}'),
    composition(
      `{apiVersion: kubernetes.crossplane.io/v1alpha2, kind: Object, spec: {forProvider: {manifest: ${unnamed}}}}`,
    ),
  ];
  const rule = 'correctness/required-field-missing';
  const told = [];
  for (const one of made) told.push(...(await judge(rule, one)));
  expect(told).toEqual(
    ['metadata', 'metadata.name', 'metadata'].map((field) => `unknown: Crossplane changes ${field}`),
  );
  expect(await judge(rule, `${unnamed}\n`)).toEqual(['']);
});
