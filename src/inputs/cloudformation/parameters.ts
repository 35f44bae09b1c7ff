import { keepsValue } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { distance, folderOf } from '#sources/layout.ts';
import { type Location, locationAt, type Tree } from '#syntax/tree.ts';
import { givesParameters } from '../claims.ts';

/*
 * Files that give the parameters of a template their values: the list of `aws cloudformation create-stack
 * --parameters`, with or without the other arguments around it, and the template configuration file of CodePipeline,
 * which `aws cloudformation deploy` also reads.
 */

export const plain: Dialect = { converts: true, unknown: () => undefined };

/** The values of a template's parameters. */
export interface Given {
  readonly tree: Tree;
  readonly values: ReadonlyMap<string, Field>;
  /** Entries that lack a name. */
  readonly unread: number;
  /** The name for reports: a file may contain several sets. */
  readonly label: string;
  /** The path of the template that it names. */
  readonly template?: string;
  /** The folder of the template, if it names none or names a build output. */
  readonly folder?: string;
}

/** The values in a file; undefined if it is not such a file. */
export function givenBy(tree: Tree): Given | undefined {
  const { root } = tree;
  if (!givesParameters(tree)) return undefined;
  const values = new Map<string, Field>();
  const list = isRecord(root) ? root['Parameters'] : root;
  let unread = 0;
  if (Array.isArray(list)) {
    for (const item of list as unknown[]) {
      if (!isRecord(item) || typeof item['ParameterKey'] !== 'string') unread++;
      else {
        const field = Field.of(plain, tree, item, 'ParameterValue');
        const kept = item['UsePreviousValue'] === true;
        values.set(item['ParameterKey'], kept ? field.doubted(keepsValue) : field);
      }
    }
  } else if (isRecord(list))
    for (const [key, value] of Object.entries(list)) {
      const field = Field.of(plain, tree, list, key);
      values.set(key, typeof value === 'object' ? field.doubted(`${key} is not a string`) : field);
    }
  return { tree, values, unread, label: tree.source.id };
}

/** More files than this are not ways to deploy one template. */
const most = 50;

/** Whether a stack can be created with these values alone. */
const suffices = (parameters: Record<string, unknown>, { values }: Given): boolean =>
  Object.entries(parameters).every(
    ([name, one]) => values.has(name) || (isRecord(one) && Object.hasOwn(one, 'Default')),
  );

const baseOf = ({ source }: Tree): string =>
  (/([^/]*?)(?:\.template)?\.\w+$/.exec(source.path)?.[1] ?? '').toLowerCase();

interface Template {
  readonly tree: Tree;
  readonly parameters: Record<string, unknown>;
}
/** A template that a file may belong to, and the parameters of the file that it does not have. */
interface Fit {
  readonly tree: Tree;
  readonly extra: readonly string[];
  readonly suffices: boolean;
  readonly far: number;
}

/**
 * The files for each template: a file belongs to the nearest of the templates that have all its parameters and need no
 * others, and among them to those whose name it shares. If none has all, it belongs to those that lack the fewest, as
 * long as they have half of them: `aws cloudformation deploy` takes what the template knows and drops the rest (AWS
 * CLI, deploy). Values without a parameter are reported.
 */
export function matchGiven(
  files: readonly Given[],
  templates: readonly Template[],
): { readonly given: ReadonlyMap<Tree, readonly Given[]>; readonly notes: Note[] } {
  const found = new Map<Tree, Given[]>();
  const notes: Note[] = [];
  const byParameter = new Map<string, Template[]>();
  const paths = new Set(templates.map(({ tree }) => tree.source.path));
  for (const one of templates)
    for (const name of Object.keys(one.parameters)) {
      const alike = byParameter.get(name);
      if (alike) alike.push(one);
      else byParameter.set(name, [one]);
    }
  for (const given of files) {
    const note = (kind: Note['kind'], message: string): void => void notes.push({ kind, message, at: startOf(given) });
    if (given.unread > 0) note('incomplete', 'parameter file entries without ParameterKey are not read');
    // `sam build` generates a template from the one that is judged.
    if (given.template !== undefined && !/(?:^|\/)\.aws-sam\//.test(given.template) && !paths.has(given.template))
      note('partial', `the template ${given.template} that ${given.label} names is not among these files`);
    const names = [...given.values.keys()];
    const chosen = choose(given, names, byParameter, templates);
    if (chosen.length === 0) {
      if (names.length > 0) note('skipped', 'parameter files that match no CloudFormation template in these files');
      continue;
    }
    const [first = ''] = chosen[0]?.extra ?? [];
    const more = (chosen[0]?.extra.length ?? 0) - 1;
    if (more >= 0)
      note(
        'partial',
        `${chosen[0]?.tree.source.path} has no parameter ${first}${more > 0 ? ` and ${more} more` : ''}, so what this file sets there is not judged`,
      );
    for (const { tree } of chosen) {
      const all = found.get(tree) ?? [];
      found.set(tree, all);
      all.push(given);
    }
  }
  for (const [tree, all] of found)
    if (all.length > most) {
      notes.push({
        kind: 'incomplete',
        message: `the template has ${all.length} parameter files, of which ${most} are judged`,
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
      all.length = most;
    }
  return { given: found, notes };
}

const startOf = ({ tree }: Given): Location => locationAt(tree.source, tree.start, tree.start + 1);

/** The templates that a file belongs to. */
function choose(
  given: Given,
  names: readonly string[],
  byParameter: ReadonlyMap<string, readonly Template[]>,
  templates: readonly Template[],
): readonly Fit[] {
  const { path } = given.tree.source;
  const fits = (candidates: Iterable<Template>): Fit[] =>
    [...candidates].map(({ tree, parameters }) => ({
      tree,
      extra: names.filter((name) => !Object.hasOwn(parameters, name)),
      suffices: suffices(parameters, given),
      far: distance(folderOf(path), folderOf(tree.source.path)),
    }));
  if (given.template !== undefined) {
    const own = templates.filter(({ tree }) => tree.source.path === given.template);
    if (own.length > 0) return fits(own);
  }
  const isNear = ({ tree }: Template): boolean =>
    given.folder === undefined || folderOf(tree.source.path) === given.folder;
  const whole = fits((byParameter.get(names[0] ?? '') ?? []).filter(isNear)).filter(({ extra }) => extra.length === 0);
  let fitting = whole.filter((one) => one.suffices);
  if (fitting.length === 0) {
    const partly = fits(new Set(names.flatMap((name) => byParameter.get(name) ?? []).filter(isNear))).filter(
      ({ extra }) => extra.length <= names.length / 2,
    );
    const fewest = Math.min(...partly.map(({ extra }) => extra.length));
    const close = partly.filter(({ extra }) => extra.length === fewest);
    const enough = close.filter((one) => one.suffices);
    fitting = enough.length > 0 ? enough : close;
  }
  const nearest = Math.min(...fitting.map(({ far }) => far));
  const near = fitting.filter(({ far }) => far === nearest);
  const namesakes = near.filter(({ tree }) => baseOf(given.tree).includes(baseOf(tree)));
  return namesakes.length > 0 ? namesakes : near;
}
