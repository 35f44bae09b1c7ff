import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemReason, UserError } from '#errors.ts';
import type { Finding, Report } from '#model/finding.ts';
import { plain } from '#reporters/escape.ts';
import { decode, encodeLike } from '#sources/files.ts';
import { applyTextEdits } from '#syntax/edit.ts';
import type { TextEdit } from '#syntax/tree.ts';
import { lineFinder, linesOf } from './git-lines.ts';
import { replaceFile, withoutSignals } from './replace-file.ts';
import { secretLines } from './secret-lines.ts';

interface FixOptions {
  readonly cwd: string;
  readonly suggestions: boolean;
  /** Fingerprints of the findings to fix; all if absent. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** The edits of a report to make, by file. */
export interface Plan {
  /** Edits that do not overlap, sorted by position. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  readonly findings: readonly Finding[];
  /** Fingerprints of the findings whose fixes overlap with others: they are left for another pass. */
  readonly left: ReadonlySet<string>;
}

/** Of two overlapping fixes, the first one in the order of the report is chosen. */
export function planFixes(report: Report, { suggestions, only }: FixOptions): Plan {
  const edits = new Map<string, TextEdit[]>();
  const findings: Finding[] = [];
  const left = new Set<string>();
  for (const finding of report.findings) {
    const { fix } = finding;
    if (!fix || finding.hidden || !(fix.safe || suggestions) || only?.has(finding.fingerprint) === false) continue;
    const of = (source: string): TextEdit[] => {
      const known = edits.get(source) ?? [];
      edits.set(source, known);
      return known;
    };
    // Several findings may have the same fix.
    const fresh = fix.edits.filter((edit) => !isSame(of(edit.source)[placeOf(of(edit.source), edit)], edit));
    if (fresh.some((edit) => touches(of(edit.source), edit))) left.add(finding.fingerprint);
    else {
      findings.push(finding);
      for (const edit of fresh) of(edit.source).splice(placeOf(of(edit.source), edit), 0, edit);
    }
  }
  for (const [source, chosen] of edits) if (chosen.length === 0) edits.delete(source);
  return { edits, findings, left };
}

/** The index of an edit among others, which are sorted by position and do not overlap. */
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

/** A file that was not fixed, with the reason. */
export interface Failure {
  readonly source: string;
  readonly why: string;
}

/** The same number of passes as ESLint. */
const mostPasses = 10;

/**
 * Fixes files until no fix of the first report is left: overlapping fixes are made one after the other. New findings
 * that a fix reveals are left for the next run, so a cluster is upgraded one version at a time.
 */
export async function fixAll(
  report: Report,
  lintAgain: () => Promise<Report>,
  options: FixOptions,
): Promise<{
  readonly report: Report;
  readonly fixed: readonly Finding[];
  readonly files: number;
  readonly failures: readonly Failure[];
}> {
  const fixed: Finding[] = [];
  const files = new Set<string>();
  const failures = new Map<string, Failure>();
  let judged = report;
  let only: ReadonlySet<string> | undefined;
  for (let pass = 0; pass < mostPasses && only?.size !== 0; pass++) {
    const { edits, findings, left } = planFixes(judged, { ...options, only });
    let changed = false;
    await withoutSignals(() => {
      for (const [source, chosen] of edits) {
        if (failures.has(source)) continue;
        try {
          rewrite(options.cwd, source, chosen);
          files.add(source);
          changed = true;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          failures.set(source, { source, why: error.message });
        }
      }
    });
    fixed.push(
      ...findings.filter(({ fix }) => fix?.edits.every(({ source }) => !failures.has(source) && edits.has(source))),
    );
    if (!changed) break;
    judged = await lintAgain();
    only = left;
  }
  return { report: judged, fixed, files: files.size, failures: [...failures.values()] };
}

/**
 * Writes the edits of one file. Encoding, mode and owner are kept.
 * @throws UserError if the file has changed since it was judged, or cannot be written.
 */
function rewrite(cwd: string, source: string, edits: readonly TextEdit[]): void {
  const file = resolve(cwd, source);
  let handle: number | undefined;
  try {
    // Sources are named by their real path, so a link in the path was created after the file was read.
    if (lstatSync(file).isSymbolicLink() || realpathSync(file) !== resolve(realpathSync(cwd), source))
      throw new UserError('it was replaced by a link since it was judged');
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw new UserError('it is not a regular file');
    const before = readFileSync(handle);
    const text = decode(before);
    if (typeof text !== 'string' || edits.some(({ judged }) => judged !== text))
      throw new UserError('it changed since it was judged');
    if (!encodeLike(before, text).equals(before)) throw new UserError('it is not valid text');
    replaceFile(file, encodeLike(before, applyTextEdits(text, edits)), stat, () => {
      const now = lstatSync(file);
      if (now.ino !== stat.ino || now.mtimeMs !== stat.mtimeMs) throw new UserError('it changed since it was judged');
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(
      `${syscall === 'fchown' ? 'its owner cannot be kept' : 'it cannot be written'} (${systemReason(error)})`,
      { cause: error },
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** A diff that `git apply` accepts, and the locations whose lines must not be printed. */
export interface Diff {
  readonly text: string;
  readonly left: readonly Failure[];
}

/**
 * The first changes that `fixAll` would make, as a unified diff. `nameOf` gives the name of a file relative to the root
 * of the repository, as `git apply` expects.
 */
export async function diffOf(
  { edits }: Plan,
  cwd: string,
  nameOf: (source: string) => string = (source) => source,
): Promise<Diff> {
  const left: Failure[] = [];
  const files: string[] = [];
  for (const [source, chosen] of edits) {
    const name = nameOf(source);
    // git applies nothing outside the repository.
    if (name.startsWith('../')) {
      left.push({ source, why: 'it is outside the repository' });
      continue;
    }
    // A diff has the bytes of UTF-8, so git would find none of its lines in the file.
    if (isUtf16(resolve(cwd, source))) {
      left.push({ source, why: 'its encoding is UTF-16' });
      continue;
    }
    const { text, hidden } = diffFile(name, chosen, await secretLines(source, chosen[0]?.judged ?? ''));
    files.push(text);
    for (const line of hidden)
      left.push({
        source: `${source}:${line}`,
        why: 'a line that the fix changes, or the line after it, may contain a secret',
      });
  }
  return { text: files.join(''), left };
}

/** Whether a file starts with the byte order mark of UTF-16; standard input has no file. */
function isUtf16(file: string): boolean {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const start = Buffer.alloc(2);
    readSync(handle, start);
    return ['fffe', 'feff'].includes(start.toString('hex'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Lines of context. git needs at least one after a change, or the end of the file. */
const context = 3;

/** Lines [from, to) of the old text are replaced by `lines`. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

function diffFile(
  name: string,
  edits: readonly TextEdit[],
  secret: ReadonlySet<number>,
): { readonly text: string; readonly hidden: number[] } {
  const judged = edits[0]?.judged ?? '';
  const old = linesOf(judged);
  const hidden: number[] = [];
  const changes = changesOf(judged, old, edits).filter(({ from, to, lines }) => {
    const shown = [...old.slice(from, to), ...lines, ...old.slice(to, to + 1)];
    let isShown = !shown.some(mayHoldSecret);
    for (let line = from; line <= to; line++) if (secret.has(line)) isShown = false;
    if (!isShown) hidden.push(from + 1);
    return isShown;
  });

  const hunks: string[] = [];
  let [shift, shown] = [0, 0];
  for (let i = 0; i < changes.length;) {
    const first = changes[i];
    if (!first) break;
    // A line of context belongs to one hunk only.
    const start = Math.max(contextBefore(old, first.from, secret), shown);
    let [line, added] = [start, 0];
    const body: string[] = [];
    const keep = (to: number): void => {
      for (; line < to; line++) body.push(` ${old[line] ?? ''}`);
    };
    let end = start;
    for (let next: Change | undefined = first; next; next = changes[i]) {
      keep(next.from);
      for (; line < next.to; line++) body.push(`-${old[line] ?? ''}`);
      body.push(...next.lines.map((one) => `+${one}`));
      added += next.lines.length - (next.to - next.from);
      end = contextAfter(old, next.to, secret);
      i++;
      if ((changes[i]?.from ?? Infinity) > end) break;
    }
    keep(end);
    shown = end;
    const [oldCount, newCount] = [end - start, end - start + added];
    const at = (from: number, count: number): string => `${count === 0 ? from : from + 1},${count}`;
    hunks.push(
      `@@ -${at(start, oldCount)} +${at(start + shift, newCount)} @@\n`,
      ...body.map((one) => (one.endsWith('\n') ? one : `${one}\n\\ No newline at end of file\n`)),
    );
    shift += added;
  }
  if (hunks.length === 0) return { text: '', hidden };
  // With a `diff --git` header, git resolves names from the root of the repository in any of its folders.
  const [before, after] = [quoted(`a/${name}`), quoted(`b/${name}`)];
  const header = `diff --git ${before} ${after}\n--- ${ended(before)}\n+++ ${ended(after)}\n`;
  return { text: header + hunks.join(''), hidden };
}

/** The edits as changes of whole lines; edits that share a line are one change. */
function changesOf(text: string, old: readonly string[], edits: readonly TextEdit[]): Change[] {
  const { starts, lineAt } = lineFinder(old);
  const groups: { from: number; to: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const from = lineAt(edit.start);
    // An insertion at the start of a line adds lines before it if it ends with a line break.
    const isLines = edit.start === edit.end && starts[from] === edit.start && edit.text.endsWith('\n');
    const ends = edit.end > edit.start && starts[lineAt(edit.end)] === edit.end && edit.text.endsWith('\n');
    const removes = edit.end > edit.start && starts[lineAt(edit.end)] === edit.end && starts[from] === edit.start;
    const to = isLines ? from : ends || removes ? lineAt(edit.end) : Math.min(lineAt(edit.end) + 1, old.length);
    const last = groups.at(-1);
    if (last && from < last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups.map(({ from, to, edits: inside }) => {
    const base = starts[from] ?? 0;
    const piece = text.slice(base, starts[to] ?? text.length);
    const moved = inside.map((edit) => ({ ...edit, start: edit.start - base, end: edit.end - base }));
    return { from, to, lines: linesOf(applyTextEdits(piece, moved)) };
  });
}

function contextBefore(old: readonly string[], from: number, secret: ReadonlySet<number>): number {
  let at = from;
  while (at > 0 && from - at < context && !secret.has(at - 1) && !endsContext(old[at - 1])) at--;
  return at;
}
function contextAfter(old: readonly string[], to: number, secret: ReadonlySet<number>): number {
  let at = to;
  // The first line after a change was compared before; git accepts its absence only at the end of the file.
  while (at < old.length && at - to < context && (at === to || !(secret.has(at) || endsContext(old[at])))) at++;
  return at;
}
/**
 * Arguments are items without a key: `--password` in one item says nothing about its neighbors. Names in uppercase are
 * capabilities.
 */
const endsContext = (line: string | undefined): boolean =>
  line === undefined ||
  line.startsWith('---') ||
  mayHoldSecret(line) ||
  (/^\s*- (?!["']?[A-Z_*]+["']?\s*$)[^:[{]*$/.test(line) && !/^\s*- +#/.test(line));

/**
 * Keys whose values are usually secret, unless the value is true, false or a number; and values that look like
 * credentials. A long name in front of `:` or ` = ` is a key.
 */
const secretKey =
  /(pass(word|wd|phrase)?|secret|token|credentials?|(api|access|private)[-_]?key|auth|dsn|connection[-_]?string|(^|[\s{,"'-])(value|data|stringData))["']?\s*[:=](?!\s*(true|false|null|\d+)?\s*([,}#]|$))/i;
const secretValue =
  /-----BEGIN|[^\s/@"':]+:[^\s/@"']+@(?!sha\d+:)|(AKIA|ASIA)[A-Z0-9]{12}|["'\s:=](?![A-Za-z_]+["']?(?:\s*:|\s+=\s))[A-Za-z0-9+/_]{24,}={0,2}(["'\s,}\]]|$)/;
const mayHoldSecret = (line: string): boolean => secretKey.test(line) || secretValue.test(line);

/**
 * The characters in a name that git quotes (core.quotePath off): control characters, quotes and backslashes, as octal
 * escapes.
 */
const quotable = /[\p{Cc}"\\]/gu;
function quoted(name: string): string {
  const octal = (one: string): string =>
    [...Buffer.from(one)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const escaped = name.replace(quotable, octal);
  return escaped === name ? name : `"${escaped}"`;
}
/** A tab marks the end of a name that contains spaces. */
const ended = (name: string): string => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);

/** `deploy/web.yaml:12`, as a terminal may show it. */
export const placeOfFinding = ({ at }: Finding): string =>
  plain(at.start ? `${at.source}:${at.start.line}` : at.source);
