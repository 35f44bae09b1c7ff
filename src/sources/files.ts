import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  existsSync,
  lstatSync,
  openSync,
  readdir,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Note } from '#model/finding.ts';
import type { Source } from '#syntax/tree.ts';
import { UserError } from '#errors.ts';
import { isGlob, type Matcher, pathMatcher } from '#model/glob.ts';
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
  /** A glob may match nothing. */
  readonly allowEmpty?: boolean;
  /** Text of standard input and the name it goes by, where a path is `-`. */
  readonly stdin?: { readonly name: string; readonly text: string };
}

const patterns = ['**/*.{yaml,yml,json,tf,tofu,tfvars,template}', '**/Kustomization'];
/** Never looked into: installed packages, version control, Terraform's downloads. */
const skipped = ['**/node_modules/**', '**/.git/**', '**/.terraform/**'];
/** JSON files that tools of the JavaScript world keep everywhere and that hold no object of ours, and our own config. */
const foreignFiles = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'composer.json',
  '.oxlintrc.json',
  'ekslint.yaml',
  'ekslint.yml',
  'ekslint.json',
  '.ekslint.yaml',
]);

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
 * root is a root of its own. Links that leave the root, devices and files above the limit are not read, and said. A link that stays
 * inside stands for what it leads to: code hosts show nothing on a link, and no file may be judged twice.
 * @throws UserError for a named path that does not exist.
 */
export async function findFiles(options: FindOptions): Promise<FoundFiles> {
  const { cwd } = options;
  if (!existsSync(cwd)) throw new UserError(`${cwd}: no such folder`);
  const notes: Note[] = [];
  const gitRoot = findGitRoot(cwd);
  const home = options.configFolder ?? gitRoot ?? cwd;
  const realHome = realpathSync(home);
  const atHome = (path: string): string => {
    const real = realpathSync(path);
    return inside(real, realHome) ? resolve(home, relative(realHome, real)) : path;
  };
  const excluded = pathMatcher(options.exclude);
  const isExcluded = (file: string, root: string): boolean => excluded(slashes(relative(root, file)));
  const wanted = new Map<string, { root: string; target: boolean }>();
  const named = options.paths.filter((path) => path !== '-');
  const sources: Source[] = [];
  if (options.stdin)
    sources.push({ id: options.stdin.name, path: options.stdin.name, text: options.stdin.text, target: true });

  const passed = new Passed();
  const folders: string[] = [];
  for (const path of named) {
    const full = resolve(cwd, path);
    if (existsSync(full)) {
      const file = atHome(full);
      // Whoever names a path wants to know about it: passing over it must not be green.
      if (leavesRoot(file, home)) notes.push(note('incomplete', slashes(relative(cwd, full)), leaves));
      else if (statSync(file).isDirectory()) folders.push(file);
      else wanted.set(file, { root: rootOf(file, home, false), target: true });
      continue;
    }
    if (!isGlob(path))
      throw new UserError(`${path}: no such file or folder`, {
        hint: 'Check the spelling; paths are relative to the working directory.',
      });
    const matches = (await expand(path, cwd, passed)).map(atHome).filter((match) => !leavesRoot(match, home));
    const chosen = matches
      .map((file) => ({ file, root: rootOf(file, home, false) }))
      .filter(({ file, root }) => !isExcluded(file, root));
    if (chosen.length === 0 && options.allowEmpty !== true)
      throw new UserError(`${path}: no file matches`, {
        hint: 'Check the spelling, or pass --allow-empty if that is as it should be.',
      });
    for (const { file, root } of chosen) wanted.set(file, { root, target: true });
  }
  if (named.length === 0 && !options.stdin) folders.push(home === cwd || inside(cwd, home) ? cwd : home);
  const chosenIn = async (folder: string, seen: Passed): Promise<string[]> => {
    const atOnce = options.include.length === 0 || !inside(folder, home);
    const root = rootOf(folder, home, true);
    const files = atOnce ? await walk(patterns, folder, seen) : await matching(options.include, home, seen);
    return files.filter((file) => inside(file, folder) && !isExcluded(file, root));
  };
  for (const folder of folders)
    for (const file of await chosenIn(folder, passed))
      if (!wanted.has(file)) wanted.set(file, { root: rootOf(folder, home, true), target: true });
  // Single files are judged with their workspace around them; whole folders outside it bring their own.
  const needsContext =
    [...wanted.values()].some((one) => one.root === home) || folders.some((folder) => inside(folder, home));
  if (needsContext && folders.every((folder) => folder !== home))
    for (const file of await chosenIn(home, new Passed()))
      if (!wanted.has(file)) wanted.set(file, { root: home, target: false });

  const outer = new Set(
    [...wanted.values()]
      .filter(({ root }) => root !== home)
      .map(({ root }) => pathIn(root, root, home).replace(/\/$/, '')),
  );
  const charts = new Set<string>();
  const kustomizations = new Set<string>();
  const ordered = [...wanted]
    .map(([file, { root, target }]) => ({ file, root, target, path: pathIn(root, file, home) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path } of ordered) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === 'Chart.yaml') charts.add(folderOf(path));
    else if (/^(kustomization\.ya?ml|Kustomization)$/.test(name)) kustomizations.add(folderOf(path));
  }
  const unrendered = new Set<string>();
  for (const { file, root, target, path } of ordered) {
    const chart = chartOf(path, charts);
    if (chart !== undefined) {
      if (target) unrendered.add(slashes(relative(cwd, resolve(home, chart))) || '.');
      continue;
    }
    if (isForeign(path)) continue;
    const id = slashes(relative(cwd, file));
    const read = readText(file, root, options.fileBytes);
    if (typeof read === 'string') sources.push({ id, path, text: read, target });
    else if (read.kind === 'broken') sources.push({ id, path, text: '', target, broken: read.why });
    else if (target) notes.push(note(read.kind, id, read.why));
  }
  const roots = [
    home,
    ...[...wanted.values()].map(({ root }) => root),
    ...folders.filter((folder) => !inside(folder, home)),
  ];
  notes.push(
    ...passed.notes(cwd, [...new Set(roots)], (path) =>
      roots.some((root) => inside(path, root) && (isExcluded(path, root) || isExcluded(`${path}/x`, root))),
    ),
  );
  if (unrendered.size > 0) {
    const some =
      [...unrendered].slice(0, 3).join(', ') + (unrendered.size > 3 ? ` and ${unrendered.size - 3} more` : '');
    notes.push({
      kind: 'unrendered',
      message: `Helm ${unrendered.size === 1 ? 'chart' : 'charts'} not rendered (${some}): pipe \`helm template\` into \`ekslint -\``,
      count: unrendered.size,
    });
  }
  return {
    sources,
    layout: { charts, kustomizations, files: new Set(ordered.map(({ path }) => path)), roots: outer },
    notes,
    folder: slashes(relative(gitRoot ?? cwd, cwd)),
  };
}

/** Whether a file has a name of foreignFiles. */
export const isForeign = (path: string): boolean => foreignFiles.has(path.slice(path.lastIndexOf('/') + 1));

/** The chart whose template a path is: under `templates/` of a folder with a Chart.yaml. */
export function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  if (charts.size === 0) return undefined;
  for (let at = path.indexOf('/templates/'); at >= 0; at = path.indexOf('/templates/', at + 1))
    if (charts.has(path.slice(0, at))) return path.slice(0, at);
  return charts.has('') && path.startsWith('templates/') ? '' : undefined;
}

const inside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Whether a path inside the root leads out of it by a link somewhere on its way. */
const leavesRoot = (path: string, home: string): boolean =>
  inside(path, home) && !inside(realpathSync(path), realpathSync(home));

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
  readonly readdir = (
    folder: string,
    options: { withFileTypes: true },
    callback: (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void,
  ): void =>
    readdir(folder, options, (error, entries) => {
      if (error && error.code !== 'ENOENT') this.#unread.set(folder, error.code ?? error.message);
      for (const entry of entries ?? []) if (entry.isSymbolicLink()) this.#links.add(resolve(folder, entry.name));
      callback(error, entries);
    });

  /** A link inside the workspace leads to what is read by its own name; one that leaves it is said, if it leads to a folder or a file of a kind we read. */
  notes(cwd: string, roots: readonly string[], isExcluded: Matcher): Note[] {
    const real = roots.map((root) => realpathSync(root));
    const found = [...this.#unread]
      .filter(([folder]) => !isExcluded(folder))
      .map(([folder, why]): Note => note('incomplete', slashes(relative(cwd, folder)), `not read: ${why}`));
    for (const link of this.#links) {
      const target = realTarget(link);
      if (target === undefined || isExcluded(link) || real.some((root) => inside(target, root))) continue;
      if (/\.(ya?ml|json|tf|tofu|tfvars|template)$/.test(link) || statSync(target).isDirectory())
        found.push(note('skipped', slashes(relative(cwd, link)), leaves));
    }
    return found.sort((a, b) => ((a.at?.source ?? '') < (b.at?.source ?? '') ? -1 : 1));
  }
}

const leaves = 'not read: the link leaves the workspace';
const note = (kind: Note['kind'], id: string, why: string): Note => ({
  kind,
  message: why,
  at: { source: id, path: '' },
});

/** Where a link leads; undefined for one that leads nowhere or in a circle. */
function realTarget(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

/** Files under a folder. Only patterns of our own go in here: fast-glob takes exponential time over some. */
async function walk(wanted: readonly string[], folder: string, passed: Passed, dot = false): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob');
  return fastGlob([...wanted], {
    cwd: folder,
    absolute: true,
    dot,
    onlyFiles: true,
    followSymbolicLinks: false,
    ignore: skipped,
    suppressErrors: true,
    fs: { readdir: passed.readdir as never },
  });
}

/** Files under a folder that match one of the patterns. Names that begin with a dot match only where a pattern writes the dot. */
async function matching(wanted: readonly string[], folder: string, passed: Passed): Promise<string[]> {
  const dotted = wanted.filter((pattern) => /(^|\/)\.[^./]/.test(pattern));
  const [shown, hidden] = [pathMatcher(wanted), pathMatcher(dotted)];
  const files = await walk(['**'], folder, passed, dotted.length > 0);
  return files.filter((file) => {
    const path = slashes(relative(folder, file));
    return /(^|\/)\./.test(path) ? hidden(path) : shown(path);
  });
}

/** Files that a glob of the command line matches: the walk begins where its first wildcard stands. */
async function expand(pattern: string, cwd: string, passed: Passed): Promise<string[]> {
  const steps = slashes(pattern).split('/');
  const first = steps.findIndex(isGlob);
  const folder = resolve(cwd, steps.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.'));
  return existsSync(folder) ? matching([steps.slice(first).join('/')], folder, passed) : [];
}

function readText(file: string, root: string, limit: number): string | Unread {
  let handle: number | undefined;
  try {
    if (lstatSync(file).isSymbolicLink() && !inside(realpathSync(file), realpathSync(root)))
      return { kind: 'skipped', why: leaves };
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: 'incomplete', why: 'not read: no regular file' };
    if (stat.size > limit)
      return { kind: 'incomplete', why: `not read: ${stat.size} bytes, the limit is ${limit} (limits.fileBytes)` };
    return decode(readFileSync(handle));
  } catch (error) {
    return { kind: 'incomplete', why: `not read: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Why there is no text: `broken` for bytes that nobody can read, which is a finding. */
interface Unread {
  readonly kind: Note['kind'] | 'broken';
  readonly why: string;
}

/** The text of UTF-8, or of UTF-16 with a byte order mark, or why there is none. */
export function decode(bytes: Buffer): string | Unread {
  const wide = wideOrder(bytes);
  if (wide !== undefined) return new TextDecoder(wide, { ignoreBOM: true }).decode(bytes);
  const text = bytes.toString('utf8');
  // UTF-16 without a mark, or no text at all. YAML, JSON and Terraform know no NUL, so nothing that could be applied is lost.
  if (text.includes('\0')) return { kind: 'broken', why: `no text, NUL at byte ${bytes.indexOf(0)}` };
  if (text.includes('\ufffd') && Buffer.byteLength(text) !== bytes.length)
    return { kind: 'broken', why: `not UTF-8 at byte ${firstInvalid(bytes)}` };
  return text;
}

const wideOrder = (bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;

/** A text in the encoding that some bytes have. */
export function encodeLike(bytes: Buffer, text: string): Buffer {
  const wide = wideOrder(bytes);
  const encoded = Buffer.from(text, wide === undefined ? 'utf8' : 'utf16le');
  return wide === 'utf-16be' ? encoded.swap16() : encoded;
}

function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at++;
  return at;
}
