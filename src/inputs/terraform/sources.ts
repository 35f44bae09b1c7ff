import { type Layout, realPath } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';

/** Files under the names of the links that lead to them: Terraform reads a link like any other file. */
export function linkedTrees(trees: readonly Tree[], links: Layout['links']): readonly Tree[] {
  const byPath = new Map(trees.map((tree) => [tree.source.path, tree]));
  return [...(links ?? [])].flatMap(([path, target]) => {
    const tree = byPath.get(target);
    return tree ? [{ ...tree, source: { ...tree.source, path } }] : [];
  });
}

/** The folder that a local source refers to, where its path has no links; Terraform resolves them, too. */
export type Locate = (from: string, source: unknown) => string | undefined;
export const locateWith =
  (links: Layout['links']): Locate =>
  (from, source) => {
    const folder = localFolder(from, source);
    return folder === undefined ? undefined : realPath(folder, links);
  };

/** The folder that a local source refers to (Terraform Language, Module Sources). */
function localFolder(from: string, source: unknown): string | undefined {
  if (typeof source !== 'string' || !/^\.\.?(?:\/|$)/.test(source)) return undefined;
  return joinPath(from, source);
}

/** A path relative to a folder; it starts with `..` if it leaves the parent of the folder. */
export function joinPath(from: string, path: string): string {
  const steps = from === '' ? [] : from.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.length === 0 || steps.at(-1) === '..') steps.push('..');
      else steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
