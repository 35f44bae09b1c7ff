import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { locate } from '#syntax/tree.ts';
import { asLines, facts } from './kubectl-kustomize.ts';
import { builtFileOf, kustomizeds } from './kustomize-built.ts';
import { parse, source } from './read.ts';

/*
 * What kubectl makes of kustomizations, as recorded, and where each value stands that a kustomization sets.
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

describe.each(kustomizeds)('$name', ({ name, files }) => {
  const built = (all: Readonly<Record<string, string>>): readonly AnyResource[] =>
    readAll(all).resources.filter(({ belonging }) => belonging.unit.startsWith('kustomization:'));
  const recorded = (): string[] => readFileSync(`${builtFileOf(name)}.jsonl`, 'utf8').trimEnd().split('\n');
  test('makes what kubectl makes of it', () => {
    expect(asLines(built(files).map(renamed))).toEqual(recorded());
  });
  test('says where each value stands', async () => {
    const { notes } = readAll(files);
    const told = [...built(files).flatMap(placesIn), ...notes.map(({ kind, message }) => `note, ${kind}: ${message}`)];
    await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(`${builtFileOf(name)}.txt`);
  });
  test('reads the names of fields in any case', () => {
    const shouted = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        /\/?kustomization\.ya?ml$|Kustomization$/.test(path) ? JSON.stringify(shout(JSON.parse(text))) : text,
      ]),
    );
    expect(asLines(built(shouted).map(renamed))).toEqual(recorded());
  });
});

/** Data with the keys of kustomize in capitals, except those that say what it is, and maps whose keys are free. */
function shout(value: unknown, outer = true): unknown {
  if (Array.isArray(value)) return value.map((one) => shout(one, false));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (outer && (key === 'apiVersion' || key === 'kind')) return [key, inner];
      const isFree = key === 'pairs' || key.startsWith('common') || key === 'openapi';
      return [key.toUpperCase(), isFree ? inner : shout(inner, false)];
    }),
  );
}
