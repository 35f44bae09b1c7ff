import { relative, resolve, sep } from 'node:path';
import { pathMatcher } from '#model/glob.ts';
import { isHclName, isKustomizationName } from '#syntax/file-names.ts';
import type { Source } from '#syntax/tree.ts';
import { chartOf, decode, type FindOptions, type FoundFiles, isForeign } from './files.ts';
import { readCommit } from './git.ts';
import { folderOf } from './layout.ts';

/** Names of files that a run reads. */
const readable = /\.(?:[yY][aA]?[mM][lL]|[jJ][sS][oO][nN]|template)$|(^|\/)(?:Kustomization|samconfig\.toml)$/;
const isReadable = (path: string): boolean => readable.test(path) || isHclName(path);
/** Names in strings of Terraform files. */
const mentioned = /\.(?:tpl|tftpl|tmpl)$/;
const skipped = /(^|\/)(node_modules|\.terraform)\//;

/**
 * The files of a commit in the same form as those on disk, under the same names: a file that exists on disk is a target
 * or context in both, so that findings can be compared. Files that only the commit has are context.
 */
export async function findCommittedFiles(
  commit: string,
  gitRoot: string,
  now: FoundFiles,
  { cwd, configFolder, include, exclude, fileBytes }: FindOptions,
): Promise<FoundFiles> {
  const home = configFolder ?? gitRoot;
  const seenFrom = (folder: string, path: string): string =>
    relative(folder, resolve(gitRoot, path)).split(sep).join('/');
  const targets = new Set(now.sources.filter(({ target }) => target).map(({ id }) => id));
  const known = new Set(now.sources.map(({ id }) => id));
  const [included, excluded] = [pathMatcher(include), pathMatcher(exclude)];
  const outer = [...(now.layout.roots ?? [])];
  const isRead = (path: string): boolean => {
    if (mentioned.test(path)) return true;
    if (!isReadable(path) && !known.has(seenFrom(cwd, path))) return false;
    const seen = seenFrom(home, path);
    if (known.has(seenFrom(cwd, path))) return true;
    if (seen.startsWith('../')) return outer.some((root) => seen.startsWith(`${root}/`));
    return !skipped.test(seen) && !excluded(seen) && (include.length === 0 || included(seen));
  };
  const files = (await readCommit(gitRoot, commit, '--new-since', isRead, fileBytes))
    .map(({ path, bytes }) => ({ bytes, id: seenFrom(cwd, path), path: seenFrom(home, path) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

  const charts = new Set(files.filter(({ path }) => /(^|\/)Chart\.yaml$/.test(path)).map(({ path }) => folderOf(path)));
  const kustomizations = new Set(
    files.filter(({ path }) => isKustomizationName(path)).map(({ path }) => folderOf(path)),
  );
  const sources: Source[] = [];
  const texts = new Map<string, string>();
  for (const { id, path, bytes } of files) {
    if (mentioned.test(path) && !known.has(id)) {
      const text = decode(bytes);
      if (typeof text === 'string') texts.set(path, text);
      continue;
    }
    // Files that a kustomization lists are read from disk whatever their names, and so they are here.
    if (!known.has(id) && (chartOf(path, charts) !== undefined || isForeign(path))) continue;
    const text = decode(bytes);
    if (typeof text === 'string') sources.push({ id, path, text, target: targets.has(id) });
    else if (text.kind === 'broken') sources.push({ id, path, text: '', target: targets.has(id), broken: text.why });
  }
  return {
    sources,
    layout: {
      charts,
      kustomizations,
      files: new Set(files.map(({ path }) => path)),
      textOf: (path) => texts.get(path) ?? sources.find((source) => source.path === path)?.text,
      ...(now.layout.links ? { links: now.layout.links } : {}),
      ...(now.layout.roots ? { roots: now.layout.roots } : {}),
    },
    notes: [],
    folder: now.folder,
  };
}
