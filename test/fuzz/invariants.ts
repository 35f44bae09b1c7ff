import { rules } from '../../src/rule/registry.ts';
import { applyTextEdits } from '#syntax/edit.ts';
import { isForeign, looksLikeOurs } from '#syntax/claim.ts';
import type { Location, Source, TextEdit } from '#syntax/tree.ts';
import { splitDocuments } from '#syntax/yaml.ts';
import { lintTexts } from '../lint-texts.ts';
import type { Files } from './seeds.ts';

/**
 * Properties that must hold for any input. Each check throws an Error whose message starts with the name of the
 * violated property.
 */

export type Result = Awaited<ReturnType<typeof lintTexts>>;

export const fail = (name: string, what: unknown): never => {
  throw new Error(`${name}: ${typeof what === 'string' ? what : JSON.stringify(what)}`);
};

/** Milliseconds of one run over some kilobytes, on a busy machine. */
const mostTime = 3000;

export async function run(files: Files, chosen = rules): Promise<Result> {
  const before = process.cpuUsage();
  const result = await lintTexts(files, chosen);
  const { user, system } = process.cpuUsage(before);
  if ((user + system) / 1000 > mostTime) fail('bounded time', `${Math.round((user + system) / 1000)} ms`);
  for (const { rule, subject, error } of result.crashes)
    fail('no rule crashes', `${rule} on ${subject.kind}: ${error.message} ${error.stack?.split('\n')[1]?.trim()}`);
  return result;
}

/** Lines as code hosts count them. */
const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);

function checkPlace({ source, start, end }: Location, lines: ReadonlyMap<string, string[]>): void {
  const known = lines.get(source);
  if (!known) fail('places are in a file of the run', source);
  for (const at of [start, end]) {
    const line = at && known?.[at.line - 1];
    if (at && (line === undefined || at.column < 1 || at.column > line.length + 1))
      fail('places lie in the text', { source, ...at });
  }
  if (start && end && (end.line < start.line || (end.line === start.line && end.column < start.column)))
    fail('places end behind their begin', { source, start, end });
}

const inOrder = (result: Result): string =>
  JSON.stringify([
    result.findings.map(({ rule, message, at, fingerprint }) => [rule, message, at, fingerprint]),
    // If a cluster is missing, the location is that of its first part.
    result.undetermined.map(({ rule, subject, why }) => JSON.stringify([rule, subject, why])).sort(),
  ]);

/** Rules that look at one object at a time; their findings must not depend on the file of the object. */
const lonely = rules.filter((rule) => rule.scope === 'resource');

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name) && !name.endsWith('kustomization.yaml');

/** The differences between two lists. */
export function compare(name: string, before: readonly string[], after: readonly string[]): void {
  const missing = before.filter((what) => !after.includes(what));
  const more = after.filter((what) => !before.includes(what));
  if (missing.length + more.length > 0) fail(name, { missing: missing.slice(0, 3), more: more.slice(0, 3) });
}

/**
 * A file is claimed as a whole: kubectl stops at the first document that is not an object. Alone in a file, such a
 * document may belong to another tool, so only documents that are also claimed alone are compared.
 */
async function checkSplit(files: Files): Promise<void> {
  const whole: Record<string, string> = {};
  const parts: Record<string, string> = {};
  /** The lines of `whole` with documents that are also claimed alone. */
  const compared = new Map<string, readonly (readonly [from: number, to: number])[]>();
  for (const [name, text] of Object.entries(files)) {
    if (!isYaml(name)) continue;
    whole[name] = text;
    const bounds = splitDocuments({ id: name, path: name, text, target: true }).map(({ start }) => start);
    const lines: [number, number][] = [];
    bounds.forEach((start, i) => {
      // The marker before the next document may stay: it ends this one.
      const end = bounds[i + 1] ?? text.length;
      const path = name.replace(/(\.ya?ml)$/, `-${i}$1`);
      const part = text.slice(i === 0 ? 0 : start, end);
      const source = { id: path, path, text: part, target: true };
      if (isForeign(source) || !looksLikeOurs(source)) return;
      parts[path] = part;
      lines.push([linesOf(text.slice(0, start)).length, linesOf(text.slice(0, end)).length]);
    });
    compared.set(name, lines);
  }
  if (Object.keys(parts).length === Object.keys(whole).length) return;
  /** The findings, without their locations. */
  const said = ({ findings }: Result): string[] =>
    findings
      .filter(({ at: { source, start } }) => {
        const lines = compared.get(source);
        return !lines || !start || lines.some(([from, to]) => from <= start.line && start.line <= to);
      })
      .map(({ rule, messageId, at, subject }) =>
        [rule, messageId, at.path, subject.kind, subject.kind === 'Document' ? '' : subject.name].join(' '),
      );
  compare('splitting a file changes nothing', said(await run(whole, lonely)), said(await run(parts, lonely)));
}

/** The fixes of a run that do not overlap, file by file. */
function editsOf({ findings }: Result): Map<string, TextEdit[]> {
  const chosen = new Map<string, TextEdit[]>();
  for (const { fix } of findings)
    for (const edit of fix?.edits ?? []) {
      const others = chosen.get(edit.source) ?? [];
      chosen.set(edit.source, others);
      if (others.every((other) => edit.end < other.start || edit.start > other.end)) others.push(edit);
    }
  return chosen;
}

const broken = ({ findings }: Result): number =>
  findings.filter(({ rule, messageId }) => rule === 'correctness/yaml-syntax' && messageId !== 'partly').length;

async function checkFix(files: Files, first: Result): Promise<void> {
  // An upgrade goes from one version to the next, each in a separate round.
  let [current, result] = [files, first];
  for (let round = 0; round < 40; round++) {
    const edits = editsOf(result);
    if (edits.size === 0) return;
    const next = Object.fromEntries(
      Object.entries(current).map(([name, text]) => [name, applyTextEdits(text, edits.get(name) ?? [])]),
    );
    const judged = await run(next);
    if (broken(judged) > broken(result))
      fail('a fix breaks no document', Object.keys(next).find((name) => next[name] !== current[name]) ?? '');
    [current, result] = [next, judged];
  }
  fail('fixes come to an end', [...editsOf(result).keys()]);
}

/** Checks all of it for one workspace; `documents` counts what was read. */
export async function check(files: Files): Promise<{ readonly documents: number; readonly findings: number }> {
  const result = await run(files);
  const lines = new Map(result.sources.map(({ id, text }: Source) => [id, linesOf(text)]));
  for (const { at, related } of result.findings) for (const place of [at, ...related]) checkPlace(place, lines);
  for (const { at } of result.undetermined) checkPlace(at, lines);
  const turned = await run(Object.fromEntries(Object.entries(files).toReversed()));
  if (inOrder(turned) !== inOrder(result)) fail('the order of files changes nothing', difference(result, turned));
  await checkSplit(files);
  await checkFix(files, result);
  return { documents: result.sources.length, findings: result.findings.length };
}

function difference(a: Result, b: Result): unknown {
  const [one = [], other = []] = [a, b].map((result) => [
    ...result.findings.map(({ rule, message, at, fingerprint }) => JSON.stringify([rule, message, at, fingerprint])),
    ...result.undetermined.map(({ rule, subject, why }) => JSON.stringify([rule, subject, why])),
  ]);
  return {
    missing: one.filter((what) => !other.includes(what)).slice(0, 2),
    more: other.filter((what) => !one.includes(what)).slice(0, 2),
  };
}
