import type { TextEdit } from '#syntax/tree.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '#model/finding.ts';
import { applyTextEdits } from '#syntax/edit.ts';

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

/** Writes the fixes of a report into the files, or prints them as line pairs. Returns how many files change. */
export function applyFixes(report: Report, options: { readonly cwd: string; readonly suggestions: boolean; readonly dryRun: boolean }): number {
  const chosen = editsByFile(report, options.suggestions);
  for (const [source, edits] of chosen) {
    const file = resolve(options.cwd, source);
    const before = readFileSync(file, 'utf8');
    const after = applyTextEdits(before, edits);
    if (options.dryRun) process.stdout.write(describe(source, before, edits));
    else writeFileSync(file, after);
  }
  if (!options.dryRun) process.stderr.write(`fixed ${chosen.size} ${chosen.size === 1 ? 'file' : 'files'}\n`);
  return chosen.size;
}

/** A diff of the lines that each edit touches, without context. */
function describe(source: string, before: string, edits: readonly TextEdit[]): string {
  const blocks = edits.map((edit) => {
    const start = before.lastIndexOf('\n', edit.start - 1) + 1;
    const newline = before.indexOf('\n', Math.max(edit.end - 1, edit.start));
    const end = newline < 0 ? before.length : newline;
    const old = before.slice(start, end);
    const fresh = before.slice(start, edit.start) + edit.text + before.slice(Math.min(edit.end, end), end);
    const lines = (mark: string, text: string) => text.split('\n').filter((line) => line !== '').map((line) => `${mark}${line}\n`).join('');
    return `@@ line ${edit.from.line} @@\n${lines('-', old)}${lines('+', fresh)}`;
  });
  return `--- ${source}\n+++ ${source}\n${blocks.join('')}`;
}
