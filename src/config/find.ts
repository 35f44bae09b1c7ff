import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '#errors.ts';
import { configNames } from './config.ts';
import { type ConfigFiles, disk } from './files.ts';

/*
 * Separate from the code that reads a config: most runs find none, and start without the validators that it needs.
 */

/** The nearest config file from `cwd` up to the git root (only `cwd` if there is none). */
export function findConfig(cwd: string, gitRoot: string | undefined, files: ConfigFiles = disk): string | undefined {
  const top = resolve(gitRoot ?? cwd);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const [first, second] = configNames.filter((name) => files.size(join(folder, name)) !== undefined);
    if (first !== undefined && second !== undefined)
      throw new UserError(`two config files in one folder: ${first} and ${second}`, {
        at: shown(join(folder, first)),
        hint: 'Keep one of them.',
      });
    if (first !== undefined) return join(folder, first);
    if (folder === top || folder === dirname(folder)) return undefined;
  }
}

/** A config file as messages call it. */
export const shown = (file: string): string => {
  const path = relative(process.cwd(), file).split(sep).join('/');
  return path === '' ? basename(file) : path;
};
