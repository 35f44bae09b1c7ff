import { expect, test } from 'vitest';
import { pathText, type ReadSchema, Schemas } from '#model/schema.ts';
import { readStructure } from '#model/structure.ts';
import { readSchema } from '#sources/schemas.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const read: string[] = [];
const watch: ReadSchema = (name) => {
  read.push(name);
  return readSchema(name);
};

test('files are read for the kinds that are compared, each once', () => {
  read.length = 0;
  const schemas = new Schemas(watch);
  expect(read).toEqual([]);
  const map = schemas.ofBuiltIn('v1', 'ConfigMap');
  expect(read).toEqual(['kubernetes/index']);
  for (let i = 0; i < 2; i++)
    expect(map && schemas.compare({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }, map)).toEqual([]);
  expect(read).toEqual(['kubernetes/index', 'kubernetes/core.v1', 'kubernetes/meta.v1']);
  expect(schemas.ofPublished('karpenter.sh', 'NodePool').has('v1')).toBe(true);
  expect(read.slice(3)).toEqual(['custom/index', 'custom/karpenter.sh']);
  // A group is untrusted text.
  expect(schemas.ofPublished('../../package', 'NodePool').size).toBe(0);
  expect(schemas.ofPublished('toString', 'NodePool').size).toBe(0);
  expect(schemas.ofBuiltIn('toString', 'x')).toBeUndefined();
  expect(schemas.ofBuiltIn('v1', 'constructor')).toBeUndefined();
  expect(read.length).toBe(5);
});

test('every reference has a definition', () => {
  const schemas = new Schemas(readSchema);
  const broken = new Set<string>();
  const files = new Map<string, Record<string, Record<string, unknown>>>();
  const fileOf = (name: string): Record<string, Record<string, unknown>> => {
    const known = files.get(name) ?? (JSON.parse(readSchema(name) ?? '{}') as Record<string, Record<string, unknown>>);
    files.set(name, known);
    return known;
  };
  const visit = (node: unknown, file: string): void => {
    if (typeof node === 'string' && /^[\w.]*#\w+$/.test(node)) {
      const cut = node.indexOf('#');
      const home = cut > 0 ? `kubernetes/${node.slice(0, cut)}` : file;
      const whole = fileOf(home);
      const table = home.startsWith('custom/') ? whole['shared'] : whole;
      if (table?.[node.slice(cut + 1)] === undefined) broken.add(`${file}: ${node}`);
    } else if (typeof node === 'object' && node !== null) for (const inner of Object.values(node)) visit(inner, file);
  };
  for (const [apiVersion, kinds] of Object.entries(schemas.builtIn))
    for (const [kind, reference] of Object.entries(kinds)) visit(reference, `kubernetes/${apiVersion}/${kind}`);
  for (const name of ['core.v1', 'apps.v1', 'batch.v1', 'networking.v1', 'meta.v1'])
    visit(JSON.parse(readSchema(`kubernetes/${name}`) ?? ''), `kubernetes/${name}`);
  const groups = Object.keys(JSON.parse(readSchema('custom/index') ?? '{}') as object);
  expect(groups.length).toBeGreaterThan(25);
  for (const group of groups) visit(JSON.parse(readSchema(`custom/${group}`) ?? ''), `custom/${group}`);
  expect([...broken]).toEqual([]);
});

test('each definition of a built-in kind is on its own line, which is the only part that is parsed', () => {
  for (const name of ['core.v1', 'apps.v1', 'batch.v1', 'networking.v1', 'meta.v1', 'resource.v1']) {
    const text = readSchema(`kubernetes/${name}`) ?? '';
    const whole = Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, JSON.stringify(value)]);
    const lines = text.split('\n').flatMap((line) => /^"(\w+)": (.*?),?$/.exec(line)?.slice(1) ?? []);
    expect(lines).toEqual(whole.flat());
  }
});

test('structures of definitions', () => {
  const schemas = new Schemas(readSchema);
  const type = readStructure({
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['size', 'color', 'none'],
        properties: {
          size: { type: 'integer' },
          color: { type: 'string', enum: ['red'], default: 'red' },
          none: { type: 'string', nullable: true },
          share: { 'x-kubernetes-int-or-string': true },
          any: { 'x-kubernetes-preserve-unknown-fields': true },
          set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          object: {
            type: 'object',
            'x-kubernetes-embedded-resource': true,
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      },
    },
  });
  const compare = (spec: unknown): string[] =>
    schemas
      .compare(
        { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, ...(spec === undefined ? {} : { spec }) },
        { type, file: '', custom: true },
      )
      .map(({ what, path, key }) => `${what} ${pathText([...path, key])}`);
  expect(compare(undefined)).toEqual(['missing spec']);
  expect(compare({ size: 1, none: null, share: '5%', any: [1], set: ['a'], object: { kind: 'B', x: 1 } })).toEqual([]);
  expect(compare({ size: 1, none: null, share: null, any: null, object: null })).toEqual([]);
  expect(compare({ size: 'big', color: 'blue', share: true, set: ['a', 'a'], zzz: 1 })).toEqual([
    'type spec.size',
    'choice spec.color',
    'type spec.share',
    'repeated spec.set[1]',
    'unknown spec.zzz',
    'missing spec.none',
  ]);
  expect(compare({ size: null, none: null, set: [null] })).toEqual(['type spec.set[0]', 'missing spec.size']);
});

test('no message of the rules quotes a value', async () => {
  const secret = 'hunter2-S3cret';
  const text = JSON.stringify([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': `${secret}!` },
      stringData: { 'tls.key': secret, x: 1 },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { a: [secret] },
      binaryData: { b: `${secret}!` },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a' },
      spec: {
        replicas: secret,
        strategy: { type: secret },
        template: {
          spec: {
            restartPolicy: secret,
            containers: [
              {
                name: 'a',
                image: 'a',
                env: [{ name: 'A', value: [secret] }],
                args: secret,
                resources: { limits: { cpu: `${secret} ` } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'a' },
      spec: { schedule: `${secret} * * * *`, timeZone: secret },
    },
  ]);
  const { findings } = await lintTexts(
    { 'a.yaml': `apiVersion: v1\nkind: List\nitems: ${text}\n` },
    rules.filter(({ id }) => id.startsWith('correctness/')),
  );
  expect(findings.length).toBeGreaterThan(8);
  for (const { message, help = '', rule } of findings) expect(`${message} ${help}`, rule).not.toContain(secret);
});
