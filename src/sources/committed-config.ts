import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { findCommit, readCommit } from './git.ts';

/** Larger files are not a config or a baseline. */
const largest = 10_000_000;

/** The config files and baselines of a commit, looked up by their paths on disk. */
export interface CommittedConfig {
  size(path: string): number | undefined;
  real(path: string): string | undefined;
  /** @throws an error with the code ENOENT if the commit has no such file. */
  text(path: string): string;
  /** The files that were read and differ on disk, in the order in which they were read. */
  changed(): readonly string[];
}

/**
 * Reads the config files of a commit: its YAML and JSON files. Links are not followed.
 * @throws UserError if there is no repository or no such commit.
 */
export async function readCommittedConfig(
  gitRoot: string | undefined,
  ref: string,
  flag: string,
): Promise<CommittedConfig> {
  const commit = await findCommit(gitRoot, ref, flag);
  const root = gitRoot ?? '';
  const isConfig = (path: string): boolean => /\.(?:ya?ml|json)$/.test(path);
  const texts = new Map(
    (await readCommit(root, commit, flag, isConfig, largest)).map(({ path, bytes }) => [path, bytes]),
  );
  const at = (path: string): Buffer | undefined => texts.get(relative(root, path).split(sep).join('/'));
  const asked = new Set<string>();
  return {
    size: (path) => at(path)?.length,
    real: (path) => (at(path) === undefined ? undefined : resolve(path)),
    text(path) {
      const bytes = at(path);
      if (bytes === undefined) throw Object.assign(new Error(`${path} is not in ${ref}`), { code: 'ENOENT' });
      asked.add(path);
      return bytes.toString('utf8');
    },
    changed: () => [...asked].filter((path) => !at(path)?.equals(onDisk(path) ?? Buffer.of(0))),
  };
}

function onDisk(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // removed, or not readable: it differs
  }
}
