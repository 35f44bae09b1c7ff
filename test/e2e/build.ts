import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Builds what the end-to-end tests start, unless it is there: `npm test` has just built it. */
export default function setup(): void {
  if (existsSync('dist/cli.cjs') || process.env['EKSLINT_BIN'] !== undefined) return;
  for (const command of ['registry', 'build'])
    execFileSync(process.execPath, ['--import', 'tsx', 'bin/dev.mts', command], { stdio: 'inherit' });
}
