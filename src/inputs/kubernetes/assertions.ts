import { dig, digList } from '#model/dig.ts';
import { isRecord, text, texts } from '#model/shape.ts';
import { folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';

/*
 * Test files with expected objects and patches, which are never applied as objects and usually contain only a few
 * fields. Chainsaw names them in its Test (Chainsaw documentation, Operations; a patch is merged with the object of the
 * cluster: pkg/engine/operations/patch), kuttl by their file name or by a TestAssert in them (kuttl documentation,
 * Asserts and errors).
 */

const compares = ['assert', 'error', 'patch'];
const applies = ['apply', 'create', 'update'];
const kuttlName = /(?:^|\/)\d+-(?:assert|errors?)(?:-[^/]*)?\.ya?ml$/;

/** A path relative to a folder; undefined if it leads outside the workspace or is computed when the test runs. */
function resolve(folder: string, file: string): string | undefined {
  if (/[*?($]/.test(file)) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of file.split('/'))
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  return steps.join('/');
}

const groupStarts = (tree: Tree, group: string): boolean =>
  isRecord(tree.root) && (text(tree.root['apiVersion']) ?? '').startsWith(`${group}/`);

/** Whether a path is in a folder, at any depth. */
const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`);

/**
 * The paths of files that tests compare objects with or patch them with, except those that a test also applies, and
 * whether they belong to the test: what stands elsewhere may be applied by someone else.
 */
export function findAssertions(trees: readonly Tree[]): ReadonlyMap<string, boolean> {
  const compared = new Map<string, boolean>();
  const applied = new Set<string>();
  for (const tree of trees) {
    if (!groupStarts(tree, 'chainsaw.kyverno.io')) continue;
    const folder = folderOf(tree.source.path);
    // A StepTemplate is one step.
    for (const step of [...digList(tree.root, 'spec', 'steps'), dig(tree.root, 'spec') ?? {}])
      for (const operation of ['try', 'catch', 'finally', 'cleanup'].flatMap((phase) => digList(step, phase))) {
        const named = (names: readonly string[]): string[] =>
          names.flatMap((name) => {
            const file = text(dig(operation, name, 'file'));
            return (file === undefined ? undefined : resolve(folder, file)) ?? [];
          });
        for (const path of named(compares)) compared.set(path, compared.get(path) === true || isBelow(path, folder));
        for (const path of named(applies)) applied.add(path);
      }
  }
  const kuttl = trees.filter((tree) => groupStarts(tree, 'kuttl.dev'));
  const folders = kuttl.flatMap(({ root, source }) => {
    const folder = folderOf(source.path);
    const named = texts(dig(root, 'testDirs') as string[]).flatMap((one) => resolve(folder, one) ?? []);
    return named.length > 0 ? named : [folder];
  });
  if (kuttl.length > 0)
    for (const { source } of trees)
      if (kuttlName.test(source.path))
        compared.set(
          source.path,
          folders.some((folder) => isBelow(source.path, folder)),
        );
  for (const { root, source } of kuttl) if (dig(root, 'kind') === 'TestAssert') compared.set(source.path, true);
  return new Map([...compared].filter(([path]) => !applied.has(path)));
}
