import { describe, expect, test } from 'vitest';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import type { AnyResource } from '#model/workspace.ts';
import { parseAll } from '#syntax/parse.ts';
import { locate } from '#syntax/tree.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

/* What Flux and Argo CD lay over the folders that they apply. */

const privileged = rules.filter((rule) => rule.id === 'pod-security/privileged-container');
const kinds = ['ConfigMap', 'Deployment', 'ServiceAccount'] as const;
const web = (name = 'web', more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "example.com/app:1.0.0"${more}}]}
`;
const kustomization = (body: object, kind = 'Kustomization') =>
  JSON.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind, ...body });
const flux = (spec: object, name = 'web') =>
  JSON.stringify({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name },
    spec: { path: './apps/web', sourceRef: { kind: 'GitRepository', name: 'here' }, ...spec },
  });
const argo = (spec: object, kind = 'Application') =>
  JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name: 'web' }, spec });
const source = (kustomize: object, more: object = {}) => ({ source: { path: 'apps/web', kustomize, ...more } });
const base = { 'apps/web/kustomization.yaml': kustomization({ resources: ['web.yaml'] }), 'apps/web/web.yaml': web() };
const component = {
  'apps/part/kustomization.yaml': kustomization({ resources: ['account.yaml'] }, 'Component'),
  'apps/part/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: part}\n',
};
const setsPrivileged = (target: object = { kind: 'Deployment' }) => ({
  target,
  patch: JSON.stringify([
    { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
  ]),
});

const lint = (files: Readonly<Record<string, string>>) => lintTexts(files, privileged);
const objectsOf = async (files: Readonly<Record<string, string>>): Promise<readonly AnyResource[]> => {
  const { workspace } = await lint(files);
  return kinds.flatMap((kind) => workspace.all(kind));
};
const contentsOf = (objects: readonly AnyResource[]) => objects.map(({ object, names }) => ({ object, names }));
const notesOf = async (files: Readonly<Record<string, string>>) => {
  const sources = Object.entries(files).map(([id, text]) => ({ id, path: id, text, target: true }));
  const { trees } = await parseAll(sources, () => true);
  const layout = { charts: new Set<string>(), kustomizations: new Set<string>(), files: new Set(Object.keys(files)) };
  return (await readInputs(trees, podTemplates, layout)).parts
    .flatMap(({ notes }) => notes)
    .map(({ kind, message }) => `${kind} ${message}`);
};

const unapplied = 'skipped what Flux or Argo CD changes (patches, images) is not applied to what is judged here';

describe('a controller makes what an overlay with the same fields makes', () => {
  const patches = [setsPrivileged()];
  const images = [{ name: 'example.com/app', newName: 'example.com/other', newTag: 'v2' }];
  const replicas = [{ name: 'web', count: 3 }];
  const names = { namePrefix: 'a-', nameSuffix: '-z' };
  const pairs = { team: 'a' };
  const argoWith = (kustomize: object) => argo(source({ patches, ...kustomize }));
  test.each<[string, string, object]>([
    ['patches of Flux', flux({ patches }), { patches }],
    ['images of Flux', flux({ images }), { images }],
    ['names of Flux', flux({ images, ...names }), { images, ...names }],
    ['a namespace of Flux', flux({ images, targetNamespace: 'shop' }), { images, namespace: 'shop' }],
    ['labels of Flux', flux({ images, commonMetadata: { labels: pairs } }), { images, labels: [{ pairs }] }],
    ['components of Flux', flux({ components: ['../part'] }), { components: ['../apps/part'] }],
    ['patches of Argo CD', argo(source({ patches })), { patches }],
    ['components of Argo CD', argo(source({ components: ['../part'] })), { components: ['../apps/part'] }],
    ['replicas of Argo CD', argo(source({ replicas })), { replicas }],
    ['replicas of Argo CD as a text', argo(source({ replicas: [{ name: 'web', count: '3' }] })), { replicas }],
    ['names of Argo CD', argoWith(names), { patches, ...names }],
    ['a namespace of Argo CD', argoWith({ namespace: 'shop' }), { patches, namespace: 'shop' }],
    ['labels of Argo CD', argoWith({ commonLabels: pairs }), { patches, commonLabels: pairs }],
    ['annotations of Argo CD', argoWith({ commonAnnotations: pairs }), { patches, commonAnnotations: pairs }],
    [
      'labels of Argo CD outside selectors',
      argoWith({ commonLabels: pairs, labelWithoutSelector: true }),
      { patches, labels: [{ pairs }] },
    ],
    [
      'labels of Argo CD in templates',
      argoWith({ commonLabels: pairs, labelWithoutSelector: true, labelIncludeTemplates: true }),
      { patches, labels: [{ pairs, includeTemplates: true }] },
    ],
    ['several sources', argo({ sources: [{ chart: 'x' }, { path: 'apps/web', kustomize: { patches } }] }), { patches }],
    ['a set of applications', argo({ template: { spec: source({ patches }) } }, 'ApplicationSet'), { patches }],
    ...Object.entries({
      'example.com/app=example.com/other:v2': images[0],
      'example.com/app:v2': { name: 'example.com/app', newTag: 'v2' },
      'example.com/app=example.com:5000/other': { name: 'example.com/app', newName: 'example.com:5000/other' },
      'example.com/app@sha256:0a': { name: 'example.com/app', digest: 'sha256:0a' },
      'example.com/app=b@sha256:0a': { name: 'example.com/app', newName: 'b', digest: 'sha256:0a' },
    }).map(([image, entry]): [string, string, object] => [
      image,
      argo(source({ images: [image] })),
      { images: [entry] },
    ]),
  ])('%s', async (_, controller, fields) => {
    const files = { ...base, ...component };
    const applied = await objectsOf({ ...files, 'clusters/app.yaml': controller });
    const overlay = await objectsOf({
      ...files,
      'over/kustomization.yaml': kustomization({ resources: ['../apps/web'], ...fields }),
    });
    expect(contentsOf(applied)).toEqual(contentsOf(overlay));
    expect(contentsOf(applied)).not.toEqual(contentsOf(await objectsOf(base)));
    expect(await notesOf({ ...files, 'clusters/app.yaml': controller })).not.toContain(unapplied);
  });
});

test.each([
  [
    'a patch',
    flux({ patches: [setsPrivileged()] }),
    ['spec', 'template', 'spec', 'containers', 0],
    'securityContext',
    'spec.patches[0].patch',
  ],
  [
    'a namespace',
    flux({ images: [{ name: 'example.com/app' }], targetNamespace: 'shop' }),
    ['metadata'],
    'namespace',
    'spec.targetNamespace',
  ],
  [
    'a label',
    flux({ images: [{ name: 'example.com/app' }], commonMetadata: { labels: { a: 'b' } } }),
    ['metadata', 'labels'],
    'a',
    'spec.commonMetadata.labels.a',
  ],
  [
    'an image',
    argo(source({ images: ['example.com/app:v2'] })),
    ['spec', 'template', 'spec', 'containers', 0],
    'image',
    'spec.source.kustomize.images[0]',
  ],
  [
    'a count',
    argo(source({ replicas: [{ name: 'web', count: '3' }] })),
    ['spec'],
    'replicas',
    'spec.source.kustomize.replicas[0].count',
  ],
])('%s is located in the object of the controller', async (_, controller, steps, key, path) => {
  const [object] = await objectsOf({ ...base, 'clusters/app.yaml': controller });
  const holder = steps.reduce((at, step) => (at as Record<string, object>)[step] as object, object?.object as object);
  expect(locate((object as AnyResource).tree, holder, key)).toMatchObject({ source: 'clusters/app.yaml', path });
});

describe('what is applied', () => {
  const patches = [setsPrivileged()];
  const found = async (files: Readonly<Record<string, string>>) =>
    (await lint(files)).findings.map(({ at }) => at.source);
  test('once for each controller, and as it is written by those that change nothing', async () => {
    const two = { 'a.yaml': flux({ patches }, 'a'), 'b.yaml': flux({ patches }, 'b') };
    expect(await found({ ...base, ...two })).toEqual(['a.yaml', 'b.yaml']);
    expect(await objectsOf({ ...base, ...two })).toHaveLength(2);
    expect(await objectsOf({ ...base, ...two, 'c.yaml': flux({}, 'c') })).toHaveLength(3);
  });
  test('what a controller makes harmless is not found, unless it is also applied as it is written', async () => {
    const bad = { ...base, 'apps/web/web.yaml': web('web', ', securityContext: {privileged: true}') };
    const fix = {
      target: { kind: 'Deployment' },
      patch: '[{op: remove, path: /spec/template/spec/containers/0/securityContext}]',
    };
    expect(await found(bad)).toEqual(['apps/web/web.yaml']);
    expect(await found({ ...bad, 'a.yaml': flux({ patches: [fix] }) })).toEqual([]);
    expect(await found({ ...bad, 'a.yaml': flux({ patches: [fix] }), 'b.yaml': flux({}, 'b') })).toEqual([
      'apps/web/web.yaml',
    ]);
  });
  test('what the folder of a controller includes, only with its changes', async () => {
    const over = { 'apps/over/kustomization.yaml': kustomization({ resources: ['../web'] }) };
    const controller = flux({ path: 'apps/over', patches });
    expect(await objectsOf({ ...base, ...over, 'a.yaml': controller })).toHaveLength(1);
  });
  test.each([
    [
      'no patch finds its object, so the folder may be that of another repository',
      flux({ patches: [setsPrivileged({ name: 'x' })] }),
    ],
    ['no image is here', flux({ images: [{ name: 'x' }], targetNamespace: 'shop' })],
    ['no count is for an object here', argo(source({ replicas: [{ name: 'x', count: 1 }], namespace: 'shop' }))],
    ['no component is here', flux({ components: ['../gone'], targetNamespace: 'shop' })],
    ['a patch that is not read proves nothing', argo(source({ patches: [{ path: 'gone.yaml' }] }))],
    ['a source that is not a git repository', flux({ patches, sourceRef: { kind: 'OCIRepository', name: 'x' } })],
    ['a folder that is not here', flux({ patches, path: './elsewhere' })],
    ['a folder outside the workspace', flux({ patches, path: '../apps/web' })],
    ['all files of a repository', flux({ patches, path: './' })],
    ['a folder without a kustomization, for Argo CD', argo({ source: { path: 'loose', kustomize: { patches } } })],
    ['a template of a path', argo({ template: { spec: source({ patches }, { path: '{{path}}' }) } }, 'ApplicationSet')],
  ])('%s: the folder is judged as it is written, with a note', async (_, controller) => {
    const bad = {
      ...base,
      'apps/web/web.yaml': web('web', ', securityContext: {privileged: true}'),
      'loose/web.yaml': web('loose'),
      'clusters/app.yaml': controller,
    };
    expect(await found(bad)).toEqual(['apps/web/web.yaml']);
    expect(await notesOf(bad)).toContain(unapplied);
  });
  test('what one of several sources changes elsewhere', async () => {
    const sources = ['apps/web', 'elsewhere'].map((path) => ({ path, kustomize: { patches } }));
    const files = { ...base, 'a.yaml': argo({ sources }) };
    expect(await found(files)).toEqual(['a.yaml']);
    expect(await notesOf(files)).toContain(unapplied);
  });
  test('what is never applied here', async () => {
    for (const more of [{ patchesStrategicMerge: [{ kind: 'Deployment' }] }, { patchesJson6902: [{ patch: [] }] }])
      expect(await notesOf({ ...base, 'a.yaml': flux({ patches, ...more }) })).toContain(unapplied);
    const set = argo({ template: { spec: source({ patches }) }, templatePatch: 'a: b' }, 'ApplicationSet');
    expect(await notesOf({ ...base, 'a.yaml': set })).toContain(unapplied);
  });
  test('a component that is missing leaves the run incomplete, if the folder is that of the controller', async () => {
    const missing = 'incomplete component "../gone" does not exist or cannot be read';
    const withGone = { patches, components: ['../gone'] };
    expect(await notesOf({ ...base, 'a.yaml': flux(withGone) })).toContain(missing);
    const lenient = { ...withGone, ignoreMissingComponents: true };
    for (const one of [flux(lenient), argo(source(lenient))])
      expect(await notesOf({ ...base, 'a.yaml': one })).not.toContain(missing);
    const other = { ...withGone, patches: [setsPrivileged({ name: 'x' })] };
    expect(await notesOf({ ...base, 'a.yaml': flux(other) })).not.toContain(missing);
  });
  describe('what an overlay makes of the controller', () => {
    const overlay = (patch: object, name = 'over') => ({
      [`${name}/kustomization.yaml`]: kustomization({
        resources: ['../clusters'],
        patches: [{ target: { kind: 'Kustomization' }, patch: JSON.stringify(patch) }],
      }),
      'clusters/kustomization.yaml': kustomization({ resources: ['app.yaml'] }),
    });
    const removed = [{ op: 'remove', path: '/spec/patches' }];
    const kept = [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }];
    const deleted = { ...(JSON.parse(flux({})) as object), $patch: 'delete' };
    const changes = { 'clusters/app.yaml': flux({ patches }) };
    test.each([
      ['adds a change', { 'clusters/app.yaml': flux({}) }, [{ op: 'add', path: '/spec/patches', value: patches }], 1],
      ['keeps a change', changes, kept, 1],
      ['removes a change', changes, removed, 0],
      ['deletes it', changes, deleted, 0],
      ['leads it to another folder', changes, [{ op: 'replace', path: '/spec/path', value: './gone' }], 0],
    ])('%s', async (_, controller, patch, count) => {
      expect(await found({ ...base, ...controller, ...overlay(patch) })).toHaveLength(count);
    });
    test('in several ways', async () => {
      const two = { ...overlay(removed, 'a'), ...overlay(kept, 'b') };
      expect(await objectsOf({ ...base, ...changes, ...two })).toHaveLength(2);
      expect(await found({ ...base, ...changes, ...two })).toHaveLength(1);
    });
    test('a patch of the controller is not another one', async () => {
      const bare = { ...base, 'clusters/app.yaml': flux({}), 'over/patch.yaml': flux({ patches }) };
      const named = kustomization({ resources: ['../clusters'], patches: [{ path: 'patch.yaml' }] });
      expect(await objectsOf({ ...bare, ...overlay([]), 'over/kustomization.yaml': named })).toHaveLength(1);
    });
    test('another controller may change it', async () => {
      const child = { 'clusters/kustomization.yaml': kustomization({ resources: ['app.yaml'] }) };
      const patch = JSON.stringify([{ op: 'add', path: '/spec/patches', value: patches }]);
      const top = flux({ path: './clusters', patches: [{ target: { kind: 'Kustomization' }, patch }] }, 'top');
      expect(await found({ ...base, ...child, 'clusters/app.yaml': flux({}), 'top.yaml': top })).toHaveLength(1);
    });
    test('one that changes itself without end changes nothing else', async () => {
      const own = { target: { kind: 'Kustomization' }, patch: JSON.stringify(removed) };
      const files = {
        ...base,
        'apps/web/kustomization.yaml': kustomization({ resources: ['web.yaml', 'app.yaml'] }),
        'apps/web/app.yaml': flux({ patches: [...patches, own] }),
      };
      expect(await found(files)).toEqual([]);
      expect(await notesOf(files)).toContain(unapplied);
    });
  });
  test('what kustomize would reject in a folder of another repository', async () => {
    const files = { 'apps/web/a.yaml': web(), 'apps/web/b.yaml': web() };
    const rejected = 'incomplete kustomize rejects this kustomization: Deployment "web" is included more than once';
    expect(await notesOf({ ...files, 'a.yaml': flux({ patches }) })).toContain(rejected);
    const other = flux({ patches: [setsPrivileged({ name: 'x' })] });
    expect(await notesOf({ ...files, 'a.yaml': other })).not.toContain(rejected);
  });
  test('a folder without a kustomization: Flux lists its files, and the folders that have one', async () => {
    const files = {
      'apps/web/web.yaml': web('one'),
      'apps/web/below/web.yaml': web('two'),
      'apps/web/below/own/kustomization.yaml': kustomization({ resources: ['web.yaml'], namePrefix: 'own-' }),
      'apps/web/below/own/web.yaml': web('three'),
      'apps/web/below/own/unused.yaml': web('four'),
      'apps/webs/web.yaml': web('five'),
      'clusters/app.yaml': flux({ patches }),
    };
    expect((await lint(files)).findings.map(({ subject }) => subject?.name).sort()).toEqual(['one', 'three', 'two']);
  });
});
