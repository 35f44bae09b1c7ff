import { fstatSync, statSync, writeSync } from 'node:fs';
import { systemReason, UserError } from '#errors.ts';

/*
 * The two outputs, written directly to their file descriptors: the streams that Node creates for them load its network
 * code, which takes longer than a short run.
 */

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A report may be large: it is not encoded all at once. */
const writtenAtOnce = 1 << 20;

function write(descriptor: 1 | 2, text: string): void {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + writtenAtOnce, text.length);
    // A character must not be split.
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    writeBytes(descriptor, Buffer.from(text.slice(start, end)));
  }
}

function writeBytes(descriptor: 1 | 2, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A pipe that was set to non-blocking mode and is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

/**
 * Writes to standard output. A reader that closes early (`| head`) is not an error.
 * @throws UserError for output that cannot be written, as on a full disk.
 */
export function print(text: string): void {
  try {
    write(1, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE')
      throw new UserError(`cannot write to standard output: ${systemReason(error)}`, { cause: error });
  }
}

/** Writes to standard error. If even that fails, there is nowhere left to report it. */
export function say(text: string): void {
  try {
    write(2, text);
  } catch {
    // See above.
  }
}

/**
 * Whether a person may be looking at an output: files, pipes and /dev/null are not terminals. Asking the file system
 * loads no further code.
 */
const mayBeTerminal = (descriptor: 1 | 2): boolean => {
  const output = fstatSync(descriptor);
  return output.isCharacterDevice() && output.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
};

const streamOf = (descriptor: 1 | 2) => (descriptor === 1 ? process.stdout : process.stderr);

/** Whether an output is a terminal. */
export const isTerminal = (descriptor: 1 | 2): boolean => mayBeTerminal(descriptor) && streamOf(descriptor).isTTY;

/** The width in columns of the terminal behind an output; undefined if it is not a terminal. */
export const terminalWidth = (descriptor: 1 | 2 = 1): number | undefined =>
  isTerminal(descriptor) ? streamOf(descriptor).columns : undefined;
