import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the installed package. */
    installed: string;
    /** The source from which it was installed. */
    tarball: string;
  }
}

/** The output of npm, or an error that says that nothing can be tested without it. */
function npm(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(
      `the end-to-end tests run an installed package, and npm ${args.join(' ')} failed:\n${error?.message ?? stderr}`,
    );
  return stdout;
}

/** Packs this checkout, unless EKSLINT_TARBALL names a package, and installs it in an empty folder. */
export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-installed-')));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const given = process.env['EKSLINT_TARBALL'];
    const tarball =
      given === undefined ? join(folder, npm('pack', '--pack-destination', folder).trimEnd()) : resolve(given);
    npm('install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', tarball);
    project.provide('tarball', tarball);
    project.provide('installed', join(folder, 'node_modules/ekslint'));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}
