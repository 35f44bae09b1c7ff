import { describe, expect, test } from 'vitest';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import type { Workload } from '#model/resource.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { readKustomizations, referencesOf } from '#inputs/kustomize/input.ts';
import { buildKustomizations } from '#inputs/kustomize/build.ts';
import { parseAll } from '#syntax/parse.ts';
import { locate } from '#syntax/tree.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const privileged = rules.filter((rule) => rule.id === 'pod-security/privileged-container');

const deployment = (extra = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: example.com/app:1.0.0
          securityContext: {privileged: true}
${extra}`;
const named = (kind: string, name: string, rest = '') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}${rest}}\n`;
const kustomization = (body: string) => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${body}`;

const lint = (files: Readonly<Record<string, string>>) => lintTexts(files, privileged);
function pick(workspace: Workspace, kind: string, name: string, path?: string): AnyResource {
  const found = workspace
    .all(kind)
    .filter((one) => one.name === name && (path === undefined || one.tree.source.path === path));
  expect(found, `${kind}/${name}`).toHaveLength(1);
  return found[0] as AnyResource;
}
const web = (workspace: Workspace): Workload => pick(workspace, 'Deployment', 'web') as Workload;
const notesOf = async (files: Readonly<Record<string, string>>) => {
  const sources = Object.entries(files).map(([id, text]) => ({ id, path: id, text, target: true }));
  const { trees } = await parseAll(sources, () => true);
  const layout = { charts: new Set<string>(), kustomizations: new Set<string>(), files: new Set(Object.keys(files)) };
  return (await readInputs(trees, podTemplates, layout)).parts.flatMap((part) => part.notes);
};

describe('base and overlays', () => {
  const files = {
    'base/kustomization.yaml': kustomization('resources: [web.yaml, config.yaml]\n'),
    'base/web.yaml': deployment(),
    'base/config.yaml': named('ConfigMap', 'shared'),
    'dev/kustomization.yaml': kustomization('resources: [../base, own.yaml]\n'),
    'dev/own.yaml': named('ConfigMap', 'dev'),
    'prod/kustomization.yaml': kustomization('resources: [../base, own.yaml]\n'),
    'prod/own.yaml': named('ConfigMap', 'prod'),
    'loose/config.yaml': named('ConfigMap', 'loose'),
  };
  test('every overlay applies the base separately, and overlays do not affect one another', async () => {
    const { workspace } = await lint(files);
    const seen = (how: 'unit' | 'bundle', name: string) =>
      workspace
        .all('ConfigMap')
        .filter((one) => one.name === name)
        .map((one) =>
          ['shared', 'dev', 'prod', 'loose'].filter((other) => workspace[how](one).find('ConfigMap', other).length > 0),
        );
    for (const how of ['unit', 'bundle'] as const) {
      expect(seen(how, 'dev')).toEqual([['shared', 'dev']]);
      expect(seen(how, 'prod')).toEqual([['shared', 'prod']]);
      expect(seen(how, 'shared')).toEqual([
        ['shared', 'dev'],
        ['shared', 'prod'],
      ]);
      expect(seen(how, 'loose')).toEqual([['loose']]);
    }
  });
  test('a kustomization is not an object and its file name is enough', async () => {
    const { workspace } = await lint({
      'kustomization.yaml': 'resources: [web.yaml]\nnamespace: shop\n',
      'web.yaml': deployment(),
    });
    expect(workspace.resources.map((one) => `${one.kind}/${one.namespace}/${one.name}`)).toEqual([
      'Deployment/shop/web',
    ]);
  });
  test('a cycle of kustomizations ends', async () => {
    const { workspace, findings } = await lint({
      'a/kustomization.yaml': kustomization('resources: [../b, web.yaml]\n'),
      'a/web.yaml': deployment(),
      'b/kustomization.yaml': kustomization('resources: [../c]\n'),
      'c/kustomization.yaml': kustomization('resources: [../a, ., config.yaml]\n'),
      'c/config.yaml': named('ConfigMap', 'c'),
    });
    expect(findings).toHaveLength(1);
    expect(workspace.unit(web(workspace)).find('ConfigMap', 'c')).toHaveLength(1);
  });
});

describe('transformers', () => {
  test('images, replicas and namespace apply', async () => {
    const { workspace } = await lint({
      'kustomization.yaml': kustomization(`resources: [web.yaml]
namespace: shop
images: [{name: example.com/app, newTag: "1.20"}, {name: other, newTag: "9"}]
replicas: [{name: web, count: 3}, {name: other, count: 9}]
`),
      'web.yaml': deployment(),
    });
    const workload = web(workspace);
    expect({
      namespace: workload.namespace,
      replicas: workload.replicas,
      image: workload.containers[0]?.image,
    }).toEqual({ namespace: 'shop', replicas: 3, image: 'example.com/app:1.20' });
  });
  test('newName and digest', async () => {
    const image = async (entry: string) =>
      web(
        (
          await lint({
            'kustomization.yaml': kustomization(`resources: [web.yaml]\nimages: [{name: example.com/app, ${entry}}]\n`),
            'web.yaml': deployment(),
          })
        ).workspace,
      ).containers[0]?.image;
    expect(await image('newName: mirror/app')).toBe('mirror/app:1.0.0');
    expect(await image('newName: mirror/app, newTag: v2')).toBe('mirror/app:v2');
    expect(await image('digest: sha256:abc')).toBe('example.com/app@sha256:abc');
  });
  test('cluster-scoped objects get no namespace, and a Namespace its new name', async () => {
    const { workspace } = await lint({
      'kustomization.yaml': kustomization('resources: [ns.yaml, class.yaml]\nnamespace: shop\n'),
      'ns.yaml': named('Namespace', 'x'),
      'class.yaml': named('PriorityClass', 'high').replace('v1', 'scheduling.k8s.io/v1'),
    });
    expect([
      pick(workspace, 'Namespace', 'shop').namespace,
      pick(workspace, 'PriorityClass', 'high').namespace,
    ]).toEqual(['', '']);
  });
  test('a prefix gives a second name', async () => {
    const { workspace } = await lint({
      'base/kustomization.yaml': kustomization('resources: [role.yaml, ns.yaml]\nnamePrefix: a-\n'),
      'base/role.yaml': named('ServiceAccount', 'reader'),
      'base/ns.yaml': named('Namespace', 'x'),
      'kustomization.yaml': kustomization('resources: [base, web.yaml]\nnameSuffix: -b\n'),
      'web.yaml': deployment(),
    });
    const unit = workspace.unit(web(workspace));
    expect(['reader', 'a-reader-b', 'a-reader'].map((name) => unit.find('ServiceAccount', name).length)).toEqual([
      1, 1, 0,
    ]);
    expect(pick(workspace, 'Namespace', 'x').names).toEqual(['x']);
  });
  test('each overlay has its namespace; messages name one only if all agree', async () => {
    const { workspace } = await lint({
      'base/kustomization.yaml': kustomization('resources: [web.yaml]\n'),
      'base/web.yaml': deployment(),
      'dev/kustomization.yaml': kustomization('resources: [../base]\nnamespace: dev\n'),
      'prod/kustomization.yaml': kustomization('resources: [../base]\nnamespace: prod\n'),
    });
    expect(workspace.all('Deployment').map(({ namespace, subject }) => [namespace, subject.namespace])).toEqual([
      ['dev', ''],
      ['prod', ''],
    ]);
  });
  test('the overlay takes precedence over its base', async () => {
    const { workspace } = await lint({
      'z/kustomization.yaml': kustomization(
        'resources: [web.yaml]\nimages: [{name: example.com/app, newTag: "base"}]\nreplicas: [{name: web, count: 2}]\nnamespace: base\n',
      ),
      'z/web.yaml': deployment(),
      'a/kustomization.yaml': kustomization(
        'resources: [../z]\nimages: [{name: example.com/app, newTag: "top"}]\nreplicas: [{name: web, count: 5}]\nnamespace: top\n',
      ),
    });
    const first = web(workspace);
    expect({ image: first.containers[0]?.image, replicas: first.replicas, namespace: first.namespace }).toEqual({
      image: 'example.com/app:top',
      replicas: 5,
      namespace: 'top',
    });
    const turned = web(
      (
        await lint({
          'a/kustomization.yaml': kustomization(
            'resources: [web.yaml]\nimages: [{name: example.com/app, newTag: "base"}]\nreplicas: [{name: web, count: 2}]\nnamespace: base\n',
          ),
          'a/web.yaml': deployment(),
          'z/kustomization.yaml': kustomization(
            'resources: [../a]\nimages: [{name: example.com/app, newTag: "top"}]\nreplicas: [{name: web, count: 5}]\nnamespace: top\n',
          ),
        })
      ).workspace,
    );
    expect({ image: turned.containers[0]?.image, replicas: turned.replicas, namespace: turned.namespace }).toEqual({
      image: 'example.com/app:top',
      replicas: 5,
      namespace: 'top',
    });
  });
});

describe('an object that is applied in several ways', () => {
  const overlays = (dev: string, prod: string, config = '') => ({
    'base/kustomization.yaml': kustomization('resources: [web.yaml]\n'),
    'base/web.yaml': deployment(),
    'dev/kustomization.yaml': kustomization(`resources: [../base]\n${dev}`),
    'prod/kustomization.yaml': kustomization(`resources: [../base]\n${prod}`),
    'dev/gone.yaml': '$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n',
    'prod/safe.yaml': config,
  });
  const safe =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: app, securityContext: {privileged: false}}]}}}\n';
  const tags = rules.filter((rule) => rule.id === 'images/mutable-tag');
  test('has its defect once if all ways have it', async () => {
    const { findings, workspace } = await lint(overlays('namespace: dev\n', 'namespace: prod\n'));
    expect(workspace.all('Deployment')).toHaveLength(2);
    expect(findings.map(({ message, subject }) => [message.includes('as applied by'), subject.namespace])).toEqual([
      [false, ''],
    ]);
  });
  const moving = { 'base/web.yaml': deployment().replace('1.0.0', 'latest') };
  const fixed = 'images: [{name: example.com/app, newTag: "2"}]\n';
  test('says which way has the defect if not all have it', async () => {
    const { findings } = await lintTexts({ ...overlays('', fixed), ...moving }, tags);
    expect(findings.map(({ message, at }) => [at.source, at.start?.line, message])).toEqual([
      ['base/web.yaml', 11, expect.stringMatching(/ \(as applied by dev\/kustomization\.yaml\)$/)],
    ]);
  });
  test('has its defect at the overlay that brings it', async () => {
    const { findings } = await lintTexts(overlays('images: [{name: example.com/app, newTag: latest}]\n', ''), tags);
    expect(findings.map(({ message, at }) => [at.source, at.start?.line, message.includes('as applied by')])).toEqual([
      ['dev/kustomization.yaml', 4, false],
    ]);
  });
  test('is judged with the patches of each way', async () => {
    const { findings, undetermined } = await lint(overlays('', 'patches: [{path: safe.yaml}]\n', safe));
    expect(findings.map(({ message, at }) => [message, at.source])).toEqual([
      [expect.stringMatching(/ \(as applied by dev\/kustomization\.yaml\)$/), 'base/web.yaml'],
    ]);
    expect(undetermined).toEqual([]);
  });
  test('is undetermined if the result of a patch is unknown, and the run is incomplete', async () => {
    const target = (selector: string) =>
      `patches: [{target: {kind: Deployment, ${selector}}, patch: "- {op: remove, path: /spec/template/spec/containers/0/securityContext}"}]\n`;
    for (const selector of ['name: "(w|e|b)+"', 'labelSelector: "app > 1"']) {
      expect(await notesOf(overlays('', target(selector)))).toContainEqual({
        kind: 'incomplete',
        message: 'kustomize rejects this patch, or what it changes cannot be determined',
        at: expect.objectContaining({ source: 'prod/kustomization.yaml' }),
      });
      const { findings, undetermined } = await lint(overlays('', target(selector)));
      expect(findings.map(({ message }) => message)).toEqual([
        expect.stringMatching(/ \(as applied by dev\/kustomization\.yaml\)$/),
      ]);
      expect(undetermined.map(({ why }) => why)).toEqual(['prod/kustomization.yaml may change the object']);
    }
    const { findings, undetermined } = await lint(
      overlays(
        '',
        `patches: [{target: {kind: Deployment}, patch: "- {op: replace, path: /spec/template/spec/containers/0/securityContext/none, value: 1}"}]\n`,
      ),
    );
    expect([findings.length, undetermined.length]).toEqual([1, 0]);
  });
  test('a replacement leaves its field in doubt', async () => {
    const { findings, undetermined } = await lint(
      overlays(
        '',
        'replacements: [{source: {kind: X}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.securityContext.privileged]}]}]\n',
      ),
    );
    expect([findings.length, undetermined.map(({ why }) => why)]).toEqual([
      1,
      ['prod/kustomization.yaml changes spec.template.spec.containers.0.securityContext.privileged'],
    ]);
  });
  test.each([
    ['spec.template.spec.containers.[name=db].image', ['spec', 'template', 'spec', 'containers', 'db', 'image'], 1],
    ['spec.template.spec.containers.1.image', ['spec', 'template', 'spec', 'containers', '1', 'image'], 1],
    ['spec.template.spec.containers.*.image', ['spec', 'template', 'spec', 'containers', '-', 'image'], 0],
    // It depends on the values of the items.
    [
      'spec.template.spec.containers.[image=db:latest].image',
      ['spec', 'template', 'spec', 'containers', '-', 'image'],
      0,
    ],
    ['metadata.annotations.[a.b/c]', ['metadata', 'annotations', 'a.b/c'], 2],
    ['metadata.annotations.a\\.b/c', ['metadata', 'annotations', 'a.b/c'], 2],
  ])('a replacement leaves %s in doubt', async (path, steps, certain) => {
    const replacement = `{source: {kind: X}, targets: [{select: {kind: Deployment}, fieldPaths: ['${path}']}]}`;
    const { findings, undetermined, workspace } = await lintTexts(
      {
        'kustomization.yaml': kustomization(`resources: [web.yaml]\nreplacements: [${replacement}]\n`),
        'web.yaml': `${moving['base/web.yaml']}        - {name: db, image: 'db:latest'}\n`,
      },
      tags,
    );
    expect(web(workspace).changes.map((change) => change.path)).toEqual([steps]);
    expect([findings.length, undetermined.length]).toEqual([certain, 2 - certain]);
  });
  test('a name in the path of a replacement is a pattern, which several containers may match', async () => {
    const { workspace } = await lintTexts(
      {
        'kustomization.yaml': kustomization(
          'resources: [web.yaml]\nreplacements: [{source: {kind: X}, targets: [{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=db].image"]}]}]\n',
        ),
        'web.yaml': `${moving['base/web.yaml']}        - {name: db, image: 'a:1'}\n        - {name: db-copy, image: 'b:1'}\n`,
      },
      tags,
    );
    expect(web(workspace).changes.map(({ path }) => path.join('.'))).toEqual([
      'spec.template.spec.containers.db.image',
      'spec.template.spec.containers.db-copy.image',
    ]);
  });
  // The values are those of kustomize 5.8.1.
  test.each([
    ['spec.template.spec.containers.[name=db].image', 'r/db:latest', '', [1, 'r/db:latest', 'r/db:latest'], 0],
    ['spec.template.spec.containers.1.image', 'r/db:2', '', [1, 'r/db:2', 'b:1'], 0],
    ['spec.replicas', '5', '', [5, 'a:1', 'b:1'], 0],
    ['spec.template.spec.hostPID', 'true', '', [1, 'a:1', 'b:1'], 1],
    ['spec.template.spec.containers.0.image', 'x', ', options: {delimiter: "/"}', [1, 'a:1', 'b:1'], 1],
    ['spec.template.spec.containers.*.image', 'x', '', [1, 'a:1', 'b:1'], 1],
  ])('a replacement with a value of its own sets %s to %s%s', async (path, value, more, expected, open) => {
    const { workspace, findings } = await lintTexts(
      {
        'kustomization.yaml': kustomization('resources: [web.yaml]\nreplacements: [{path: more.yaml}]\n'),
        'more.yaml': `- sourceValue: "${value}"\n  targets: [{select: {kind: Deployment}, fieldPaths: ["${path}"]${more}}]\n`,
        'web.yaml': `${moving['base/web.yaml']}        - {name: db, image: 'a:1'}\n        - {name: db-copy, image: 'b:1'}\n`,
      },
      tags,
    );
    const { object, changes } = web(workspace);
    const moved = findings.filter(({ at }) => at.source === 'more.yaml');
    expect(moved).toHaveLength(value === 'r/db:latest' ? 2 : 0);
    expect(moved.filter(({ at }) => !String(at.path).endsWith('sourceValue'))).toEqual([]);
    const spec = object['spec'] as { replicas?: number; template: { spec: { containers: { image: string }[] } } };
    const images = spec.template.spec.containers.map(({ image }) => image).slice(-2);
    expect([[spec.replicas, ...images], changes.length]).toEqual([expected, open]);
  });
  test('a replacement keeps the type of what it replaces', async () => {
    const { workspace } = await lintTexts(
      {
        'kustomization.yaml': kustomization('resources: [web.yaml]\nreplacements: [{path: more.yaml}]\n'),
        'more.yaml':
          '- sourceValue: "false"\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.paused]}]\n- sourceValue: "no"\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.other]}]\n',
        'web.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {paused: true, other: true}\n',
      },
      tags,
    );
    const { object, changes } = web(workspace);
    expect([object['spec'], changes.map(({ path }) => path.join('.'))]).toEqual([
      { paused: false, other: true },
      ['spec.other'],
    ]);
  });
  test('does not exist if a patch deletes it', async () => {
    const { findings, workspace } = await lint(overlays('patches: [{path: gone.yaml}]\n', 'namespace: prod\n'));
    expect(workspace.all('Deployment').map((one) => one.namespace)).toEqual(['prod']);
    expect(findings.map(({ subject, message }) => [subject.namespace, message.includes('as applied by')])).toEqual([
      ['prod', false],
    ]);
  });
  test('a root that includes the overlays names them, not itself', async () => {
    const { findings } = await lintTexts(
      {
        ...overlays('namespace: dev\n', `${fixed}namespace: prod\n`),
        ...moving,
        'all/kustomization.yaml': kustomization('resources: [../dev, ../prod]\n'),
      },
      tags,
    );
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ \(as applied by dev\/kustomization\.yaml\)$/),
    ]);
  });
});

describe('components', () => {
  test('change what the kustomization that names them has collected', async () => {
    const { workspace, findings, undetermined } = await lint({
      'base/kustomization.yaml': kustomization('resources: [web.yaml]\n'),
      'base/web.yaml': deployment(),
      'parts/safe/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
namespace: shop
images: [{name: example.com/app, newTag: part}]
patches:
  - target: {kind: Deployment}
    patch: "- {op: remove, path: /spec/template/spec/containers/0/securityContext/privileged}"
`,
      'prod/kustomization.yaml': kustomization('resources: [../base]\ncomponents: [../parts/safe]\n'),
    });
    expect({ image: web(workspace).containers[0]?.image, namespace: web(workspace).namespace }).toEqual({
      image: 'example.com/app:part',
      namespace: 'shop',
    });
    expect([findings, undetermined]).toEqual([[], []]);
  });
});

describe('patches', () => {
  const patch = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: app
          securityContext: {privileged: false}
`;
  const base = { 'web.yaml': deployment() };
  const forms: Record<string, Record<string, string>> = {
    'a strategic merge patch in a file': {
      'kustomization.yaml': kustomization('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n'),
      'patch.yaml': patch,
    },
    patchesStrategicMerge: {
      'kustomization.yaml': kustomization('resources: [web.yaml]\npatchesStrategicMerge: [patch.yaml]\n'),
      'patch.yaml': patch,
    },
    'a patch as text': {
      'kustomization.yaml': kustomization(
        `resources: [web.yaml]\npatches:\n  - patch: |\n${patch.replace(/^/gm, '      ')}\n`,
      ),
    },
    'a JSON patch': {
      'kustomization.yaml': kustomization(
        'resources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment, name: w.b}}]\n',
      ),
      'patch.yaml':
        '- {op: replace, path: /spec/template/spec/containers/0/securityContext/privileged, value: false}\n',
    },
    'a patch in a folder of patches': {
      'kustomization.yaml': kustomization(
        'resources: [web.yaml]\ngenerators: []\npatches: [{path: patches/web.yaml}]\n',
      ),
      'patches/web.yaml': patch,
    },
    'a patch of an overlay': {
      'kustomization.yaml': kustomization('resources: [web.yaml]\n'),
      'prod/kustomization.yaml': kustomization('resources: [..]\npatches: [{path: patch.yaml}]\n'),
      'prod/patch.yaml': patch,
    },
  };
  for (const [name, files] of Object.entries(forms)) {
    test(`${name} is not an object, and the object is judged with it`, async () => {
      const { workspace, findings, undetermined } = await lint({ ...base, ...files });
      expect(workspace.all('Deployment')).toHaveLength(1);
      expect([findings, undetermined]).toEqual([[], []]);
      const [file, text] = Object.entries(files).find(
        ([, one]) => one.includes('privileged: false') || one.includes('value: false'),
      ) ?? ['', ''];
      const worse = await lint({
        ...base,
        'web.yaml': deployment().replace('true', 'false'),
        ...files,
        [file]: text.replace('privileged: false', 'privileged: true').replace('value: false', 'value: true'),
      });
      const line = text
        .slice(0, name === 'a patch as text' ? text.indexOf('- patch') : text.search(/privileged: false|value: false/))
        .split('\n').length;
      expect(worse.findings.map(({ at }) => [at.source, at.start?.line])).toEqual([[file, line]]);
    });
  }
  test('a finding belongs to its location: in the patch, whatever is patched', async () => {
    const files = {
      'web.yaml': deployment().replace('true', 'false'),
      'kustomization.yaml': kustomization('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n'),
      'patch.yaml': patch.replace('false', 'true'),
    };
    const found = async (...targets: string[]) =>
      (await lintTexts(files, privileged, { targets })).findings.map(({ at }) => at.source);
    expect(await found('patch.yaml')).toEqual(['patch.yaml']);
    expect(await found('web.yaml', 'kustomization.yaml')).toEqual([]);
  });
  test('a fix edits the text of the object, or nothing', async () => {
    const annotated = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {a: b}}\nspec: {template: {spec: {containers: [{name: x, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}}}\n`;
    const dangerous = rules.filter((rule) => rule.id === 'pod-security/capability-dangerous-added');
    const fixes = async (more: Record<string, string>) =>
      (await lintTexts({ 'web.yaml': annotated, ...more }, dangerous)).findings.map(({ at, fix }) => [
        at.source,
        fix?.edits.map((edit) => edit.source),
      ]);
    const images = kustomization(
      'resources: [web.yaml]\ncommonAnnotations: {c: d}\nimages: [{name: app, newTag: "2"}]\n',
    );
    expect(await fixes({})).toEqual([['web.yaml', ['web.yaml']]]);
    expect(await fixes({ 'kustomization.yaml': images })).toEqual([['web.yaml', ['web.yaml']]]);
    const add = patch
      .replace('securityContext: {privileged: false}', 'securityContext: {capabilities: {add: [SYS_ADMIN]}}')
      .replace('name: app', 'name: x');
    expect(
      await fixes({
        'web.yaml': annotated.replace('SYS_ADMIN', 'CHOWN'),
        'kustomization.yaml': kustomization('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n'),
        'patch.yaml': add,
      }),
    ).toEqual([['patch.yaml', undefined]]);
  });
  test('a patch of another object changes nothing', async () => {
    for (const other of [
      patch.replace('name: web', 'name: worker'),
      patch.replace('kind: Deployment', 'kind: StatefulSet'),
      patch.replace('name: app', 'name: sidecar'),
      patch.replace('securityContext: {privileged: false}', 'image: x'),
    ])
      expect(
        (
          await lint({
            ...base,
            'kustomization.yaml': kustomization('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n'),
            'patch.yaml': other,
          })
        ).findings,
      ).toHaveLength(1);
  });
});

test('a patch that marks itself may change the kind of its object', async () => {
  const pod = 'kind: Pod\nspec: {containers: [{name: a, image: "a:1", securityContext: {privileged: true}}]}\n';
  const judge = async (mark: string) => {
    const patch = `metadata: {name: c, annotations: {internal.config.kubernetes.io/allowKindChange: ${mark}}}\n${pod}`;
    const { findings } = await lint({
      'kustomization.yaml': kustomization(
        'resources: [c.yaml]\npatches: [{target: {kind: ConfigMap}, path: p.yaml}]\n',
      ),
      'c.yaml': named('ConfigMap', 'c'),
      'p.yaml': `apiVersion: v1\n${patch}`,
    });
    return findings.length;
  };
  expect([await judge('enabled'), await judge('allowed')]).toEqual([1, 0]);
});

test.each(['configMapGenerator: [{name: c, literals: [a=b]}]', 'generators: [made.yaml]'])(
  'a patch that may change the kind of what %s creates is named',
  async (generator) => {
    const notes = await notesOf({
      'kustomization.yaml': kustomization(
        `${generator}\npatches: [{target: {kind: ConfigMap}, path: p.yaml, options: {allowKindChange: true}}]\n`,
      ),
      'made.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: c}\nliterals: [a=b]\n',
      'p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: c}\n',
    });
    expect(notes.filter(({ message }) => message.includes('generated objects')).map(({ kind }) => kind)).toEqual([
      'incomplete',
    ]);
  },
);

describe('what kustomize does with a patch', () => {
  const pod = (containers: string, more = '') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [${containers}]${more}}}}\n`;
  const object = async (kustomize: string, files: Readonly<Record<string, string>>) =>
    (await lint({ 'kustomization.yaml': kustomization(kustomize), ...files })).workspace;
  const containers = async (written: string, patch: string) =>
    web(
      await object('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n', {
        'web.yaml': pod(written),
        'patch.yaml': patch,
      }),
    ).containers.map(({ object: { name, image, env, ports } }) => ({
      name,
      ...(image ? { image } : {}),
      ...(env ? { env } : {}),
      ...(ports ? { ports } : {}),
    }));
  test('directives apply to items, to lists and in new values', async () => {
    expect(
      await containers(
        '{name: a, image: x}, {name: b}',
        pod('{name: a, $patch: replace}, {name: c, $patch: replace, image: z}'),
      ),
    ).toEqual([{ name: 'a', image: 'x' }, { name: 'c', image: 'z' }, { name: 'b' }]);
    expect(await containers('{name: a}, {name: b}', pod('{name: c}, {$patch: replace}'))).toEqual([{ name: 'c' }]);
    // The content of a new item is merged with an empty list; elsewhere without a list, kustomize leaves the directive.
    expect(await containers('{name: a}', pod('{name: b, env: [{$patch: replace}, {name: A}]}'))).toEqual([
      { name: 'b', env: [{ name: 'A' }] },
      { name: 'a' },
    ]);
    expect(await containers('{name: a}', pod('{name: a, env: [{name: A}, {$patch: replace}]}'))).toEqual([
      { name: 'a', env: [{ $patch: 'replace' }] },
    ]);
    expect(
      await containers('{name: a}', pod('{name: a, env: [{name: A, $patch: delete}, {name: B, value: null}]}')),
    ).toEqual([{ name: 'a', env: [{ name: 'B' }] }]);
    expect(await containers('{name: a}', pod('{name: a, image: one}, {name: a, image: two}'))).toEqual([
      { name: 'a', image: 'one' },
    ]);
  });
  test('a list with an item that lacks its key is in doubt', async () => {
    const { findings, undetermined } = await lint({
      'kustomization.yaml': kustomization('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n'),
      'web.yaml': deployment(),
      'patch.yaml': pod('{image: x}'),
    });
    expect([findings.length, undetermined.map(({ why }) => why)]).toEqual([
      0,
      ['patch.yaml changes spec.template.spec.containers'],
    ]);
  });
  test('all documents and all items of lists in its file are patches', async () => {
    const one = pod('{name: b}');
    expect(
      await containers(
        '{name: a}',
        `apiVersion: v1\nkind: List\nitems:\n  - ${one.trimEnd().replaceAll('\n', '\n    ')}\n---\n${pod('{name: c}')}`,
      ),
    ).toEqual([{ name: 'c' }, { name: 'b' }, { name: 'a' }]);
  });
  test('lists merge if kustomize has a schema, and are in doubt if the kustomization has its own', async () => {
    const rollout = (items: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec: {template: {spec: {containers: [${items}]}}}\n`;
    const files = {
      'web.yaml': rollout('{name: a, securityContext: {privileged: true}}'),
      'patch.yaml': rollout('{name: a, securityContext: {privileged: true}}'),
    };
    const judged = async (more: string) => {
      const { findings, undetermined } = await lint({
        ...files,
        'kustomization.yaml': kustomization(`resources: [web.yaml]\npatches: [{path: patch.yaml}]\n${more}`),
      });
      return [findings.length, undetermined.length];
    };
    expect([await judged(''), await judged('openapi: {path: schema.json}\n')]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const account = (secrets: string) =>
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\nimagePullSecrets: [{name: ${secrets}}]\nsecrets: [{name: ${secrets}}]\n`;
    const made = await object('resources: [web.yaml]\npatches: [{path: patch.yaml}]\n', {
      'web.yaml': account('a'),
      'patch.yaml': account('b'),
    });
    expect(pick(made, 'ServiceAccount', 'web').object).toMatchObject({
      imagePullSecrets: [{ name: 'b' }],
      secrets: [{ name: 'b' }, { name: 'a' }],
    });
  });
  test('patchesJson6902 come after labels, and an empty target field matches everything', async () => {
    const operations = '- {op: remove, path: /metadata/labels/team}\n';
    const labels = async (field: string, target: string) =>
      Object.keys(
        web(
          await object(
            `resources: [web.yaml]\ncommonLabels: {team: a, part: b}\n${field}: [{path: patch.yaml, target: {${target}}}]\n`,
            { 'web.yaml': deployment(), 'patch.yaml': operations },
          ),
        ).labels,
      );
    expect(await labels('patchesJson6902', 'kind: Deployment, name: web, group: apps, version: v1')).toEqual(['part']);
    expect(await labels('patchesJson6902', 'kind: Deployment, name: web, group: "", namespace: ""')).toEqual(['part']);
  });
  test('labels reach the selectors of pods, claims and the job template', async () => {
    const files = {
      'web.yaml': `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec: {template: {spec: {topologySpreadConstraints: [{labelSelector: {matchLabels: {}}}, {}]}}, volumeClaimTemplates: [{metadata: {name: v}}]}\n`,
      'job.yaml':
        'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: job}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n',
    };
    const made = await object(
      'resources: [web.yaml, job.yaml]\ncommonLabels: {a: b}\nlabels: [{pairs: {c: d}, fields: [{path: spec/more, create: true, kind: CronJob}]}]\n',
      files,
    );
    expect(pick(made, 'StatefulSet', 'web').object).toMatchObject({
      spec: {
        template: { spec: { topologySpreadConstraints: [{ labelSelector: { matchLabels: { a: 'b' } } }, {}] } },
        volumeClaimTemplates: [{ metadata: { labels: { a: 'b' } } }],
      },
    });
    expect(pick(made, 'CronJob', 'job').object).toMatchObject({
      spec: { jobTemplate: { metadata: { labels: { a: 'b' } } }, more: { c: 'd' } },
    });
  });
  test('an object is patched by each name that it has had', async () => {
    const replicas = async (name: string, form: 'replicas' | 'patches' | 'target') =>
      web(
        (
          await lint({
            'base/kustomization.yaml': kustomization('resources: [web.yaml]\nnamePrefix: a-\n'),
            'base/web.yaml': deployment(),
            'mid/kustomization.yaml': kustomization('resources: [../base]\nnamePrefix: b-\n'),
            'kustomization.yaml': kustomization(
              `resources: [mid]\n${form === 'replicas' ? `replicas: [{name: ${name}, count: 9}]` : form === 'patches' ? `patches: [{patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {replicas: 9}}"}]` : `patches: [{target: {name: ${name}}, patch: "- {op: add, path: /spec/replicas, value: 9}"}]`}\n`,
            ),
          })
        ).workspace,
      ).replicas;
    const all = ['web', 'a-web', 'b-a-web', 'b-web'];
    expect(await Promise.all(all.map((name) => replicas(name, 'replicas')))).toEqual([9, 9, 9, 1]);
    expect(await Promise.all(all.map((name) => replicas(name, 'patches')))).toEqual([9, 9, 9, 1]);
    expect(await Promise.all(all.map((name) => replicas(name, 'target')))).toEqual([9, 1, 9, 1]);
  });
  test('locations are right after several operations, and if a value occurs twice', async () => {
    const operations =
      '- {op: add, path: /spec/template/spec/containers/0, value: {name: new, securityContext: {privileged: true}}}\n- {op: copy, from: /spec/template/spec/containers/0, path: /spec/template/spec/containers/-}\n- {op: replace, path: /spec/template/spec/containers/2/securityContext, value: {privileged: false}}\n- {op: move, from: /spec/template/spec/containers/0, path: /spec/template/spec/containers/1}\n';
    const { findings } = await lint({
      'kustomization.yaml': kustomization(
        'resources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n',
      ),
      'web.yaml': deployment(),
      'patch.yaml': operations,
    });
    expect(findings.map(({ at }) => [at.source, at.start?.line])).toEqual([
      ['patch.yaml', 1],
      ['web.yaml', 12],
    ]);
  });
  const privileged = '{name: z, image: "z:1", securityContext: {privileged: true}}';
  test.each([
    ['an index from the end', `{op: replace, path: /spec/template/spec/containers/-1, value: ${privileged}}`],
    ['an added item at the end', `{op: add, path: /spec/template/spec/containers/-1, value: ${privileged}}`],
    [
      'a field of the last item',
      '{op: add, path: /spec/template/spec/containers/-1/securityContext, value: {privileged: true}}',
    ],
    [
      'an index with a sign',
      '{op: add, path: /spec/template/spec/containers/+0/securityContext, value: {privileged: true}}',
    ],
    [
      'words before the first slash',
      '{op: add, path: x/spec/template/spec/containers/0/securityContext, value: {privileged: true}}',
    ],
    [
      'the whole object',
      `{op: replace, path: "", value: {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [${privileged}]}}}`,
    ],
  ])('kustomize accepts %s', async (_, operation) => {
    const { findings } = await lint({
      'kustomization.yaml': kustomization(
        'resources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n',
      ),
      'web.yaml': deployment().replace('privileged: true', 'privileged: false'),
      'patch.yaml': `- ${operation}\n`,
    });
    expect(findings.map(({ at }) => [at.source, at.start?.line])).toEqual([['patch.yaml', 1]]);
  });
  test('an object that a patch replaces as a whole stands where its value does', async () => {
    const { workspace } = await lint({
      'kustomization.yaml': kustomization(
        'resources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n',
      ),
      'web.yaml': deployment(),
      'patch.yaml':
        '- op: replace\n  path: ""\n  value: {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: []}}\n',
    });
    const pod = pick(workspace, 'Pod', 'web');
    const { source, start } = locate(pod.tree, pod.object);
    expect([source, start?.line]).toEqual(['patch.yaml', 3]);
  });
  test.each([
    '{op: add, path: "", value: {}}',
    '{op: remove, path: ""}',
    '{op: add, path: spec, value: {}}',
    '{op: Add, path: /spec/paused, value: true}',
  ])('kustomize rejects %s, and the run is incomplete', async (operation) =>
    expect(
      await notesOf({
        'kustomization.yaml': kustomization(
          'resources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n',
        ),
        'web.yaml': deployment(),
        'patch.yaml': `- ${operation}\n`,
      }),
    ).toContainEqual(
      expect.objectContaining({
        kind: 'incomplete',
        message: 'kustomize rejects this patch, or what it changes cannot be determined',
      }),
    ),
  );
  test('large patches of large lists, and copies of copies, end', async () => {
    const many = (value: string) =>
      pod(
        `{name: app, securityContext: {privileged: true}, env: [${Array.from({ length: 10_000 }, (_, i) => `{name: E${i}, value: ${value}}`).join()}]}`,
      );
    const operations = Array.from(
      { length: 2_000 },
      (_, i) => `- {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: N${i}}}`,
    ).join('\n');
    const bomb = Array.from({ length: 60 }, (_, i) => `- {op: copy, from: /spec, path: /spec/copy${i}}`).join('\n');
    const files = { 'web.yaml': many('a'), 'merge.yaml': many('b'), 'add.yaml': operations, 'bomb.yaml': bomb };
    const judged = async (...names: string[]) => {
      const { workspace, undetermined } = await lint({
        ...files,
        'kustomization.yaml': kustomization(
          `resources: [web.yaml]\npatches:\n${names.map((name) => `  - {path: ${name}.yaml, target: {name: web}}\n`).join('')}`,
        ),
      });
      return [web(workspace).containers[0]?.object.env?.length, undetermined.length];
    };
    expect(await judged('merge', 'add')).toEqual([12_000, 0]);
    expect(
      (
        await lint({
          'web.yaml': deployment(),
          'bomb.yaml': bomb,
          'kustomization.yaml': kustomization(
            'resources: [web.yaml]\npatches: [{path: bomb.yaml, target: {name: web}}]\n',
          ),
        })
      ).findings,
    ).toHaveLength(1);
  }, 20_000);
  test('kustomize rejects a copy from nowhere: the written value stays, and the run is incomplete', async () => {
    for (const from of ['/spec/none', '/spec/template/spec/containers/length', '/constructor', '/__proto__']) {
      const files = {
        'kustomization.yaml': kustomization(
          `resources: [web.yaml]\npatches: [{target: {kind: Deployment}, patch: "- {op: copy, from: ${from}, path: /spec/template/spec/containers/0/securityContext/privileged}"}]\n`,
        ),
        'web.yaml': deployment(),
      };
      expect((await lint(files)).findings).toHaveLength(1);
      expect((await notesOf(files)).map(({ kind }) => kind)).toEqual(['incomplete']);
    }
  });
});

describe('no file decides if another is judged', () => {
  const pod = (name: string, more = '') =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n${more}spec: {containers: [{name: a, image: "x:1", securityContext: {privileged: true}}]}\n`;
  const ok = { 'ok.yaml': named('ConfigMap', 'ok') };
  const judged = async (files: Readonly<Record<string, string>>) =>
    (await lint({ ...ok, ...files })).findings.map(({ at }) => at.source);
  const forms: Record<string, Record<string, string>> = {
    'a patch of the kustomization that lists it': {
      'kustomization.yaml': 'resources: [w.yaml]\npatches: [{path: w.yaml}]\n',
    },
    'a patch of another kustomization': {
      'kustomization.yaml': 'resources: [w.yaml]\n',
      'z/kustomization.yaml': 'resources: [../ok.yaml]\npatches: [{path: ../w.yaml}]\n',
    },
    'a patch that meets nothing': {
      'z/kustomization.yaml': 'resources: [../ok.yaml]\npatchesStrategicMerge: [../w.yaml]\n',
    },
    'a patch of a base that lies elsewhere': {
      'z/kustomization.yaml': 'resources: ["https://example.com/base"]\npatches: [../w.yaml]\n',
    },
    ...Object.fromEntries(
      ['configurations', 'crds', 'generators', 'transformers', 'validators'].map((field) => [
        field,
        { 'kustomization.yaml': `resources: [ok.yaml]\n${field}: [w.yaml]\n` },
      ]),
    ),
    'a kustomization that deletes it': {
      'kustomization.yaml':
        'resources: [w.yaml]\npatches: [{patch: "{$patch: delete, apiVersion: v1, kind: Pod, metadata: {name: w}}"}]\n',
    },
    'a kustomization that lists another of the name': {
      'kustomization.yaml': 'resources: [first.yaml, w.yaml]\n',
      'first.yaml': pod('w').replace('true', 'false'),
    },
    'a document that calls itself a kustomization': {
      'kustomization.yaml': 'resources: [w.yaml]\n',
      'a.yaml': kustomization('patches: [{path: w.yaml}]\n'),
    },
    'a second document of a kustomization': {
      'kustomization.yaml': 'resources: [w.yaml]\n---\nresources: [ok.yaml]\npatches: [{path: w.yaml}]\n',
    },
  };
  for (const [name, files] of Object.entries(forms))
    test(name, async () => expect(await judged({ 'w.yaml': pod('w'), ...files })).toEqual(['w.yaml']));
  test('what the object of a patch omits may be in its base', async () => {
    const { workspace } = await lint({ ...ok, ...forms['a patch that meets nothing'], 'w.yaml': pod('w') });
    expect(pick(workspace, 'Pod', 'w').changes).toMatchObject([{ path: [], absent: true }]);
  });
  test('a folder of patches', async () =>
    expect(await judged({ 'x/kustomization.yaml': 'resources: [../ok.yaml]\n', 'x/patches/w.yaml': pod('w') })).toEqual(
      ['x/patches/w.yaml'],
    ));
  test('a mark of a patch that no kustomization names, on whole objects and on others', async () => {
    for (const mark of ['delete', 'merge', 'replace', 'null'])
      expect(await judged({ 'w.yaml': pod('w', `$patch: ${mark}\n`) })).toEqual(['w.yaml']);
    const count = async (text: string) => (await lint({ 'a.yaml': text })).workspace.all('ClusterRoleBinding').length;
    const binding =
      '$patch: delete\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\n';
    expect(await count(binding)).toBe(0);
    expect(await count(`${binding}roleRef: {kind: ClusterRole, name: cluster-admin}\n`)).toBe(1);
  });
  test('fields that look like replacements', async () =>
    expect(await judged({ 'w.yaml': pod('w', 'source: {}\ntargets: []\n') })).toEqual(['w.yaml']));
  test('a patch omits what its base defines: alone it is not an object', async () => {
    const partial =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gone}\nspec: {template: {spec: {containers: [{name: a, securityContext: {privileged: true}}]}}}\n';
    const files = {
      'x/kustomization.yaml': 'resources: [../ok.yaml]\npatches: [{path: p.yaml}]\n',
      'x/p.yaml': partial,
    };
    expect(await judged(files)).toEqual([]);
    expect(await notesOf({ ...ok, ...files })).toEqual([
      {
        kind: 'partial',
        message: 'kustomize patches are judged with what they change',
        at: expect.objectContaining({ source: 'x/p.yaml' }),
      },
    ]);
  });
  test('names of fields match in any case', async () => {
    const { workspace } = await lint({
      'kustomization.yaml': 'Resources: [w.yaml]\nNamespace: shop\n',
      'w.yaml': pod('w'),
    });
    expect(pick(workspace, 'Pod', 'w').namespace).toBe('shop');
  });
  test('names of inner fields, and letters that Go treats as equal, match in any case', async () => {
    const { workspace } = await lint({
      'kustomization.yaml':
        're\u017fources: [w.yaml]\npatches:\n  - TARGET: {KIND: Pod}\n    Patch: |\n      - {op: add, path: /metadata/labels, value: {Kind: a}}\nlabels: [{PAIRS: {Name: b}}]\n',
      'w.yaml': pod('w'),
    });
    expect(pick(workspace, 'Pod', 'w').labels).toEqual({ Kind: 'a', Name: 'b' });
  });
  test.each(['kind:', 'kind: ""', 'kind: Kustomization', 'kind: Component', 'apiVersion:', 'apiVersion: ""'])(
    'kustomize fills in what a kustomization omits or leaves empty: %s',
    async (head) => {
      const { workspace } = await lint({
        'kustomization.yaml': `${head}\nresources: [w.txt]\nnamespace: shop\n`,
        'w.txt': pod('w'),
      });
      expect(pick(workspace, 'Pod', 'w').namespace).toBe('shop');
    },
  );
  test('a name of a resource may contain a line break', () => {
    const text = 'resources: ["a\\nb", "c\\n"]\n';
    expect(referencesOf({ id: 'kustomization.yaml', path: 'kustomization.yaml', text, target: true })).toEqual([
      'a\nb',
      'c\n',
    ]);
  });
});

describe('work grows with the input, not with how often it is included', () => {
  const tenPods = Array.from({ length: 10 }, (_, i) => named('ConfigMap', `w${i}`)).join('---\n');
  const build = async (files: Readonly<Record<string, string>>) => {
    const sources = Object.entries(files).map(([id, text]) => ({ id, path: id, text, target: true }));
    const { trees } = await parseAll(sources, () => true);
    const kustomizations = readKustomizations(
      trees,
      { charts: new Set(), kustomizations: new Set(), files: new Set(Object.keys(files)) },
      (patch) => [JSON.parse(patch)],
    );
    const parts = trees
      .filter((tree) => !tree.source.path.endsWith('kustomization.yaml'))
      .map((tree) => ({ object: tree.root as Record<string, unknown>, tree, namespaced: true }));
    const built = buildKustomizations(kustomizations, (file) => parts.filter(({ tree }) => tree.source.path === file), {
      texts: parts.length,
    });
    return { built, parts, ways: parts.map((part) => built.of(part).length), notes: built.notes };
  };
  const chain = (length: number, step: (i: number) => string) => ({
    'k0/w.yaml': tenPods,
    'k0/kustomization.yaml': 'resources: [w.yaml]\n',
    ...Object.fromEntries(Array.from({ length: length - 1 }, (_, i) => [`k${i + 1}/kustomization.yaml`, step(i + 1)])),
  });
  test('a diamond of diamonds is built level by level', async () => {
    const diamond = (levels: number) => {
      const files: Record<string, string> = {
        'base/w.yaml': tenPods,
        'base/kustomization.yaml': 'resources: [w.yaml]\n',
      };
      for (let i = 0; i < levels; i++)
        for (const side of ['a', 'b'])
          files[`k${i}${side}/kustomization.yaml`] =
            i === 0 ? 'resources: [../base]\n' : `resources: [../k${i - 1}a, ../k${i - 1}b]\n`;
      return { ...files, 'top/kustomization.yaml': `resources: [../k${levels - 1}a, ../k${levels - 1}b]\n` };
    };
    const [ten, twenty] = [await build(diamond(10)), await build(diamond(20))];
    expect(twenty.ways).toEqual(Array.from({ length: 10 }, () => 1));
    expect(twenty.notes).toEqual([]);
    expect(twenty.built.steps).toBeLessThan(2.2 * ten.built.steps);
  });
  test('a chain costs its length', async () => {
    const links = (i: number) => `resources: [../k${i - 1}]\ncommonLabels: {l${i}: a}\n`;
    const [short, long] = [await build(chain(50, links)), await build(chain(100, links))];
    expect(long.built.steps).toBeLessThan(2.2 * short.built.steps);
    const tooLong = await build(chain(400, links));
    expect(tooLong.notes).toMatchObject([
      { kind: 'incomplete', message: expect.stringMatching(/^kustomizations are nested more than 200 deep/) },
    ]);
  });
  test('patches of one object cost their own size, not that of the object', async () => {
    const patched = (count: number) =>
      build({
        'w.yaml': named('ConfigMap', 'w'),
        'kustomization.yaml': JSON.stringify({
          resources: ['w.yaml'],
          patches: Array.from({ length: count }, (_, i) => ({
            target: { kind: 'ConfigMap' },
            patch: JSON.stringify({ metadata: { labels: { [`l${i}`]: 'a' } } }),
          })),
        }),
      });
    const [few, many] = [await patched(500), await patched(4000)];
    expect(many.notes).toEqual([]);
    expect(many.built.steps).toBeLessThan(8.2 * few.built.steps);
  });
  test('what multiplies is cut off, and reported at the kustomization that causes it', async () => {
    const files: Record<string, string> = {
      'base/w.yaml': tenPods,
      'base/kustomization.yaml': 'resources: [w.yaml]\n',
    };
    for (let i = 0; i < 20; i++)
      for (const side of ['a', 'b'])
        files[`k${i}${side}/kustomization.yaml`] =
          `namePrefix: ${side}\nresources: [${i === 0 ? '../base' : `../k${i - 1}a, ../k${i - 1}b`}]\n`;
    const { built, notes } = await build(files);
    expect(built.steps).toBeLessThan(60_000);
    expect(notes[0]).toMatchObject({
      kind: 'incomplete',
      message: expect.stringMatching(/^kustomizations include each other too often, so some overlays/),
      at: { source: expect.stringMatching(/kustomization\.yaml$/) },
    });
  });
  test('patches are indexed by target: pairs that do not match cost nothing', async () => {
    const patches = (count: number) => ({
      'w.yaml': Array.from({ length: count }, (_, i) => named('ConfigMap', `w${i}`)).join('---\n'),
      'kustomization.yaml': `resources: [w.yaml]\npatches:\n${Array.from({ length: count }, (_, i) => `  - {target: {kind: ConfigMap, name: w${i}}, patch: '{"data": {"a": "b"}}'}\n`).join('')}`,
    });
    const [few, many] = [await build(patches(50)), await build(patches(400))];
    expect(many.built.steps).toBeLessThan(8.2 * few.built.steps);
    expect(many.built.used.size).toBe(400);
  });
  test('patches that all match all objects are cut off', async () => {
    const { built, notes } = await build({
      'w.yaml': Array.from({ length: 300 }, (_, i) => named('ConfigMap', `w${i}`)).join('---\n'),
      'kustomization.yaml': `resources: [w.yaml]\npatches:\n${Array.from({ length: 300 }, (_, i) => `  - {target: {kind: ConfigMap}, patch: '{"data": {"a": "b${i}"}}'}\n`).join('')}`,
    });
    expect(built.steps).toBeLessThan(45_000);
    expect(notes.map(({ kind }) => kind)).toEqual(['incomplete']);
  });
  test('comparisons and copies count, and a diamond of components ends', async () => {
    const configMaps = Array.from({ length: 500 }, (_, i) => named('ConfigMap', `w${i}`)).join('---\n');
    const lines = (count: number, line: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => line(i)).join('');
    const bodies: Record<string, string> = {
      'patches with selectors of labels': `patches:\n${lines(4000, (i) => `  - {target: {labelSelector: "a=b${i}"}, patch: '{"data": {}}'}\n`)}`,
      replacements: `replacements:\n${lines(4000, (i) => `  - {source: {kind: A}, targets: [{select: {name: x${i}}, fieldPaths: [a]}]}\n`)}`,
      'fields that replacements fill': `replacements:\n${lines(500, (i) => `  - {source: {kind: A}, targets: [{select: {kind: ConfigMap}, fieldPaths: [a.b${i}]}]}\n`)}`,
    };
    for (const body of Object.values(bodies)) {
      const { built, notes } = await build({
        'w.yaml': configMaps,
        'kustomization.yaml': `resources: [w.yaml]\n${body}`,
      });
      expect(built.steps).toBeLessThan(45_000);
      expect(notes.map(({ kind }) => kind)).toEqual(['incomplete']);
    }
    const images = await build({
      'w.yaml': configMaps,
      'kustomization.yaml': `resources: [w.yaml]\nimages:\n${lines(4000, (i) => `  - {name: x${i}, newTag: "1"}\n`)}`,
    });
    expect(images.notes).toEqual([]);
    const diamond = await build({
      'w.yaml': tenPods,
      'kustomization.yaml': 'resources: [w.yaml]\ncomponents: [c0a, c0b]\n',
      ...Object.fromEntries(
        Array.from({ length: 22 }, (_, i) =>
          ['a', 'b'].map((side) => [
            `c${i}${side}/kustomization.yaml`,
            `kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n${i < 21 ? `components: [../c${i + 1}a, ../c${i + 1}b]\n` : ''}`,
          ]),
        ).flat(),
      ),
    });
    expect(diamond.built.steps).toBeLessThan(40_000);
    expect(diamond.notes.some(({ kind }) => kind === 'incomplete')).toBe(true);
  });
  test('components change what is collected, once each', async () => {
    const components = (count: number) => ({
      'w.yaml': tenPods,
      ...Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `c${i}/kustomization.yaml`,
          `kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncommonLabels: {l${i}: a}\n`,
        ]),
      ),
      'kustomization.yaml': `resources: [w.yaml]\ncomponents: [${Array.from({ length: count }, (_, i) => `c${i}`).join()}]\n`,
    });
    const [few, many] = [await build(components(20)), await build(components(160))];
    expect(many.built.steps).toBeLessThan(8.2 * few.built.steps);
  });
  test('overlays of one base: an object is judged in a limited number of ways', async () => {
    const overlays = (count: number) => ({
      'base/kustomization.yaml': 'resources: [w.yaml]\n',
      'base/w.yaml': named('ConfigMap', 'w'),
      ...Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `o${i}/kustomization.yaml`,
          `resources: [../base]\nnamespace: n${i}\n`,
        ]),
      ),
    });
    expect(await build(overlays(400))).toMatchObject({ ways: [400], notes: [] });
    const many = await build(overlays(600));
    expect(many.ways).toEqual([500]);
    expect(many.notes).toHaveLength(100);
    expect(many.notes[0]).toMatchObject({
      kind: 'incomplete',
      message: expect.stringMatching(/^more than 500 overlays/),
    });
  });
});

describe('missing texts', () => {
  const missing: Record<string, readonly [string, string]> = {
    'patches: [{path: gone.yaml}]': ['incomplete', 'patch "gone.yaml" does not exist or cannot be read'],
    'patches: [gone.yaml]': ['incomplete', 'patch "gone.yaml" does not exist or cannot be read'],
    'patches: [{path: ../../gone.yaml}]': [
      'incomplete',
      'patch "../../gone.yaml" is outside the workspace and is not read',
    ],
    'patches: [{path: "https://example.com/patch.yaml"}]': [
      'unrendered',
      'remote patch is not read: https://example.com/patch.yaml',
    ],
    'patchesStrategicMerge: [gone.yaml]': ['incomplete', 'patch "gone.yaml" does not exist or cannot be read'],
    'patches: [{target: {kind: Deployment}, patch: "a: ["}]': ['incomplete', 'patch is not valid YAML'],
    'patches: [{patch: hello}]': ['incomplete', 'patch is not valid YAML'],
    'patches: ["a: {password: hunter2"]': ['incomplete', 'patch is not valid YAML'],
    'patchesStrategicMerge: ["{password: hunter2"]': ['incomplete', 'patch is not valid YAML'],
    'configurations: ["{password: hunter2"]': ['incomplete', 'configuration "..." does not exist or cannot be read'],
    'transformers: [gone.yaml]': ['incomplete', 'transformer "gone.yaml" does not exist or cannot be read'],
    'configurations: [gone.yaml]': ['incomplete', 'configuration "gone.yaml" does not exist or cannot be read'],
    'replacements: [{path: gone.yaml}]': ['incomplete', 'replacement "gone.yaml" does not exist or cannot be read'],
  };
  for (const [form, [kind, message]] of Object.entries(missing)) {
    test(`${form} is reported, and the object is judged without it`, async () => {
      const files = {
        'kustomization.yaml': kustomization(`resources: [web.yaml]\n${form}\n`),
        'web.yaml': deployment(),
      };
      expect(await notesOf(files)).toMatchObject([
        { kind, message, at: { source: 'kustomization.yaml', start: { line: 4 } } },
      ]);
      const { findings, undetermined } = await lint(files);
      expect([findings.length, undetermined.length]).toEqual([1, 0]);
    });
  }
  test('what an object lacks, a missing patch may add', async () => {
    const limits = rules.filter((rule) => rule.id === 'reliability/memory-limit-missing');
    const judge = async (target: string) => {
      const { findings, undetermined } = await lintTexts(
        {
          'kustomization.yaml': kustomization(
            `resources: [web.yaml]\npatches: [{path: gone.yaml, target: {kind: ${target}}}]\n`,
          ),
          'web.yaml': deployment(),
        },
        limits,
      );
      return [findings.length, undetermined.length];
    };
    expect(limits).toHaveLength(1);
    expect([await judge('Deployment'), await judge('StatefulSet')]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
  test('replacements in a file leave their fields in doubt', async () => {
    const files = {
      'kustomization.yaml': kustomization('resources: [web.yaml]\nreplacements: [{path: more.yaml}]\n'),
      'web.yaml': deployment(),
      'more.yaml':
        '- source: {kind: X}\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.securityContext.privileged]}]\n',
    };
    const { findings, undetermined } = await lint(files);
    expect([findings.length, undetermined.length]).toEqual([0, 1]);
  });
  test('a remote base is a note at its location', async () => {
    for (const url of [
      'oci://example.com/bases/web',
      'https://github.com/org/repo//deploy?ref=v1',
      'github.com/org/repo/deploy',
      'git@github.com:org/repo.git',
      'ssh://git@example.com/repo',
    ]) {
      const notes = await notesOf({ 'kustomization.yaml': kustomization(`resources:\n  - ${url}\n`) });
      expect(notes).toMatchObject([
        {
          kind: 'unrendered',
          message: `remote base or resource is not read: ${url}`,
          at: { source: 'kustomization.yaml', start: { line: 4 } },
        },
      ]);
    }
  });
  test('a path outside the workspace is a note, and its files are not part of it', async () => {
    const files = {
      'kustomization.yaml': kustomization('resources: [web.yaml, ../../etc/web.yaml, ../base]\n'),
      'web.yaml': deployment(),
      'etc/web.yaml': named('ConfigMap', 'x'),
    };
    expect((await notesOf(files)).map(({ kind, message }) => [kind, message])).toEqual([
      ['incomplete', 'base or resource "../../etc/web.yaml" is outside the workspace and is not read'],
      ['incomplete', 'base or resource "../base" is outside the workspace and is not read'],
    ]);
    const { workspace } = await lint(files);
    expect(workspace.unit(web(workspace)).find('ConfigMap', 'x')).toEqual([]);
  });
  test('entries of the wrong type are skipped', async () => {
    const odd =
      'resources: [1, null, {a: b}, [c], web.yaml]\npatches: [null, 1, {path: 3}, {patch: 4}, {path: "", patch: "- 1"}]\nimages: [null, 1, {name: 4}]\nreplicas: [{count: x}, 5]\nnamespace: {a: 1}\npatchesStrategicMerge: [1]\npatchesJson6902: 5\ntransformers: [5]\n';
    const { findings } = await lint({ 'kustomization.yaml': kustomization(odd), 'web.yaml': deployment() });
    expect(findings).toHaveLength(1);
  });
});

describe('loose files', () => {
  const config = (name: string) => named('ConfigMap', name);
  const seen = (workspace: Workspace, how: 'unit' | 'bundle', path: string) => {
    const [resource] = workspace.resources.filter((one) => one.tree.source.path === path);
    expect(resource, path).toBeDefined();
    return [
      ...new Set(
        workspace[how](resource as AnyResource)
          .all('ConfigMap', '*')
          .map((one) => one.tree.source.path),
      ),
    ].sort();
  };
  test('a folder tree is one unit, a folder one bundle', async () => {
    const { workspace } = await lint({
      'app/a.yaml': config('a'),
      'app/b.yaml': config('b'),
      'app/deep/c.yaml': config('c'),
      'db/d.yaml': config('d'),
    });
    expect(seen(workspace, 'unit', 'app/a.yaml')).toEqual(['app/a.yaml', 'app/b.yaml', 'app/deep/c.yaml', 'db/d.yaml']);
    expect(seen(workspace, 'bundle', 'app/a.yaml')).toEqual(['app/a.yaml', 'app/b.yaml']);
    expect(seen(workspace, 'bundle', 'app/deep/c.yaml')).toEqual(['app/deep/c.yaml']);
  });
  test('files of one folder that define the same objects are variants', async () => {
    const both = `${config('a')}---\n${config('b')}`;
    const { workspace } = await lint({ 'full.yaml': both, 'minimal.yaml': both, 'extra.yaml': config('c') });
    expect(seen(workspace, 'bundle', 'full.yaml')).toEqual(['full.yaml']);
    expect(seen(workspace, 'bundle', 'extra.yaml')).toEqual(['extra.yaml']);
    expect(seen(workspace, 'unit', 'full.yaml')).toEqual(['extra.yaml', 'full.yaml', 'minimal.yaml']);
  });
  test('a tree ends where a kustomization is next to it', async () => {
    const { workspace } = await lint({
      'k/kustomization.yaml': kustomization('resources: [x.yaml]\n'),
      'k/x.yaml': config('x'),
      'a/a.yaml': config('a'),
      'b/b.yaml': config('b'),
      'b/deep/c.yaml': config('c'),
    });
    expect(seen(workspace, 'unit', 'a/a.yaml')).toEqual(['a/a.yaml']);
    expect(seen(workspace, 'unit', 'b/b.yaml')).toEqual(['b/b.yaml', 'b/deep/c.yaml']);
  });
  test('items of lists are objects, even inside lists and without a kind', async () => {
    const pod = (rest: Record<string, unknown>) => ({
      ...rest,
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'a', securityContext: { privileged: true } }] },
    });
    const typed = pod({ apiVersion: 'v1', kind: 'Pod' });
    const judge = async (list: unknown) =>
      (await lint({ 'list.json': JSON.stringify(list) })).findings.map(
        ({ subject, at }) => `${subject.kind} ${at.path}`,
      );
    const at = 'spec.containers[0].securityContext.privileged';
    expect(await judge({ apiVersion: 'v1', kind: 'PodList', items: [pod({}), null, 1] })).toEqual([
      `Pod items[0].${at}`,
    ]);
    expect(
      await judge({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'List', items: [typed] }, typed],
      }),
    ).toEqual([`Pod items[0].items[0].${at}`, `Pod items[1].${at}`]);
  });
  test('a kind counts only in its own group', async () => {
    const kinds = async (apiVersion: string, kind: string) =>
      (
        await lint({
          'x.yaml': `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {containers: [{name: a, securityContext: {privileged: true}}], template: {spec: {containers: [{name: a, securityContext: {privileged: true}}]}}}\n`,
        })
      ).findings.length;
    expect([
      await kinds('v1', 'Pod'),
      await kinds('example.com/v1', 'Pod'),
      await kinds('batch/v1', 'Job'),
      await kinds('batch.volcano.sh/v1alpha1', 'Job'),
      await kinds('argoproj.io/v1alpha1', 'Rollout'),
    ]).toEqual([1, 0, 1, 0, 1]);
  });
  test('items of a list are objects with locations', async () => {
    const { findings } = await lint({
      'list.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${deployment().trimEnd().replaceAll('\n', '\n    ')}\n`,
    });
    expect(findings.map(({ at }) => [at.start?.line, at.path])).toEqual([
      [15, 'items[0].spec.template.spec.containers[0].securityContext.privileged'],
    ]);
  });
  test('labels, annotations and merge keys that are maps do not end the run', async () => {
    const { findings } = await lint({
      'kustomization.yaml':
        'resources: [web.yaml]\ncommonLabels: {app: {a: 1}}\ncommonAnnotations: {x: [1]}\npatches: [{path: patch.yaml}]\n',
      'web.yaml': deployment(),
      'patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: {a: 1}, image: x}]}}}\n',
    });
    expect(findings.map(({ rule }) => rule)).toContain('pod-security/privileged-container');
  });
  test('what a patch removes is not edited in the base', async () => {
    const { findings } = await lintTexts(
      {
        'kustomization.yaml': 'resources: [web.yaml]\npatches: [{path: patch.yaml}]\n',
        'web.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {securityContext: {fsGroup: 1}, containers: [{name: a, image: "a:1"}]}\n',
        'patch.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {securityContext: null}\n',
      },
      rules.filter(({ id }) => id === 'pod-security/run-as-non-root-missing'),
    );
    expect(findings.map(({ fix }) => fix)).toEqual([undefined]);
  });
  test('what a patch replaces is not edited in the base', async () => {
    const { findings } = await lintTexts(
      {
        'kustomization.yaml': 'resources: [web.yaml]\npatches: [{path: patch.yaml}]\n',
        'web.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, image: "a:1"}]}\n',
        'patch.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {securityContext: {runAsUser: 0, $patch: replace}}\n',
      },
      rules.filter(({ id }) => id === 'pod-security/run-as-root-user'),
    );
    expect(findings.map(({ at, fix }) => [at.source, fix?.edits.map(({ source }) => source)])).toEqual([
      ['patch.yaml', undefined],
    ]);
  });
  test('what one of two overlays needs is not changed in their base', async () => {
    const scaled = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}
`;
    const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
    const fixesWith = async (dev: string) => {
      const { findings } = await lintTexts(
        {
          'base/kustomization.yaml': 'resources: [web.yaml]\n',
          'base/web.yaml': scaled,
          'dev/kustomization.yaml': dev,
          'prod/kustomization.yaml': 'resources: [../base, scaler.yaml]\n',
          'dev/scaler.yaml': scaler,
          'prod/scaler.yaml': scaler,
        },
        rules.filter(({ id }) => id === 'scaling/hpa-fixed-replicas'),
      );
      return findings.map(({ at, fix }) => [at.source, fix?.edits.length]);
    };
    expect(await fixesWith('resources: [../base]\n')).toEqual([['base/web.yaml', undefined]]);
    expect(await fixesWith('resources: [../base, scaler.yaml]\n')).toEqual([['base/web.yaml', 1]]);
  });
});

test('an inline patch is the same as one in a file', async () => {
  const patch = JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    // An item without its key: kustomize drops others, so the content of the list is unknown.
    spec: { template: { spec: { containers: [{ name: 'app', env: [{ valeu: '1' }, { name: 'A', valeu: '2' }] }] } } },
  });
  const only = rules.filter((rule) => rule.id === 'correctness/unknown-field');
  const of = async (entry: string, files: Readonly<Record<string, string>> = {}) => {
    const { findings, undetermined } = await lintTexts(
      {
        'kustomization.yaml': kustomization(`resources: [web.yaml]\npatches: [${entry}]\n`),
        'web.yaml': deployment(),
        ...files,
      },
      only,
    );
    return [findings.length, undetermined.length > 0];
  };
  expect(await of(JSON.stringify({ patch }))).toEqual([0, true]);
  expect(await of('{path: patch.yaml}', { 'patch.yaml': patch })).toEqual([0, true]);
});

describe('plugin settings in a folder that a kustomization uses as transformers', () => {
  const unknownKind = rules.filter((rule) => rule.id === 'correctness/unknown-kind');
  const settings =
    'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\ntarget: {kind: Deployment}\npatch: "[]"\n';
  const files = {
    'app/kustomization.yaml': kustomization('resources: [web.yaml]\ntransformers: [../settings]\n'),
    'app/web.yaml': deployment(),
    'settings/kustomization.yaml': kustomization('resources: [t.yaml, ../more]\n'),
    'settings/t.yaml': settings,
    'more/kustomization.yaml': kustomization('resources: [u.yaml]\n'),
    'more/u.yaml': settings,
  };
  test('are not objects', async () => {
    expect((await lintTexts(files, unknownKind)).findings).toEqual([]);
  });
  test('are objects if no kustomization uses them as settings', async () => {
    const { 'app/kustomization.yaml': _, ...alone } = files;
    expect((await lintTexts(alone, unknownKind)).findings.map(({ at }) => at.source).sort()).toEqual([
      'more/u.yaml',
      'settings/t.yaml',
    ]);
  });
  test('a Kubernetes object among them is judged', async () => {
    const { findings } = await lint({ ...files, 'more/u.yaml': deployment() });
    expect(findings.map(({ at }) => at.source).sort()).toEqual(['app/web.yaml', 'more/u.yaml']);
  });
});

describe('a base that an overlay makes harmless', () => {
  const harmless =
    'patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: web}\n      spec: {template: {spec: {containers: [{name: app, securityContext: {privileged: false}}]}}}\n';
  const files = {
    'base/kustomization.yaml': kustomization('resources: [web.yaml]\n'),
    'base/web.yaml': deployment(),
    'overlay/kustomization.yaml': kustomization(`resources: [../base]\n${harmless}`),
  };
  const flux = (path: string): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: {path: ${path}}\n`;
  const argo = (kind: string, spec: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: web}\nspec: ${spec}\n`;
  test.each([
    ['by nobody', '', 0],
    ['by Flux', flux('./base'), 1],
    ['by Flux with a slash', flux('/base/'), 1],
    ['by Argo CD', argo('Application', '{source: {path: base}}'), 1],
    ['by Argo CD with several sources', argo('Application', '{sources: [{chart: x}, {path: ./base}]}'), 1],
    ['by Argo CD for several clusters', argo('ApplicationSet', '{template: {spec: {source: {path: base}}}}'), 1],
    ['through its overlay', flux('./overlay'), 0],
    ['by an object of another group', flux('./base').replace('toolkit', 'other'), 0],
  ])('is judged as it is where it is applied: %s', async (_, app, count) => {
    const { findings } = await lint(app === '' ? files : { ...files, 'apps/app.yaml': app });
    expect(findings.map(({ at }) => at.source)).toEqual(Array.from({ length: count }, () => 'base/web.yaml'));
  });
});

test('the name of an image is a regular expression', async () => {
  const tags = rules.filter((rule) => rule.id === 'images/mutable-tag');
  const found = async (name: string) => {
    const { findings, undetermined } = await lintTexts(
      {
        'kustomization.yaml': kustomization(`resources: [web.yaml]\nimages: [{name: '${name}', newTag: latest}]\n`),
        'web.yaml': deployment(),
      },
      tags,
    );
    return findings.length > 0 ? 'found' : undetermined.length > 0 ? 'open' : 'nothing';
  };
  const names = ['example.com/app', 'example.com/.*', 'example.com/(app|web)', 'example.com/a', 'app', '.*/web'];
  expect(await Promise.all(names.map(found))).toEqual(['found', 'found', 'found', 'nothing', 'nothing', 'nothing']);
  // What is not tried here may match.
  expect(await found('example.com/[[:alpha:]]+')).toBe('open');
});
