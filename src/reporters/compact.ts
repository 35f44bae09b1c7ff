import type { Location } from '#syntax/tree.ts';
import { qualifiedName, type Report } from '#model/finding.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { keepWorst, type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/** `file:line:column`, the form that editors and terminals open; only the file if no line is known. */
function place(at: Location): string {
  const file = plain(at.source);
  return at.start ? `${file}:${at.start.line}:${at.start.column}` : file;
}

function format(report: Report, options: ReporterOptions): string {
  const findings = selectFindings(report, options);
  const shown = keepWorst(findings, options.maxFindings ?? Infinity);
  const lines = shown.map(
    ({ at, severity, rule, message, hidden }) =>
      `${place(at)}: ${severity} ${plain(rule)}: ${plain(cut(message, 1000))}${hidden ? ' (ignored)' : ''}`,
  );
  if (shown.length < findings.length) {
    const rest = findings.length - shown.length;
    lines.push(`… ${rest} more ${rest === 1 ? 'finding' : 'findings'} not shown (--max-findings)`);
  }
  // A gate that reads only these lines must see that the result is incomplete.
  for (const { at, rule, subject, error } of report.crashes) {
    lines.push(
      `${place(at)}: crash ${plain(rule)}: ${plain(qualifiedName(subject))}: ${plain(cut(error.message, 1000))}`,
    );
  }
  for (const { kind, at, message } of report.notes) {
    if (kind === 'incomplete' || kind === 'problem')
      lines.push(`${at ? place(at) : 'ekslint'}: ${kind}: ${plain(cut(message, 1000))}`);
  }
  const text = lines.map((line) => `${line}\n`).join('');
  return options.githubActions ? runnerSafe(text) : text;
}

const compact: Reporter = { id: 'compact', format };
export default compact;
