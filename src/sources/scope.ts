import { existsSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { UserError } from '#errors.ts';
import type { FoundFiles } from './files.ts';

/**
 * Keeps as targets only the files that the scope names or that are in a folder it names; the others become context.
 * @throws UserError for a path that does not exist: a typo would hide everything.
 */
export function narrow(found: FoundFiles, cwd: string, scope: ReadonlySet<string>): FoundFiles {
  const wanted = new Set<string>();
  const realCwd = realpathSync(cwd);
  for (const path of scope) {
    const full = resolve(cwd, path);
    if (!existsSync(full))
      throw new UserError(`--scope ${path}: no such file or folder`, {
        hint: 'Check the spelling; paths are relative to the working directory.',
      });
    // A link stands for its target, whose name reports use for the file.
    wanted.add(full).add(resolve(cwd, relative(realCwd, realpathSync(full))));
  }
  const covers = (id: string): boolean => {
    for (let at = resolve(cwd, id); ; at = dirname(at)) {
      if (wanted.has(at)) return true;
      if (at === dirname(at)) return false;
    }
  };
  return {
    ...found,
    sources: found.sources.map((source) =>
      source.target && !covers(source.id) ? { ...source, target: false } : source,
    ),
    notes: found.notes.filter(({ at }) => !at || covers(at.source)),
  };
}
