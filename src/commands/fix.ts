import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '#errors.ts';
import type { Report } from '#model/finding.ts';
import { plain } from '#reporters/escape.ts';
import { decode, encodeLike } from '#sources/files.ts';
import { applyTextEdits } from '#syntax/edit.ts';
import type { TextEdit } from '#syntax/tree.ts';

/** Edits that do not touch each other, file by file; of two that do, the first in the order of the report, and the other is left. */
function editsByFile(
  report: Report,
  { suggestions, only }: FixOptions,
): { chosen: Map<string, TextEdit[]>; left: Set<string> } {
  const chosen = new Map<string, TextEdit[]>();
  const left = new Set<string>();
  for (const finding of report.findings) {
    const { fix } = finding;
    if (!fix || finding.hidden || !(fix.safe || suggestions) || only?.has(finding.fingerprint) === false) continue;
    const of = (source: string): TextEdit[] => {
      const edits = chosen.get(source) ?? [];
      chosen.set(source, edits);
      return edits;
    };
    // Fixes of several findings may be one and the same.
    const fresh = fix.edits.filter((edit) => !isSame(of(edit.source)[placeOf(of(edit.source), edit)], edit));
    if (fresh.some((edit) => touches(of(edit.source), edit))) left.add(finding.fingerprint);
    else for (const edit of fresh) of(edit.source).splice(placeOf(of(edit.source), edit), 0, edit);
  }
  for (const [source, edits] of chosen) if (edits.length === 0) chosen.delete(source);
  return { chosen, left };
}

/** Where an edit belongs among others, which are in the order of their places and do not touch each other. */
function placeOf(edits: readonly TextEdit[], { start }: TextEdit): number {
  let low = 0;
  for (let high = edits.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((edits[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
const isSame = (a: TextEdit | undefined, b: TextEdit): boolean =>
  a?.start === b.start && a.end === b.end && a.text === b.text;
function touches(edits: readonly TextEdit[], edit: TextEdit): boolean {
  const at = placeOf(edits, edit);
  const [before, next] = [edits[at - 1], edits[at]];
  return (before !== undefined && before.end >= edit.start) || (next !== undefined && next.start <= edit.end);
}

interface FixOptions {
  readonly cwd: string;
  readonly suggestions: boolean;
  /** Fingerprints of the findings to fix; all where absent. */
  readonly only?: ReadonlySet<string> | undefined;
}

/**
 * Writes the fixes of a report into the files, each in the encoding that it has. Returns the files that change, and the fingerprints of
 * the findings whose fixes touch others and were left for another pass.
 */
export function applyFixes(
  report: Report,
  options: FixOptions,
): { readonly changed: readonly string[]; readonly left: ReadonlySet<string> } {
  const { cwd } = options;
  const { chosen, left } = editsByFile(report, options);
  for (const [source, edits] of chosen) {
    const file = resolve(cwd, source);
    const before = readFileSync(file);
    const text = decode(before);
    if (typeof text !== 'string' || !encodeLike(before, text).equals(before))
      throw new UserError(`${source}: not fixed, as its bytes are no whole text`);
    try {
      // In place, not by a new file: owner, mode and hard links stay as they are.
      writeFileSync(file, encodeLike(before, applyTextEdits(text, edits)));
    } catch (error) {
      throw new UserError(`cannot write ${source}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
        cause: error,
      });
    }
  }
  return { changed: [...chosen.keys()], left };
}

/** What `applyFixes` would change, as a diff without context. The text of standard input is given, as no file holds it. */
export function describeFixes(
  report: Report,
  { stdin, ...options }: FixOptions & { readonly stdin?: { readonly name: string; readonly text: string } | undefined },
): string {
  return [...editsByFile(report, options).chosen]
    .map(([source, edits]) => {
      const text = stdin?.name === source ? stdin.text : decode(readFileSync(resolve(options.cwd, source)));
      const blocks = typeof text === 'string' ? edits.map((edit) => describe(text, edit)) : [];
      return `--- ${plain(source)}\n+++ ${plain(source)}\n${blocks.join('')}`;
    })
    .join('');
}

/** The lines that an edit touches, before and after. */
function describe(text: string, edit: TextEdit): string {
  const start = Math.max(text.lastIndexOf('\n', edit.start - 1), text.lastIndexOf('\r', edit.start - 1)) + 1;
  const rest = /[\r\n]/.exec(text.slice(Math.max(edit.end - 1, edit.start)));
  const end = rest ? Math.max(edit.end - 1, edit.start) + rest.index : text.length;
  const [before, after] = [beginning(text.slice(start, edit.start)), ending(text.slice(Math.min(edit.end, end), end))];
  const lines = (mark: string, shown: string) =>
    shown
      .split(/\r\n|[\r\n]/)
      .filter((line) => line !== '')
      .map((line) => `${mark}${plain(line)}\n`)
      .join('');
  return `@@ line ${edit.from.line} @@\n${lines('-', before + text.slice(edit.start, Math.min(edit.end, end)) + after)}${lines('+', before + edit.text + after)}`;
}

/** Neighbours on the line are not shown, as one of them may be a secret: a line of its own shows its key alone. */
const beginning = (text: string): string =>
  /^[\s-]*(["']?[\w./-]+["']?:\s*)?[[{]?\s*$/.test(text) ? text : `${/^\s*/.exec(text)?.[0] ?? ''}…`;
const ending = (text: string): string => (/^[\s,\]}]*$/.test(text) ? text : '…');
