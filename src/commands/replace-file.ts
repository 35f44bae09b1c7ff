import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A draft that is older than this, in milliseconds, was left by a run that was killed. */
const abandoned = 60_000;

/**
 * Writes a new file beside a file, which then takes its name, so that a full disk or a kill leaves the old text whole. `old` is the file
 * that is there: mode and owner stay. `check` is called last, and stops it by an error.
 */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  old: Stats | undefined,
  check?: () => void,
): void {
  const folder = dirname(file);
  const prefix = `.${basename(file)}.ekslint-`;
  let draft: string | undefined = join(folder, prefix + Math.random().toString(36).slice(2));
  let handle: number | undefined;
  try {
    // wx: nobody can put a link in its way.
    handle = openSync(draft, 'wx', old ? 0o600 : 0o666);
    writeFileSync(handle, content);
    if (old) {
      const own = fstatSync(handle);
      if (own.uid !== old.uid || own.gid !== old.gid) fchownSync(handle, old.uid, old.gid);
      fchmodSync(handle, old.mode & 0o7777);
    }
    fsyncSync(handle);
    closeSync(handle);
    handle = undefined;
    check?.();
    renameSync(draft, file);
    draft = undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
    if (draft !== undefined) rmSync(draft, { force: true });
  }
  for (const name of readdirSync(folder)) if (name.startsWith(prefix)) removeAbandoned(join(folder, name));
}

function removeAbandoned(draft: string): void {
  const stat = lstatSync(draft, { throwIfNoEntry: false });
  if (stat?.isFile() && Date.now() - stat.mtimeMs > abandoned) rmSync(draft, { force: true });
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does all of some work that does not wait, then lets signals end the program that came meanwhile. */
export async function withoutSignals(work: () => void): Promise<void> {
  const came: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals): void => {
    came.push(signal);
  };
  for (const signal of signals) process.on(signal, note);
  try {
    work();
    // A whole round of the event loop hands over what came; the round that runs has looked already.
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const signal of signals) process.off(signal, note);
    if (came[0]) process.kill(process.pid, came[0]);
  }
}
