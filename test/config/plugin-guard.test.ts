import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

/* The guard changes the program that it guards, so each case is a separate program. */

const guard = pathToFileURL(join(import.meta.dirname, '../../src/config/plugin-guard.ts')).href;

/** What happens to a program that would succeed. */
function outcomeOf(plugin: string, seconds = 60): { code: number | null; signal: string | null; said: string } {
  const program = `
    const { guardProgram, watch } = await import(${JSON.stringify(guard)});
    const end = guardProgram((words) => process.stderr.write(words), ${seconds});
    watch('rule acme/x', () => { ${plugin} });
    await end();
    process.exitCode = 0;
    process.exit();`;
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  return { code: status, signal, said: stderr };
}

test.each([
  ['process.exit(0)', 'called process.exit before the run had ended'],
  ['process.exitCode = 0; process.exit()', 'called process.exit before the run had ended'],
  ['setTimeout(() => process.exit(0), 0)', 'called process.exit before the run had ended'],
  ['setTimeout(() => { throw new Error("later") }, 0)', 'a plugin failed in the background: later'],
  ['Promise.reject(new Error("later"))', 'a plugin failed in the background: later'],
])(
  'a plugin that runs %s does not end the program successfully',
  (plugin, said) => {
    const outcome = outcomeOf(plugin);
    expect(outcome.code, outcome.said).toBe(2);
    expect(outcome.said).toContain(said);
  },
  60_000,
);

test('a plugin that never returns is stopped', () => {
  const { signal, said } = outcomeOf('for (;;);', 2);
  expect(said).toContain('rule acme/x of a plugin has not ended after 2 seconds, so nothing was judged');
  expect(signal).toBe('SIGKILL');
}, 60_000);

test('a plugin that does none of this changes nothing', () => {
  expect(outcomeOf('')).toEqual({ code: 0, signal: null, said: '' });
}, 60_000);
