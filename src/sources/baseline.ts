import { readFileSync } from 'node:fs';
import { systemReason, UserError } from '#errors.ts';
import type { BaselineEntry } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';

const texts = ['rule', 'file', 'resource', 'path', 'message'] as const;

/**
 * The entries of a baseline file; none if it does not exist and `absent` allows that.
 * @throws UserError for a file that is missing or that ekslint did not write.
 */
export function readBaseline(
  file: string,
  shown: string,
  absent: 'empty' | 'error',
  read = (path: string): string => readFileSync(path, 'utf8'),
): BaselineEntry[] {
  let text: string;
  try {
    text = read(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && absent === 'empty') return [];
    throw new UserError(
      code === 'ENOENT' ? `baseline ${shown} does not exist` : `cannot read baseline ${shown}: ${systemReason(cause)}`,
      { ...(code === 'ENOENT' ? { hint: 'Create it with --update-baseline.' } : {}), cause },
    );
  }
  const invalid = (what: string): UserError =>
    new UserError(`invalid baseline ${shown}: ${what}`, { hint: 'Write it again with --update-baseline.' });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`invalid baseline ${shown}: not JSON`, {
      hint: 'Resolve conflicts by deleting the file and writing it again with --update-baseline.',
      cause,
    });
  }
  if (!isRecord(data) || data['version'] !== 1 || !Array.isArray(data['findings']))
    throw invalid('expected "version": 1 and a list "findings"');
  return (data['findings'] as unknown[]).map((entry, index) => {
    if (!isEntry(entry)) throw invalid(`findings[${index}] needs ${texts.join(', ')} and a count of 1 or more`);
    return entry;
  });
}

const isEntry = (entry: unknown): entry is BaselineEntry =>
  isRecord(entry) &&
  texts.every((key) => typeof entry[key] === 'string') &&
  Number.isInteger(entry['count']) &&
  Number(entry['count']) >= 1;

/** The text of a baseline file: one entry a line, so that changes of two people rarely conflict. */
export const writeBaseline = (entries: readonly BaselineEntry[]): string =>
  `{\n  "version": 1,\n  "findings": [${entries.map((entry) => `\n    ${JSON.stringify(entry)}`).join(',')}\n  ]\n}\n`;
