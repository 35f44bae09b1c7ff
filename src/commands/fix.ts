import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '#errors.ts';
import type { Report } from '#model/finding.ts';
import { plain } from '#reporters/escape.ts';
import { decode, encodeLike } from '#sources/files.ts';
import { applyTextEdits } from '#syntax/edit.ts';
import type { TextEdit } from '#syntax/tree.ts';

/** Edits that do not overlap, file by file; of two that do, the first in the order of the report. */
function editsByFile(report: Report, suggestions: boolean): Map<string, TextEdit[]> {
  const chosen = new Map<string, TextEdit[]>();
  for (const finding of report.findings) {
    const { fix } = finding;
    if (!fix || finding.hidden || !(fix.safe || suggestions)) continue;
    const clash = fix.edits.some((edit) => (chosen.get(edit.source) ?? []).some((other) => edit.start < other.end && other.start < edit.end || edit.start === other.start));
    if (clash) continue;
    for (const edit of fix.edits) chosen.set(edit.source, [...(chosen.get(edit.source) ?? []), edit]);
  }
  return chosen;
}

interface FixOptions {
  readonly cwd: string;
  readonly suggestions: boolean;
}

/** Writes the fixes of a report into the files, each in the encoding that it has. Returns how many change. */
export function applyFixes(report: Report, { cwd, suggestions }: FixOptions): number {
  const chosen = editsByFile(report, suggestions);
  for (const [source, edits] of chosen) {
    const file = resolve(cwd, source);
    const before = readFileSync(file);
    const text = decode(before);
    if (typeof text !== 'string' || !encodeLike(before, text).equals(before)) throw new UserError(`${source}: not fixed, as its bytes are no whole text`);
    try {
      // In place, not by a new file: owner, mode and hard links stay as they are.
      writeFileSync(file, encodeLike(before, applyTextEdits(text, edits)));
    } catch (error) {
      throw new UserError(`cannot write ${source}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error });
    }
  }
  return chosen.size;
}

/** What `applyFixes` would change, as a diff without context. The text of standard input is given, as no file holds it. */
export function describeFixes(report: Report, { cwd, suggestions, stdin }: FixOptions & { readonly stdin?: { readonly name: string; readonly text: string } | undefined }): string {
  return [...editsByFile(report, suggestions)].map(([source, edits]) => {
    const text = stdin?.name === source ? stdin.text : decode(readFileSync(resolve(cwd, source)));
    const blocks = typeof text === 'string' ? edits.map((edit) => describe(text, edit)) : [];
    return `--- ${plain(source)}\n+++ ${plain(source)}\n${blocks.join('')}`;
  }).join('');
}

/** The lines that an edit touches, before and after. */
function describe(text: string, edit: TextEdit): string {
  const start = Math.max(text.lastIndexOf('\n', edit.start - 1), text.lastIndexOf('\r', edit.start - 1)) + 1;
  const rest = /[\r\n]/.exec(text.slice(Math.max(edit.end - 1, edit.start)));
  const end = rest ? Math.max(edit.end - 1, edit.start) + rest.index : text.length;
  const [before, after] = [beginning(text.slice(start, edit.start)), ending(text.slice(Math.min(edit.end, end), end))];
  const lines = (mark: string, shown: string) => shown.split(/\r\n|[\r\n]/).filter((line) => line !== '').map((line) => `${mark}${plain(line)}\n`).join('');
  return `@@ line ${edit.from.line} @@\n${lines('-', before + text.slice(edit.start, Math.min(edit.end, end)) + after)}${lines('+', before + edit.text + after)}`;
}

/** Neighbours on the line are not shown, as one of them may be a secret: a line of its own shows its key alone. */
const beginning = (text: string): string => (/^[\s-]*(["']?[\w./-]+["']?:\s*)?[[{]?\s*$/.test(text) ? text : `${/^\s*/.exec(text)?.[0] ?? ''}…`);
const ending = (text: string): string => (/^[\s,\]}]*$/.test(text) ? text : '…');
