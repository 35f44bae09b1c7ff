import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { at, isConfiguration } from '#inputs/kustomize/fields.ts';
import { referencesOf } from '#inputs/kustomize/input.ts';
import { overlaysInDoubt, settleOverlay } from '#inputs/kustomize/rendered.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { locate } from '#syntax/tree.ts';
import { asLines, facts } from './kubectl-kustomize.ts';
import { builtFileOf, kustomizeds, toldOnly } from './kustomize-built.ts';
import { parse, source } from './read.ts';

/*
 * The recorded output of kubectl for kustomizations, and the location of each value that a kustomization sets.
 */

function readAll(files: Readonly<Record<string, string>>) {
  const trees = Object.entries(files).flatMap(([path, text]) => parse(source(path, text)));
  const input = kubernetesInput();
  return input.read(
    trees.filter((tree) => input.claims(tree)),
    { charts: new Set(), kustomizations: new Set(), files: new Set(Object.keys(files)) },
  );
}
/** An object by the name that kustomize gives it. */
const renamed = (one: AnyResource): unknown => {
  const { metadata } = one.object as { metadata?: object };
  return facts({ ...one, object: { ...one.object, metadata: { ...metadata, name: one.names.at(-1) } } } as AnyResource);
};

/** Each value of an object that stands elsewhere than the object, with its place. */
function placesIn({ kind, name, object, tree }: AnyResource): string[] {
  const lines: string[] = [];
  const visit = (on: object, path: string): void => {
    for (const [key, value] of Object.entries(on)) {
      const place = locate(tree, on, Array.isArray(on) ? Number(key) : key);
      const here = `${path}.${key}`;
      if (place.source !== tree.source.id || typeof value !== 'object' || value === null) {
        if (place.source !== tree.source.id)
          lines.push(`${kind} ${name}${here}: ${JSON.stringify(value)} (${place.source} ${place.path})`);
      }
      if (typeof value === 'object' && value !== null) visit(value as object, here);
    }
  };
  visit(object, '');
  return lines;
}

const built = (files: Readonly<Record<string, string>>): readonly AnyResource[] =>
  readAll(files).resources.filter(({ belonging }) => belonging.unit.startsWith('kustomization:'));
/** What is open, and what the report says. */
const leftOpen = (files: Readonly<Record<string, string>>, isPlaced = false): string[] => {
  const { resources, notes } = readAll(files);
  return [
    ...resources.flatMap(({ kind, name, changes }) =>
      changes.map(
        ({ path, absent }) =>
          `${kind} ${name} may differ at ${path.join('.')}${absent ? ', where it says nothing' : ''}`,
      ),
    ),
    ...notes.map(
      ({ kind, message, at }) => `note, ${kind}: ${message}${at ? ` (${at.source} ${isPlaced ? at.path : ''})` : ''}`,
    ),
  ];
};
const told = (files: Readonly<Record<string, string>>): string =>
  [
    ...Object.entries(files)
      .map(([path, text]) => ({ path, names: referencesOf(source(path, text)) }))
      .flatMap(({ path, names }) => (names.length > 0 ? [`${path} names ${names.join(', ')}`] : [])),
    ...built(files).flatMap(placesIn),
    ...leftOpen(files, true),
    '',
  ].join('\n');
/** The same files with the names of fields in capitals. */
const shouted = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      /kustomization(?:\.ya?ml)?$/i.test(path) ? JSON.stringify(shout(JSON.parse(text)), null, 1) : text,
    ]),
  );

describe.each(kustomizeds)('$name', ({ name, files }) => {
  const recorded = (): string[] =>
    readFileSync(`${builtFileOf(name)}.jsonl`, 'utf8')
      .trimEnd()
      .split('\n');
  test('makes what kubectl makes of it', () => {
    expect(asLines(built(files).map(renamed))).toEqual(recorded());
  });
  test('says where each value stands', async () => {
    await expect(told(files)).toMatchFileSnapshot(`${builtFileOf(name)}.txt`);
  });
  test('reads the names of fields in any case', () => {
    expect(asLines(built(shouted(files)).map(renamed))).toEqual(recorded());
  });
});
describe.each(toldOnly)('$name', ({ name, files }) => {
  test('says what is not read', async () => {
    await expect(told(files)).toMatchFileSnapshot(`${builtFileOf(name)}.txt`);
  });
  test('reads the names of fields in any case', () => {
    expect(leftOpen(shouted(files))).toEqual(leftOpen(files));
    expect(Object.entries(shouted(files)).flatMap(([path, text]) => referencesOf(source(path, text)))).toEqual(
      Object.entries(files).flatMap(([path, text]) => referencesOf(source(path, text))),
    );
  });
});

test.each(['nameReference', 'varReference', 'images'])('%s makes a configuration', (field) => {
  expect(isConfiguration({ [field]: [{ path: 'spec' }] })).toBe(true);
  expect(isConfiguration({ [field]: [{ path: 'spec' }], other: [{}] })).toBe(false);
});

test('what kustomize made answers what was open, each object by its kind, group, namespace and name', () => {
  const files = {
    'kustomization.yaml': JSON.stringify({
      resources: ['all.yaml'],
      replacements: [{ source: {}, targets: [{ select: {}, fieldPaths: ['data.a', 'spec.containers'] }] }],
    }),
    'all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: x}
data: {a: b}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: first, image: a}, {name: second, image: b}]}
`,
  };
  const overlay = [...overlaysInDoubt(built(files)).values()].flat();
  const { settled, notes } = settleOverlay(
    '',
    overlay,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: x}
data: {a: made}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: other}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other, namespace: x}
---
apiVersion: example.com/v1
kind: ConfigMap
metadata: {name: c, namespace: x}
---
apiVersion: v1
kind: Secret
metadata: {name: c, namespace: x}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: second, image: d}, {name: first, image: c}]}
`,
    podTemplates,
  );
  expect([...settled.values()].flat().map(({ object }) => JSON.parse(JSON.stringify(object)) as unknown)).toMatchObject(
    [
      { kind: 'ConfigMap', data: { a: 'made' } },
      { kind: 'Pod', spec: { containers: [{ image: 'd' }, { image: 'c' }] } },
    ],
  );
  const [, pod] = [...settled.values()].flat();
  const second: unknown = at(pod?.object, ['spec', 'containers', '0']);
  expect(typeof second === 'object' && second !== null && pod?.place(second).path).toBe('spec.containers[1]');
  expect(notes).toMatchObject([{ kind: 'partial', count: 4 }]);
});

/** Data with the keys of kustomize in capitals, except those that say what it is, and maps whose keys are free. */
function shout(value: unknown, outer = true): unknown {
  if (Array.isArray(value)) return value.map((one) => shout(one, false));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (outer && (key === 'apiVersion' || key === 'kind')) return [key, inner];
      const isFree = key === 'pairs' || key.startsWith('common') || key === 'openapi';
      // Options are a map in Go, whose keys are compared as they are.
      if (key.startsWith('allow')) return [key, inner];
      // What Go takes for K and S as well.
      const loud = key.toUpperCase().replaceAll('K', '\u212a').replaceAll('S', '\u017f');
      return [loud, isFree ? inner : shout(inner, false)];
    }),
  );
}
