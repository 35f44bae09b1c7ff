import { existsSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { print, say } from '#commands/output.ts';
import type { Flags as RulesFlags } from '#commands/rules.ts';
import { UserError } from './errors.ts';
import { severities } from '#model/finding.ts';
import { nearest } from '#model/nearest.ts';
import { plain, runnerSafe } from '#reporters/escape.ts';
import { version } from './version.ts';

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Options that lint shares with the other commands that judge. */
function judging(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: nearest ekslint.yaml up to the git root)')
    .option('--no-config', 'ignore config files')
    .addOption(
      new Option('--preset <name>', 'rules to run (default: recommended)').choices([
        'recommended',
        'strict',
        'all',
        'none',
      ]),
    )
    .option('--only <id|category>', 'run just these rules (repeatable; globs: iam/*)', collect)
    .option('--skip <id|category>', 'run all but these (repeatable)', collect)
    .option('--target-version <1.x>', 'judge upgrade readiness for this Kubernetes version')
    .option(
      '-f, --format <format[=file]>',
      'text (default), compact, json, sarif, github or markdown; repeatable',
      collect,
    )
    .addOption(
      new Option('--fail-on <level>', 'lowest severity that fails (default: medium)').choices([...severities, 'never']),
    )
    .option('--allow-incomplete', 'exit 0 or 1 although something could not be judged')
    .option('--no-inline-ignores', 'do not honour comments and annotations')
    .option('--show-ignored', 'list ignored findings too')
    .option('--strict-ignores', 'unused or expired ignores fail')
    .option('-q, --quiet', 'only findings at or above --fail-on')
    .option('--summary', 'counts per rule instead of findings')
    .option('--max-findings <n>', 'stop printing after n (default: 200 in text)')
    .option('--color', 'colours although the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--no-progress', 'no progress on stderr')
    .option('--verbose', 'say what was read and decided, on stderr')
    .option('--debug', 'stacks of errors, on stderr')
    .option('--no-cache', 'do not use or write a cache');
}

/**
 * `--fix` takes a value only behind an equals sign, as `--fix deploy/` means a path. Commander knows no such option, so a value is
 * given to the bare word.
 */
function withValues(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return args.map((arg, i) => (arg === '--fix' && i < end ? '--fix=safe' : arg));
}

/** Lines for stderr that hold words of others: stacks, arguments. */
const safeLines = (lines: string): string => runnerSafe(lines.split('\n').map(plain).join('\n'));

/** `done` is told the exit code of the command that ran. */
function program(done: (exitCode: number) => void): Command {
  const root = new Command('ekslint')
    .description('Policy and best-practice linter for Amazon EKS')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: say, outputError: (message, write) => write(safeLines(message)) })
    .configureHelp({ sortOptions: false });
  root.addHelpText('after', '\nFlags of the default command: ekslint lint --help');
  judging(
    root
      .command('lint', { isDefault: true })
      .description('lint files, folders or globs (`-` reads standard input); the default command')
      .argument('[paths...]'),
  )
    .addOption(
      new Option('--fix [=suggestions]', 'apply safe fixes; =suggestions also those that a person must review').choices(
        ['safe', 'suggestions'],
      ),
    )
    .option('--fix-dry-run', 'print what --fix would change')
    .option(
      '--scope <path>',
      'report only on this file or folder, with the whole workspace as context (repeatable)',
      (path: string, before: Set<string> = new Set()) => before.add(path),
    )
    .option('--stdin-filename <name>', 'name for `-`')
    .option('--allow-empty', 'matching nothing is fine')
    .action(async (paths: string[], options: Record<string, unknown>) => {
      const [word = ''] = paths;
      const near =
        /^[a-z]+$/.test(word) && !existsSync(word)
          ? nearest(
              word,
              root.commands.map((command) => command.name()),
            )
          : undefined;
      if (near !== undefined)
        throw new UserError(`${word}: no such file or folder, and no command`, {
          hint: `Did you mean ekslint ${near}?`,
        });
      done(await (await import('#commands/lint.ts')).run(paths, options));
    });
  root
    .command('explain')
    .description('one rule: why, examples, fix, options, equivalents')
    .argument('<rule>')
    .action(async (id: string) => done(await (await import('#commands/explain.ts')).run(id)));
  root
    .command('rules')
    .description('list rules')
    .addOption(new Option('--preset <name>').choices(['recommended', 'strict', 'all']).default('all'))
    .option('--only <id|category>', 'just these', collect)
    .addOption(new Option('-f, --format <format>').choices(['text', 'json', 'markdown']).default('text'))
    .action(async (options: RulesFlags) => done(await (await import('#commands/rules.ts')).run(options)));
  root
    .command('completion')
    .description('shell completion')
    .addArgument(root.createArgument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => done((await import('#commands/completion.ts')).run(shell, root)));
  for (const command of root.commands) command.exitOverride();
  return root;
}

/** Runs the command line and sets `process.exitCode`: the only place that does. Never rejects. `failed` is told why it could not run. */
export async function main(args: readonly string[], failed: (why: string) => void = () => {}): Promise<void> {
  let exitCode = 0;
  const root = program((code) => {
    exitCode = code;
  });
  try {
    await root.parseAsync(withValues(args), { from: 'user' });
  } catch (error) {
    const hint = error instanceof UserError && error.hint !== undefined ? `\n${error.hint}` : '';
    failed(`${error instanceof Error ? error.message : String(error)}${hint}`);
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof UserError) {
      exitCode = 2;
      const says = plain(`${error.at === undefined ? '' : `${error.at}: `}${error.message}`);
      say(runnerSafe(`error: ${says}\n${error.hint === undefined ? '' : `       ${plain(error.hint)}\n`}`));
      if (args.includes('--debug')) say(safeLines(`${error.stack ?? ''}\n`));
    } else {
      exitCode = 2;
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say(
        safeLines(
          `internal error: ${stack}\nThis is a fault of ekslint; please report it: https://github.com/ekslint/ekslint/issues\n`,
        ),
      );
    }
  }
  process.exitCode = exitCode;
}

/** For the launcher, see there. */
export const warm = async (): Promise<void> => (await import('#commands/warm.ts')).warm();
