import type { Location } from '#syntax/tree.ts';
import { qualifiedName, rank, type Report, type Severity } from '#model/finding.ts';
import { cut, plain } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';
import { fromRoot } from './sarif.ts';

/*
 * Workflow commands that become annotations (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
 * GitHub keeps 10 errors, 10 warnings and 10 notices of a step, and 50 of a job, and drops the rest silently.
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
}

/** What stands behind `::` in a command: the runner turns %25, %0D and %0A back. `##[` is the older form of `::`. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('##[', '#\\x23[');

/** The value of a property: a colon or a comma would end it. */
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** One line that the runner obeys, and that nothing in it can leave. */
export function command({ level, title, message, at }: Annotation): string {
  const { start, end } = at ?? {};
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ['title', property(plain(title))],
    ['file', at && property(plain(at.source))],
    ['line', start?.line],
    ['endLine', start && (end?.line ?? start.line)],
    // Columns count only where a place begins and ends on one line.
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
  // If the gate fails because something was not judged, people must see that in the log.
  const holes = report.notes
    .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
    .map(({ message, at }): Annotation => ({
      level: 'warning',
      title: 'ekslint could not judge everything',
      message: says(message),
      ...(at ? { at } : {}),
    }));
  const findings = selectFindings(report, { ...options, showIgnored: false })
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity) || a.index - b.index)
    .map(({ finding: { severity, rule, message, help, at } }): Annotation => ({
      level: levels[severity],
      title: `${rule} (${severity})`,
      message: help === undefined ? says(message) : `${says(message)}\nFix: ${says(help)}`,
      at,
    }));
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
    else more++;
  }
  const notices = shown.get('notice');
  if (more > 0 && notices) {
    if (notices.length === mostPerLevel) {
      notices.pop();
      more++;
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
