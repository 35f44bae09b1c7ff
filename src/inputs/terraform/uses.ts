import type { Variant } from '#model/resource.ts';
import type { Field } from '#spelling/field.ts';
import { isRecord } from '#model/shape.ts';
import { Expression } from '#syntax/expression.ts';
import type { Tree } from '#syntax/tree.ts';
import { Scope, type Values } from './scope.ts';
import type { Locate } from './sources.ts';
import { mostWays, type Way, waysOf } from './values.ts';
import type { Work } from './work.ts';

/* Which folders are applied, and which they call as modules. */

/** One use of a folder, and the values file with which it is applied, if there are several. */
export interface Use {
  readonly scope: Scope;
  /** The folder that Terraform runs in. */
  readonly root: string;
  /** The use of that folder. */
  readonly top: Scope;
  /** The same text for uses that are known to have the same provider of AWS. */
  readonly provider: string;
  readonly variant: Variant | undefined;
}
/** A module that is not read: its block, and where it comes from. */
export interface Unread {
  readonly block: Field;
  readonly label: string;
  readonly source: string;
  /** The outermost call that leads to it, or its own block. */
  readonly outermost: Field;
  readonly root: string;
}
export interface Uses {
  readonly uses: Use[];
  readonly unread: Unread[];
  /** Roots that are applied in more ways than are evaluated. */
  readonly cut: readonly { readonly folder: string; readonly ways: number }[];
  /** The maximum number of module uses, if there are more. */
  readonly mostUses: number | undefined;
}

/** Maximum depth of module calls. */
const deepest = 20;
/** Uses of folders in one run. */
const mostUses = 1000;

const bodies = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : [value]).filter(isRecord);
export const labelsOf = (trees: readonly Pick<Tree, 'root'>[], kind: string): [string, Record<string, unknown>][] =>
  trees
    .flatMap(({ root }) => (isRecord(root) && isRecord(root[kind]) ? Object.entries(root[kind]) : []))
    .flatMap(([label, value]) => bodies(value).map((body): [string, Record<string, unknown>] => [label, body]));

/** The provider that a module call gives, or that of the caller. */
function passedBy(call: Field, provider: string): string {
  const { absent, found } = call.get('providers').get('aws');
  if (absent) return provider;
  const name = found instanceof Expression ? found.text : String(found);
  return name === 'aws' ? provider : `${provider} ${name}`;
}

/**
 * All uses of the folders: a folder that others call is read once for each call, the others once for each values file.
 */
export function usesOf(
  folders: ReadonlyMap<string, readonly Tree[]>,
  {
    values,
    doubtIn,
    locate,
    isElsewhere,
    work,
    file,
  }: {
    readonly values: ReadonlyMap<string, Parameters<typeof waysOf>[0]>;
    /** Why something that is not read may set variables of a root. */
    readonly doubtIn: (folder: string) => string | undefined;
    readonly locate: Locate;
    /** Whether links to all files of a folder are in others, so that Terraform need not run in it. */
    readonly isElsewhere: (folder: string) => boolean;
    readonly work: Work;
    readonly file: (path: string) => string | undefined;
  },
): Uses {
  const uses: Use[] = [];
  const unread: Unread[] = [];
  const cut: { folder: string; ways: number }[] = [];
  const entered = new Set<string>();
  let made = 0;
  let isCut = false;
  const scopeOf = (
    folder: string,
    root: string,
    calls: readonly Field[],
    chain: readonly string[],
    given?: Values,
  ): Scope =>
    new Scope(folders.get(folder) ?? [], {
      folder,
      root,
      calls,
      ...(given ? { values: given } : {}),
      work,
      file,
      child(block) {
        const target = locate(folder, block.get('source').value);
        const isFollowed = target !== undefined && folders.has(target) && !chain.includes(target);
        if (!isFollowed || chain.length >= deepest) return undefined;
        if (made++ >= mostUses) {
          isCut = true;
          return undefined;
        }
        return scopeOf(target, root, [...calls, block], [...chain, target]);
      },
    });
  const enter = (scope: Scope, root: string, variant: Variant | undefined, top = scope, given = ''): void => {
    entered.add(scope.folder);
    const provider = scope !== top && scope.provider ? `own ${uses.length}` : given;
    uses.push({ scope, root, top, provider, variant });
    for (const [label, block] of scope.blocks('module')) {
      const child = scope.childOf(label, block);
      const { value: source } = block.get('source');
      if (child) enter(child, root, variant, top, passedBy(block, provider));
      else
        unread.push({
          block,
          label,
          source: typeof source === 'string' ? source : '',
          outermost: scope.calls[0] ?? block,
          root,
        });
    }
  };
  const enterRoot = (folder: string, trees: readonly Tree[]): void => {
    const declared = labelsOf(trees, 'variable');
    const variables = new Set(declared.map(([name]) => name));
    const required = new Set(declared.flatMap(([name, on]) => (Object.hasOwn(on, 'default') ? [] : [name])));
    const outside = doubtIn(folder);
    const all: Way[] = waysOf(values.get(folder) ?? { loaded: [], named: [] }, variables, {
      outside: () => outside,
      required,
    });
    if (all.length > mostWays) cut.push({ folder, ways: all.length });
    const ways = all.slice(0, mostWays);
    for (const { values: given, by } of ways) {
      const variant =
        by !== undefined && ways.length > 1 ? { by, of: ways.length, namespace: '', with: true } : undefined;
      enter(scopeOf(folder, folder, [], [folder], given), folder, variant);
    }
  };
  const called = new Set(
    [...folders].flatMap(([folder, trees]) =>
      labelsOf(trees, 'module')
        .map(([, { source }]) => locate(folder, source))
        .filter((target) => target !== folder),
    ),
  );
  // A folder with its own values files is also run directly.
  for (const [folder, trees] of folders)
    if (!isElsewhere(folder) && (!called.has(folder) || values.has(folder))) enterRoot(folder, trees);
  for (const [folder, trees] of folders) if (!entered.has(folder) && !isElsewhere(folder)) enterRoot(folder, trees);
  return { uses, unread, cut, mostUses: isCut ? mostUses : undefined };
}
