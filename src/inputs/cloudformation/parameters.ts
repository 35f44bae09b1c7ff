import { isRecord } from '#model/shape.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { distance, folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';

/*
 * Files that give the parameters of a template their values: the list of `aws cloudformation create-stack --parameters`, with or without
 * the other arguments around it, and the template configuration file of CodePipeline, which `aws cloudformation deploy` reads too.
 */

const plain: Dialect = { converts: true, unknown: () => undefined };

/** What the parameters of a template are set to. */
export interface Given {
  readonly tree: Tree;
  readonly values: ReadonlyMap<string, Field>;
}

/** The values of a file; undefined where it is not such a file. */
export function givenBy(tree: Tree): Given | undefined {
  const { root } = tree;
  const values = new Map<string, Field>();
  const list = Array.isArray(root) ? root : isRecord(root) ? root['Parameters'] : undefined;
  if (Array.isArray(list)) {
    for (const item of list as unknown[]) {
      if (!isRecord(item) || typeof item['ParameterKey'] !== 'string') return undefined;
      const field = Field.of(plain, tree, item, 'ParameterValue');
      const kept = item['UsePreviousValue'] === true;
      values.set(item['ParameterKey'], kept ? field.doubted('the stack keeps its previous value') : field);
    }
  } else if (isRecord(list) && isRecord(root) && !('Resources' in root)) {
    for (const [key, value] of Object.entries(list)) {
      if (typeof value === 'object') return undefined;
      values.set(key, Field.of(plain, tree, list, key));
    }
  }
  return values.size > 0 ? { tree, values } : undefined;
}

/** More than this are no ways to deploy one template. */
const most = 50;

/** Whether a stack of a template can be made with these values alone. */
const suffices = (parameters: Record<string, unknown>, { values }: Given): boolean =>
  Object.entries(parameters).every(
    ([name, one]) => values.has(name) || (isRecord(one) && Object.hasOwn(one, 'Default')),
  );

const baseOf = ({ source }: Tree): string =>
  (/([^/]*?)(?:\.template)?\.\w+$/.exec(source.path)?.[1] ?? '').toLowerCase();

/**
 * The files for each template: a file is for the nearest of the templates that have all its parameters and need no others, and among
 * them for those whose name it bears.
 */
export function matchGiven(
  files: readonly Given[],
  templates: readonly { readonly tree: Tree; readonly parameters: Record<string, unknown> }[],
): Map<Tree, Given[]> {
  const found = new Map<Tree, Given[]>();
  const byParameter = new Map<string, (typeof templates)[number][]>();
  for (const one of templates)
    for (const name of Object.keys(one.parameters)) {
      const alike = byParameter.get(name);
      if (alike) alike.push(one);
      else byParameter.set(name, [one]);
    }
  for (const given of files) {
    const names = [...given.values.keys()];
    const [first = ''] = names;
    const fitting = (byParameter.get(first) ?? [])
      .filter(({ parameters }) => names.every((name) => Object.hasOwn(parameters, name)))
      .filter(({ parameters }) => suffices(parameters, given))
      .map(({ tree }) => ({ tree, far: distance(folderOf(given.tree.source.path), folderOf(tree.source.path)) }));
    const nearest = Math.min(...fitting.map(({ far }) => far));
    const near = fitting.filter(({ far }) => far === nearest);
    const namesakes = near.filter(({ tree }) => baseOf(given.tree).includes(baseOf(tree)));
    for (const { tree } of namesakes.length > 0 ? namesakes : near) {
      const all = found.get(tree) ?? [];
      found.set(tree, all);
      if (all.length < most) all.push(given);
    }
  }
  return found;
}
