import type { Finding, Report } from '#model/finding.ts';
import type { Location, Source } from '#syntax/tree.ts';
import { compareFindings } from './run.ts';

/*
 * A finding in rendered text is reported at the template that produced it. If the line in the template is unknown, the
 * finding has no line, and its message says where to look in the output.
 */

interface Placed {
  readonly at: Location;
  /** Where to look, if there is no line. */
  readonly output: string | undefined;
}

function place(at: Location, source: Source | undefined): Placed {
  if (!source?.rendered || !at.start) return { at, output: undefined };
  const { line, column } = at.start;
  const { from, output } = source.rendered.placeOf(line);
  if (!from) return { at: { source: at.source, path: at.path }, output };
  const width = from.text.length + 1;
  const start = { line: from.line, column: Math.min(column, width) };
  // After an action the columns differ: the location ends with the line.
  const end = {
    line: from.line,
    column: Math.max(start.column, from.text.includes('{{') ? width : (at.end?.column ?? width)),
  };
  return { at: { ...at, start, end }, output: undefined };
}

/** The report with all locations where people can find them. */
export function tellTemplates(report: Report, sources: readonly Source[]): Report {
  const byId = new Map(sources.map((source) => [source.id, source]));
  const placed = (at: Location): Placed => place(at, byId.get(at.source));
  const isRendered = (at: Location): boolean => byId.get(at.source)?.rendered !== undefined;
  const move = (finding: Finding): Finding => {
    const { at, output } = placed(finding.at);
    const related = finding.related.map((one) => placed(one).at);
    if (!isRendered(finding.at)) return { ...finding, related };
    // An edit of rendered output changes nothing.
    const { fix: _, excerpt: __, ...rest } = finding;
    return { ...rest, at, related, message: output === undefined ? finding.message : `${finding.message} (${output})` };
  };
  return {
    ...report,
    findings: report.findings.map(move).sort(compareFindings),
    undetermined: report.undetermined.map((one) => ({ ...one, at: placed(one.at).at })),
    notes: report.notes.map((one) => (one.at ? { ...one, at: placed(one.at).at } : one)),
    crashes: report.crashes.map((one) => ({ ...one, at: placed(one.at).at })),
  };
}
