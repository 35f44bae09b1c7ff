import { Worker } from 'node:worker_threads';

/*
 * Rules of plugins are code, and code has bugs: none of them may end a run as if everything had been judged. Nothing
 * here protects against intent: a plugin can do everything that its user can.
 */

/** No rule takes this long for one subject, and no file takes this long to load. */
const mostSeconds = 60;
const mostName = 400;

/** The start time of the plugin code that is running (0: none is), the length of its name, and the name. */
let watched: { readonly numbers: Int32Array; readonly name: Uint8Array } | undefined;
const encoder = new TextEncoder();

/** Runs plugin code; a separate thread stops it if it does not end. */
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

/** A separate thread, because the main thread may be caught in a loop. */
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
 * Guards the program while plugin code may run: exiting before the run has ended is a failure, and so is an unhandled
 * error. Call the returned function when the run has ended.
 */
export function guardProgram(say: (words: string) => void, seconds = mostSeconds): () => Promise<void> {
  let hasEnded = false;
  const buffer = new SharedArrayBuffer(8 + mostName);
  watched = { numbers: new Int32Array(buffer, 0, 2), name: new Uint8Array(buffer, 8) };
  new Worker(watcher, { eval: true, execArgv: [], workerData: { buffer, most: seconds } }).unref();
  const { exit } = process;
  process.exit = (code) => {
    // Without an argument, the exit code of the run is used; passing an argument would replace it, even undefined.
    if (hasEnded) return code === undefined ? exit.call(process) : exit.call(process, code);
    say('error: a plugin called process.exit before the run had ended\n');
    return exit.call(process, 2);
  };
  process.on('uncaughtException', (error) => {
    say(`error: a plugin failed in the background: ${error.message}\n`);
    exit.call(process, 2);
  });
  return async () => {
    // Work that a rule has deferred fails now, before the run is reported as a success.
    await new Promise((done) => {
      setTimeout(done, 10);
    });
    hasEnded = true;
  };
}
