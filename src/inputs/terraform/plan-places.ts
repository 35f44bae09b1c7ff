import type { Origin } from '#syntax/graft.ts';
import type { Plan } from './plan.ts';
import type { Scope } from './scope.ts';
import { folderOf } from '#sources/layout.ts';

/* Where the resources of a plan are written: in the files of the workspace, found by their addresses. */

interface Step {
  readonly type: string;
  readonly label: string;
}

/** `module.a["x"].aws_y.z[0]` step by step. */
export function stepsOf(address: string): Step[] {
  return [...address.matchAll(/([\w-]+)\.([\w-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)/g)].map(
    ([, type = '', label = '']) => ({ type, label }),
  );
}

/** The roots that a plan may have been created from: those with most of its blocks, and the nearest of several. */
export function rootsOf(plan: Plan, roots: readonly Scope[]): readonly Scope[] {
  const first = new Map(
    plan.resources.map(({ address }) => [address.split(/[[.]/).slice(0, 2).join('.'), stepsOf(address)[0]]),
  );
  const own = folderOf(plan.tree.source.path);
  const near = (folder: string): number => (folder === own ? 2 : own.startsWith(`${folder}/`) || folder === '' ? 1 : 0);
  const scored = roots.map((root) => {
    const hits = [...first.values()].filter(
      (step) => step && root.has(step.type === 'module' ? 'module' : 'resource', step.type, step.label),
    );
    return { root, hits: hits.length };
  });
  scored.sort((a, b) => b.hits - a.hits || near(b.root.folder) - near(a.root.folder));
  const [best] = scored;
  if (!best || best.hits === 0 || best.hits * 2 < first.size) return [];
  const isAlike = ({ root, hits }: typeof best): boolean =>
    hits === best.hits && near(root.folder) === near(best.root.folder);
  return scored.filter(isAlike).map(({ root }) => root);
}

/** The block of a resource, otherwise the call of the module that creates it and is not among the files. */
export function placeIn(root: Scope, address: string): Origin | undefined {
  let scope = root;
  for (const { type, label } of stepsOf(address)) {
    const isModule = type === 'module';
    const block = scope.written(isModule ? 'module' : 'resource', type, label);
    if (!block?.map) return undefined;
    const child = isModule ? scope.childOf(label, block) : undefined;
    if (!child) return { tree: block.tree, on: block.map };
    scope = child;
  }
  return undefined;
}
