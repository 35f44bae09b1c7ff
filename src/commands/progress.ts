import { isTerminal, say, terminalWidth } from './output.ts';
import { plain } from '#reporters/escape.ts';

/** Shorter runs end before anyone wonders what they are doing. */
const patience = 1_000;
const pace = 100;

/** A line on the terminal that shows what a long run is doing, and disappears when the run is over. */
export interface Progress {
  readonly show: ((words: string) => void) | undefined;
  clear(): void;
}

/** Shows progress only if someone is waiting: standard error is a terminal, and no CI system reads it. */
export function startProgress(wanted: boolean, after = patience): Progress {
  const isWatched = wanted && !process.env['CI'] && process.env['TERM'] !== 'dumb' && isTerminal(2);
  if (!isWatched) return { show: undefined, clear: () => {} };
  const width = (terminalWidth(2) ?? 80) - 1;
  let next = Date.now() + after;
  let isShown = false;
  return {
    show(words) {
      const now = Date.now();
      if (now < next) return;
      next = now + pace;
      isShown = true;
      say(`\r\u001b[K${plain(words).slice(0, width)}`);
    },
    clear() {
      if (isShown) say('\r\u001b[K');
      isShown = false;
    },
  };
}
