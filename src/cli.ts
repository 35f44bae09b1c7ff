import { existsSync } from 'node:fs';
import { Command, CommanderError, type ErrorOptions, Option } from 'commander';
import { print, say } from '#commands/output.ts';
import type { Flags as AuditFlags } from '#commands/audit.ts';
import type { Flags as LintFlags } from '#commands/lint.ts';
import type { Flags as InitFlags } from '#commands/init.ts';
import type { Flags as RulesFlags } from '#commands/rules.ts';
import { presets } from '#config/config.ts';
import { UserError } from './errors.ts';
import { severities } from '#model/finding.ts';
import { frameworkNames } from '#model/frameworks.ts';
import { nearest } from '#model/nearest.ts';
import { plain, runnerSafe } from '#reporters/escape.ts';
import { version } from './version.ts';

/** The flag that an argument names, if it is a flag: `--format` of `--format=json`. */
const flagOf = (word: string): string | undefined =>
  word.length > 1 && word.startsWith('-') ? word.split('=', 1)[0] : undefined;

/**
 * A command with only the flags that are asked for: creating them all takes longer than reading a file. Help,
 * completion and messages about unknown flags need all of them.
 */
class AskedCommand extends Command {
  readonly #asked: ReadonlySet<string> | undefined;

  /** All flags are created if `asked` is undefined. */
  constructor(name: string | undefined, asked: ReadonlySet<string> | undefined) {
    super(name);
    this.#asked = asked;
  }

  override createCommand(name?: string): AskedCommand {
    return new AskedCommand(name, this.#asked);
  }

  override option(flags: string, description?: string, ...rest: never[]): this {
    const isAsked =
      !this.#asked ||
      flags
        .replaceAll(',', '')
        .split(' ')
        .some((word) => this.#asked?.has(word));
    return isAsked ? super.option(flags, description, ...rest) : this;
  }

  /**
   * Commander suggests nothing for half of a flag's name, because it is too different, and something else for a flag of
   * another command.
   */
  override error(message: string, options?: ErrorOptions): never {
    const half = /^error: unknown option '--([\w-]+)'(?:\n|$)/.exec(message)?.[1];
    if (half === undefined) return super.error(message, options);
    const owners = (this.parent?.commands ?? []).filter((one) => one.options.some(({ long }) => long === `--${half}`));
    const names = owners.map((one) => `ekslint ${one.name()}`);
    if (names.length > 0)
      return super.error(`${message.split('\n', 1)[0]}\n       It is a flag of ${names.join(' and ')}.`, options);
    const whole = this.options.find(({ long }) => long?.endsWith(`-${half}`))?.long;
    return super.error(whole ? `${message}\n(Did you mean ${whole}?)` : message, options);
  }
}

/**
 * An option that takes one of a fixed set of words. Our own error adds what the argument parser's lacks: the nearest
 * word.
 */
const choice = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description).choices(words).argParser(oneOf(flags.replace(/^-\w, | .*$/g, ''), words));
const oneOf =
  (name: string, words: readonly string[]) =>
  (value: string): string => {
    if (words.includes(value)) return value;
    const near = nearest(value, words);
    throw new UserError(`${name}: invalid value "${value}"`, {
      hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Valid values are ${words.join(', ')}.`,
    });
  };

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
/** The same for flags that take several words at once; a comma inside braces is part of a glob. */
const collectWords = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  ...value
    .split(/,(?![^{}]*\})/)
    .map((word) => word.trim())
    .filter((word, _, words) => word !== '' || words.length === 1),
];

/** Options that select rules and a version, for commands that do not define them. */
const selecting = (command: Command): Command =>
  command
    .option(
      '--only <rules>',
      'run only these rules: IDs, categories or globs, e.g. iam/* (comma-separated, repeatable)',
      collectWords,
    )
    .option(
      '--target-version <1.x>',
      'judge for this Kubernetes version, e.g. 1.36; next: the version after that of a running cluster',
    );

/** Options that find a running cluster and connect to it. */
const connecting = (command: Command): Command =>
  command
    .option('--region <name>', 'AWS region (default: from the environment or the context)')
    .option('--profile <name>', 'AWS profile')
    .option('--role-arn <arn>', 'role to assume for reading')
    .option('--no-aws', 'do not call AWS; audit only Kubernetes objects')
    .option('--no-kube', 'do not call the API server; audit only AWS resources')
    .option('--kubeconfig <file>', 'kubeconfig to use (default: same as kubectl)')
    .option('--context <name>', 'context to use (default: the current one)')
    .option('--allow-exec <command>', 'program that the kubeconfig may run to log in (repeatable)', collect)
    .option('--timeout <duration>', 'stop after this time, with partial results (default: 15m)');

const paths = 'files, folders or globs (default: the whole workspace)';
const allowPlugins = 'load rules as code from the config, which runs code from this repository';

const formats =
  'text, compact, json, sarif, github, gitlab, junit, csv, markdown, html, asff, openreports, upgrade-plan';

/** Options of all commands that judge: which rules, and how to report. */
const reporting = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'config file (default: nearest ekslint.yaml up to the git root)')
    .option('--no-config', 'ignore config files')
    .addOption(choice('--preset <name>', 'rules to run (default: recommended)', presets))
    .option('--skip <rules>', 'do not run these rules (comma-separated, repeatable)', collectWords)
    .option(
      '-f, --format <format[=file]>',
      `${formats} (repeatable; default: ${command.name() === 'upgrade' ? 'upgrade-plan' : 'text'})`,
      collect,
    )
    .addOption(
      choice('--fail-on <level>', 'lowest severity that makes the run fail (default: medium)', [
        ...severities,
        'never',
      ]),
    )
    .option('--allow-incomplete', 'exit 0 or 1 even if something could not be read')
    .option('--baseline <file>', 'do not report the known findings of this file')
    .option('--update-baseline', 'write all findings of this run to the baseline')
    .option('--no-inline-ignores', 'do not read ignores in comments and annotations; an audit never reads them')
    .option('--strict-ignores', 'fail on unused or expired ignores')
    .option('--allow-plugins', allowPlugins)
    .option('--show-ignored', 'also list ignored findings')
    .option('-q, --quiet', 'only findings at or above --fail-on')
    .option('--summary', 'counts per rule instead of findings')
    .option('--all', 'show every finding (by default, text shows a message at most three times)')
    .option('--max-findings <n>', 'print at most n findings (default: 200 in text)')
    .option('--color', 'use colors even if output is not a terminal')
    .option('--no-color', 'use no colors')
    .option('--no-progress', 'show no progress on stderr during long runs')
    .option('--verbose', 'print what was read and decided to stderr')
    .option('--debug', 'print stack traces of errors to stderr')
    .option('--no-cache', 'do not use or write a cache');

/** Options of all commands that judge files. */
const judging = (command: Command): Command =>
  reporting(command)
    .option('--config-from <ref>', 'take config and baseline from this branch, tag or commit (runs git)')
    .addOption(
      choice('--fix [=suggestions]', 'apply safe fixes; =suggestions also applies fixes that need review', [
        'safe',
        'suggestions',
      ]),
    )
    .option('--fix-dry-run', 'print what --fix would change')
    .option(
      '--scope <path>',
      'report only on this file or folder, with the whole workspace as context (repeatable)',
      (path: string, before: Set<string> = new Set()) => before.add(path),
    )
    .option('--cluster-file <file>', 'judge the files against the cluster that audit --save stored')
    .option('--stdin-filename <name>', 'file name to report for standard input')
    .option(
      '--new-since <ref>',
      'report only findings that are new since HEAD diverged from this branch, tag or commit (runs git)',
    )
    .option('--render', 'render charts with your installed helm, and overlays with your kustomize or kubectl')
    .option(
      '--values <chart=file>',
      'values file for a chart that --render renders, e.g. charts/web=values/prod.yaml (repeatable)',
      collect,
    )
    .option('--allow-empty', 'succeed even if no file matches');

/**
 * `--fix` takes a value only after an equals sign, because `deploy/` in `--fix deploy/` is a path. Commander has no
 * such option, so the bare word gets a value.
 */
function withValues(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return args.map((arg, i) => (arg === '--fix' && i < end ? '--fix=safe' : arg));
}

/** An error about flags in the words that the user wrote: a value that `withValues` adds is not one of them. */
const asWritten = (message: string, args: readonly string[]): string =>
  args.includes('--fix=safe') ? message : message.replace("'--fix=safe'", "'--fix'");

/** Lines for stderr that hold words of others: stacks, arguments. */
const safeLines = (lines: string): string => runnerSafe(lines.split('\n').map(plain).join('\n'));

/** Words that need the flags of all commands. */
const toldAll = new Set(['-h', '--help', 'help', 'completion']);

type UpgradeFlags = LintFlags & AuditFlags & { readonly to: string; readonly cluster?: string };

/** Flags about files, and flags about a running cluster. */
const ofFiles = [
  'fix',
  'fixDryRun',
  'scope',
  'clusterFile',
  'stdinFilename',
  'newSince',
  'configFrom',
  'render',
] as const;
const ofClusters = ['region', 'profile', 'kubeconfig', 'context', 'allowExec', 'timeout'] as const;
const shownFlag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Lints or audits with only the upgrade rules, and prints the plan. */
async function upgrade(paths: readonly string[], { to, cluster, ...flags }: UpgradeFlags): Promise<number> {
  const asked = { format: ['upgrade-plan'], ...flags, targetVersion: to, targetFlag: '--to', only: ['upgrades'] };
  const foreign = (cluster === undefined ? ofClusters : ofFiles).filter((name) => flags[name] !== undefined);
  if (foreign.length > 0)
    throw new UserError(
      `${foreign.map(shownFlag).join(' and ')} ${cluster === undefined ? 'needs --cluster' : 'is for files, but --cluster reads none'}`,
      { hint: 'See: ekslint upgrade --help' },
    );
  if (cluster === undefined) return (await import('#commands/lint.ts')).run(paths, asked);
  if (paths.length > 0) throw new UserError('--cluster reads no files', { hint: 'Pass paths or --cluster, not both.' });
  // An audit asks for add-on versions only if a rule judges add-ons.
  const only = [...asked.only, 'cluster/addon-version-unsupported'];
  return (await import('#commands/audit.ts')).run([cluster], { ...asked, only });
}

/**
 * The program with the commands and flags that the arguments use, or with all of them if an argument names one that
 * does not exist.
 */
function programFor(args: readonly string[], done: (exitCode: number) => void): Command {
  const flags = new Set(args.flatMap((word) => flagOf(word) ?? []));
  const tellsAll = args.some((word) => toldAll.has(word));
  const small = tellsAll ? undefined : program(args, flags, done);
  const made = new Set(
    [small, ...(small?.commands ?? [])].flatMap((command) =>
      (command?.options ?? []).flatMap(({ short, long }) => [short, long]),
    ),
  );
  return small && [...flags].every((flag) => made.has(flag)) ? small : program(args, undefined, done);
}

/**
 * `done` receives the exit code of the command that ran. Flags that are not `asked` for are left out; undefined asks
 * for all.
 */
function program(
  args: readonly string[],
  asked: ReadonlySet<string> | undefined,
  done: (exitCode: number) => void,
): Command {
  const root = new AskedCommand('ekslint', asked)
    .description('Policy and best-practice linter for Amazon EKS')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: say,
      outputError: (message, write) =>
        write(safeLines(asWritten(message, args).replace(/\n\((Did you mean .*)\)\n/, '\n       $1\n'))),
    })
    .configureHelp({ sortOptions: false });
  root.addHelpText('after', '\nFlags of the default command: ekslint lint --help');
  const names: string[] = [];
  /** A command is created only if the arguments may use it. */
  const add = (name: string, description: string, complete: (command: Command) => void): void => {
    names.push(name);
    const isDefault = name === 'lint';
    if (asked && !isDefault && !args.includes(name)) return;
    const command = root.command(name, { isDefault }).description(description);
    complete(command);
    command.exitOverride().showHelpAfterError(`       Help: ekslint ${name} --help`);
  };
  add('lint', 'lint files, folders or globs (`-` is standard input); this is the default command', (command) =>
    judging(selecting(command.argument('[paths...]', paths))).action(
      async (paths: string[], options: Record<string, unknown>) => {
        const [word = ''] = paths;
        const near = /^[a-z]+$/.test(word) && !existsSync(word) ? nearest(word, names) : undefined;
        if (near !== undefined)
          throw new UserError(`${word}: no such file, folder or command`, {
            hint: `Did you mean ekslint ${near}?`,
          });
        done(await (await import('#commands/lint.ts')).run(paths, options));
      },
    ),
  );
  add('upgrade', 'print an ordered upgrade plan for files or for a running cluster', (command) =>
    connecting(
      judging(
        command
          .argument('[paths...]', paths)
          .requiredOption(
            '--to <1.x>',
            'Kubernetes version to upgrade to, e.g. 1.36; next: one version up (with --cluster)',
          ),
      ).option('--cluster <name>', 'plan the upgrade of this running cluster (name or ARN) instead of files'),
    ).action(async (paths: string[], options: UpgradeFlags) => done(await upgrade(paths, options))),
  );
  add('audit', 'audit a running cluster (read-only)', (command) =>
    reporting(
      selecting(
        connecting(
          command
            .argument('[clusters...]', 'names or ARNs (default: the cluster of the current kubeconfig context)')
            .option('--all-clusters', 'audit every cluster of the region')
            .option('-n, --namespace <name>', 'audit only this namespace (repeatable)', collect)
            .option('--exclude-namespace <name>', 'skip this namespace (repeatable)', collect)
            .option('--save <file>', 'store what was read as .json.gz')
            .option('--compare <file>', 'mark new and list resolved findings since an earlier JSON report or --save')
            .option('--source <path>', 'files that declare the cluster: findings link to them, and drift is reported')
            .option('--no-lint', 'only store what was read, without judging (needs --save)')
            .option('--check-access', 'show the identity and what it can read, without judging'),
        ),
      ),
    ).action(async (clusters: string[], options: AuditFlags) =>
      done(await (await import('#commands/audit.ts')).run(clusters, options)),
    ),
  );
  add('explain', 'explain a rule: why, examples, fix, options, equivalents in other tools', (command) =>
    command
      .argument('<rule>', 'rule ID, e.g. images/mutable-tag; ekslint rules lists them')
      .option('--allow-plugins', allowPlugins)
      .action(async (id: string, options: { readonly allowPlugins?: boolean }) =>
        done(await (await import('#commands/explain.ts')).run(id, options)),
      ),
  );
  add('rules', 'list rules', (command) =>
    command
      .addOption(
        choice(
          '--preset <name>',
          'rules of this preset',
          presets.filter((name) => name !== 'none'),
        ).default('all'),
      )
      .addOption(choice('--framework <name>', 'rules that check a framework, with its controls', frameworkNames))
      .option('--only <rules>', 'only these rules (comma-separated, repeatable)', collectWords)
      .option('--allow-plugins', allowPlugins)
      .addOption(choice('-f, --format <format>', 'output format', ['text', 'json', 'markdown']).default('text'))
      .action(async (options: RulesFlags) => done(await (await import('#commands/rules.ts')).run(options))),
  );
  add('init', 'write a commented ekslint.yaml; keeps existing files', (command) =>
    command
      .option('--pre-commit', 'also write .pre-commit-config.yaml')
      .option('--github', 'also write a GitHub Actions workflow')
      .option('--gitlab', 'also write .gitlab-ci.yml')
      .option('--rbac', 'only print the ClusterRole that an audit needs')
      .option('--iam', 'only print the IAM policy that an audit needs')
      .action(async (options: InitFlags) =>
        done(await (await import('#commands/init.ts')).run(process.cwd(), options)),
      ),
  );
  const shells = ['bash', 'zsh', 'fish'];
  add('completion', 'print a completion script for a shell', (command) =>
    command
      .addArgument(root.createArgument('<shell>').choices(shells).argParser(oneOf('<shell>', shells)))
      .action(async (shell: string) => done((await import('#commands/completion.ts')).run(shell, root))),
  );
  return root;
}

/**
 * Runs the command line and sets `process.exitCode`: the only place that does. Never rejects. `failed` receives the
 * reason why it could not run.
 */
export async function main(args: readonly string[], failed: (why: string) => void = () => {}): Promise<void> {
  let exitCode = 0;
  // If the process ends before the run does (a plugin's rule that leaves nothing to wait for), nothing was judged.
  process.exitCode = 2;
  const endGuard = args.includes('--allow-plugins')
    ? (await import('#config/plugin-guard.ts')).guardProgram(say)
    : undefined;
  const root = programFor(args, (code) => {
    exitCode = code;
  });
  try {
    const [command, topic] = args;
    const isHelp = command === 'help' && topic !== undefined;
    const isAboutHelp = isHelp && ['help', '--help', '-h'].includes(topic);
    // Commander prints the help of the program instead, as if that were what was asked for.
    if (isHelp && !isAboutHelp && !root.commands.some((one) => one.name() === topic))
      throw new UserError(`unknown command "${topic}"`, { hint: 'List the commands with: ekslint --help' });
    await root.parseAsync(withValues(isAboutHelp ? ['help'] : args), { from: 'user' });
  } catch (error) {
    const told = error instanceof UserError ? [error, ...error.others] : [error];
    failed(
      told
        .flatMap((one) => [
          one instanceof Error ? one.message : String(one),
          ...(one instanceof UserError && one.hint !== undefined ? [one.hint] : []),
        ])
        .join('\n'),
    );
    // Commander takes the exit code of printed help from `process.exitCode`, which is 2 until the run ends.
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2;
    else if (error instanceof UserError) {
      exitCode = 2;
      const errors = [error, ...error.others];
      for (const [i, { at, message, hint }] of errors.entries()) {
        const says = plain(`${at === undefined ? '' : `${at}: `}${message}`);
        // A hint that several consecutive errors share is printed once, after the last of them.
        const advice = hint === undefined || hint === errors[i + 1]?.hint ? '' : `       ${plain(hint)}\n`;
        say(runnerSafe(`error: ${says}\n${advice}`));
      }
      if (args.includes('--debug')) say(safeLines(`${error.stack ?? ''}\n`));
    } else {
      exitCode = 2;
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say(
        safeLines(
          `internal error: ${stack}\nThis is a bug in ekslint; please report it: https://github.com/ekslint/ekslint/issues\n`,
        ),
      );
    }
  }
  await endGuard?.();
  process.exitCode = exitCode;
}

/** Used by the launcher, see there. */
export const warm = async (): Promise<void> => (await import('#commands/warm.ts')).warm();
