import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lint } from '../../src/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekslint-'));
  return () => rmSync(folder, { recursive: true });
});

test('a custom resource that is partly not judged for several reasons is counted in one note', async () => {
  const object = (kind: string, spec: object): string =>
    JSON.stringify({ apiVersion: 'example.org/v1', kind, metadata: { name: 'x', namespace: 'shop' }, spec });
  const podSpec = { containers: [{ name: 'web', image: 'r.example.org/web:1.0.0' }] };
  writeFileSync(
    join(folder, 'a.yaml'),
    [
      object('Gadget', { size: 2 }),
      object('Gadget', { size: 3 }),
      object('Widget', { podSpec }),
      JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'x' }, spec: {} }),
    ].join('\n---\n'),
  );
  const { notes } = await lint({ cwd: folder, config: false });
  expect(notes.map(({ message, count }) => `${count} ${message}`)).toEqual([
    '2 custom resources without a known definition, of which neither fields nor pods are checked: Gadget 2',
    '1 custom resources whose pods, if they create any, are not read: Application 1',
    '1 custom resources without a known definition, whose fields are not checked: Widget 1',
  ]);
});

test('an object whose kind SOPS encrypted is named by its place', async () => {
  const hidden = 'ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]';
  writeFileSync(
    join(folder, 'a.yaml'),
    JSON.stringify({ apiVersion: hidden, kind: hidden, metadata: { name: hidden }, sops: { mac: hidden } }),
  );
  const { findings, notes } = await lint({ cwd: folder, config: false, allowEmpty: true });
  expect(findings).toEqual([]);
  expect(notes.map(({ message, file }) => [message, file])).toEqual([
    ['objects whose kind SOPS encrypted are not judged: lint the decrypted file', 'a.yaml'],
  ]);
});

test('a graph of kro and its instances hide no pods, because these are judged', async () => {
  const graph = {
    apiVersion: 'kro.run/v1alpha1',
    kind: 'ResourceGraphDefinition',
    metadata: { name: 'sites' },
    spec: {
      schema: { apiVersion: 'v1alpha1', kind: 'Site', spec: { name: 'string' } },
      resources: [
        {
          id: 'config',
          template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '${schema.spec.name}' }, data: {} },
        },
      ],
    },
  };
  const metadata = { name: 'shop', namespace: 'shop' };
  const rest = [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
    },
  ];
  const instance = { apiVersion: 'kro.run/v1alpha1', kind: 'Site', metadata, spec: { name: 'shop' } };
  const judged = async (...objects: readonly object[]) => {
    writeFileSync(join(folder, 'a.yaml'), objects.map((one) => JSON.stringify(one)).join('\n---\n'));
    const { notes, findings } = await lint({
      cwd: folder,
      config: false,
      only: ['networking/dangling-service', 'correctness/custom-resource-invalid'],
    });
    return [...notes.map(({ message }) => message), ...findings.map(({ rule }) => rule)];
  };
  expect(await judged(instance, ...rest)).toEqual([
    'custom resources without a known definition, of which neither fields nor pods are checked: Site 1',
  ]);
  expect(await judged(graph, instance, ...rest)).toEqual([
    'custom resources without a known definition, whose fields are not checked: ResourceGraphDefinition 1, Site 1',
    'networking/dangling-service',
  ]);
});

test('an app whose output is missing is told how to make it', async () => {
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const said = async (): Promise<string[]> =>
    (await lint({ cwd: folder, config: false, allowEmpty: true })).notes.map(
      ({ kind, message, file }) => `${kind} ${file}: ${message}`,
    );
  write('infra/cdk.json', '{"app": "npx ts-node bin/app.ts"}');
  write('charts/cdk8s.yaml', 'language: typescript\napp: npx ts-node main.ts\n');
  expect(await said()).toEqual([
    'unrendered charts/cdk8s.yaml: what the app makes is not judged: run `cdk8s synth` first',
    'unrendered infra/cdk.json: what the app makes is not judged: run `cdk synth` first',
  ]);
  write('infra/cdk.out/prod.template.json', '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}');
  expect(await said()).toEqual([
    'unrendered charts/cdk8s.yaml: what the app makes is not judged: run `cdk8s synth` first',
    'skipped infra/cdk.json: neither a Kubernetes object nor a cluster description',
  ]);
});

test('a zip archive, as Terraform writes a plan, says how to print it', async () => {
  writeFileSync(join(folder, 'tfplan'), 'PK\u0003\u0004\u0014\0\0');
  const { findings } = await lint({ cwd: folder, config: false, paths: ['tfplan'] });
  expect(findings.map(({ message }) => message)).toEqual([
    'Invalid YAML: a zip archive (for a Terraform plan, lint what terraform show -json prints), so nothing in this document is applied or checked',
  ]);
});
