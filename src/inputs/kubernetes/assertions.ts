import { dig, digList } from '#model/dig.ts';
import { isRecord, text } from '#model/shape.ts';
import { folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';

/*
 * Test files with expected objects, which are never applied and usually contain only a few fields. Chainsaw names them
 * in its Test (Chainsaw documentation, Operations), kuttl by their file name or by a TestAssert in them (kuttl
 * documentation, Asserts and errors).
 */

const compares = ['assert', 'error'];
const applies = ['apply', 'create', 'update', 'patch'];
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

/** The paths of files that tests compare objects with, except those that a test also applies. */
export function findAssertions(trees: readonly Tree[]): ReadonlySet<string> {
  const compared = new Set<string>();
  const applied = new Set<string>();
  for (const tree of trees) {
    if (!groupStarts(tree, 'chainsaw.kyverno.io')) continue;
    const folder = folderOf(tree.source.path);
    // A StepTemplate is one step.
    for (const step of [...digList(tree.root, 'spec', 'steps'), dig(tree.root, 'spec') ?? {}])
      for (const operation of ['try', 'catch', 'finally', 'cleanup'].flatMap((phase) => digList(step, phase)))
        for (const [found, names] of [
          [compared, compares],
          [applied, applies],
        ] as const)
          for (const name of names) {
            const file = text(dig(operation, name, 'file'));
            const path = file === undefined ? undefined : resolve(folder, file);
            if (path !== undefined) found.add(path);
          }
  }
  const kuttl = trees.filter((tree) => groupStarts(tree, 'kuttl.dev'));
  for (const { root, source } of kuttl) if (dig(root, 'kind') === 'TestAssert') compared.add(source.path);
  if (kuttl.length > 0) for (const { source } of trees) if (kuttlName.test(source.path)) compared.add(source.path);
  return new Set([...compared].filter((path) => !applied.has(path)));
}
