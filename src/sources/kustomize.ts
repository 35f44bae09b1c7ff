import { basename } from 'node:path';
import { findProgram, runProgram, type Said } from './program.ts';

/** What the kustomize of the user, else kubectl, makes of an overlay. Neither is allowed to run plugins or charts, or to leave the folder. */
export async function buildOverlay(folder: string): Promise<Said> {
  const program = findProgram('kustomize') ?? findProgram('kubectl');
  if (program === undefined)
    return { stdout: '', failed: '--render needs kustomize or kubectl, neither of which is in PATH' };
  const command = basename(program).startsWith('kubectl') ? 'kustomize' : 'build';
  return await runProgram(program, [command, '--', folder], folder);
}
