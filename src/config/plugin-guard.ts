import { Worker } from 'node:worker_threads';

/*
 * Rules of plugins are code, and code has mistakes: nothing that one does by mistake may end a run as if all had been judged. That somebody
 * does so on purpose, nothing here prevents: a plugin may do all that its user may.
 */

/** No rule takes longer for one subject, and no file longer to load. */
const mostSeconds = 60;
const mostName = 400;

/** When what runs now began (0: nothing of a plugin runs), how long its name is, and the name. */
let watched: { readonly numbers: Int32Array; readonly name: Uint8Array } | undefined;
const encoder = new TextEncoder();

/** Runs something of a plugin; what does not end is ended from outside. */
export function watch<T>(name: string, action: () => T): T {
  if (!watched) return action();
  const { numbers, name: bytes } = watched;
  numbers[1] = encoder.encodeInto(name, bytes).written;
  Atomics.store(numbers, 0, now());
  try {
    return action();
  } finally {
    Atomics.store(numbers, 0, 0);
  }
}
const now = (): number => Math.floor(Date.now() / 1000) % 1_000_000_000;

/** A thread of its own, because the one that judges may be caught in a loop. */
const watcher = `
const { workerData: { buffer, most } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const numbers = new Int32Array(buffer, 0, 2);
setInterval(() => {
  const since = Atomics.load(numbers, 0);
  if (since === 0 || Math.floor(Date.now() / 1000) % 1000000000 - since < most) return;
  const name = Buffer.from(new Uint8Array(buffer, 8, numbers[1])).toString('utf8');
  writeSync(2, 'error: ' + name + ' of a plugin has not ended after ' + most + ' seconds, so nothing was judged\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/**
 * Guards the program while code of plugins may run: to leave it before the run has ended is a failure, and so is what is thrown where nobody
 * waits for it. What comes back is called when the run has ended.
 */
export function guardProgram(say: (words: string) => void, seconds = mostSeconds): () => Promise<void> {
  let hasEnded = false;
  const buffer = new SharedArrayBuffer(8 + mostName);
  watched = { numbers: new Int32Array(buffer, 0, 2), name: new Uint8Array(buffer, 8) };
  new Worker(watcher, { eval: true, execArgv: [], workerData: { buffer, most: seconds } }).unref();
  const { exit } = process;
  process.exit = (code) => {
    // Without a code it is that of the run, which an argument would take the place of, even one that is undefined.
    if (hasEnded) return code === undefined ? exit.call(process) : exit.call(process, code);
    say('error: a plugin called process.exit before the run had ended\n');
    return exit.call(process, 2);
  };
  process.on('uncaughtException', (error) => {
    say(`error: a plugin failed in the background: ${error.message}\n`);
    exit.call(process, 2);
  });
  return async () => {
    // What a rule has put off until later fails now, before anybody reads that the run went well.
    await new Promise((done) => {
      setTimeout(done, 10);
    });
    hasEnded = true;
  };
}
