import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startProgress } from '#commands/progress.ts';

const terminal = vi.hoisted(() => ({ isThere: true, said: '' }));
vi.mock('#commands/output.ts', () => ({
  isTerminal: () => terminal.isThere,
  terminalWidth: () => 30,
  say: (text: string) => {
    terminal.said += text;
  },
}));

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.stubEnv('CI', '');
  vi.stubEnv('TERM', 'xterm');
  Object.assign(terminal, { isThere: true, said: '' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** The output of a run of two seconds that reports progress every 50 ms. */
function saidBy(wanted: boolean): string {
  const progress = startProgress(wanted);
  for (let at = 0; at < 2_000; at += 50) {
    vi.setSystemTime(at);
    progress.show?.(`judged ${at} of 2000 objects \u001b[31m and a long tail`);
  }
  progress.clear();
  return terminal.said;
}

describe('progress', () => {
  test('is shown if someone is waiting, cut to the line, and gone at the end', () => {
    const said = saidBy(true);
    const lines = said.split('\r\u001b[K').slice(1);
    expect(lines[0]).toMatch(/^judged 1000 of 2000 objects/);
    expect(lines.length).toBe(11); // ten a second, and the empty line at the end
    expect(lines.at(-1)).toBe('');
    expect(lines.every((line) => line.length <= 29 && !line.includes('\u001b'))).toBe(true);
  });
  test('is not shown with --no-progress, in CI, without a terminal, or in a short run', () => {
    expect(saidBy(false)).toBe('');
    vi.stubEnv('CI', 'true');
    expect(saidBy(true)).toBe('');
    vi.stubEnv('CI', '');
    vi.stubEnv('TERM', 'dumb');
    expect(saidBy(true)).toBe('');
    vi.stubEnv('TERM', 'xterm');
    terminal.isThere = false;
    expect(saidBy(true)).toBe('');
    terminal.isThere = true;
    vi.setSystemTime(0);
    const progress = startProgress(true);
    vi.setSystemTime(900);
    progress.show?.('x');
    progress.clear();
    expect(terminal.said).toBe('');
  });
});
