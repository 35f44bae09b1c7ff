import { isRecord } from '#model/shape.ts';
import { distance, folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Values } from './scope.ts';

/* Values files: which of them a root module is applied with. */

export const isValues = ({ source }: Tree): boolean => /\.tfvars(\.json)?$/.test(source.path);

/** One way in which a root module is applied, and the name of its values file if there are several. */
export interface Way {
  readonly values: Values;
  readonly by?: string;
}

interface Files {
  /** Those that Terraform loads automatically. */
  readonly loaded: Tree[];
  /** Those that a run may name. */
  readonly named: Tree[];
}

/** More ways than real projects have environments are not followed. */
export const mostWays = 60;

/**
 * In the order in which Terraform loads them (Terraform Language, Input Variables): terraform.tfvars, its JSON form,
 * `*.auto.tfvars`.
 */
const rankOf = (name: string): string =>
  name === 'terraform.tfvars' ? '0' : name === 'terraform.tfvars.json' ? '1' : `2${name}`;
const nameOf = ({ source }: Tree): string => source.path.slice(source.path.lastIndexOf('/') + 1);
const keysOf = ({ root }: Tree): string[] => (isRecord(root) ? Object.keys(root) : []);

/** A values file, and the names in it that none of its folders declares. */
export interface Vain {
  readonly tree: Tree;
  readonly names: readonly string[];
  /** Whether it belongs to no folder at all. */
  readonly whole: boolean;
}

/**
 * Values files by the folder that they belong to: the nearest folder upward with Terraform files. If that has none of
 * their variables, as for `envs/prod.tfvars` next to `terraform/`, the nearest of the folders that have the most of
 * them, if that is at least half. Terraform warns about values for variables that are not declared, and uses the others
 * (Terraform Language, Input Variables).
 */
export function valuesOf(
  trees: readonly Tree[],
  folders: ReadonlyMap<string, unknown>,
  variablesOf: (folder: string) => ReadonlySet<string>,
): { readonly files: Map<string, Files>; readonly vain: readonly Vain[] } {
  const found = new Map<string, Files>();
  const vain: Vain[] = [];
  const add = (folder: string, tree: Tree, part: keyof Files): void => {
    const files = found.get(folder) ?? { loaded: [], named: [] };
    found.set(folder, files);
    files[part].push(tree);
  };
  const declaring = new Map<string, string[]>();
  for (const folder of folders.keys())
    for (const name of variablesOf(folder)) {
      const alike = declaring.get(name);
      if (alike) alike.push(folder);
      else declaring.set(name, [folder]);
    }
  const missing = (folder: string, keys: readonly string[]): string[] =>
    keys.filter((key) => !variablesOf(folder).has(key));
  for (const tree of trees) {
    const own = folderOf(tree.source.path);
    let folder = own;
    while (folder !== '' && !folders.has(folder)) folder = folderOf(folder);
    const keys = keysOf(tree);
    if (folders.has(folder) && (folder === own || missing(folder, keys).length < keys.length)) {
      const loads = folder === own && /^(terraform|.*\.auto)\.tfvars(\.json)?$/.test(nameOf(tree));
      add(folder, tree, loads ? 'loaded' : 'named');
      const names = missing(folder, keys);
      if (names.length > 0) vain.push({ tree, names, whole: names.length === keys.length });
      continue;
    }
    const fitting = [...new Set(keys.flatMap((key) => declaring.get(key) ?? []))]
      .map((other) => ({ other, names: missing(other, keys), far: distance(own, other) }))
      .filter(({ names }) => names.length <= keys.length / 2);
    const fewest = Math.min(...fitting.map(({ names }) => names.length));
    const closest = fitting.filter(({ names }) => names.length === fewest);
    const nearest = Math.min(...closest.map(({ far }) => far));
    for (const { other, far } of closest) if (far === nearest) add(other, tree, 'named');
    const names = closest[0]?.names ?? keys;
    if (names.length > 0) vain.push({ tree, names, whole: closest.length === 0 });
  }
  for (const { loaded } of found.values()) loaded.sort((a, b) => (rankOf(nameOf(a)) < rankOf(nameOf(b)) ? -1 : 1));
  return { files: found, vain };
}

/**
 * The ways in which a root with these variables is applied. Files that a run names are alternatives if they set the same variables; a
 * file that shares none with them may be given along with any, or with none, so what it sets is in doubt, unless it is the only one that
 * sets a variable without a default (`required`). If a run names a single file, the root is judged without it as well, unless such a variable is then missing.
 */
export function waysOf(
  { loaded, named }: Files,
  variables: ReadonlySet<string>,
  { outside, required }: { readonly outside: Values['doubt']; readonly required: ReadonlySet<string> },
): Way[] {
  const files = named.filter((tree) => keysOf(tree).some((key) => variables.has(key)));
  const [alternatives = [], ...rest] = alike(files);
  // Without the only file that sets a variable which has no default, nothing can be applied.
  const isNeeded = (group: readonly Tree[]): boolean =>
    group.length === 1 && group.flatMap(keysOf).some((key) => required.has(key));
  const others = rest.filter((group) => !isNeeded(group));
  const always = [...loaded, ...rest.filter(isNeeded).flat()];
  const set = new Set(always.flatMap(keysOf));
  const mayRunAlone = [...required].every((name) => set.has(name));
  const beside = new Map(others.flat().flatMap((tree) => keysOf(tree).map((key) => [key, tree] as const)));
  const doubt = (name: string): string | undefined => {
    const tree = beside.get(name);
    return tree ? `var.${name} depends on which tfvars file is used, e.g. ${tree.source.path}` : outside(name);
  };
  const ways = alternatives.map((by): Way => ({ values: { given: [...always, by], doubt }, by: by.source.id }));
  const plain = loaded.find((tree) => nameOf(tree).startsWith('terraform.tfvars'));
  // A single file is for one environment, and another may use the defaults. Several are assumed to be all.
  const isWhole = alternatives.length === 1 && mayRunAlone;
  if (ways.length === 0 || plain || isWhole)
    ways.unshift({
      values: { given: always, doubt },
      ...(ways.length > 0 ? { by: plain?.source.id ?? 'no tfvars file' } : {}),
    });
  return ways;
}

/** Files in groups that share variables, the largest first. */
function alike(files: readonly Tree[]): Tree[][] {
  const groups: { readonly files: Tree[]; readonly keys: Set<string> }[] = [];
  for (const tree of files) {
    const keys = keysOf(tree);
    const near = groups.filter((group) => keys.some((key) => group.keys.has(key)));
    const merged = {
      files: [...near.flatMap((group) => group.files), tree],
      keys: new Set([...near.flatMap((group) => [...group.keys]), ...keys]),
    };
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => group.files).sort((a, b) => b.length - a.length);
}
