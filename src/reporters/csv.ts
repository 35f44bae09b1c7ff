import type { Report } from '#model/finding.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/* Comma-separated values (RFC 4180, with the line ends of Unix) for spreadsheets. */

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

/** A cell. Spreadsheets run text that begins like a formula (OWASP, CSV Injection), so such text begins with an apostrophe. */
function cell(value: string | number | undefined): string {
  const text = plain(cut(String(value ?? ''), longest));
  const inert = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",;'\s]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function format(report: Report, options: ReporterOptions): string {
  const rows = selectFindings(report, options).map(
    ({ severity, rule, subject, at, message, help, hidden, fingerprint }) => [
      severity,
      rule,
      subject.apiVersion,
      subject.kind,
      subject.namespace,
      subject.name,
      at.source,
      at.start?.line,
      at.start?.column,
      message,
      help,
      hidden?.reason,
      fingerprint,
    ],
  );
  // What was not judged is a row as well: a table without it would look complete.
  const holes = [
    ...report.undetermined.map(({ rule, subject, why, at }) => [
      'not judged',
      rule,
      subject.apiVersion,
      subject.kind,
      subject.namespace,
      subject.name,
      at.source,
      at.start?.line,
      at.start?.column,
      why,
    ]),
    ...report.crashes.map(({ rule, subject, at, error }) => [
      'crash',
      rule,
      subject.apiVersion,
      subject.kind,
      subject.namespace,
      subject.name,
      at.source,
      at.start?.line,
      at.start?.column,
      error.message,
    ]),
    ...report.notes
      .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
      .map(({ kind, message, at }) => [
        kind,
        '',
        '',
        '',
        '',
        '',
        at?.source,
        at?.start?.line,
        at?.start?.column,
        message,
      ]),
  ];
  const lines = [columns, ...rows, ...holes].map((row) => columns.map((_, index) => cell(row[index])).join(','));
  const text = lines.map((line) => `${line}\n`).join('');
  return options.githubActions ? runnerSafe(text) : text;
}

const csv: Reporter = { id: 'csv', format };
export default csv;
