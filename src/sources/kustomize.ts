import { basename } from 'node:path';
import { findProgram, runProgram, type Said } from './program.ts';

/**
 * The output of the user's kustomize, otherwise kubectl, for an overlay. Neither is allowed to run plugins or charts,
 * or to leave the folder.
 */
export async function buildOverlay(folder: string): Promise<Said> {
  const program = findProgram('kustomize') ?? findProgram('kubectl');
  if (program === undefined)
    return { stdout: '', failed: '--render needs kustomize or kubectl, neither of which is in PATH' };
  const command = basename(program).startsWith('kubectl') ? 'kustomize' : 'build';
  return await runProgram(program, [command, '--', folder], folder);
}
