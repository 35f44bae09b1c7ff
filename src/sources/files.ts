import {
  closeSync,
  constants,
  fstatSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Note } from '#model/finding.ts';
import { isHclName, isKustomizationName, isSamConfigName, isSkippedFolder, madeFrom } from '#syntax/file-names.ts';
import type { Source } from '#syntax/tree.ts';
import { systemReason, UserError } from '#errors.ts';
import { isGlob, type Matcher, pathMatcher } from '#model/glob.ts';
import { folderOf, type Layout } from './layout.ts';
import { type Bounds, Passed, Paths, walk } from './walk.ts';

export interface FoundFiles {
  readonly sources: Source[];
  readonly layout: Layout;
  readonly notes: Note[];
  /** The working directory relative to the root of its repository. */
  readonly folder: string;
  /** Charts whose templates are to be judged, if charts are rendered. */
  readonly charts?: readonly FoundChart[];
}

/** A chart that may be rendered. */
export interface FoundChart {
  /** Its folder on disk, and relative to the workspace root. */
  readonly folder: string;
  readonly path: string;
  /** The folder that its paths are relative to: nothing outside it is read. */
  readonly root: string;
  /** Paths of the templates, and whether their objects are judged or only context. */
  readonly templates: ReadonlyMap<string, boolean>;
}

export interface FindOptions {
  readonly cwd: string;
  /** Paths or globs that the user named; empty = the whole workspace. */
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly fileBytes: number;
  /** The folder of the config file, if there is one. */
  readonly configFolder: string | undefined;
  /** A glob may match nothing. */
  readonly allowEmpty?: boolean;
  /** Text of standard input and the name that reports use for it, if a path is `-`. */
  readonly stdin?: { readonly name: string; readonly text: string };
  /**
   * Paths that a file names as parts of what it describes, relative to the workspace root: these are read whatever
   * their names.
   */
  readonly references?: (source: Source) => readonly string[];
  /** Whether the text of a Chart.yaml describes a chart; if not, files next to it are not templates. */
  readonly isChart?: (source: Source) => boolean;
  /** Whether a file with the name of another tool may hold an object; the config of the run names kinds itself. */
  readonly holdsObject?: (source: Source, isConfig: boolean) => boolean;
  /** Charts will be rendered: their templates are not read as they are, even if they are named. */
  readonly render?: boolean;
  /** Tests set lower bounds. */
  readonly bounds?: Bounds & { readonly bytes: number };
}

/** Files of formats that are read. */
const isOurs = (name: string): boolean =>
  /\.(?:ya?ml|json)$/i.test(name) ||
  isHclName(name) ||
  name.endsWith('.template') ||
  isKustomizationName(name) ||
  isSamConfigName(name);
/** Templates of such files: what they make is not known. */
const isTemplate = (name: string): boolean => !isOurs(name) && isOurs(madeFrom(name) ?? '');
/**
 * Files of tools that define no object we judge. They are read if something names or lists them, or if they hold an
 * object after all: kubectl applies all files of a folder. Otherwise they are counted.
 */
const foreignFiles: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'composer.json',
  '.oxlintrc.json',
]);
const configFiles: ReadonlySet<string> = new Set(['ekslint.yaml', 'ekslint.yml', 'ekslint.json', '.ekslint.yaml']);

/**
 * Large repositories have tens of thousands of manifests. Beyond these bounds it must be a home folder or a disk, which
 * is reported.
 */
const mostRead = { entries: 400_000, files: 60_000, bytes: 250_000_000 };

/** A lock file may exceed the limit for other files. */
const mostForeign = 50_000_000;

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The nearest folder upward that contains `.git`, or undefined. */
export function findGitRoot(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(resolve(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** A file of a run. */
interface Wanted {
  readonly root: string;
  readonly target: boolean;
  /** Something names or lists it: it is read whatever its name, and reported if it cannot be read. */
  readonly asked: boolean;
}

/**
 * Finds and reads the files of a run. Files under the workspace root that were not named are read as context: the root
 * is the folder of the config, otherwise the git root. Without either, it is the working directory if nothing is named;
 * for a named file, only its own folder is context, because it may be a home folder. A named path outside the root is a
 * separate root. Links that leave the root, devices and files above the limit are not read, and reported. A link that
 * stays inside stands for its target: code hosts show no annotations on a link, and no file may be judged twice.
 * @throws UserError for a named path that does not exist.
 */
export async function findFiles(options: FindOptions): Promise<FoundFiles> {
  const { cwd } = options;
  if (!existsSync(cwd)) throw new UserError(`${cwd}: no such folder`);
  const bounds = options.bounds ?? mostRead;
  const notes: Note[] = [];
  const paths = new Paths();
  const passed = new Passed();
  const gitRoot = findGitRoot(cwd);
  const known = options.configFolder ?? gitRoot;
  const home = known ?? cwd;
  const realHome = realpathSync(home);
  const realOf = realPaths();
  const atHome = (path: string): string => {
    const real = realpathSync(path);
    return inside(real, realHome) ? resolve(home, relative(realHome, real)) : path;
  };
  const show = (path: string): string => slashes(relative(cwd, path));
  const excluded = pathMatcher(options.exclude);
  const isExcluded = (file: string, root: string): boolean =>
    options.exclude.length > 0 && excluded(slashes(relative(root, file)));
  const included = options.include.length === 0 ? undefined : pathMatcher(options.include);
  const wanted = new Map<string, Wanted>();
  const want = (file: string, one: Wanted): void => {
    if (!wanted.has(file)) wanted.set(file, one);
  };
  const named = options.paths.filter((path) => path !== '-');
  const sources: Source[] = [];
  if (options.stdin)
    sources.push({ id: options.stdin.name, path: options.stdin.name, text: options.stdin.text, target: true });
  const leavesHome = (path: string): boolean => inside(path, home) && !inside(realOf(path), realHome);

  const folders: string[] = [];
  for (const path of named) {
    const full = resolve(cwd, path);
    if (existsSync(full)) {
      const file = atHome(full);
      // Someone who names a path wants it checked: skipping it must not look like a pass.
      if (leavesHome(file)) notes.push(note('incomplete', show(full), leaves));
      else if (statSync(file).isDirectory()) folders.push(file);
      else wanted.set(file, { root: rootOf(file, home, false), target: true, asked: true });
      continue;
    }
    if (!isGlob(path))
      throw new UserError(`${path}: no such file or folder`, {
        hint: 'Check the spelling; paths are relative to the working directory.',
      });
    const matches = expand(path, cwd, { paths, passed, bounds })
      .map(atHome)
      .filter((match) => !leavesHome(match));
    const chosen = matches
      .map((file) => ({ file, root: rootOf(file, home, false) }))
      .filter(({ file, root }) => !isExcluded(file, root));
    if (chosen.length === 0 && options.allowEmpty !== true)
      throw new UserError(`${path}: no file matches`, {
        hint: 'Check the spelling, or pass --allow-empty if an empty result is expected.',
      });
    // A glob is not a name: files of other tools that it matches are skipped as usual.
    for (const { file, root } of chosen) want(file, { root, target: true, asked: false });
  }
  if (named.length === 0 && !options.stdin) folders.push(home === cwd || inside(cwd, home) ? cwd : home);
  /** Templates that are found, and not read. */
  const templates = new Set<string>();
  const chosenIn = (folder: string, seen: Passed, deep = true): string[] => {
    const root = rootOf(folder, home, true);
    const picks = root === home ? included : undefined;
    const isWanted = picks ? () => true : (name: string) => isOurs(name) || isTemplate(name);
    const found = walk(folder, isWanted, { paths, passed: seen, bounds, deep }).filter(
      (file) => (!picks || picks(slashes(relative(root, file)))) && !isExcluded(file, root),
    );
    if (picks) return found;
    const isLeft = (file: string): boolean => isTemplate(nameOf(slashes(file)));
    if (seen === passed) for (const file of found.filter(isLeft)) templates.add(file);
    return found.filter((file) => !isLeft(file));
  };
  for (const folder of folders)
    for (const file of chosenIn(folder, passed))
      want(file, { root: rootOf(folder, home, true), target: true, asked: false });
  // Single files are judged with their surroundings; whole folders outside the workspace have their own.
  const context = new Passed();
  const inHome = [...wanted.values()].some((one) => one.root === home) || folders.some((one) => inside(one, home));
  if (known !== undefined && inHome && !folders.includes(home))
    for (const file of chosenIn(home, context)) want(file, { root: home, target: false, asked: false });
  const lone = [...wanted].filter(([, { root, asked }]) => asked && (known === undefined || root !== home));
  for (const folder of new Set(lone.map(([file]) => dirname(file))))
    for (const file of chosenIn(folder, context, false))
      want(file, { root: rootOf(file, home, false), target: false, asked: false });
  // A named template needs its chart, wherever that is.
  if (options.render === true)
    for (const [file, { asked }] of wanted) {
      const at = file.lastIndexOf(`${sep}templates${sep}`);
      const chart = asked && at > 0 ? join(file.slice(0, at), 'Chart.yaml') : undefined;
      if (chart !== undefined && existsSync(chart))
        want(chart, { root: rootOf(chart, home, false), target: false, asked: false });
    }
  passed.cut ??= context.cut;
  const links = new Map<string, string>();
  for (const [passedBy, target] of [
    [passed.links, true],
    [context.links, false],
  ] as const)
    for (const link of passedBy) {
      const root = inside(link, home) ? home : (folders.find((one) => inside(link, one)) ?? dirname(link));
      const real = realTarget(link);
      if (real === undefined || !inside(real, realOf(root)) || isExcluded(link, root)) continue;
      const file = resolve(root, relative(realOf(root), real));
      links.set(pathIn(root, link, home), pathIn(root, file, home));
      if (!isOurs(nameOf(slashes(link))) || !statSync(real).isFile()) continue;
      // A link target that is read by its own name is judged there. A kustomization belongs to the folder of the link.
      const isRead = (wanted.has(file) && !isForeign(slashes(file))) || isExcluded(file, root);
      if (isRead && !isKustomizationName(slashes(link))) continue;
      if (included && root === home && !included(slashes(relative(root, link)))) continue;
      want(link, { root, target, asked: false });
    }

  const reader = new Reader(options, { home, cwd, paths, realOf, bytes: bounds.bytes });
  const isTarget = (file: string): boolean =>
    folders.some((folder) => inside(file, folder)) &&
    !isExcluded(file, rootOf(file, home, false)) &&
    (!included || included(slashes(relative(home, file))));
  /** Adds what kustomizations list, and what those list in turn. */
  const listedBy = (files: readonly string[]): void => {
    const open = files.filter((file) => isKustomizationName(file));
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      const source = reader.read(file, wanted.get(file) as Wanted);
      if (!source || source.broken !== undefined) continue;
      for (const path of options.references?.(source) ?? []) {
        const name = resolve(home, path);
        const stat = statSync(name, { throwIfNoEntry: false });
        if (!stat) continue;
        const base = wanted.get(name)?.root ?? wanted.get(file)?.root ?? home;
        const listed = inside(realOf(name), realOf(base)) ? resolve(base, relative(realOf(base), realOf(name))) : name;
        if (listed !== name) links.set(path, pathIn(base, listed, home));
        const found = wanted.get(listed);
        const isFolder = stat.isDirectory();
        const all = isFolder
          ? ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
              .map((name) => join(listed, name))
              .filter((one) => !wanted.has(one) && existsSync(one))
          : [listed];
        for (const one of all) {
          const root = found?.root ?? wanted.get(file)?.root ?? home;
          if (!inside(realOf(one), realOf(root))) continue; // outside the workspace: the kustomization gets a note
          wanted.set(one, { root, target: found?.target ?? isTarget(one), asked: true });
          if (!found && isKustomizationName(one)) open.push(one);
        }
      }
    }
  };
  listedBy([...wanted.keys()]);

  const outer = new Set(
    [...wanted.values()]
      .filter(({ root }) => root !== home)
      .map(({ root }) => pathIn(root, root, home).replace(/\/$/, '')),
  );
  const ordered = [...wanted]
    .map(([file, one]) => ({ file, ...one, path: pathIn(one.root, file, home) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const charts = new Set<string>();
  /** Charts that other charts may add objects to. */
  const umbrellas = new Set<string>();
  const kustomizations = new Set<string>();
  for (const { file, path, ...one } of ordered) {
    if (isKustomizationName(path)) kustomizations.add(folderOf(path));
    if (nameOf(path) !== 'Chart.yaml') continue;
    const source = reader.read(file, one);
    if (!source || options.isChart?.(source) === false) continue;
    charts.add(folderOf(path));
    if (one.target && makesMore(source.text, dirname(file))) umbrellas.add(folderOf(path));
  }
  /** The config of this run was already read as such. */
  const isOwnConfig = (file: string): boolean =>
    configFiles.has(nameOf(slashes(file))) && dirname(file) === options.configFolder;
  /** Whether a file with the name of another tool holds an object. */
  const holdsObject = (file: string, path: string, { root, target }: Wanted): boolean => {
    const text = reader.textOf(file, root, mostForeign) ?? '';
    return options.holdsObject?.({ id: path, path, text, target }, isOwnConfig(file)) === true;
  };
  const unrendered = new Map<string, number>();
  const found = new Map<string, { readonly root: string; readonly templates: Map<string, boolean> }>();
  const foreign = new Map<string, number>();
  const unread = new Set<string>();
  for (const { file, path, ...one } of ordered) {
    const chart = one.asked && options.render !== true ? undefined : chartOf(path, charts);
    if (chart !== undefined) {
      const folder = resolve(home, chart);
      const known = found.get(chart) ?? { root: inside(folder, one.root) ? one.root : folder, templates: new Map() };
      known.templates.set(path, one.target);
      found.set(chart, known);
      const at = show(resolve(home, chart)) || '.';
      if (one.target) unrendered.set(at, (unrendered.get(at) ?? 0) + 1);
      continue;
    }
    const name = nameOf(path);
    if (!one.asked && isForeign(path) && !holdsObject(file, path, one)) {
      if (one.target && !isOwnConfig(file)) foreign.set(name, (foreign.get(name) ?? 0) + 1);
      continue;
    }
    // What a link leads to is judged there, if it is read by that name.
    const behind = links.get(path) ?? '';
    const other = isForeign(behind) ? wanted.get(resolve(home, behind)) : undefined;
    if (other && holdsObject(resolve(home, behind), behind, other)) continue;
    const source = reader.read(file, one);
    if (source) sources.push(source);
    else unread.add(path);
  }
  notes.push(...reader.notes);
  const roots = [
    ...new Set([
      home,
      ...[...wanted.values()].map(({ root }) => root),
      ...folders.filter((folder) => !inside(folder, home)),
    ]),
  ];
  notes.push(
    ...passedNotes(passed, cwd, roots, realOf, (path) =>
      roots.some((root) => inside(path, root) && (isExcluded(path, root) || isExcluded(`${path}/x`, root))),
    ),
  );
  for (const folder of passed.skipped) {
    const name = nameOf(slashes(folder));
    if (name !== '.git') foreign.set(`${name}/`, (foreign.get(`${name}/`) ?? 0) + 1);
  }
  if (foreign.size > 0) notes.push(foreignNote(foreign));
  if (unrendered.size > 0 && options.render !== true) notes.push(unrenderedNote(unrendered));
  const used = new Set(
    templates.size === 0
      ? []
      : sources.filter(({ path }) => isHclName(path)).flatMap(({ text }) => text.match(/[\w.-]+(?=")/g) ?? []),
  );
  // Terraform reads what a templatefile names.
  const left = [...templates].filter((file) => !wanted.has(file) && !used.has(nameOf(slashes(file)))).map(show);
  if (left.length > 0) notes.push(templatesNote(new Map(left.map((file) => [file, 1]))));
  const empty = [...umbrellas].filter((chart) => !found.has(chart)).map((chart) => show(resolve(home, chart)) || '.');
  if (empty.length > 0) notes.push(umbrellaNote(new Map(empty.map((chart) => [chart, 1]))));
  const cut = passed.cut === undefined ? reader.cut : (show(passed.cut) || '.') + '/';
  if (cut !== undefined)
    notes.push({
      kind: 'incomplete',
      message: `the workspace has more than ${bounds.files} files, ${bounds.entries} folder entries or ${Math.round(bounds.bytes / 1e6)} MB: "${cut}" and what comes after it was not read`,
    });
  return {
    sources,
    layout: {
      charts,
      kustomizations,
      files: new Set(ordered.map(({ path }) => path)),
      links,
      unread,
      roots: outer,
      textOf(path) {
        const file = resolve(home, path);
        const isInside =
          inside(file, home) && !/(?:^|\/)\.git\//.test(path) && existsSync(file) && inside(realOf(file), realHome);
        return isInside ? reader.textOf(file, home) : undefined;
      },
      ...(cut === undefined ? {} : { cut: 'the workspace was not read in full' }),
    },
    notes,
    folder: slashes(relative(gitRoot ?? cwd, cwd)),
    charts: [...found].map(([path, chart]) => ({ ...chart, path, folder: resolve(home, path) })),
  };
}

/** The first of some names with their counts: `a.json (3), b.json and 2 more`. */
function firstOf(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].map(([name, count]) => (count > 1 ? `${name} (${count})` : name));
  return all.slice(0, 3).join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '');
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

const foreignNote = (counts: ReadonlyMap<string, number>): Note => ({
  kind: 'skipped',
  message: `files and folders of other tools skipped by name: ${firstOf(counts)}`,
  count: sum(counts),
});

const unrenderedNote = (templates: ReadonlyMap<string, number>): Note => ({
  kind: 'unrendered',
  message: `${templates.size === 1 ? 'Helm chart' : `${templates.size} Helm charts`} not rendered (templates: ${firstOf(templates)}): pass --render, or pipe \`helm template\` into \`ekslint -\``,
  count: sum(templates),
});

const templatesNote = (files: ReadonlyMap<string, number>): Note => ({
  kind: 'unrendered',
  message: `templates of other tools are not read: ${firstOf(files)}; lint what they make`,
  count: files.size,
});

/** A chart without its own templates creates only what its dependencies create. */
const umbrellaNote = (charts: ReadonlyMap<string, number>): Note => ({
  kind: 'unrendered',
  message: `${charts.size === 1 ? 'Helm chart' : `${charts.size} Helm charts`} of dependencies not rendered (${firstOf(charts)}): pipe \`helm template\` into \`ekslint -\``,
  count: charts.size,
});
/** Whether a chart names or contains other charts (Helm documentation, Chart Dependencies). */
const makesMore = (text: string, folder: string): boolean =>
  /^["']?dependencies["']?:/m.test(text) ||
  ['charts', 'requirements.yaml'].some((name) => existsSync(join(folder, name)));

/** Whether a file has a name that is skipped unless the user names or lists the file, or it holds an object. */
export const isForeign = (path: string): boolean => foreignFiles.has(nameOf(path)) || configFiles.has(nameOf(path));

/** The chart to which a template path belongs: under `templates/` of a folder with a Chart.yaml. */
export function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  if (charts.size === 0) return undefined;
  for (let at = path.indexOf('/templates/'); at >= 0; at = path.indexOf('/templates/', at + 1))
    if (charts.has(path.slice(0, at))) return path.slice(0, at);
  return charts.has('') && path.startsWith('templates/') ? '' : undefined;
}

const inside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The workspace root a named path belongs to: the one of the run, or its own. */
function rootOf(path: string, home: string, isFolder: boolean): string {
  if (inside(path, home)) return home;
  return isFolder ? path : dirname(path);
}

/** Path relative to its root; files of other roots get a prefix, so that paths of two roots never collide. */
function pathIn(root: string, file: string, home: string): string {
  const path = slashes(relative(root, file));
  return root === home ? path : `${slashes(relative(home, root))}/${path}`;
}

/** O_NONBLOCK: opening a FIFO must not wait for a writer. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;
/** Windows cannot reject links when it opens a file. */
const noFollow = constants.O_NOFOLLOW as number | undefined;

/** Opens a file, in one call if the system can reject links; undefined for a link. */
function openUnlessLink(path: string | Buffer): number | undefined {
  if (noFollow === undefined) return lstatSync(path).isSymbolicLink() ? undefined : openSync(path, readOnly);
  try {
    return openSync(path, readOnly | noFollow);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'EMLINK') return undefined;
    throw error;
  }
}

/** `realpath` of the paths of a run, each resolved once. */
function realPaths(): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    let real = known.get(path);
    if (real === undefined) known.set(path, (real = realpathSync(path)));
    return real;
  };
}

/**
 * The target of a link inside the workspace is read by its own name. A link out of the workspace is reported if it leads to a folder or to
 * a file of a kind that we read, and so is a link with the name of such a file that leads nowhere.
 */
function passedNotes(
  passed: Passed,
  cwd: string,
  roots: readonly string[],
  realOf: (path: string) => string,
  isExcluded: Matcher,
): Note[] {
  const real = roots.map(realOf);
  const found = [...passed.unread]
    .filter(([folder]) => !isExcluded(folder))
    .map(([folder, why]): Note => note('incomplete', slashes(relative(cwd, folder)), `not read: ${why}`));
  for (const link of passed.links) {
    const target = realTarget(link);
    if (isExcluded(link)) continue;
    // The target may exist where the files are applied.
    if (target === undefined) {
      if (isOurs(nameOf(slashes(link)))) found.push(note('skipped', slashes(relative(cwd, link)), leadsNowhere));
      continue;
    }
    const home = real.find((root) => inside(target, root));
    if (home !== undefined) {
      const isSkipped = relative(home, target).split(sep).some(isSkippedFolder) && statSync(target).isDirectory();
      if (isSkipped) found.push(note('skipped', slashes(relative(cwd, link)), leadsToSkipped));
      continue;
    }
    if (isOurs(nameOf(slashes(link))) || statSync(target).isDirectory())
      found.push(note('skipped', slashes(relative(cwd, link)), leaves));
  }
  return found.sort((a, b) => ((a.at?.source ?? '') < (b.at?.source ?? '') ? -1 : 1));
}

/** The target of a link; undefined if it does not exist. */
function realTarget(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined; // broken links lead nowhere
  }
}

const leadsToSkipped = 'not read: the link leads to a folder that is skipped by name';
const leadsNowhere = 'not read: the link leads nowhere';
const leaves = 'not read: the link leads outside the workspace';

const note = (kind: Note['kind'], source: string, message: string): Note => ({
  kind,
  message,
  at: { source, path: '' },
});

interface Walking {
  readonly paths: Paths;
  readonly passed: Passed;
  readonly bounds: Bounds;
}

/** Files that a glob of the command line matches: the walk starts at its first wildcard. */
function expand(pattern: string, cwd: string, walking: Walking): string[] {
  const steps = slashes(pattern).split('/');
  const first = steps.findIndex(isGlob);
  const folder = resolve(cwd, steps.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.'));
  if (!existsSync(folder)) return [];
  const matches = pathMatcher([steps.slice(first).join('/')]);
  // A pattern without `**` matches nothing deeper than its steps; one step is the common case.
  const deep = steps.length - first > 1 || pattern.includes('**');
  return walk(folder, () => true, { ...walking, deep }).filter((file) => matches(slashes(relative(folder, file))));
}

/** Reads the files of a run, each once, up to a bound of bytes. */
class Reader {
  readonly notes: Note[] = [];
  /** The first file that was left out because of the bound. */
  cut: string | undefined;
  readonly #known = new Map<string, Source | undefined>();
  readonly #options: FindOptions;
  readonly #at: { readonly home: string; readonly cwd: string; readonly paths: Paths; realOf(path: string): string };
  #left: number;

  constructor(
    options: FindOptions,
    at: { home: string; cwd: string; paths: Paths; realOf(path: string): string; bytes: number },
  ) {
    this.#options = options;
    this.#at = at;
    this.#left = at.bytes;
  }

  /** A file as a source; undefined, with a note, if it is not read. */
  read(file: string, { root, target, asked }: Wanted): Source | undefined {
    if (this.#known.has(file)) {
      const source = this.#known.get(file);
      return source && source.target !== target ? { ...source, target } : source;
    }
    const { home, cwd } = this.#at;
    const id = slashes(relative(cwd, file));
    const path = pathIn(root, file, home);
    const text = this.#text(file, root, id);
    let source: Source | undefined;
    if (typeof text === 'string') source = { id, path, text, target, ...(asked ? { isAsked: true } : {}) };
    else if (text.kind === 'broken') source = { id, path, text: '', target, broken: text.why };
    // Context that cannot be read does not make the result incomplete, but is reported.
    else if (text.kind !== 'cut')
      this.notes.push(note(target || asked || text.kind !== 'incomplete' ? text.kind : 'skipped', id, text.why));
    this.#known.set(file, source);
    return source;
  }

  /** The text of a file that something mentions; it need not exist. */
  textOf(file: string, root: string, limit = this.#options.fileBytes): string | undefined {
    const known = this.#known.get(file);
    if (known) return known.broken === undefined ? known.text : undefined;
    const text = this.#text(file, root, '', limit);
    return typeof text === 'string' ? text : undefined;
  }

  #text(file: string, root: string, id: string, limit = this.#options.fileBytes): string | Unread {
    const { paths, realOf } = this.#at;
    const disk = paths.onDisk(file);
    let handle: number | undefined;
    try {
      handle = openUnlessLink(disk);
      if (handle === undefined) {
        if (!inside(realOf(file), realOf(root))) return { kind: 'skipped', why: leaves };
        handle = openSync(disk, readOnly);
      }
      const stat = fstatSync(handle);
      if (!stat.isFile()) return { kind: 'incomplete', why: 'not read: not a regular file' };
      if (stat.size > limit)
        return { kind: 'incomplete', why: `not read: ${stat.size} bytes, the limit is ${limit} (limits.fileBytes)` };
      this.#left -= stat.size;
      if (this.#left < 0) {
        this.cut ??= id;
        return { kind: 'cut', why: '' };
      }
      return decode(readFileSync(handle));
    } catch (error) {
      return { kind: 'incomplete', why: `not read: ${systemReason(error)}` };
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }
}

/** Why there is no text: `broken` for undecodable bytes, which is a finding; `cut` beyond the bound of a run. */
interface Unread {
  readonly kind: Note['kind'] | 'broken' | 'cut';
  readonly why: string;
}

/** The text of UTF-8, or of UTF-16 with a byte order mark, or why it is not text. */
export function decode(bytes: Buffer): string | Unread {
  if (bytes.subarray(0, 4).equals(zip))
    return { kind: 'broken', why: 'a zip archive (for a Terraform plan, lint what terraform show -json prints)' };
  const wide = wideOrder(bytes);
  if (wide !== undefined) {
    const text = new TextDecoder(wide, { ignoreBOM: true }).decode(bytes);
    // The byte order mark of UTF-32 starts like that of UTF-16.
    return text.startsWith('\ufeff\0') ? { kind: 'broken', why: `not text: NUL at byte ${bytes.indexOf(0)}` } : text;
  }
  const text = bytes.toString('utf8');
  // UTF-16 without a byte order mark, or not text at all. YAML, JSON and Terraform do not allow NUL, so nothing that
  // could be applied is lost.
  if (text.includes('\0')) return { kind: 'broken', why: `not text: NUL at byte ${bytes.indexOf(0)}` };
  if (text.includes('\ufffd') && Buffer.byteLength(text) !== bytes.length)
    return { kind: 'broken', why: `not UTF-8 at byte ${firstInvalid(bytes)}` };
  return text;
}

/** The first bytes of a zip archive; `terraform plan -out` writes one. */
const zip = Buffer.from('PK\u0003\u0004');

const wideOrder = (bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;

/** Encodes a text in the encoding of the bytes that it replaces. */
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
