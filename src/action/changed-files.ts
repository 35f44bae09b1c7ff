import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { UserError } from '#errors.ts';

/** What a pull request changes below the working directory. */
export interface ChangedFiles {
  readonly files: readonly string[];
  /** How many more it changes that are not on the disk, as in a sparse checkout. */
  readonly absent: number;
}

const instead = 'Or name what to lint with the input paths: paths: . lints everything.';

/**
 * The files that a pull request adds, changes or renames to, as seen from the working directory. On `pull_request` the runner checks
 * out a merge commit whose first parent is the tip of the base branch, so that parent is what to compare with: the `base.sha` of the
 * event is as old as the pull request's last push. Where another commit was checked out, the merge base with `base.sha` counts.
 * @throws UserError where git does not know the base.
 */
export function findChangedFiles(cwd: string, env: Readonly<Record<string, string | undefined>>): ChangedFiles {
  const { head, base } = readPullRequest(env['GITHUB_EVENT_PATH']);
  const git = (...args: readonly string[]): string => runGit(cwd, env['GITHUB_WORKSPACE'], args);
  const commit = (name: string): string | undefined => {
    try {
      return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).trim();
    } catch {
      return undefined; // --quiet: a name that does not exist is an answer, not an error
    }
  };
  const current = commit('HEAD');
  if (current === undefined)
    throw new UserError('the changed files of this pull request are not known: this is not a git checkout', {
      hint: `Check the repository out with actions/checkout and have git in the PATH. ${instead}`,
    });
  const merged = commit('HEAD^2');
  const isMerge = merged !== undefined && (merged === head || current === env['GITHUB_SHA']);
  if (isMerge) return present(cwd, git('diff', ...listing, 'HEAD^1', 'HEAD', '--'));
  if (current === env['GITHUB_SHA'] && commit('HEAD^1') === undefined)
    throw new UserError('the changed files of this pull request are not known: the clone lacks the base commit', {
      hint: `Give actions/checkout the input fetch-depth: 2. ${instead}`,
    });
  if (base === undefined || commit(base) === undefined)
    throw new UserError('the changed files of this pull request are not known: the clone lacks the base commit', {
      hint: `Give actions/checkout the input fetch-depth: 0. ${instead}`,
    });
  let list: string;
  try {
    list = git('diff', ...listing, `${base}...HEAD`, '--');
  } catch (cause) {
    throw new UserError('the changed files of this pull request are not known: the clone lacks the merge base', {
      hint: `Give actions/checkout the input fetch-depth: 0. ${instead}`,
      cause,
    });
  }
  return present(cwd, list);
}

/** Names that exist after the change, each behind a NUL: a rename is a file that went and one that came. */
const listing = [
  '--name-only',
  '-z',
  '--no-renames',
  '--diff-filter=d',
  '--relative',
  '--no-ext-diff',
  '--no-textconv',
];

function runGit(cwd: string, workspace: string | undefined, args: readonly string[]): string {
  // In a job container the checkout belongs to another user, which git takes for an attack unless told otherwise.
  const trusted = ['-c', `safe.directory=${workspace ?? cwd}`, '-c', 'core.fsmonitor=false'];
  return execFileSync('git', [...trusted, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function present(cwd: string, list: string): ChangedFiles {
  const names = list.split('\0').filter((name) => name !== '');
  // A submodule is a folder: what it holds is not part of this repository.
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
    throw new UserError('the event of this run cannot be read: GITHUB_EVENT_PATH holds no JSON', { cause });
  }
  const sha = (side: 'head' | 'base'): string | undefined => {
    const found = field(field(field(event, 'pull_request'), side), 'sha');
    return typeof found === 'string' && /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
  };
  return { head: sha('head'), base: sha('base') };
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
