import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { labelsOf, type Live, readContext, readSnapshot, unseenIn } from '#inputs/kubernetes/live.ts';
import { podTemplates } from '#model/pod-templates.ts';
import type { Resource } from '#model/resource.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { parse, source } from './read.ts';
import { nest } from './written.ts';

/* What is read of Kubernetes objects in files and of a running cluster, as reviewed: `vitest run -u` writes it again. */

type Json = Record<string, unknown>;
const json = (data: unknown): string => JSON.stringify(data, null, 1);
const object = (apiVersion: string, kind: string, name: string, more: object = {}): Json => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});
const pod = { spec: { containers: [{ name: 'web', image: 'web:1.0.0' }] } };
const deployment = (name: string): Json =>
  object('apps/v1', 'Deployment', name, { spec: { selector: { matchLabels: { app: name } }, template: pod } });

const sayChange = ({ path, by, why, absent, ...more }: AnyResource['changes'][number]): string =>
  [`${path.join('.')} by ${by}`, why, absent === true ? 'may add' : undefined, ...Object.keys(more)].join(', ');
const sayObject = (one: AnyResource | Resource<object>): string => {
  const { kind, group, namespace, name, belonging, variant, changes, tree, live, moving } = one;
  return [
    `${group}/${kind} ${namespace}/${name} (${tree.source.path})`,
    `  ${json(one.object).replaceAll(/\s+/g, ' ')}`,
    `  unit ${belonging.unit}, bundle ${belonging.bundle}`,
    ...(variant ? [`  variant ${json(variant).replaceAll(/\s+/g, ' ')}`] : []),
    ...(live ? [`  live${moving === undefined ? '' : `, moving: ${moving}`}`] : []),
    ...changes.map((change) => `  changed: ${sayChange(change)}`),
  ].join('\n');
};
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const file = (name: string): string => join(import.meta.dirname, 'written-facts', `objects-${name}.txt`);

const inFiles: Readonly<Record<string, string>> = {
  'lists/list.yaml': json({
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    items: [
      { metadata: { name: 'plain' } },
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'own' } },
      { apiVersion: 'v1', kind: 'List', items: [object('v1', 'Service', 'nested')] },
      { kind: 'Secret', metadata: { name: 'without-version' } },
      { apiVersion: 'v1', metadata: { name: 'without-kind' } },
      { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { name: 'c' } },
      { apiVersion: 'eksctl.io/v1alpha5' },
      { Resources: { C: { Type: 'AWS::EKS::Cluster' } } },
      { AWSTemplateFormatVersion: '2010-09-09' },
      { ...object('example.com/v1', 'Plan', 'of-resources'), Resources: { cpu: 1 } },
    ],
  }),
  // The same objects in two files are variants; objects of other groups, kinds or namespaces are not the same.
  ...Object.fromEntries(
    ['v1', 'v2'].flatMap((version) => [
      [`same/${version}.yaml`, ['a', 'b'].map((name) => json(object('v1', 'Service', name))).join('\n---\n')],
      [
        `groups/${version}.yaml`,
        ['a', 'b'].map((name) => json(object(`${version}.example.com/v1`, 'Thing', name))).join('\n---\n'),
      ],
      [
        `kinds/${version}.yaml`,
        ['a', 'b'].map((name) => json(object('v1', version === 'v1' ? 'Service' : 'ConfigMap', name))).join('\n---\n'),
      ],
      [
        `namespaces/${version}.yaml`,
        ['a', 'b']
          .map((name) => json({ ...object('v1', 'Service', name), metadata: { name, namespace: version } }))
          .join('\n---\n'),
      ],
    ]),
  ),
  'loose/alias.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: alias\n  labels: *missing\n',
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': json(deployment('web')),
  'base/beside.yaml': json(object('v1', 'ConfigMap', 'beside')),
  'one/kustomization.yaml': json({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'one',
    resources: ['../base'],
    patches: [{ path: 'replicas.yaml' }],
  }),
  'one/replicas.yaml': json({ ...object('apps/v1', 'Deployment', 'web'), spec: { replicas: 3 } }),
  'two/Kustomization': json({
    kind: 'Kustomization',
    namespace: 'two',
    resources: ['../base', 'https://example.com/remote'],
    patches: [{ path: 'missing.yaml', target: { kind: 'Deployment' } }, { patch: 'a: [b' }],
  }),
  'parts/kustomization.yaml': 'kind: Component\nresources: []\n',
  // The namespace is the same however the object is applied.
  'shared/kustomization.yaml': 'resources: [object.yaml]\n',
  'shared/object.yaml': json({ ...object('v1', 'Service', 's'), metadata: { name: 's', namespace: 'shared' } }),
  'dev/kustomization.yaml': json({ resources: ['../shared'], commonAnnotations: { stage: 'dev' } }),
  'prod/kustomization.yaml': json({ resources: ['../shared'], commonAnnotations: { stage: 'prod' } }),
  'base/patches/partial.yaml': json(object('apps/v1', 'Deployment', 'partial', { spec: { replicas: 2 } })),
  'base/patches/whole.yaml': json(deployment('whole')),
  'base/patches/definition.yaml': json(
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'd', { spec: { group: 'g' } }),
  ),
  'base/patches/named.yaml': json(
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'n', { spec: { group: 'g', names: { kind: 'N' } } }),
  ),
  'plugins/kustomization.yaml': json({ transformers: ['labels.yaml'], resources: ['labels.yaml'] }),
  'plugins/labels.yaml': json({ ...object('builtin', 'LabelTransformer', 'l'), labels: { a: 'b' } }),
  'flux/app.yaml': json(
    object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux', {
      spec: { path: './base', patches: [{ patch: 'x' }] },
    }),
  ),
  'flux/argo.yaml': json(
    object('argoproj.io/v1alpha1', 'Application', 'argo', {
      spec: { source: { path: 'loose' }, sources: [{ path: 'one' }] },
    }),
  ),
  'flux/several.yaml': json(
    object('argoproj.io/v1alpha1', 'Application', 'several', {
      spec: { sources: [{ path: 'one' }, { path: 'two', kustomize: { patches: ['x'] } }] },
    }),
  ),
  'flux/several-set.yaml': json(
    object('argoproj.io/v1alpha1', 'ApplicationSet', 'several', {
      spec: { template: { spec: { sources: [{ path: 'two', kustomize: { patches: ['x'] } }] } } },
    }),
  ),
  'flux/set.yaml': json(
    object('argoproj.io/v1alpha1', 'ApplicationSet', 'set', {
      spec: { template: { spec: { source: { path: 'base' } } }, templatePatch: 'x' },
    }),
  ),
  ...Object.fromEntries(
    [
      ['kustomize.toolkit.fluxcd.io/v1beta2', 'Kustomization', 'spec.patchesStrategicMerge'],
      ['kustomize.toolkit.fluxcd.io/v1beta2', 'Kustomization', 'spec.patchesJson6902'],
      ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec.components'],
      ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'spec.postRenderers'],
      ['argoproj.io/v1alpha1', 'Application', 'spec.source.kustomize.patches'],
      ['argoproj.io/v1alpha1', 'Application', 'spec.source.kustomize.components'],
      ['argoproj.io/v1alpha1', 'Application', 'spec.source.kustomize.images'],
      ['argoproj.io/v1alpha1', 'Application', 'spec.source.kustomize.replicas'],
      ['argoproj.io/v1alpha1', 'ApplicationSet', 'spec.template.spec.source.kustomize.images'],
      ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec.images'],
      ['argoproj.io/v1alpha1', 'ApplicationSet', 'spec.template.spec.source.kustomize.patches'],
      ['argoproj.io/v1alpha1', 'ApplicationSet', 'spec.template.spec.source.kustomize.components'],
    ].map(([apiVersion = '', kind = '', path = ''], index) => [
      `patched/${index}.yaml`,
      json({ ...object(apiVersion, kind, `p${index}`), ...nest(path, ['x']) }),
    ]),
  ),
  'loose/marked.yaml': json(object('v1', '{{ .Kind }}', 'marked')),
  'loose/marked-version.yaml': json(object('${VERSION}', 'Job', 'marked')),
  'loose/inside.yaml': json(
    object('v1', 'ConfigMap', 'inside', { data: { 'pod.yaml': 'apiVersion: v1\nkind: Pod\n' } }),
  ),
  'loose/secret.yaml': json(
    object('v1', 'Secret', 'secret', { data: { pod: Buffer.from('apiVersion: v1\nkind: Pod\n').toString('base64') } }),
  ),
  'loose/text.yaml': json(object('v1', 'Secret', 'text', { stringData: { pod: 'apiVersion: v1\nkind: Pod\n' } })),
  'tests/chainsaw-test.yaml': json(
    object('chainsaw.kyverno.io/v1alpha1', 'Test', 't', {
      spec: {
        steps: [
          {
            try: [
              { apply: { file: 'applied.yaml' } },
              { assert: { file: 'try.yaml' } },
              { assert: { file: '../escape/../out.yaml' } },
            ],
            catch: [{ error: { file: 'catch.yaml' } }],
            finally: [{ assert: { file: 'finally.yaml' } }],
            cleanup: [
              { assert: { file: 'cleanup.yaml' } },
              { assert: { file: 'applied.yaml' } },
              { assert: { file: 'computed-*.yaml' } },
            ],
          },
        ],
      },
    }),
  ),
  'tests/template.yaml': json(
    object('chainsaw.kyverno.io/v1alpha1', 'StepTemplate', 's', {
      spec: { try: [{ assert: { file: 'template-file.yaml' } }] },
    }),
  ),
  ...Object.fromEntries(
    ['applied', 'try', 'catch', 'finally', 'cleanup', 'template-file', 'computed-1'].map((name) => [
      `tests/${name}.yaml`,
      json(object('v1', 'ConfigMap', name)),
    ]),
  ),
  'out.yaml': json(object('v1', 'ConfigMap', 'out')),
  'kuttl/01-assert.yaml': json(object('v1', 'ConfigMap', 'by-name')),
  'kuttl/01-install.yaml': json(object('v1', 'ConfigMap', 'installed')),
  'kuttl/other.yaml': [
    json({ apiVersion: 'kuttl.dev/v1beta1', kind: 'TestAssert' }),
    json(object('v1', 'ConfigMap', 'by-kind')),
  ].join('\n---\n'),
};

test('objects in files', async () => {
  const input = kubernetesInput();
  const trees = Object.entries(inFiles)
    .flatMap(([path, own]) => parse(source(path, own)))
    .filter((tree) => input.claims(tree));
  const { resources, notes, gaps } = input.read(trees, {
    charts: new Set(),
    kustomizations: new Set(['base', 'one', 'two', 'parts', 'plugins', 'shared', 'dev', 'prod']),
    files: new Set(Object.keys(inFiles)),
    broken: new Set(['loose/alias.yaml']),
  });
  const said = [
    ...resources.map(sayObject),
    ...notes.map(
      ({ kind, message, count, at }) =>
        `note, ${kind}: ${message}${count === undefined ? '' : `, ${count}`} (${at?.source ?? ''} ${at?.path ?? ''})`,
    ),
    ...[...(gaps ?? [])].map(([unit, why]) => `gap of ${unit}: ${why}`),
  ];
  await expect(text(said)).toMatchFileSnapshot(file('in-files'));
});

const items = [
  object('v1', 'Namespace', 'shop'),
  { ...deployment('web'), metadata: { name: 'web', namespace: 'shop' } },
  { ...deployment('db'), metadata: { name: 'db', namespace: 'skipped' } },
  object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'nodes', { spec: { amiFamily: 'AL2', role: 'nodes' } }),
  object('eks.amazonaws.com/v1', 'NodeClass', 'auto', { spec: { role: 'auto' } }),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
    data: { mapRoles: '- rolearn: arn:aws:iam::111122223333:role/a\n  groups: [system:masters]\n' },
  },
];
const full = snapshotOf(items, ['Namespace']);
const fresh: Snapshot = {
  ...full,
  except: ['skipped'],
  namespaces: ['shop', 'kube-system', 'skipped'],
  notAsked: [],
  asked: ['eks:DescribeCluster'],
  answers: [
    { arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod', body: { cluster: { name: 'prod', version: '1.34' } } },
  ],
  unanswered: [{ operation: 'iam:GetAccountAuthorizationDetails', why: 'no permission to call iam', isDenied: true }],
  unlisted: [
    { group: 'eks.services.k8s.aws', version: 'v1alpha1', kind: 'Cluster', resource: 'clusters', namespaced: true },
    { group: 'example.com', version: 'v1', kind: 'Thing', resource: 'things', namespaced: false },
  ],
  objects: full.objects.map((list) =>
    list.kind === 'Deployment' ? { ...list, moving: ['shop/web'], alike: 2 } : list,
  ),
};
const snapshot: Snapshot = { ...fresh, isStored: true };
const sayLive = ({ cluster, folder, sources, trees, parts }: Live): string[] => [
  `cluster ${cluster.name} in ${folder}`,
  ...sources.map((one) => `source ${json(one).replaceAll(/\s+/g, ' ')}`),
  ...trees.map(
    ({ source: { id }, language, index, start, faults, offsets }) =>
      `tree ${id}: ${language} ${index} ${start} ${faults.length} ${offsets.length}`,
  ),
  ...parts.flatMap((part, i) => [
    `part ${i}: ${Object.keys(part).join(' ')}`,
    ...[...part.resources, ...(part.provided ?? [])].map(sayObject),
    ...[...part.clusters, ...(part.loose ?? []), ...(part.aws ?? [])].map((one) => `${one.kind} ${one.subject.name}`),
    ...part.notes.map(
      ({ kind, message, count }) => `note, ${kind}: ${message}${count === undefined ? '' : `, ${count}`}`,
    ),
    ...[...(part.unread ?? [])].map(
      ([unit, kinds]) => `unread in ${unit}: ${json([...kinds]).replaceAll(/\s+/g, ' ')}`,
    ),
    ...[...(part.unlisted ?? [])].map(
      ([unit, kinds]) => `unlisted in ${unit}: ${json([...kinds]).replaceAll(/\s+/g, ' ')}`,
    ),
    ...[...(part.outside ?? [])].map(
      ([unit, why]) =>
        `outside of ${unit}: ${['shop', 'other'].map((one) => `${one} ${why(one) ?? 'read'}`).join(', ')}`,
    ),
    ...[...(part.unreadParts ?? [])].map(
      ([{ subject }, kinds]) => `unread of ${subject.name}: ${json([...kinds]).replaceAll(/\s+/g, ' ')}`,
    ),
  ]),
];

test.each([
  ['of a running cluster', snapshot, 'running', ''],
  ['of one of several clusters', snapshot, 'labeled', 'east'],
  [
    'without the API server',
    { ...snapshot, notAsked: ['kube'], objects: [], unread: [] } satisfies Snapshot,
    'without-objects',
    '',
  ],
  ['without AWS', { ...fresh, notAsked: ['aws'], answers: [] } satisfies Snapshot, 'without-aws', ''],
])('objects %s', async (_, one, name, label) => {
  const live = await readSnapshot(one, podTemplates, { label });
  await expect(text(sayLive(live))).toMatchFileSnapshot(file(name));
});

test('a cluster that files are judged against', async () => {
  await expect(text(sayLive(await readContext(snapshot, podTemplates)))).toMatchFileSnapshot(file('context'));
});

test('what an audit could not read', () => {
  const subject = (kind: string, namespace: string, apiVersion?: string) => ({
    kind,
    namespace,
    name: 'x',
    ...(apiVersion === undefined ? {} : { apiVersion }),
  });
  const answer =
    (one: Snapshot) =>
    (...about: Parameters<typeof subject>) =>
      unseenIn([one])(subject(...about));
  const open = answer({ ...snapshot, unanswered: [] });
  expect(open('Namespace', '', 'v1')).toBe(true);
  expect(open('Deployment', 'skipped', 'apps/v1')).toBe(true);
  expect(open('Deployment', 'other', 'apps/v1')).toBe(true);
  expect(open('Deployment', 'shop', 'apps/v1')).toBe(false);
  expect(open('cluster', '')).toBe(false);
  expect(answer(snapshot)('cluster', '')).toBe(true);
  expect(answer({ ...snapshot, unanswered: [], notAsked: ['aws'] })('cluster', '')).toBe(true);
  expect(answer({ ...snapshot, notAsked: ['kube'] })('Deployment', 'shop', 'apps/v1')).toBe(true);
});

test('names that distinguish clusters', () => {
  const named = (name: string, arn: string, endpoint: string) => ({
    cluster: { ...snapshot.cluster, name, arn, endpoint },
  });
  expect(labelsOf([named('a', 'x', '')])).toEqual(['']);
  expect(labelsOf([named('a', 'x', ''), named('b', 'y', '')])).toEqual(['a', 'b']);
  expect(labelsOf([named('a', 'x', ''), named('a', '', 'https://e')])).toEqual(['x', 'https://e']);
});
