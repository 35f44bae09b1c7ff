import { closeSync, constants, type Dirent, fstatSync, existsSync, lstatSync, openSync, readdir, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Note } from '#model/finding.ts';
import type { Source } from '#syntax/tree.ts';
import { UserError } from '#errors.ts';
import { folderOf, type Layout } from './layout.ts';

export interface FoundFiles {
  readonly sources: Source[];
  readonly layout: Layout;
  readonly notes: Note[];
  /** The working directory as seen from the root of its repository. */
  readonly folder: string;
}

export interface FindOptions {
  readonly cwd: string;
  /** Paths or globs that the user named; empty = the whole workspace. */
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly fileBytes: number;
  /** The folder of the config file, where there is one. */
  readonly configFolder: string | undefined;
  /** Text of standard input and the name it goes by, where a path is `-`. */
  readonly stdin?: { readonly name: string; readonly text: string };
}

const patterns = ['**/*.{yaml,yml,json,tf,template}', '**/Kustomization'];
/** Never looked into: installed packages, version control, Terraform's downloads. */
const skipped = ['**/node_modules/**', '**/.git/**', '**/.terraform/**'];
/** JSON files that tools of the JavaScript world keep everywhere and that hold no object of ours. */
const foreignFiles = new Set(['package.json', 'package-lock.json', 'tsconfig.json', 'composer.json', '.oxlintrc.json']);

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** The nearest folder upwards that holds `.git`, or undefined. */
export function findGitRoot(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(resolve(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * Finds and reads the files of a run. Files under the workspace root that nobody named are read as context. A named path outside the
 * root is a root of its own. Links that leave the root, devices and files above the limit are not read, and said.
 * @throws UserError for a named path that does not exist.
 */
export async function findFiles(options: FindOptions): Promise<FoundFiles> {
  const { cwd } = options;
  const notes: Note[] = [];
  const gitRoot = findGitRoot(cwd);
  const home = options.configFolder ?? gitRoot ?? cwd;
  const wanted = new Map<string, { root: string; target: boolean }>();
  const named = options.paths.filter((path) => path !== '-');
  const sources: Source[] = [];
  if (options.stdin) sources.push({ id: options.stdin.name, path: options.stdin.name, text: options.stdin.text, target: true });

  const passed = new Passed();
  const folders: string[] = [];
  for (const path of named) {
    const full = resolve(cwd, path);
    if (existsSync(full)) {
      if (leavesRoot(full, home)) notes.push(note('skipped', slashes(relative(cwd, full)), leaves));
      else if (statSync(full).isDirectory()) folders.push(full);
      else wanted.set(full, { root: rootOf(full, home, false), target: true });
      continue;
    }
    const matches = /[*?{[]/.test(path) ? await glob([path], cwd, options.exclude, passed) : [];
    if (matches.length === 0) throw new UserError(`${path}: no such file or folder`, { hint: 'Check the spelling; paths are relative to the working directory.' });
    for (const match of matches) if (!leavesRoot(match, home)) wanted.set(match, { root: rootOf(match, home, false), target: true });
  }
  if (named.length === 0 && !options.stdin) folders.push(home === cwd || inside(cwd, home) ? cwd : home);
  for (const folder of folders) {
    const include = options.include.length > 0 && inside(folder, home) ? options.include : patterns;
    const base = options.include.length > 0 && inside(folder, home) ? home : folder;
    for (const file of await glob(include, base, options.exclude, passed)) if (inside(file, folder) && !wanted.has(file)) wanted.set(file, { root: rootOf(folder, home, true), target: true });
  }
  // Single files are judged with their workspace around them; whole folders outside it bring their own.
  const needsContext = [...wanted.values()].some((one) => one.root === home) || folders.some((folder) => inside(folder, home));
  if (needsContext && folders.every((folder) => folder !== home)) {
    const include = options.include.length > 0 ? options.include : patterns;
    for (const file of await glob(include, home, options.exclude, new Passed())) if (!wanted.has(file)) wanted.set(file, { root: home, target: false });
  }

  const outer = new Set([...wanted.values()].filter(({ root }) => root !== home).map(({ root }) => pathIn(root, root, home).replace(/\/$/, '')));
  const charts = new Set<string>();
  const kustomizations = new Set<string>();
  const ordered = [...wanted].map(([file, { root, target }]) => ({ file, root, target, path: pathIn(root, file, home) })).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path } of ordered) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === 'Chart.yaml') charts.add(folderOf(path));
    else if (/^(kustomization\.ya?ml|Kustomization)$/.test(name)) kustomizations.add(folderOf(path));
  }
  const templates: Record<string, number> = {};
  for (const { file, root, target, path } of ordered) {
    const chart = chartOf(path, charts);
    if (chart !== undefined) {
      if (target) templates[chart] = (templates[chart] ?? 0) + 1;
      continue;
    }
    if (foreignFiles.has(path.slice(path.lastIndexOf('/') + 1))) continue;
    const id = slashes(relative(cwd, file));
    const read = readText(file, root, options.fileBytes);
    if (typeof read === 'string') sources.push({ id, path, text: read, target });
    else if (target) notes.push(note(read.kind, id, read.why));
  }
  const roots = [home, ...[...wanted.values()].map(({ root }) => root), ...folders.filter((folder) => !inside(folder, home))];
  notes.push(...passed.notes(cwd, [...new Set(roots)]));
  const count = Object.values(templates).reduce((sum, one) => sum + one, 0);
  if (count > 0) {
    const names = Object.keys(templates);
    notes.push({ kind: 'unrendered', message: `Helm ${names.length === 1 ? 'chart' : 'charts'} not rendered (${count} templates): pipe \`helm template\` into \`ekslint -\``, count: names.length });
  }
  return { sources, layout: { charts, kustomizations, roots: outer }, notes, folder: slashes(relative(gitRoot ?? cwd, cwd)) };
}

/** The chart whose template a path is: under `templates/` of a folder with a Chart.yaml. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  if (charts.size === 0) return undefined;
  for (let at = path.indexOf('/templates/'); at >= 0; at = path.indexOf('/templates/', at + 1)) if (charts.has(path.slice(0, at))) return path.slice(0, at);
  return charts.has('') && path.startsWith('templates/') ? '' : undefined;
}

const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Whether a path inside the root leads out of it by a link somewhere on its way. */
const leavesRoot = (path: string, home: string): boolean => inside(path, home) && !inside(realpathSync(path), realpathSync(home));

/** The workspace root a named path belongs to: the one of the run, or its own. */
function rootOf(path: string, home: string, isFolder: boolean): string {
  if (inside(path, home)) return home;
  return isFolder ? path : dirname(path);
}

/** Path relative to its root; files of other roots get a prefix, so that two roots never meet. */
function pathIn(root: string, file: string, home: string): string {
  const path = slashes(relative(root, file));
  return root === home ? path : `${slashes(relative(home, root))}/${path}`;
}

/** What a walk over folders passes by: links, which it does not follow, and folders that cannot be read. */
class Passed {
  readonly #links = new Set<string>();
  readonly #unread = new Map<string, string>();

  /** `readdir` for fast-glob, which keeps an eye on what the walk leaves out. */
  readonly readdir = (folder: string, options: { withFileTypes: true }, callback: (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void): void =>
    readdir(folder, options, (error, entries) => {
      if (error && error.code !== 'ENOENT') this.#unread.set(folder, error.code ?? error.message);
      for (const entry of entries ?? []) if (entry.isSymbolicLink()) this.#links.add(resolve(folder, entry.name));
      callback(error, entries);
    });

  /** A link inside the workspace leads to what is read by its own name; one that leaves it is said, if it leads to a folder or a file of a kind we read. */
  notes(cwd: string, roots: readonly string[]): Note[] {
    const real = roots.map((root) => realpathSync(root));
    const found = [...this.#unread].map(([folder, why]): Note => note('incomplete', slashes(relative(cwd, folder)), `not read: ${why}`));
    for (const link of this.#links) {
      const target = realTarget(link);
      if (target === undefined || real.some((root) => inside(target, root))) continue;
      if (/\.(ya?ml|json|tf|template)$/.test(link) || statSync(target).isDirectory()) found.push(note('skipped', slashes(relative(cwd, link)), leaves));
    }
    return found.sort((a, b) => (a.message < b.message ? -1 : 1));
  }
}

const leaves = 'not read: the link leaves the workspace';
const note = (kind: Note['kind'], id: string, why: string): Note => ({ kind, message: `${id}: ${why}`, at: { source: id, path: '' } });

/** Where a link leads; undefined for one that leads nowhere or in a circle. */
function realTarget(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

async function glob(wanted: readonly string[], cwd: string, exclude: readonly string[], passed: Passed): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob');
  return fastGlob([...wanted], {
    cwd, absolute: true, dot: false, onlyFiles: true, followSymbolicLinks: false, ignore: [...skipped, ...exclude], suppressErrors: true, fs: { readdir: passed.readdir as never },
  });
}

function readText(file: string, root: string, limit: number): string | { kind: Note['kind']; why: string } {
  let handle: number | undefined;
  try {
    if (lstatSync(file).isSymbolicLink() && !inside(realpathSync(file), realpathSync(root))) return { kind: 'skipped', why: leaves };
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: 'incomplete', why: 'not read: no regular file' };
    if (stat.size > limit) return { kind: 'incomplete', why: `not read: ${stat.size} bytes, the limit is ${limit} (limits.fileBytes)` };
    return decode(readFileSync(handle));
  } catch (error) {
    return { kind: 'incomplete', why: `not read: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** UTF-8, or UTF-16 with a byte order mark. */
function decode(bytes: Buffer): string | { kind: Note['kind']; why: string } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes);
  const text = bytes.toString('utf8');
  if (text.includes('\ufffd') && Buffer.byteLength(text) !== bytes.length) return { kind: 'incomplete', why: `not read: not UTF-8 at byte ${firstInvalid(bytes)}` };
  return text;
}

function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at++;
  return at;
}
