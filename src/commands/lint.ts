import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Config, defaultConfig, type Preset } from '#config/config.ts';
import { type ConfigFiles, disk } from '#config/files.ts';
import { findConfig } from '#config/find.ts';
import { systemReason, throwAll, UserError } from '#errors.ts';
import { nearest } from '#model/nearest.ts';
import { readBaseline, writeBaseline } from '#sources/baseline.ts';
import type { Note, Report, Severity } from '#model/finding.ts';
import { lint, type LintOptions } from '#pipeline.ts';
import { plain, runnerSafe } from '#reporters/escape.ts';
import { findReporter, formatNames } from '#reporters/index.ts';
import type { Reporter, ReporterOptions } from '#reporters/reporter.ts';
import { rules } from '../rule/registry.ts';
import type { AnyRule } from '#rule';
import type { Snapshot } from '#sources/snapshot.ts';
import { decode, findGitRoot } from '#sources/files.ts';
import type { Failure } from './fix.ts';
import { onRunner, tellRunner } from './github.ts';
import { print, say, terminalWidth } from './output.ts';
import { startProgress } from './progress.ts';
import { replaceFile } from './replace-file.ts';

/** The flags of `ekslint lint`, as the command line gives them. */
export interface Flags {
  readonly config?: string | boolean;
  readonly preset?: Preset;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly targetVersion?: string;
  readonly clusterFile?: string;
  /** The flag that sets it, for messages. */
  readonly targetFlag?: string;
  readonly format?: readonly string[];
  readonly failOn?: Severity | 'never';
  readonly allowIncomplete?: boolean;
  readonly inlineIgnores?: boolean;
  readonly showIgnored?: boolean;
  readonly strictIgnores?: boolean;
  readonly quiet?: boolean;
  readonly summary?: boolean;
  readonly all?: boolean;
  readonly maxFindings?: string;
  readonly color?: boolean;
  readonly progress?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
  readonly fix?: 'safe' | 'suggestions';
  readonly fixDryRun?: boolean;
  readonly stdinFilename?: string;
  readonly allowEmpty?: boolean;
  readonly scope?: ReadonlySet<string>;
  readonly newSince?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly configFrom?: string;
  readonly allowPlugins?: boolean;
  readonly render?: boolean;
  readonly values?: readonly string[];
}

/** The date used for calendars: SOURCE_DATE_EPOCH (seconds) if it is set, otherwise today, in UTC. */
export function findToday(): string {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  const seconds = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? Number(epoch) : Date.now() / 1000;
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** The config that applies to a run, its folder, and where it and the baseline were read from. */
interface FoundConfig {
  readonly config: Config;
  /** All existing rules: those of this package, and the user's. */
  readonly rules: readonly AnyRule[];
  readonly configFolder: string | undefined;
  readonly files: ConfigFiles;
  /** Config files and baselines that are not read from the working tree, because `--config-from` names a commit. */
  unused(): readonly Note[];
}

export async function findAndLoadConfig(
  cwd: string,
  wanted: string | boolean | undefined,
  from: string | undefined,
  allowPlugins = false,
): Promise<FoundConfig> {
  const root = findGitRoot(cwd);
  const committed = from === undefined ? undefined : await readCommitted(root, from);
  const files = committed ?? disk;
  const find = (where: ConfigFiles): string | undefined =>
    wanted === false ? undefined : typeof wanted === 'string' ? resolve(cwd, wanted) : findConfig(cwd, root, where);
  const file = find(files);
  const unused = (): readonly Note[] => {
    if (!committed) return [];
    const here = find(disk);
    const added = here !== undefined && here !== file && disk.size(here) !== undefined ? [here] : [];
    return [...new Set([...committed.changed(), ...added])].map((path) => ({
      kind: 'skipped',
      message: `${relative(cwd, path)} differs from ${shortRef(from)}: this run ignores the changes because of --config-from`,
    }));
  };
  if (file === undefined) return { config: defaultConfig, rules, configFolder: undefined, files, unused };
  const { loadConfig } = await import('#config/load.ts');
  try {
    const config = await loadConfig(file, rules, files, allowPlugins);
    return { config, rules: [...rules, ...config.customRules], configFolder: dirname(file), files, unused };
  } catch (error) {
    if (from === undefined || !(error instanceof UserError)) throw error;
    throwAll(
      [error, ...error.others].map(
        ({ message, hint, at, cause }) =>
          new UserError(`${message} (in ${from}, which --config-from names)`, {
            ...(hint === undefined ? {} : { hint }),
            ...(at === undefined ? {} : { at }),
            cause,
          }),
      ),
    );
    throw error;
  }
}

const shortRef = (ref = ''): string => (/^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : ref);

/** Loaded only if it is needed, because it starts git. */
const readCommitted = async (root: string | undefined, from: string) =>
  (await import('#sources/committed-config.ts')).readCommittedConfig(root, from, '--config-from');

/** Whether stdout gets colors: the flag, then NO_COLOR and FORCE_COLOR, then the terminal (https://no-color.org). */
export function wantsColor(flag: boolean | undefined): boolean {
  if (flag !== undefined && (process.argv.includes('--color') || process.argv.includes('--no-color'))) return flag;
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return terminalWidth() !== undefined && TERM !== 'dumb';
}

function formatHint(word: string): string {
  const near = nearest(word, formatNames);
  return `${near === undefined ? '' : `Did you mean "${near}"? `}Formats are ${formatNames.join(', ')}.`;
}

/** The baseline that a flag names, otherwise that of the config; undefined if there is none. */
export function loadBaseline(
  cwd: string,
  { config, files }: Pick<FoundConfig, 'config' | 'files'>,
  flags: { readonly baseline?: string | undefined; readonly updateBaseline?: boolean | undefined },
): LintOptions['baseline'] {
  const file = flags.baseline === undefined ? config.baseline : resolve(cwd, flags.baseline);
  const update = flags.updateBaseline === true;
  if (file === undefined && update)
    throw new UserError('--update-baseline needs a file name', {
      hint: 'Set baseline: ekslint-baseline.json in ekslint.yaml, or pass --baseline <file>.',
    });
  if (file === undefined) return undefined;
  const shown = relative(cwd, file) || '.';
  return { file: shown, entries: readBaseline(file, shown, update ? 'empty' : 'error', files.text), update };
}

/** A reporter, and the file it writes to; standard output if undefined. */
export interface Format {
  readonly reporter: Reporter;
  readonly file: string | undefined;
}

/** The file behind a link, which is what is written. */
const targetOf = (file: string): string => (existsSync(file) ? realpathSync(file) : file);

/** The formats that words such as `sarif=ekslint.sarif` ask for; text if there are none. `clusters`: how many running clusters the report is about. */
export async function chooseFormats(
  cwd: string,
  words: readonly string[] | undefined,
  clusters: number,
  fault: (message: string, hint?: string) => void,
): Promise<Format[]> {
  const formats: Format[] = [];
  for (const one of words?.length ? words : ['text']) {
    const [id = '', ...file] = one.split('=');
    const reporter = await findReporter(id);
    if (!reporter) fault(id === '' ? '--format needs a format' : `unknown format "${id}"`, formatHint(id));
    else if (one.endsWith('=')) fault(`--format ${one} needs a file name after the equals sign`);
    else formats.push({ reporter, file: file.length > 0 ? file.join('=') : undefined });
  }
  for (const { reporter } of formats) {
    const refused = reporter.refuse?.(clusters);
    if (refused) fault(refused.message, refused.hint);
  }
  if (formats.filter(({ file }) => file === undefined).length > 1)
    fault('two formats for standard output', 'Write one to a file: --format sarif=ekslint.sarif');
  const files = formats.flatMap(({ file }) =>
    file === undefined || file.startsWith('/dev/') ? [] : [targetOf(resolve(cwd, file))],
  );
  const twice = files.find((file, i) => files.indexOf(file) < i);
  if (twice !== undefined) fault(`two formats for one file: ${relative(cwd, twice)}`);
  return formats;
}

/** Lints files and prints the report in each requested format. Returns the exit code. */
export async function run(paths: readonly string[], flags: Flags): Promise<number> {
  const cwd = workingDirectory();
  const faults: UserError[] = [];
  const fault = (message: string, hint?: string): void => {
    faults.push(new UserError(message, hint === undefined ? {} : { hint }));
  };
  const saved = paths.filter((path) => path.endsWith('.json.gz'));
  const formats = await chooseFormats(cwd, flags.format, saved.length, fault);
  if (flags.fixDryRun && formats.some(({ reporter, file }) => file === undefined && reporter.id !== 'text'))
    fault(
      '--fix-dry-run prints a diff to standard output instead of the report',
      'Write the report to a file: --format sarif=ekslint.sarif',
    );
  if (flags.summary && formats.length > 0 && formats.every(({ reporter }) => reporter.id !== 'text'))
    fault('--summary changes only the text format', 'Add --format text, or remove --summary.');
  if (flags.stdinFilename !== undefined && !paths.includes('-'))
    fault('--stdin-filename names standard input, which is not read', 'Add `-` to the paths.');
  if (flags.maxFindings !== undefined && !/^\d{1,9}$/.test(flags.maxFindings))
    fault(`--max-findings: "${flags.maxFindings}" is not a number`, 'For example: --max-findings 50');
  const maxFindings = flags.maxFindings === undefined ? undefined : Number(flags.maxFindings);
  if (flags.fix && !flags.fixDryRun && paths.includes('-'))
    fault('--fix cannot change standard input (`-`)', 'Show what it would change with --fix-dry-run.');
  if (flags.updateBaseline && flags.newSince !== undefined)
    fault(
      '--update-baseline and --new-since cannot be combined',
      'A baseline contains all findings, not only new findings.',
    );
  if (flags.updateBaseline && flags.configFrom !== undefined)
    fault('--update-baseline and --config-from cannot be combined', 'A baseline in a commit cannot be changed.');
  if (flags.values !== undefined && flags.render !== true)
    fault('--values are for charts, which are not rendered', 'Add --render.');
  if (flags.render && flags.newSince !== undefined)
    fault('--render and --new-since cannot be combined', 'Charts of an older commit are not rendered: use a baseline.');
  // Most likely an unset variable of a shell script. Without this error the whole workspace would be linted.
  if ([...paths, ...(flags.scope ?? [])].includes(''))
    fault('a path is empty', 'Remove it to lint the whole workspace.');
  throwAll(faults);

  const found = await findAndLoadConfig(cwd, flags.config, flags.configFrom, flags.allowPlugins);
  const { config, configFolder } = found;
  const failOn = flags.failOn ?? config.failOn ?? 'medium';
  const stdin = paths.includes('-')
    ? {
        name: flags.stdinFilename || 'stdin.yaml',
        text: await readStdin(config.limits.fileBytes, flags.allowEmpty === true),
      }
    : undefined;
  const snapshots = saved.length === 0 ? [] : await readSnapshots(cwd, saved);
  const progress = startProgress(flags.progress !== false);
  const baseline = loadBaseline(cwd, found, flags);
  const options = {
    cwd,
    paths: paths.filter((path) => !saved.includes(path)),
    clusterFile: flags.clusterFile === undefined ? undefined : (await readSnapshots(cwd, [flags.clusterFile]))[0],
    ...(saved.length > 0 ? { snapshots, filesToo: saved.length < paths.length } : {}),
    config,
    configFolder,
    configNotes: found.unused(),
    rules: found.rules,
    preset: flags.preset,
    only: flags.only ?? [],
    skip: flags.skip ?? [],
    targetVersion: flags.targetVersion,
    targetFlag: flags.targetFlag,
    failOn,
    allowIncomplete: flags.allowIncomplete === true,
    allowEmpty: flags.allowEmpty === true,
    inlineIgnores: flags.inlineIgnores !== false,
    strictIgnores: flags.strictIgnores === true,
    today: findToday(),
    scope: flags.scope,
    newSince: flags.newSince,
    render: flags.render === true ? { values: flags.values ?? [] } : undefined,
    progress: progress.show,
    baseline,
    ...(stdin ? { stdin } : {}),
  };
  const judge = (): Promise<Report> => lint(options).finally(() => progress.clear());
  let report = await judge();
  if (flags.verbose) tellRun(report, options.today);
  const fixing = { cwd, suggestions: flags.fix === 'suggestions' };
  let failures: readonly Failure[] = [];
  if (flags.fix && !flags.fixDryRun) {
    const { fixAll, placeOfFinding } = await import('./fix.ts');
    const done = await fixAll(report, judge, fixing);
    ({ report, failures } = done);
    for (const finding of done.fixed) say(`fixed: ${placeOfFinding(finding)} ${finding.rule}\n`);
    tellLeft('not fixed', failures);
    say(`fixed ${counted(done.fixed.length, 'finding')} in ${counted(done.files, 'file')}\n`);
  }
  if (baseline) saveBaseline(cwd, baseline.file, report);
  const shown = flags.fixDryRun ? formats.filter(({ file }) => file !== undefined) : formats;
  const shared = {
    // Loaded only if there are colors: loading takes longer than printing a short report.
    color: wantsColor(flags.color) && new (await import('chalk')).Chalk({ level: 1 }),
    showIgnored: flags.showIgnored === true,
    summary: flags.summary === true,
    all: flags.all === true,
    quiet: flags.quiet === true,
    failOn,
    maxFindings,
  };
  printAll(report, shown, shared, cwd);
  if (onRunner() && !flags.format?.length && !flags.fixDryRun)
    await tellRunner(report, { ...shared, width: undefined, githubActions: true });
  if (flags.fixDryRun) {
    const { diffOf, planFixes } = await import('./fix.ts');
    const { namesFromRoot } = await import('#reporters/sarif.ts');
    const { text: diff, left } = await diffOf(planFixes(report, fixing), cwd, namesFromRoot(report));
    // A terminal obeys control characters, and a runner obeys commands; a pipe gets the exact bytes that git needs.
    const shownDiff = terminalWidth() === undefined && !onRunner() ? diff : diff.split('\n').map(plain).join('\n');
    print(onRunner() ? runnerSafe(shownDiff) : shownDiff);
    if (diff === '' && left.length === 0) {
      const more = report.findings.some(({ fix, hidden }) => fix && !hidden);
      say(`nothing to fix${more ? ' without --fix=suggestions' : ''}\n`);
    }
    tellLeft('not in the diff', left);
  }
  if (flags.debug)
    for (const { error } of report.crashes)
      say(runnerSafe(`${(error.stack ?? error.message).split('\n').map(plain).join('\n')}\n`));
  return failures.length > 0 ? 2 : report.exitCode;
}

/** What `--verbose` prints. */
export const tellRun = ({ config, checked }: Report, today: string): void =>
  say(`config: ${plain(config ?? 'none')}; ${counted(checked.rules, 'rule')}; today ${today}\n`);

/** Writes the baseline of a run, if it was asked for. */
export function saveBaseline(cwd: string, file: string, { baseline }: Report): void {
  if (!baseline) return;
  writeWhole(cwd, file, writeBaseline(baseline));
  say(
    `wrote ${plain(file)}: ${counted(
      baseline.reduce((sum, entry) => sum + entry.count, 0),
      'finding',
    )}\n`,
  );
}

/** Clusters that `audit --save` has stored. Loaded only when needed. */
async function readSnapshots(cwd: string, paths: readonly string[]): Promise<readonly Snapshot[]> {
  const { readSnapshotFile } = await import('#sources/snapshot.ts');
  return paths.map((path) => readSnapshotFile(resolve(cwd, path), path));
}

const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function tellLeft(what: string, left: readonly Failure[]): void {
  for (const { source, why } of left) say(`${what}: ${plain(source)}: ${why}\n`);
}

/** @throws UserError if the current directory was removed. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new UserError('the working directory no longer exists', { cause });
  }
}

export function printAll(
  report: Report,
  formats: readonly Format[],
  shared: Omit<ReporterOptions, 'githubActions' | 'width'>,
  cwd: string,
): void {
  const githubActions = onRunner();
  for (const { reporter, file } of formats) {
    const forPeople = file === undefined && reporter.id === 'text';
    const options = {
      ...shared,
      color: file === undefined && shared.color,
      width: file === undefined ? terminalWidth() : undefined,
      githubActions,
      maxFindings: shared.maxFindings ?? (forPeople && !shared.all ? 200 : undefined),
    };
    const parts = file === undefined || file.startsWith('/dev/') ? [] : (reporter.parts?.(report, options) ?? []);
    if (file !== undefined && parts.length > 1) {
      for (const [i, part] of parts.entries()) writeWhole(cwd, numbered(file, i), part);
      say(`wrote ${parts.length} files: ${plain(file)} to ${plain(numbered(file, parts.length - 1))}\n`);
      continue;
    }
    const output = reporter.format(report, options);
    const dropped = reporter.countDropped?.(report, options) ?? 0;
    if (dropped > 0)
      say(`${dropped} less severe findings are not in the SARIF output: code scanning accepts no more\n`);
    if (file === undefined) print(output);
    else writeWhole(cwd, file, output);
  }
}

/** `audit.json`, `audit-2.json`, `audit-3.json`. */
const numbered = (file: string, at: number): string =>
  at === 0 ? file : file.replace(/(\.[^./\\]*)?$/, (ending) => `-${at + 1}${ending}`);

/** @throws UserError if it cannot be written; the old file is intact in that case. */
export function writeWhole(cwd: string, name: string, text: string | Uint8Array): void {
  const file = resolve(cwd, name);
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes (/dev/stdout, /dev/full, a named pipe) cannot be replaced by a rename; a link stays a link.
    if (file.startsWith('/dev/') || (stat && !stat.isFile())) writeFileSync(file, text);
    else replaceFile(stat ? realpathSync(file) : file, text, stat);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' && !existsSync(dirname(file));
    throw new UserError(`cannot write ${name}: ${isMissing ? 'the folder does not exist' : systemReason(error)}`, {
      cause: error,
      ...(isMissing ? { hint: 'Create the folder first.' } : {}),
    });
  }
}

/** @throws UserError for input that is empty, not text or exceeds the limit, as for a file. */
async function readStdin(limit: number, mayBeEmpty: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > limit)
      throw new UserError(`standard input has more than ${limit} bytes`, {
        hint: 'Raise limits.fileBytes in the config.',
      });
  }
  if (size === 0 && !mayBeEmpty)
    throw new UserError('standard input is empty', {
      hint: 'Check the command before the pipe, or pass --allow-empty if it may print nothing.',
    });
  const text = decode(Buffer.concat(chunks));
  if (typeof text !== 'string') throw new UserError(`standard input: not read: ${text.why}`);
  return text;
}
