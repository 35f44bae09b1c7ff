import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative, resolve, sep } from 'node:path';
import { appendSummary } from '#commands/github.ts';
import { print } from '#commands/output.ts';
import { UserError } from '#errors.ts';
import { type JsonReport } from '#reporters/json.ts';
import { command, levelOf } from '#reporters/github.ts';
import { plain } from '#reporters/escape.ts';
import { main } from '../cli.ts';
import { findBase, findChangedFiles } from './changed-files.ts';
import { type Inputs, readInputs } from './inputs.ts';

/*
 * The entry point of the GitHub Action: turns inputs into command-line arguments, runs the command in this process, and
 * passes its output to the runner. The action can do nothing that the command line cannot; it needs no token and no
 * network.
 */

const env = process.env;

/** The files that the command line writes for us, in a temporary folder. */
interface Drafts {
  readonly annotations: string;
  readonly summary: string;
  readonly report: string;
}

/** The command-line arguments that the inputs stand for. */
function argumentsOf(inputs: Inputs, drafts: Drafts, scope: readonly string[] | undefined, trusted: string): string[] {
  const option = (name: string, value: string): string[] => (value === '' ? [] : [`--${name}=${value}`]);
  const format = (id: string, file?: string): string[] => ['--format', file === undefined ? id : `${id}=${file}`];
  return [
    'lint',
    ...option('config', inputs.config),
    ...option('config-from', trusted),
    ...option('preset', inputs.preset),
    ...option('fail-on', inputs.failOn),
    ...option('new-since', inputs.newSince),
    ...(scope === undefined ? [] : ['--allow-empty', ...scope.map((file) => `--scope=${file}`)]),
    ...(inputs.output === ''
      ? format(inputs.format || 'text')
      : [...format('text'), ...format(inputs.format, inputs.output)]),
    ...(inputs.annotations ? format('github', drafts.annotations) : []),
    ...(inputs.summary ? format('markdown', drafts.summary) : []),
    ...(inputs.sarifFile === '' ? [] : format('sarif', inputs.sarifFile)),
    // Written last: if it exists, all the others do.
    ...format('json', drafts.report),
    '--',
    ...inputs.paths,
  ];
}

/** Names and values of the outputs; a count that is not known is empty, never 0. */
function outputsOf(report: JsonReport | undefined, sarifFile: string): Readonly<Record<string, string>> {
  const open = report?.findings.filter(({ ignored }) => ignored === null);
  const number = (n: number | undefined): string => (n === undefined ? '' : String(n));
  return {
    findings: number(open?.length),
    errors: number(open?.filter(({ severity }) => levelOf(severity) === 'error').length),
    warnings: number(open?.filter(({ severity }) => levelOf(severity) === 'warning').length),
    'new-findings': number(open?.filter(({ state }) => state === 'new').length),
    'exit-code': String(process.exitCode),
    'sarif-file': report === undefined ? '' : sarifFile,
    incomplete: String(report?.run.complete !== true),
  };
}

/** Values stand between two delimiters that cannot be guessed, so that a value cannot pass for another output. */
function writeOutputs(outputs: Readonly<Record<string, string>>): void {
  const file = env['GITHUB_OUTPUT'];
  if (file === undefined || file === '') return;
  const end = `ekslint_${randomUUID()}`;
  appendFileSync(
    file,
    Object.entries(outputs)
      .map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`)
      .join(''),
  );
}

const say = (level: 'error' | 'warning', message: string): void =>
  print(`${command({ level, title: 'ekslint', message: message.split('\n').map(plain).join('\n') })}\n`);

/** Lints as the inputs say, and passes annotations and the summary to the runner. Returns the report, if there is one. */
async function lint(inputs: Inputs, folder: string): Promise<JsonReport | undefined> {
  const drafts = {
    annotations: join(folder, 'annotations'),
    summary: join(folder, 'summary.md'),
    report: join(folder, 'report.json'),
  };
  let scope: readonly string[] | undefined;
  const isPullRequest = env['GITHUB_EVENT_NAME'] === 'pull_request';
  if (isPullRequest && inputs.paths.length === 0 && inputs.newSince === '') {
    const { files, absent } = findChangedFiles(process.cwd(), env);
    // The empty folder makes sure that nothing is reported for a pull request that changes no file.
    scope = [folder, ...files];
    if (absent > 0)
      say('warning', `${absent} changed ${absent === 1 ? 'file is' : 'files are'} not in the checkout, so not judged`);
  }
  const trusted = isPullRequest && inputs.trustBase ? findBase(process.cwd(), env).commit : '';
  let failure = '';
  await main(argumentsOf(inputs, drafts, scope, trusted), (why) => {
    failure = why;
  });
  if (inputs.annotations && existsSync(drafts.annotations)) print(readFileSync(drafts.annotations, 'utf8'));
  if (inputs.summary && existsSync(drafts.summary)) appendSummary(readFileSync(drafts.summary, 'utf8'));
  if (failure !== '') say('error', failure.replace(/^error: /, '')); // the argument parser puts this word first
  if (!existsSync(drafts.report)) return undefined;
  const report: JsonReport = JSON.parse(readFileSync(drafts.report, 'utf8'));
  return report;
}

async function run(): Promise<void> {
  env['GITHUB_ACTIONS'] = 'true'; // a runner reads what we print, even if something else started us
  const workspace = resolve(env['GITHUB_WORKSPACE'] || '.');
  let report: JsonReport | undefined;
  let sarifFile = '';
  let folder: string | undefined;
  try {
    const inputs = readInputs(env);
    const cwd = resolve(workspace, inputs.workingDirectory);
    if (!existsSync(cwd)) throw new UserError(`input working-directory: ${inputs.workingDirectory}: no such folder`);
    process.chdir(cwd);
    // The next step resolves paths from the workspace, whatever folder we worked in.
    if (inputs.sarifFile !== '')
      sarifFile = relative(workspace, resolve(cwd, inputs.sarifFile)).split(sep).join(posix.sep);
    folder = mkdtempSync(join(env['RUNNER_TEMP'] || tmpdir(), 'ekslint-'));
    report = await lint(inputs, folder);
  } catch (error) {
    process.exitCode = 2;
    const hint = error instanceof UserError && error.hint !== undefined ? `\n${error.hint}` : '';
    const why =
      error instanceof UserError ? error.message : error instanceof Error ? (error.stack ?? '') : String(error);
    say('error', `${why}${hint}`);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    writeOutputs(outputsOf(report, sarifFile));
  }
}

void run();
