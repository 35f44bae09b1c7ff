import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { dig } from '#model/dig.ts';
import type { AnyResource } from '#model/workspace.ts';
import { asLines, facts, hasKubectl, kustomized, workspaceOf, writeFiles } from './kubectl-kustomize.ts';
import { builtFileOf, kustomizeds } from './kustomize-built.ts';
import { kustomizations } from './kustomize-random.ts';

/** Compares each outermost root below a folder with the output of kustomize; returns how many were compared. */
async function compare(folder: string): Promise<number> {
  const workspace = await workspaceOf(folder);
  const units = new Map<string, AnyResource[]>();
  for (const resource of workspace.resources)
    units.set(resource.belonging.unit, [...(units.get(resource.belonging.unit) ?? []), resource]);
  let compared = 0;
  for (const [unit, ours] of units) {
    if (!unit.startsWith('kustomization:') || workspace.unit(ours[0] as AnyResource).closed.state !== 'yes') continue;
    const root = resolve(folder, unit.slice('kustomization:'.length));
    // Prefixes are not added to names here: references get them too, so related objects are found by the names as
    // written.
    if (/^name(Prefix|Suffix):/m.test(readFileSync(join(root, 'kustomization.yaml'), 'utf8'))) continue;
    const theirs = await kustomized(root);
    if (!theirs) continue;
    compared++;
    const known = new Set(ours.map((one) => `${one.kind}/${one.name}`));
    // Objects that kustomize generates are read from no file.
    const made = theirs.filter(
      (one) => !['ConfigMap', 'Secret'].includes(one.kind) || known.has(`${one.kind}/${one.name}`),
    );
    // Kustomize reads a plain N as a string, kubectl reads it as false: this kind has one.
    const asked = (all: readonly AnyResource[]) =>
      asLines(all.filter((one) => one.kind !== 'CompositeResourceDefinition').map(facts));
    // Kro makes these of an instance, later.
    const graph = 'ResourceGraphDefinition';
    const own = ours.filter(({ tree, kind }) => kind === graph || dig(tree.root, 'kind') !== graph);
    expect.soft({ unit, objects: asked(own) }).toEqual({ unit, objects: asked(made) });
  }
  return compared;
}

const workload = (kind: string, name: string, image: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: app, image: "${image}"}], initContainers: [{name: init, image: "registry.example.com:5000/init:1"}]}
`;
const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: own}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n';
const root = (body: string, kind = 'Kustomization') =>
  `apiVersion: kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}\nkind: ${kind}\n${body}`;
const scenario: Readonly<Record<string, string>> = {
  'base/kustomization.yaml': root(
    'resources: [web.yaml, db.yaml, service.yaml, ns.yaml, role.yaml]\nimages: [{name: example.com/web, newTag: "1"}]\n',
  ),
  'base/web.yaml': workload('Deployment', 'web', 'example.com/web:0'),
  'base/db.yaml': workload(
    'StatefulSet',
    'db',
    'example.com/db@sha256:1111111111111111111111111111111111111111111111111111111111111111',
  ),
  'base/service.yaml': service,
  'base/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: own}\n',
  'base/role.yaml':
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: []\n',
  'dev/kustomization.yaml': root(
    'resources: [../base]\nnamespace: dev\nimages: [{name: example.com/web, newName: mirror/web}, {name: registry.example.com:5000/init, newTag: "2"}]\nreplicas: [{name: web, count: 1}]\n',
  ),
  'prod/kustomization.yaml': root(
    'resources: [../base, extra.yaml]\ncomponents: [../parts/labels, ../parts/without-db]\nnamespace: prod\nimages: [{name: example.com/web, digest: "sha256:2222222222222222222222222222222222222222222222222222222222222222"}]\n',
  ),
  'prod/extra.yaml': workload('Deployment', 'extra', 'busybox'),
  'parts/labels/kustomization.yaml': root(
    'commonLabels: {team: shop}\nlabels: [{pairs: {tier: front}, includeTemplates: true}, {pairs: {seen: "no"}}]\nimages: [{name: busybox, newTag: "1.36"}]\n',
    'Component',
  ),
  'parts/without-db/kustomization.yaml': root(
    'resources: [job.yaml]\npatches:\n  - patch: |\n      $patch: delete\n      apiVersion: apps/v1\n      kind: StatefulSet\n      metadata: {name: db}\n',
    'Component',
  ),
  'parts/without-db/job.yaml':
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: move}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: move, image: busybox}]}}}\n',
  'chained/kustomization.yaml': root(
    'resources: [../middle]\nimages: [{name: mirror/web, newTag: "9"}]\nreplicas: [{name: web, count: 7}]\n',
  ),
  'middle/kustomization.yaml': root(
    'resources: [../base]\nimages: [{name: example.com/web, newName: mirror/web}]\nreplicas: [{name: web, count: 5}]\npatches: [{path: patch.yaml}]\n',
  ),
  'middle/patch.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {metadata: {annotations: {a: b}}}}\n',
  'all/kustomization.yaml': root('resources: [../one, ../two]\n'),
  'one/kustomization.yaml': root('resources: [../leaf]\nnamespace: one\n'),
  'two/kustomization.yaml': root('resources: [../leaf]\nnamespace: two\nreplicas: [{name: leaf, count: 3}]\n'),
  'leaf/kustomization.yaml': root('resources: [leaf.yaml]\n'),
  'leaf/leaf.yaml': workload('Deployment', 'leaf', 'example.com/leaf:1'),
};

describe.skipIf(!hasKubectl)('kustomizations apply what kubectl kustomize prints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-kustomize-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  test('overlays, components, chains and roots of roots', async () => {
    writeFiles(join(folder, 'scenario'), scenario);
    expect(await compare(join(folder, 'scenario'))).toBe(4);
  }, 60_000);

  test('the field specs of configurations, including in overlays of what names them', async () => {
    const at = join(folder, 'configured');
    const purposes = 'commonLabels labels templateLabels commonAnnotations images replicas namespace'.split(' ');
    const spec = (purpose: string) =>
      purpose === 'images'
        ? '[{path: spec/image, kind: Widget}, {path: spec/all/image, kind: Widget}]'
        : `[{path: spec/made/${purpose}, create: true, kind: Widget, group: example.com}, {path: spec/${purpose}, version: v1}, {path: spec/absent, kind: Other, create: true}]`;
    writeFiles(at, {
      'base/kustomization.yaml': root('resources: [w.yaml]\nconfigurations: [specs.yaml]\ncommonLabels: {base: a}\n'),
      'base/w.yaml':
        'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {image: app, all: [{image: "app:1"}, {}], replicas: 1, namespace: x, labels: {}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n',
      'base/specs.yaml': purposes.map((purpose) => `${purpose}: ${spec(purpose)}\n`).join(''),
      'over/kustomization.yaml': root(
        'resources: [../base]\nnamespace: over\ncommonLabels: {common: a}\nlabels: [{pairs: {plain: b}}, {pairs: {tmpl: c}, includeTemplates: true}, {pairs: {sel: d}, includeSelectors: true}]\ncommonAnnotations: {note: x}\nimages: [{name: app, newTag: "7"}]\nreplicas: [{name: w, count: 5}]\n',
      ),
    });
    expect(await compare(at)).toBe(1);
  }, 60_000);

  test('patches that are written as transformers', async () => {
    const at = join(folder, 'transformed');
    writeFiles(at, {
      'kustomization.yaml': root(
        'resources: [web.yaml]\nnamespace: shop\ntransformers:\n- move.yaml\n- |\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: scale}\n  path: scale.yaml\n  target: {kind: Deployment}\n',
      ),
      'web.yaml': workload('Deployment', 'web', 'example.com/web:0'),
      'move.yaml':
        'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: move}\npatch: \'[{"op": "replace", "path": "/metadata/namespace", "value": "other"}]\'\ntarget: {kind: Deployment}\n',
      'scale.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: other}\nspec: {replicas: 7}\n',
    });
    expect(await compare(at)).toBe(1);
  }, 60_000);

  // What the recorded outputs say is what kubectl says today.
  test.each(kustomizeds)('as recorded: $name', async ({ name, files }) => {
    const at = mkdtempSync(join(folder, 'recorded-'));
    writeFiles(at, files);
    const outermost = files['root/kustomization.yaml'] === undefined ? at : join(at, 'root');
    const theirs = await kustomized(outermost);
    expect(theirs?.length).toBeGreaterThan(0);
    await expect(`${asLines((theirs ?? []).map(facts)).join('\n')}\n`).toMatchFileSnapshot(
      `${builtFileOf(name)}.jsonl`,
    );
  });

  test('random trees', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(kustomizations, async (files) => {
        const at = mkdtempSync(join(folder, 'random-'));
        writeFiles(at, files);
        const outermost = ['all', 'one', 'base'].find((one) => files[`${one}/kustomization.yaml`] !== undefined) ?? '';
        const theirs = await kustomized(join(at, outermost));
        // An object that patches delete everywhere is not applied, and is judged as written.
        const { resources } = await workspaceOf(at, (unit) => unit.startsWith('kustomization:'));
        // What is in doubt, or rejected by kustomize, is not compared.
        if (!theirs || resources.some((one) => one.changes.length > 0)) return;
        compared++;
        expect(asLines(resources.map(facts))).toEqual(asLines(theirs.map(facts)));
      }),
      { seed: 12, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(20);
  }, 60_000);

  const corpus = resolve('../shared/corpus');
  // Runs only if the corpus is available.
  if (existsSync(corpus))
    test('every root of real repositories', async () => {
      expect(await compare(corpus)).toBeGreaterThan(50);
    }, 300_000);
});
