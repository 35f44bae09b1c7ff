import type { Report, SubjectName } from '#model/finding.ts';
import type { Location } from '#syntax/tree.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/* Comma-separated values (RFC 4180, with the Unix line endings) for spreadsheets. */

const columns = [
  'severity',
  'rule',
  'apiVersion',
  'kind',
  'namespace',
  'name',
  'file',
  'line',
  'column',
  'message',
  'help',
  'ignored',
  'fingerprint',
] as const;
const longest = 1000;

/**
 * A cell. Spreadsheets evaluate text that starts like a formula (OWASP, CSV Injection), so such text is prefixed with
 * an apostrophe.
 */
function cell(value: string | number | undefined): string {
  const text = plain(cut(String(value ?? ''), longest));
  const inert = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",;'\s]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

type Row = readonly (string | number | undefined)[];

function format(report: Report, options: ReporterOptions): string {
  const row = (what: string, rule: string, subject: Partial<SubjectName>, at: Location | undefined, told: Row): Row => [
    what,
    rule,
    subject.apiVersion,
    subject.kind,
    subject.namespace,
    subject.name,
    at?.source,
    at?.start?.line,
    at?.start?.column,
    ...told,
  ];
  const rows: readonly Row[] = [
    ...selectFindings(report, options).map(({ severity, rule, subject, at, message, help, hidden, fingerprint }) =>
      row(severity, rule, subject, at, [message, help, hidden?.reason, fingerprint]),
    ),
    // Checks that were not judged also get rows: a table without them would look complete.
    ...report.undetermined.map(({ rule, subject, why, at }) => row('not judged', rule, subject, at, [why])),
    ...report.crashes.map(({ rule, subject, at, error }) => row('crash', rule, subject, at, [error.message])),
    ...report.notes
      .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
      .map(({ kind, message, at }) => row(kind, '', {}, at, [message])),
  ];
  const lines = [columns, ...rows].map((row) => columns.map((_, index) => cell(row[index])).join(','));
  const text = lines.map((line) => `${line}\n`).join('');
  return options.githubActions ? runnerSafe(text) : text;
}

const csv: Reporter = { id: 'csv', format };
export default csv;
