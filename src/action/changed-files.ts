import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { UserError } from '#errors.ts';

/** The files that a pull request changes below the working directory. */
export interface ChangedFiles {
  readonly files: readonly string[];
  /** How many more files it changes that are not on disk, as in a sparse checkout. */
  readonly absent: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const instead = 'Or set the input paths; paths: . lints everything.';

/** The commit that a pull request is compared with, and whether the checked-out files are those of a merge with it. */
interface Base {
  readonly commit: string;
  readonly isMerged: boolean;
}

/**
 * The base of a pull request. On `pull_request` the runner checks out a merge commit whose first parent is the tip of
 * the base branch, so that parent is used: the `base.sha` of the event is as old as the last push to the pull request.
 * If another commit was checked out, `base.sha` is used.
 * @throws UserError if git does not know the base.
 */
export function findBase(cwd: string, env: Environment): Base {
  const { head, base } = readPullRequest(env['GITHUB_EVENT_PATH']);
  const commit = (name: string): string | undefined => {
    try {
      return runGit(cwd, env, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).trim();
    } catch {
      return undefined; // --quiet: a name that does not exist is an answer, not an error
    }
  };
  const current = commit('HEAD');
  if (current === undefined)
    throw new UserError('the base of this pull request is not known: this is not a git checkout', {
      hint: `Check out the repository with actions/checkout, and put git in PATH. ${instead}`,
    });
  const merged = commit('HEAD^2');
  const first = commit('HEAD^1');
  if (merged !== undefined && first !== undefined && (merged === head || current === env['GITHUB_SHA']))
    return { commit: first, isMerged: true };
  const isShallowMerge = current === env['GITHUB_SHA'] && first === undefined;
  if (isShallowMerge || base === undefined || commit(base) === undefined)
    throw new UserError('the base of this pull request is not known: the clone lacks that commit', {
      hint: `Set fetch-depth of actions/checkout to ${isShallowMerge ? 2 : 0}. ${instead}`,
    });
  return { commit: base, isMerged: false };
}

/**
 * The files that a pull request adds, changes or renames to, as seen from the working directory.
 * @throws UserError if git does not know the base.
 */
export function findChangedFiles(cwd: string, env: Environment): ChangedFiles {
  const { commit, isMerged } = findBase(cwd, env);
  // Two dots if the base is part of what was checked out, three if the two have diverged.
  const range = `${commit}${isMerged ? '..' : '...'}HEAD`;
  try {
    return present(cwd, runGit(cwd, env, ['diff', ...listing, range, '--']));
  } catch (cause) {
    throw new UserError('the changed files of this pull request are not known: the clone lacks the merge base', {
      hint: `Set fetch-depth of actions/checkout to 0. ${instead}`,
      cause,
    });
  }
}

/** Names that exist after the change, each followed by NUL. A rename is one deleted and one added file. */
const listing = [
  '--name-only',
  '-z',
  '--no-renames',
  '--diff-filter=d',
  '--relative',
  '--no-ext-diff',
  '--no-textconv',
];

function runGit(cwd: string, env: Environment, args: readonly string[]): string {
  // In a job container the checkout belongs to another user, which git treats as an attack by default.
  const trusted = ['-c', `safe.directory=${env['GITHUB_WORKSPACE'] ?? cwd}`, '-c', 'core.fsmonitor=false'];
  return execFileSync('git', [...trusted, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function present(cwd: string, list: string): ChangedFiles {
  const names = list.split('\0').filter((name) => name !== '');
  // A submodule is a folder: its contents are not part of this repository.
  const there = names.filter((name) => existsSync(`${cwd}/${name}`));
  const files = there.filter((name) => statSync(`${cwd}/${name}`).isFile()).map((name) => `./${name}`);
  return { files, absent: names.length - there.length };
}

function readPullRequest(file: string | undefined): { head: string | undefined; base: string | undefined } {
  const nothing = { head: undefined, base: undefined };
  if (file === undefined || !existsSync(file)) return nothing;
  let event: unknown;
  try {
    event = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError('the event of this run cannot be read: the file in GITHUB_EVENT_PATH is not JSON', { cause });
  }
  const sha = (side: 'head' | 'base'): string | undefined => {
    const found = field(field(field(event, 'pull_request'), side), 'sha');
    return typeof found === 'string' && /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
  };
  return { head: sha('head'), base: sha('base') };
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
