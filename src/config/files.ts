import { readFileSync, realpathSync, statSync } from 'node:fs';

/** Where config files are read from: the disk or a commit. Paths are absolute. */
export interface ConfigFiles {
  /** The size in bytes of the file at a path, following links; undefined if there is no file. */
  size(path: string): number | undefined;
  /** The path with all links resolved; undefined if nothing exists there. */
  real(path: string): string | undefined;
  /** @throws the error that kept the file from being read. */
  text(path: string): string;
}

export const disk: ConfigFiles = {
  size(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats.size : undefined;
  },
  real(path) {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  },
  text: (path) => readFileSync(path, 'utf8'),
};
