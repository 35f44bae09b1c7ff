import type { Note } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { graft, type Origin, settleIn } from '#syntax/graft.ts';
import { Expression } from '#syntax/hcl.ts';
import { locate, locationAt, type Tree } from '#syntax/tree.ts';

/*
 * Override files: Terraform merges their blocks into those of the other files (Terraform Language, Override Files). An
 * argument replaces the argument with that name, and blocks of a type replace all blocks of that type; only `lifecycle`
 * is merged argument by argument.
 */

type Data = Record<string, unknown>;
const isOverride = ({ source }: Tree): boolean => /(?:^|\/|_)override\.(?:tf|tofu)(?:\.json)?$/.test(source.path);
/** OpenTofu reads these in addition to those of Terraform (OpenTofu documentation, Files and Directories). */
const isTofu = ({ source }: Tree): boolean => /\.tofu(?:\.json)?$/.test(source.path);
/** Blocks that are merged, and how many labels identify one. Locals are overridden one by one: the later file wins. */
const merged = { resource: 2, data: 2, module: 1, variable: 1, output: 1, provider: 1 } as const;

const isBody = (value: unknown): value is Data => isRecord(value) && !(value instanceof Expression);
const bodiesIn = (value: unknown): readonly Data[] => (Array.isArray(value) ? value : [value]).filter(isBody);

/** A map with some entries of another, which keep their locations. */
function withEntries(map: Data, home: Tree, more: Readonly<Data>, originOf: (key: string) => Origin): Data {
  const entries = new Map(Object.keys(more).map((key) => [key, originOf(key)]));
  return graft(Object.assign(Object.create(null) as Data, map, more), { tree: home, on: map }, entries);
}
/** A map without some entries. */
function without(map: Data, home: Tree, keys: readonly string[]): Data {
  const kept = Object.entries(map).filter(([key]) => !keys.includes(key));
  return graft(Object.assign(Object.create(null) as Data, Object.fromEntries(kept)), { tree: home, on: map });
}

/** A block with the changes from an override file. A `dynamic` block creates blocks of the type that is its label. */
function overridden(block: Data, home: Tree, over: Data, tree: Tree): Data {
  const { dynamic, lifecycle, ...plain } = over;
  const repeated = isBody(dynamic) ? dynamic : {};
  const more: Data = { ...plain };
  const old: unknown = block['dynamic'];
  if (isBody(old) || isBody(dynamic))
    more['dynamic'] = withEntries(isBody(old) ? without(old, home, Object.keys(plain)) : {}, home, repeated, (key) => ({
      tree,
      on: repeated,
      key,
    }));
  const [before] = bodiesIn(block['lifecycle']);
  const [after] = bodiesIn(lifecycle);
  if (after) more['lifecycle'] = before ? withEntries(before, home, after, (key) => ({ tree, on: after, key })) : after;
  const kept = Object.keys(repeated).some((key) => Object.hasOwn(block, key))
    ? without(block, home, Object.keys(repeated))
    : block;
  return withEntries(kept, home, more, (key) =>
    Object.hasOwn(over, key) ? { tree, on: over, key } : { tree: home, on: block, key },
  );
}

/**
 * What is below a type of blocks, with the blocks of an override file merged in; `met` is called for each that matched
 * one.
 */
function laidOver(
  value: unknown,
  home: Tree,
  over: unknown,
  tree: Tree,
  labels: number,
  met: (over: object) => void,
): unknown {
  if (labels > 0) {
    if (!isBody(value) || !isBody(over)) return value;
    const more = Object.entries(over).flatMap(([label, one]): [string, unknown][] => {
      if (!Object.hasOwn(value, label)) return [];
      const next = laidOver(value[label], home, one, tree, labels - 1, met);
      return next === value[label] ? [] : [[label, next]];
    });
    if (more.length === 0) return value;
    return withEntries(value, home, Object.fromEntries(more), (key) => ({ tree: home, on: value, key }));
  }
  const isMeant = (block: Data, by: Data): boolean => block['alias'] === by['alias'];
  const layAll = (block: Data): Data =>
    bodiesIn(over).reduce((made, by) => {
      if (!isMeant(made, by)) return made;
      met(by);
      return overridden(made, home, by, tree);
    }, block);
  if (!Array.isArray(value)) return isBody(value) ? layAll(value) : value;
  return graft(
    value.map((one: unknown) => (isBody(one) ? layAll(one) : one)),
    { tree: home, on: value },
  );
}

/** The blocks of a file that are merged, each with its name: `aws_eks_cluster.main`. */
function* blocksOf(root: Data): Generator<{ readonly name: string; readonly holder: object; readonly key: string }> {
  for (const [type, labels] of Object.entries(merged)) {
    const top = root[type];
    if (!isBody(top)) continue;
    for (const [label, one] of Object.entries(top))
      if (labels === 1)
        yield { name: type === 'variable' ? `var.${label}` : `${type}.${label}`, holder: top, key: label };
      else if (isBody(one))
        for (const key of Object.keys(one))
          yield { name: `${type === 'data' ? 'data.' : ''}${label}.${key}`, holder: one, key };
  }
}

/** The files of one folder with the override files merged into the others, in the order of their names. */
export function withOverrides(trees: readonly Tree[]): { readonly files: readonly Tree[]; readonly notes: Note[] } {
  const overrides = trees
    .filter((tree) => isOverride(tree) && isRecord(tree.root))
    .sort((a, b) => (a.source.path < b.source.path ? -1 : 1));
  const notes: Note[] = [];
  if (overrides.length === 0) return { files: trees, notes };
  let files = trees.filter((tree) => !isOverride(tree) && isRecord(tree.root));
  for (const tree of [...files, ...overrides]) settleIn(tree.root, tree);
  for (const tree of overrides) {
    const over = tree.root as Data;
    const met = new Set<object>();
    let isForOpenTofu = false;
    files = files.map((file) => {
      const root = file.root as Data;
      const more = Object.entries(merged).flatMap(([type, labels]): [string, unknown][] => {
        const next = laidOver(root[type], file, over[type], tree, labels, (by) => met.add(by));
        return next === root[type] ? [] : [[type, next]];
      });
      if (more.length === 0) return file;
      isForOpenTofu ||= isTofu(tree) && !isTofu(file);
      return {
        ...file,
        root: withEntries(root, file, Object.fromEntries(more), (key) => ({ tree: file, on: root, key })),
      };
    });
    if (isForOpenTofu)
      notes.push({
        kind: 'partial',
        message: 'only OpenTofu reads this file, so its overrides are not judged',
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
    for (const { name, holder, key } of blocksOf(over))
      if (bodiesIn((holder as Data)[key]).some((body) => !met.has(body)))
        notes.push({
          kind: 'incomplete',
          message: `no file declares ${name}, which this file overrides, so Terraform rejects the folder`,
          at: locate(tree, holder, key),
        });
  }
  const locals = overrides
    .filter(({ root }) => Object.hasOwn(root as Data, 'locals'))
    .map((tree) => ({
      ...tree,
      root: graft({ locals: (tree.root as Data)['locals'] }, { tree, on: tree.root as Data }),
    }));
  return { files: [...files, ...locals], notes };
}
