import { systemReason } from '#errors.ts';
import { isSkippedFolder } from '#syntax/file-names.ts';
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The folder walk is our own: a glob library reads names as strings, so a folder whose name contains a line break or
 * invalid UTF-8 would vanish with all its contents.
 */

/** The copies of modules that Go keeps in a repository (Go Modules Reference, Vendoring), with the tests of other projects. */
const isGoVendor = (folder: string, name: string): boolean =>
  name === 'vendor' && existsSync(join(folder, name, 'modules.txt'));

/**
 * What CDK packs for its stacks, code and charts (AWS CDK Developer Guide, Assets): the templates next to them are
 * read.
 */
const isAsset = (folder: string, name: string): boolean =>
  name.startsWith('asset.') && /(^|[/\\])cdk\.out$/.test(folder);

/** Limits of a walk: the rest is left out, and reported. */
export interface Bounds {
  /** Folder entries that are visited. */
  readonly entries: number;
  /** Files that are collected. */
  readonly files: number;
}

/** Paths as strings. A name that is not UTF-8 is shown with its bytes as `\xff`; the bytes themselves open the file. */
export class Paths {
  readonly #bytes = new Map<string, Buffer>();

  /** The form in which the file system accepts a path. */
  onDisk(path: string): string | Buffer {
    return this.#bytes.get(path) ?? path;
  }
  /** The path of an entry of a folder, given as bytes if its name is not valid UTF-8. */
  within(folder: string, name: string | Buffer): string {
    const base = this.#bytes.get(folder);
    let path = join(folder, typeof name === 'string' ? name : shownBytes(name));
    // Another file may have the displayed name as its real name.
    if (typeof name !== 'string') while (existsSync(path)) path += '~';
    if (typeof name !== 'string' || base)
      this.#bytes.set(path, Buffer.concat([base ?? Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]));
    return path;
  }
}

const shownBytes = (name: Buffer): string =>
  name.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);

/** What a walk skipped. */
export class Passed {
  /** Links, which are not followed. */
  readonly links = new Set<string>();
  /** Folders that cannot be read, and why. */
  readonly unread = new Map<string, string>();
  /** Folders that are skipped because of their name. */
  readonly skipped = new Set<string>();
  /** The first folder that was left out because of the bounds. */
  cut: string | undefined;
}

/** The requested files under a folder, by folder in the order of names; not its subfolders if `deep` is false. */
export function walk(
  top: string,
  isWanted: (name: string) => boolean,
  { paths, passed, bounds, deep = true }: { paths: Paths; passed: Passed; bounds: Bounds; deep?: boolean },
): string[] {
  const found: string[] = [];
  // Breadth first: files near the root matter most if a limit cuts the rest off.
  let level = [top];
  let seen = 0;
  while (level.length > 0) {
    const next: string[] = [];
    for (const folder of level) {
      if (seen >= bounds.entries || found.length >= bounds.files) {
        passed.cut ??= folder;
        return found;
      }
      for (const { name, entry } of entriesIn(folder, paths, passed)) {
        seen++;
        const path = paths.within(folder, name);
        const shown = typeof name === 'string' ? name : shownBytes(name);
        if (entry.isSymbolicLink()) passed.links.add(path);
        else if (entry.isDirectory()) {
          if (isSkippedFolder(shown) || isAsset(folder, shown) || isGoVendor(folder, shown)) passed.skipped.add(path);
          else if (deep) next.push(path);
        } else if (isWanted(shown)) found.push(path);
      }
    }
    level = next;
  }
  return found;
}

/** The entries of a folder in the order of their names, with names as bytes if they are not valid UTF-8. */
function entriesIn(
  folder: string,
  paths: Paths,
  passed: Passed,
): { readonly name: string | Buffer; readonly entry: Pick<Dirent, 'isSymbolicLink' | 'isDirectory'> }[] {
  const at = paths.onDisk(folder);
  try {
    const entries = readdirSync(at, { withFileTypes: true });
    const texts = entries.filter(({ name }) => !name.includes('\ufffd')).map((entry) => ({ name: entry.name, entry }));
    texts.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (texts.length === entries.length) return texts;
    const bytes = readdirSync(at, { withFileTypes: true, encoding: 'buffer' })
      .filter(({ name }) => name.toString().includes('\ufffd'))
      // The character itself may be part of a name.
      .map((entry) => ({
        name: Buffer.from(entry.name.toString()).equals(entry.name) ? entry.name.toString() : entry.name,
        entry,
      }));
    return [...texts, ...bytes];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') passed.unread.set(folder, systemReason(error));
    return [];
  }
}
