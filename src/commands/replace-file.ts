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

/** A draft older than this, in milliseconds, was left by a killed run. */
const abandoned = 60_000;

/**
 * Writes a new file next to a file and then renames it, so that a full disk or a kill leaves the old content intact.
 * `old` is the existing file: its mode and owner are kept. `check` runs last, and stops the replacement by throwing.
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
    // wx: no one can place a link at this path.
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

/** Does synchronous work to the end, then lets signals that arrived in the meantime end the program. */
export async function withoutSignals(work: () => void): Promise<void> {
  const came: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals): void => {
    came.push(signal);
  };
  for (const signal of signals) process.on(signal, note);
  try {
    work();
    // Signals are delivered in a full turn of the event loop; the current one has already looked for them.
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const signal of signals) process.off(signal, note);
    if (came[0]) process.kill(process.pid, came[0]);
  }
}
