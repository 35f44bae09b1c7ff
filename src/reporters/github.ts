import type { Location } from '#syntax/tree.ts';
import { qualifiedName, rank, type Report, type Severity } from '#model/finding.ts';
import { cut, plain } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';
import { capAlike, foldFamilies, mergeCopies } from './rows.ts';
import { fromRoot } from './sarif.ts';

/*
 * Workflow commands that become annotations
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). GitHub keeps 10 errors, 10
 * warnings and 10 notices of a step, and 50 of a job, and drops the rest silently.
 */
const mostPerLevel = 10;
const longest = 1000;

type Level = 'error' | 'warning' | 'notice';

const levels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** The level of the annotation that a finding of a severity becomes. */
export const levelOf = (severity: Severity): Level => levels[severity];

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly at?: Location;
  /** How many findings it covers. */
  readonly findings?: number;
}

/** The text after `::` in a command: the runner decodes %25, %0D and %0A. `##[` is the older form of `::`. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('##[', '#\\x23[');

/** The value of a property: a colon or a comma would end it. */
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** One line that the runner obeys, and that none of its content can leave. */
export function command({ level, title, message, at }: Annotation): string {
  const { start, end } = at ?? {};
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ['title', property(plain(title))],
    ['file', at && property(plain(at.source))],
    ['line', start?.line],
    ['endLine', start && (end?.line ?? start.line)],
    // Columns count only if a range starts and ends on one line.
    ...(start && (end?.line ?? start.line) === start.line
      ? ([
          ['col', start.column],
          ['endColumn', end?.column ?? start.column],
        ] as const)
      : []),
  ];
  const written = properties.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return `::${level} ${written.join(',')}::${data(message)}`;
}

/** Everything that deserves an annotation, the worst of each level first. */
function annotations(report: Report, options: ReporterOptions): readonly Annotation[] {
  const says = (text: string): string => plain(cut(text, longest));
  const crashes = report.crashes.map(({ rule, subject, at, error }): Annotation => ({
    level: 'error',
    title: `${rule} crashed`,
    message: says(`Rule ${rule} crashed on ${qualifiedName(subject)}: ${error.message}`),
    at,
  }));
  // If the gate fails because something was not judged, the log must show it.
  const holes = report.notes
    .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
    .map(({ message, at }): Annotation => ({
      level: 'warning',
      title: 'ekslint could not judge everything',
      message: says(message),
      ...(at ? { at } : {}),
    }));
  const rows = mergeCopies(foldFamilies(selectFindings(report, { ...options, showIgnored: false })));
  // Of findings with the same content for many objects, a few come first, so that there is room for everything else.
  const first = new Set(capAlike(rows).rows);
  const findings = rows
    .map((row, index) => ({ row, index }))
    .sort(
      (a, b) =>
        rank(a.row.severity) - rank(b.row.severity) ||
        Number(first.has(b.row)) - Number(first.has(a.row)) ||
        a.index - b.index,
    )
    .map(({ row: { finding, severity, message, help = finding.help, family, again } }): Annotation => {
      const places = again.length === 0 ? '' : ` (and ${again.length} more ${again.length === 1 ? 'place' : 'places'})`;
      return {
        level: levels[severity],
        title: `${finding.rule} (${severity})`,
        message: says(message) + places + (help === undefined ? '' : `\nFix: ${says(help)}`),
        at: finding.at,
        findings: 1 + family.length + again.length,
      };
    });
  return [...crashes, ...holes, ...findings];
}

function format(given: Report, options: ReporterOptions): string {
  const all = annotations(fromRoot(given), options);
  const shown = new Map<Level, Annotation[]>([
    ['error', []],
    ['warning', []],
    ['notice', []],
  ]);
  let more = 0;
  for (const annotation of all) {
    const same = shown.get(annotation.level);
    if (same && same.length < mostPerLevel) same.push(annotation);
    else more += annotation.findings ?? 1;
  }
  const notices = shown.get('notice');
  if (more > 0 && notices) {
    if (notices.length === mostPerLevel) {
      more += notices.pop()?.findings ?? 1;
    }
    notices.push({
      level: 'notice',
      title: 'ekslint',
      message: `${more} more in the summary: GitHub shows ${mostPerLevel} annotations of each level`,
    });
  }
  return [...shown.values()].flatMap((same) => same.map((one) => `${command(one)}\n`)).join('');
}

const github: Reporter = { id: 'github', format };
export default github;
