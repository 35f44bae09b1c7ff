import { type Finding, qualifiedName, rank, type Report } from '#model/finding.ts';
import type { Location } from '#syntax/tree.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { tellNotes } from './notes.ts';
import {
  groupUndetermined,
  keepWorst,
  pageOf,
  type Reporter,
  type ReporterOptions,
  selectFindings,
} from './reporter.ts';
import { count, judged, tally } from './text.ts';

/** More than 1 MiB of summary makes a GitHub runner drop all of it (actions/runner, CreateStepSummaryCommand). */
export const mostBytes = 900 * 1024;
const most = { message: 1000, notes: 20, reasons: 20, rules: 5 };

/**
 * Untrusted text as Markdown shows it: no character of it is markup, neither of CommonMark nor of the tables, mentions
 * and bare links that GitHub adds. Entities are never structure
 * (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references), but GitHub looks for mentions and
 * links in the resulting text, so these are broken by a zero-width character.
 */
function words(text: string): string {
  return entities(plain(text))
    .replaceAll('&#64;', '&#64;&#8203;')
    .replaceAll('://', '&#58;&#8203;//')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#8203;.`);
}

const entities = (text: string): string =>
  text.replace(/[&<>`|[\]*_~\\#@$]|(?<=^\s*)[-+=\d]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A name as code. GitHub does not look for mentions and links in code, and copying it gives the name itself. */
export const code = (text: string): string =>
  `<code>${entities(plain(text))
    .replaceAll('://', '&#58;//')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)}</code>`;

const place = (at: Location): string => code(at.start ? `${at.source}:${at.start.line}` : at.source);
export const says = (text: string): string => words(cut(text, most.message));

function row({ severity, at, declared, since, message, help, rule, hidden }: Finding, isCompared: boolean): string {
  const advice = help === undefined ? '' : `<br>Fix: ${says(help)}`;
  const ignored = hidden ? ` (ignored: ${says(hidden.reason)})` : '';
  const page = pageOf(rule);
  const name = page === undefined ? code(rule) : `[${code(rule)}](${page})`;
  const home = declared && declared.source !== at.source ? `<br>Declared: ${place(declared)}` : '';
  const state = !isCompared ? '' : since === undefined ? '**new** ' : '';
  const age = since === undefined ? '' : ` (since ${says(since.slice(0, 10))})`;
  return `| ${severity} | ${place(at)}${home} | ${state}${says(message)}${age}${advice}${ignored} | ${name} |\n`;
}

function heading(report: Report, findings: readonly Finding[]): string {
  const open = findings.filter(({ hidden }) => !hidden);
  const counts = [...tally(open)].filter(([, n]) => n > 0).map(([severity, n]) => `${n} ${severity}`);
  const found =
    open.length > 0
      ? `${count(open.length, 'finding')} (${counts.join(', ')})`
      : report.complete
        ? 'no findings'
        : 'no findings in what could be judged';
  const clusters = (report.audited ?? []).map(
    ({ name, arn, endpoint, version, role, from }) =>
      `- Cluster ${code(arn || name)} at ${code(endpoint)} (${says(version)}), read ${code(from)}${role === undefined ? '' : ` as ${code(role)}`}\n`,
  );
  return `### ekslint: ${found}\n${clusters.length > 0 ? `\n${clusters.join('')}` : ''}`;
}

/** What is never cut: how much was judged, and what was not. */
function foot(report: Report): string {
  const lines = [`${judged(report)}.`];
  const ignored = report.findings.filter(({ hidden }) => hidden).length;
  if (ignored > 0) lines[0] += ` ${count(ignored, 'finding')} ignored.`;
  if (!report.complete)
    lines.push('', '**The result is incomplete: not everything that was asked for could be judged.**');
  const notes = tellNotes(report.notes, { place, says });
  const holes = [
    ...report.crashes.map(
      ({ rule, at, error }) => `- Rule ${code(rule)} crashed at ${place(at)}: ${says(error.message)}`,
    ),
    ...notes.filter(({ grave }) => grave).map(({ line }) => `- ${line}`),
  ];
  if (report.compared) {
    const { gone, unclear, at, file } = report.compared;
    const open = report.findings.filter(({ hidden: by }) => !by);
    const fresh = open.filter(({ since }) => since === undefined).length;
    const rest = unclear.length > 0 ? `, ${unclear.length} that this audit could not judge` : '';
    lines.push(
      '',
      `Since ${says(at)} (${code(file)}): ${fresh} new, ${open.length - fresh} unchanged, ${gone.length} gone${rest}.`,
      ...list(
        'Gone',
        gone.map(
          ({ severity, message, subject, rule }) =>
            `- ${severity}: ${says(message)} (${code(qualifiedName(subject))}, ${code(rule)})`,
        ),
        most.notes,
      ),
    );
  }
  lines.push(
    ...list('Not read', holes, most.notes),
    ...list(
      `Not judged: ${report.undetermined.length} (the answer depends on something unknown)`,
      groupUndetermined(report).map(
        ({ why, count: n, rules }) =>
          `- ${n} × ${says(why)}: ${rules.slice(0, most.rules).map(code).join(', ')}${rules.length > most.rules ? ` and ${rules.length - most.rules} more` : ''}`,
      ),
      most.reasons,
    ),
    ...list(
      'Notes',
      notes.filter(({ grave }) => !grave).map(({ line }) => `- ${line}`),
      most.notes,
    ),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function list(title: string, items: readonly string[], limit: number): readonly string[] {
  if (items.length === 0) return [];
  const rest = items.length > limit ? [`- and ${items.length - limit} more`] : [];
  return ['', `#### ${title}`, '', ...items.slice(0, limit), ...rest];
}

function format(report: Report, options: ReporterOptions): string {
  const findings = selectFindings(report, options);
  const top = heading(report, findings);
  const bottom = foot(report);
  const shown = keepWorst(findings, options.maxFindings ?? Infinity)
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity) || a.index - b.index);
  const head = '| Severity | Place | Finding | Rule |\n| --- | --- | --- | --- |\n';
  let room = mostBytes - Buffer.byteLength(top + head + bottom) - 200; // for the count of omitted findings
  const rows: string[] = [];
  for (const { finding } of shown) {
    const next = row(finding, report.compared !== undefined);
    room -= Buffer.byteLength(next);
    if (room < 0) break;
    rows.push(next);
  }
  const left = findings.length - rows.length;
  const table = rows.length === 0 ? '' : `\n${head}${rows.join('')}`;
  const more = left === 0 ? '' : `\n**${count(left, 'more finding')} left out here.**\n`;
  const text = `${top}${table}${more}\n${bottom}`;
  return options.githubActions ? runnerSafe(text) : text;
}

const markdown: Reporter = { id: 'markdown', format };
export default markdown;
