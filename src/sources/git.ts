import type { ChildProcess } from 'node:child_process';
import { delimiter, dirname, isAbsolute } from 'node:path';
import { UserError } from '#errors.ts';

/** A file of a commit: its path from the root of the repository, and its bytes. */
export interface CommittedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A repository to query; `root` is the folder that contains `.git`. */
interface Asked {
  readonly root: string;
  /** The flag that needs it, for messages. */
  readonly flag: string;
  readonly ref: string;
}

/*
 * The only place that starts git, and only if a flag asks for it. The arguments are fixed, no shell is used, and
 * nothing that the repository configures may run: no hook, no monitor, no pager, no filter (`cat-file` applies none),
 * and no transport, because a partial clone would fetch what it lacks. Sources: git-config(1), git(1) "Environment
 * Variables".
 */
const settings = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'protocol.allow=never'];

/** The environment without what could lead git to other objects, other settings or other programs. */
function environment(root: string): NodeJS.ProcessEnv {
  const { PATH = '', HOME, XDG_CONFIG_HOME, SystemRoot, USERPROFILE } = process.env;
  return {
    // A folder of the repository must not provide the `git` that is run.
    PATH: PATH.split(delimiter).filter(isAbsolute).join(delimiter),
    // The user's settings are kept: safe.directory is one of them.
    ...(HOME === undefined ? {} : { HOME }),
    ...(XDG_CONFIG_HOME === undefined ? {} : { XDG_CONFIG_HOME }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(USERPROFILE === undefined ? {} : { USERPROFILE }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: dirname(root),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_SSH_COMMAND: 'false',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_PAGER: 'cat',
  };
}

/** What git printed, and its exit code. */
interface Answer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git with fixed arguments; `input` goes to its standard input. */
async function git({ root, flag }: Asked, args: readonly string[], input = ''): Promise<Answer> {
  // In the bundle, everyone else gets an empty child_process: linting starts no program.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const all = ['--no-pager', '-C', root, ...settings.flatMap((one) => ['-c', one]), ...args];
  return await new Promise<Answer>((done, fail) => {
    const child: ChildProcess = spawn('git', all, { env: environment(root), stdio: 'pipe', windowsHide: true });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.stdin?.on('error', () => {}); // if git ends early, its exit code says so
    child.on('error', (cause) =>
      fail(
        new UserError(`${flag} needs git, which could not be started`, {
          hint: 'Install git and put it in PATH.',
          cause,
        }),
      ),
    );
    child.on('close', (code) =>
      done({ code: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(said).toString('utf8') }),
    );
    child.stdin?.end(input);
  });
}

/** The same, for queries that git must be able to answer. */
async function ask(asked: Asked, args: readonly string[], input?: string): Promise<Buffer> {
  const { code, stdout, stderr } = await git(asked, args, input);
  if (code !== 0) throw new UserError(`${asked.flag} ${asked.ref}: git ${args[0]} failed: ${firstLine(stderr)}`);
  return stdout;
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** The commit that a ref names. */
async function commitOf(asked: Asked, ref: string): Promise<string> {
  const { code, stdout, stderr } = await git(asked, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  const commit = stdout.toString('latin1').trim();
  if (code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  // git does not print anything for an unknown ref; if it does print something (a folder of another user), that is more
  // useful.
  if (/dubious ownership/.test(stderr))
    throw new UserError(`${asked.flag}: git does not trust ${asked.root}: ${firstLine(stderr)}`, {
      hint: `Allow it with: git config --global --add safe.directory ${asked.root}`,
    });
  throw new UserError(`${asked.flag}: unknown commit "${ref}"`, { hint: await missingHint(asked) });
}

async function missingHint(asked: Asked): Promise<string> {
  const { stdout } = await git(asked, ['rev-parse', '--is-shallow-repository']);
  return stdout.toString('latin1').trim() === 'true'
    ? 'This is a shallow clone: fetch the whole history (actions/checkout: fetch-depth: 0; else git fetch --unshallow).'
    : 'Pass a branch, tag or commit of this repository; fetch it first if it is only on the remote.';
}

/**
 * The commit that a ref names.
 * @throws UserError if there is no repository or no such ref.
 */
export const findCommit = (root: string | undefined, ref: string, flag: string): Promise<string> =>
  commitOf(checked(root, ref, flag), ref);

/**
 * The merge base of HEAD and a ref.
 * @throws UserError if there is no repository, no such ref, or no common commit.
 */
export async function findMergeBase(root: string | undefined, ref: string, flag: string): Promise<string> {
  const asked = checked(root, ref, flag);
  const [theirs, ours] = [await commitOf(asked, ref), await commitOf(asked, 'HEAD')];
  const { code, stdout } = await git(asked, ['merge-base', theirs, ours]);
  const base = stdout.toString('latin1').trim();
  if (code !== 0 || !/^[0-9a-f]{40,64}$/.test(base))
    throw new UserError(`${flag}: "${ref}" and HEAD have no common commit`, { hint: await missingHint(asked) });
  return base;
}

/** @throws UserError for a value that git could read as a flag, and if there is no repository. */
function checked(root: string | undefined, ref: string, flag: string): Asked {
  if (root === undefined) throw new UserError(`${flag} needs a git repository`);
  // oxlint-disable-next-line no-control-regex -- no ref holds these
  if (ref === '' || ref.startsWith('-') || /[\u0000-\u001f\u007f]/.test(ref))
    throw new UserError(`${flag}: invalid commit name "${ref}"`, { hint: 'Pass a branch, tag or commit.' });
  return { root, flag, ref };
}

/**
 * The files of a commit whose path (from the root of the repository) is requested and that are not too large, read from
 * git's objects.
 */
export async function readCommit(
  root: string,
  commit: string,
  flag: string,
  wanted: (path: string) => boolean,
  fileBytes: number,
): Promise<CommittedFile[]> {
  const asked: Asked = { root, flag, ref: commit };
  const listed = await ask(asked, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit]);
  const files = listed
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      // Links (mode 120000) and submodules (160000) are not read: the target of a link is read by its own name.
      const [, id = '', size = '', path = ''] = /^100\d{3} blob ([0-9a-f]+) +(\d+|BAD)\t(.*)$/s.exec(line) ?? [];
      // The size of an object that is missing in a partial clone is BAD.
      return path !== '' && !(Number(size) > fileBytes) && wanted(path) ? [{ id, path }] : [];
    });
  const ids = [...new Set(files.map(({ id }) => id))];
  const output = await ask(asked, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  const blobs = readBatch(output);
  return files.map(({ id, path }) => {
    const bytes = blobs.get(id);
    if (!bytes)
      throw new UserError(`${flag}: ${path} of commit ${commit.slice(0, 12)} is not in this clone`, {
        hint: 'This is a partial clone: fetch without a filter (git fetch --refetch --no-filter).',
      });
    return { path, bytes };
  });
}

/** `<id> blob <size>`, a line break, the bytes, a line break; `<id> missing` for a missing object. */
function readBatch(output: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const [id = '', type, size = ''] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
