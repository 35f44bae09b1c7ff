import type { UserError } from '#errors.ts';
import { type Finding, rank, type Report, type Severity } from '#model/finding.ts';
import { hiderOf } from '#model/hidden.ts';
import { isOurRule } from '#model/rule-names.ts';

type Color = (text: string) => string;

/** The colors of chalk that the text format uses. */
export interface Colors extends Readonly<Record<'yellow' | 'cyan' | 'gray' | 'underline' | 'dim' | 'bold', Color>> {
  readonly red: Color & { readonly bold: Color };
}

/** The user's choices for the output; every reporter applies those that make sense in its format. */
export interface ReporterOptions {
  /**
   * What colors text; the caller decides, because chalk's own detection would make the output depend on the
   * environment.
   */
  readonly color: false | Colors;
  readonly showIgnored: boolean;
  /** Counts per rule instead of findings. */
  readonly summary: boolean;
  /**
   * Every finding, however many are the same; for text, which otherwise shows a message a few times and counts the
   * rest.
   */
  readonly all: boolean;
  /** Only findings at or above `failOn`. */
  readonly quiet: boolean;
  readonly failOn: Severity | 'never';
  /** For human readers; machine formats are cut only if the format requires it. */
  readonly maxFindings: number | undefined;
  /** Columns of the terminal that shows the output; undefined for files and pipes, whose lines are not wrapped. */
  readonly width: number | undefined;
  /** The output may appear in a GitHub Actions log, whose runner obeys lines that look like commands. */
  readonly githubActions: boolean;
}

/** One output format: a report becomes text, with nothing read from the clock, the environment or the disk. */
export interface Reporter {
  readonly id: string;
  /** Why a report about so many running clusters cannot be written, which is known before anything is read. */
  refuse?(clusters: number): UserError | undefined;
  format(report: Report, options: ReporterOptions): string;
  /** The same in several files, if the consumer limits the size of one. */
  parts?(report: Report, options: ReporterOptions): readonly string[];
  /** How many findings are left out, if the consumer has a limit; the least severe are dropped first. */
  countDropped?(report: Report, options: ReporterOptions): number;
}

/** The URL of a rule's page. Rules that users write, and those about ignores, have none. */
export const pageOf = (rule: string): string | undefined =>
  isOurRule(rule) ? `https://github.com/ekslint/ekslint/blob/main/rules/${rule}.md` : undefined;

/** The findings that the options leave, in the order of the report. */
export function selectFindings(
  report: Report,
  options: Pick<ReporterOptions, 'showIgnored' | 'quiet' | 'failOn'>,
): readonly Finding[] {
  const lowest = options.quiet && options.failOn !== 'never' ? rank(options.failOn) : Infinity;
  return report.findings.filter(
    (finding) => (options.showIgnored || !finding.hidden) && rank(finding.severity) <= lowest,
  );
}

/** The worst up to a limit, in the order they came in: a cut must never drop a critical one for a low one. */
export function keepWorst<T extends { readonly severity: Severity }>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const worst = items.map((item, index) => ({ index, rank: rank(item.severity) }));
  worst.sort((a, b) => a.rank - b.rank || a.index - b.index);
  const kept = new Set(worst.slice(0, Math.max(0, limit)).map(({ index }) => index));
  return items.filter((_, index) => kept.has(index));
}

/** A reason why checks could not be judged, with the affected clusters and rules. */
interface Reason {
  readonly why: string;
  readonly clusters: Set<string | undefined>;
  readonly rules: Set<string>;
  count: number;
}

/** What is missing for many checks, listed once. */
export interface ToldReason {
  readonly why: string;
  readonly count: number;
  readonly rules: readonly string[];
  readonly clusters: readonly string[];
}

/**
 * Reasons why checks could not be judged, the most common first, with the affected rules. A cause is listed for each
 * cluster, and once for clusters in which it hides the same.
 */
export function groupUndetermined(report: Report): readonly ToldReason[] {
  const reasons = new Map<string, Reason>();
  for (const { why, cluster, rule } of report.undetermined) {
    const key = hiderOf(why) ? `${why}\n${cluster}` : why;
    const reason = reasons.get(key) ?? { why, clusters: new Set(), rules: new Set(), count: 0 };
    reason.count++;
    reason.clusters.add(cluster);
    reason.rules.add(rule);
    reasons.set(key, reason);
  }
  const alike = new Map<string, Reason>();
  for (const reason of reasons.values()) {
    const named = hiderOf(reason.why) && !reason.clusters.has(undefined);
    const key = JSON.stringify([reason.why, named ? [...reason.rules].sort() : '']);
    const known = alike.get(key);
    if (!known) alike.set(key, reason);
    else {
      known.count += reason.count;
      for (const cluster of reason.clusters) known.clusters.add(cluster);
    }
  }
  return [...alike.values()]
    .map((reason) => ({
      why: tell(reason),
      count: reason.count,
      rules: [...reason.rules].sort(),
      clusters: [...reason.clusters].filter((cluster) => cluster !== undefined).sort(),
    }))
    .sort((a, b) => b.count - a.count || (a.why < b.why ? -1 : 1));
}

/**
 * What to do first: the worst rules, then those with the most findings, each with its first finding and their number.
 */
export function doFirst(
  findings: readonly Finding[],
  limit: number,
): readonly { readonly worst: Finding; readonly n: number }[] {
  const rules = new Map<string, { readonly worst: Finding; n: number }>();
  for (const finding of findings) {
    if (finding.hidden) continue;
    const key = `${finding.severity} ${finding.rule}`;
    const known = rules.get(key);
    if (known) known.n++;
    else rules.set(key, { worst: finding, n: 1 });
  }
  return [...rules.values()]
    .sort((a, b) => rank(a.worst.severity) - rank(b.worst.severity) || b.n - a.n)
    .slice(0, limit);
}
function tell({ why, clusters, rules }: Reason): string {
  const hider = hiderOf(why);
  if (!hider) return why;
  const [first] = clusters;
  const about =
    clusters.size > 1 ? ` about ${clusters.size} clusters` : first === undefined ? '' : ` about cluster "${first}"`;
  return `${hider.name} hides ${rules.size} rule${rules.size === 1 ? '' : 's'}${about}: ${hider.cure}`;
}
