import type { Note } from '#model/finding.ts';
import { mayBeSetBy, mayBeSetByStack } from '#model/hidden.ts';
import { isRecord } from '#model/shape.ts';
import { folderOf } from '#sources/layout.ts';
import { isStackName, isTerragruntName } from '#syntax/file-names.ts';
import { locationAt, type Tree } from '#syntax/tree.ts';
import type { Locate } from './sources.ts';
import { labelsOf } from './uses.ts';

/* Tools that run Terraform in folders: Terragrunt and Terraform Stacks. */

const isStack = ({ source }: Tree): boolean => isStackName(source.path);
/** Files of tools that run Terraform in folders: they call them like modules, and are not part of one. */
export const isCaller = (tree: Tree): boolean => isTerragruntName(tree.source.path) || isStack(tree);

/** What is not read of the files of a caller, and of the folders whose variables it sets: its file, and why. */
interface Callers {
  readonly notes: readonly Note[];
  readonly doubts: ReadonlyMap<string, string>;
}

/** Terragrunt and Terraform Stacks: their inputs are not evaluated. */
export function callersIn(trees: readonly Tree[], locate: Locate): Callers {
  const doubts = new Map<string, string>();
  const notes: Note[] = [];
  for (const tree of trees.filter(isCaller)) {
    const { source, start } = tree;
    notes.push({
      kind: source.isAsked && source.target ? 'incomplete' : 'partial',
      message: isStack(tree)
        ? 'Terraform Stacks are not judged, only the local modules that they use'
        : 'Terragrunt inputs are not read, so variables that they may set are not known',
      at: locationAt(source, start, start + 1),
    });
    const own = folderOf(source.path);
    const why = (isStack(tree) ? mayBeSetByStack : mayBeSetBy)(source.path);
    const folders = sourcesIn(tree).flatMap((path) => locate(own, path) ?? []);
    for (const folder of isStack(tree) ? folders : [own, ...folders]) if (!doubts.has(folder)) doubts.set(folder, why);
  }
  return { notes, doubts };
}

/** The sources of what a caller runs: `terraform` and `unit` of Terragrunt, `component` and `stack` of Stacks. */
function sourcesIn({ root }: Tree): string[] {
  if (!isRecord(root)) return [];
  const { terraform } = root;
  const blocks = ['component', 'stack', 'unit'].flatMap((kind) => labelsOf([{ root }], kind).map(([, body]) => body));
  return [...(isRecord(terraform) ? [terraform] : []), ...blocks].flatMap(({ source }) =>
    // A double slash separates the package from the folder in it.
    typeof source === 'string' ? [source.replace('//', '/')] : [],
  );
}
