import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Source, Tree } from '#syntax/tree.ts';

/*
 * Who fills in marks like `${NAME}` before a file is applied: Terraform (`templatefile`), Flux (`postBuild`),
 * clusterctl. Each is recognized by the contents of the repository.
 */

/** Calls that render a file of the repository; the argument may contain interpolations. */
const call = /\btemplatefile\s*\(\s*"([^"\n]{1,300})"|\btemplate\s*=\s*file\s*\(\s*"([^"\n]{1,300})"/g;

/** The folder of a file, '' for the top. */
const folderOf = ({ path }: Source): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The argument of a call as a pattern of paths, relative to the folder of its file. */
function patternOf(argument: string, folder: string): RegExp {
  const steps = folder === '' ? [] : folder.split('/');
  const rest = argument.replace(/^\$\{path\.(?:module|root|cwd)\}\//, '').split('/');
  while (rest[0] === '..' || rest[0] === '.') if (rest.shift() === '..') steps.pop();
  const quoted = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const path = [...steps, ...rest].join('/');
  // An interpolation may be any string.
  const parts = path.split(/\$\{[^}]*\}/).map(quoted);
  return new RegExp(`^${parts.join('.*')}$`);
}

/** What is known about a workspace, computed once. */
interface Fillers {
  readonly terraform: readonly RegExp[];
  /** Folders that Flux fills in. */
  readonly flux: readonly string[];
}
const known = new WeakMap<Workspace, Fillers>();

function fillersOf(workspace: Workspace): Fillers {
  const found = known.get(workspace);
  if (found) return found;
  const terraform = workspace.files
    .filter(({ language }) => language === 'hcl')
    .flatMap(({ source }) =>
      [...source.text.matchAll(call)].map(([, one, other]) => patternOf(one ?? other ?? '', folderOf(source))),
    );
  const foldersOf = ({ object }: AnyResource): string[] => {
    const path = text(dig(object, 'spec', 'path')) ?? '';
    // Components are named from the folder that is applied (Flux documentation, Kustomization, Components).
    const written = dig(object, 'spec', 'components');
    const components = Array.isArray(written) ? written.flatMap((one) => text(one) ?? []) : [];
    return [folderOfFlux(path), ...components.flatMap((one) => joined(path, one) ?? [])];
  };
  const kustomizations = workspace
    .all('Kustomization')
    .filter(({ group }) => group === 'kustomize.toolkit.fluxcd.io')
    .map((one) => ({
      folders: foldersOf(one),
      path: one.tree.source.path,
      fills: isRecord(dig(one.object, 'spec', 'postBuild')),
      // A parent may add `postBuild` to those that it applies with a patch.
      gives: JSON.stringify(dig(one.object, 'spec', 'patches') ?? '').includes('postBuild'),
    }));
  const parents = kustomizations.filter(({ gives }) => gives).flatMap(({ folders }) => folders);
  const flux = kustomizations
    .filter(({ fills, path }) => fills || parents.some((folder) => liesIn(folder, path)))
    .flatMap(({ folders }) => folders);
  const fillers = { terraform, flux: [...new Set(flux)] };
  known.set(workspace, fillers);
  return fillers;
}

/** `spec.path` without leading and trailing markers; after a variable nothing is known. */
const folderOfFlux = (path: string): string => path.replace(/\$\{.*/s, '').replace(/^\.?\/+|^\.$|\/+$/g, '');

/** A relative path from a folder; undefined if it contains a variable. */
function joined(folder: string, path: string): string | undefined {
  if (folder.includes('${') || path.includes('${')) return undefined;
  const steps = folderOfFlux(folder).split('/');
  for (const step of path.split('/'))
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  return steps.length > 0 ? steps.join('/') : undefined;
}

/**
 * The paths from which a file is applied: its own path, and the folders of the outermost kustomizations that include
 * it.
 */
function appliedFrom(tree: Tree, workspace: Workspace): readonly string[] {
  const roots = workspace.resourcesIn(tree).map(({ belonging }) => belonging.unit);
  return [tree.source.path, ...new Set(roots.map((unit) => `${unit.slice(unit.indexOf(':') + 1)}/`))];
}

/** Whether Terraform renders the file that contains a document. */
export const isTerraformTemplate = (tree: Tree, workspace: Workspace): boolean =>
  fillersOf(workspace).terraform.some((pattern) => pattern.test(tree.source.path));

const isClusterApi = (group: string): boolean => group === 'cluster.x-k8s.io' || group.endsWith('.cluster.x-k8s.io');

/** Whether a tool replaces the variables of the file that contains a document. */
export function areVariablesFilled(tree: Tree, workspace: Workspace): boolean {
  if (isTerraformTemplate(tree, workspace)) return true;
  // Cluster API: clusterctl fills in the variables of a cluster template (The Cluster API Book, clusterctl generate
  // yaml), including its patches, and those of the components of a provider, which have this label (Provider contract,
  // components YAML).
  const beside = workspace.documentsBeside(tree);
  if (beside.some(({ root }) => isRecord(root) && isClusterApi(groupOf(root['apiVersion'])))) return true;
  if (
    beside
      .flatMap((one) => workspace.resourcesIn(one))
      .some(({ object }) => dig(object, 'metadata', 'labels', 'cluster.x-k8s.io/provider') !== undefined)
  )
    return true;
  const { flux } = fillersOf(workspace);
  const paths = flux.length > 0 ? appliedFrom(tree, workspace) : [];
  return flux.some((folder) => paths.some((path) => liesIn(folder, path)));
}

/** Whether a path is in a folder that Flux names, relative to the root of a repository that may be a folder here. */
const liesIn = (folder: string, path: string): boolean =>
  folder === '' || path.startsWith(`${folder}/`) || path.includes(`/${folder}/`);
