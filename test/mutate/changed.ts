import { execFileSync } from 'node:child_process';
import { folders } from './names.ts';

const git = (...parts: readonly string[]): string =>
  execFileSync('git', parts, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e9 });

/** A number that is another one for each commit; always the same without git. */
export function commitNumber(): number {
  try {
    return Number.parseInt(git('rev-parse', 'HEAD').slice(0, 8), 16);
  } catch {
    return 1;
  }
}

/** The lines of the adapters that differ from a commit, by file; `undefined` if the commit is not there, as in a shallow clone. */
export function linesSince(commit: string): ReadonlyMap<string, ReadonlySet<number>> | undefined {
  let diff: string;
  try {
    diff = git('diff', '-U0', '--no-color', '--no-ext-diff', '--no-prefix', '--no-renames', commit, '--', ...folders);
  } catch {
    return undefined;
  }
  const lines = new Map<string, Set<number>>();
  let own = new Set<number>();
  for (const [, file, from, count] of diff.matchAll(/^(?:\+\+\+ (.+)|@@ [^+]*\+(\d+)(?:,(\d+))? @@.*)$/gm)) {
    if (file === undefined) for (let i = 0; i < Number(count ?? 1); i++) own.add(Number(from) + i);
    else lines.set(file, (own = new Set()));
  }
  return lines;
}
