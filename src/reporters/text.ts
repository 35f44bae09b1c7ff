import type { Location } from '#syntax/tree.ts';
import { type Finding, qualifiedName, rank, type Report, severities, type Severity } from '#model/finding.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { tellNotes } from './notes.ts';
import {
  doFirst,
  groupUndetermined,
  keepWorst,
  type Reporter,
  type ReporterOptions,
  selectFindings,
} from './reporter.ts';
import { capAlike, foldFamilies, group, mergeCopies, mergeParts, mergePlaces, type Row } from './rows.ts';

/** More of a kind than a reader can take in is counted instead. */
const most = {
  first: 10,
  gone: 10,
  places: 5,
  copies: 2,
  lines: 10,
  reasons: 5,
  notes: 10,
  crashes: 10,
  worst: 3,
  message: 1000,
};
const issues = 'https://github.com/ekslint/ekslint/issues';

export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
const place = (at: Location): string => (at.start ? `${plain(at.source)}:${at.start.line}` : plain(at.source));
const message = (text: string): string => plain(cut(text, most.message));
/** With fewer columns next to the rule, messages start on a separate line. */
const leastBeside = 60;
/** Fewer columns than this are too few for a sentence. */
const leastRoom = 40;

/** A message and what follows it, wrapped at spaces so that each line fits; a word that is too long is not broken. */
function wrap(
  says: string,
  behind: string,
  room: number,
): readonly { readonly says: string; readonly behind: string }[] {
  const words = [
    ...says.split(' ').map((word) => ({ word, isSaid: true })),
    ...behind
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => ({ word, isSaid: false })),
  ];
  const lines: { says: string[]; behind: string[]; length: number }[] = [];
  for (const { word, isSaid } of words) {
    let line = lines.at(-1);
    if (!line || line.length + 1 + word.length > room) lines.push((line = { says: [], behind: [], length: -1 }));
    line[isSaid ? 'says' : 'behind'].push(word);
    line.length += 1 + word.length;
  }
  return lines.map((line) => ({ says: line.says.join(' '), behind: line.behind.join(' ') }));
}

export function tally(findings: readonly Finding[]): Map<Severity, number> {
  const counts = new Map<Severity, number>(severities.map((severity) => [severity, 0]));
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return counts;
}

/** `2 high, 1 low`: the severities that occur. */
function tallied(findings: readonly Finding[], paint: Paint): string {
  return [...tally(findings)]
    .filter(([, n]) => n > 0)
    .map(([severity, n]) => paint[severity](`${n} ${severity}`))
    .join(', ');
}

type Paint = Readonly<Record<Severity | 'file' | 'dim' | 'bold' | 'alarm', (text: string) => string>>;

const asIs = (text: string): string => text;
const noPaint: Paint = {
  critical: asIs,
  high: asIs,
  medium: asIs,
  low: asIs,
  info: asIs,
  file: asIs,
  dim: asIs,
  bold: asIs,
  alarm: asIs,
};

const paints = (chalk: ReporterOptions['color']): Paint =>
  chalk === false
    ? noPaint
    : {
        critical: chalk.red.bold,
        high: chalk.red,
        medium: chalk.yellow,
        low: chalk.cyan,
        info: chalk.gray,
        file: chalk.underline,
        dim: chalk.dim,
        bold: chalk.bold,
        alarm: chalk.red.bold,
      };

/** `reliability/a, iam/b`: the category is not repeated if it is that of the row. */
const shortIds = (finding: Finding, others: readonly Finding[]): string => {
  const category = finding.rule.slice(0, finding.rule.indexOf('/') + 1);
  return [
    ...new Set(others.map(({ rule }) => plain(rule.startsWith(category) ? rule.slice(category.length) : rule))),
  ].join(', ');
};

/** What follows the message: its subject if no line shows it, the fix, the ignore. */
function marks({ finding, family, again }: Row, isNew: boolean): string {
  const { at, subject, fix, hidden } = finding;
  const parts: string[] = [];
  const here = again.filter((one) => one.at.source === at.source).length;
  if (here > 0) parts.push(`×${here + 1}`);
  if (family.length > 0) parts.push(`(with ${shortIds(finding, family)})`);
  // A file is named above its findings.
  if (!at.start && subject.name !== at.source) parts.push(`[${plain(qualifiedName(subject))}]`);
  if (isNew) parts.push('(new)');
  if (fix) parts.push(fix.safe ? '(--fix)' : '(--fix=suggestions)');
  if (hidden) {
    const until = hidden.expires === undefined ? '' : `, until ${plain(hidden.expires)}`;
    parts.push(`(ignored by ${hidden.by}${hidden.reason === '' ? '' : `: ${message(hidden.reason)}`}${until})`);
  }
  return parts.join(' ');
}

/** Names of AWS resources in the model whose capitals are not those of the words. */
const spelled: Readonly<Record<string, string>> = { nodegroup: 'node group', iamRole: 'IAM role', vpc: 'VPC' };
/** `Deployment "web"`, `node group "web"`, `Fargate profile "web"`. */
function titleOf({ subject: { kind, name } }: Finding): string {
  const words = spelled[kind] ?? kind.replace(/(?<=^[a-z].*)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return name === '' ? `unnamed ${words}` : `${words} "${plain(name)}"`;
}

/** Other locations that a reader needs: lines of this file, the same in other files, and related ones. */
function pointers({ finding, again }: Row, isAll: boolean): string[] {
  const { at } = finding;
  const copies = again.filter((one) => one.at.source !== at.source).map((one) => place(one.at));
  const near = again.filter((one) => one.at.source === at.source).flatMap((one) => [one.at, ...one.related]);
  const places = [...near, ...finding.related];
  const lines = places.flatMap(({ source, start }) => (source === at.source && start ? [start.line] : []));
  const repeats = [...new Set(lines)].filter((line) => line !== at.start?.line).sort((a, b) => a - b);
  const others = [...new Set(places.filter(({ source }) => source !== at.source).map(place))];
  const objects = new Set(
    again.filter((one) => one.at.source === at.source && one.at.start?.line === at.start?.line).map(titleOf),
  );
  objects.delete(titleOf(finding));
  const listed = isAll ? others : others.slice(0, most.places);
  const some = (all: readonly (string | number)[], limit: number): string => {
    const shown = isAll ? all : all.slice(0, limit);
    return `${shown.join(', ')}${all.length > shown.length ? ` and ${all.length - shown.length} more` : ''}`;
  };
  return [
    ...(finding.declared && finding.declared.source !== at.source ? [`declared: ${place(finding.declared)}`] : []),
    ...(repeats.length > 0 ? [`also: line${repeats.length === 1 ? '' : 's'} ${some(repeats, most.lines)}`] : []),
    ...(objects.size > 0 ? [`also: ${some([...objects], most.copies)}`] : []),
    ...listed.map((other) => `also: ${other}`),
    ...(others.length > listed.length ? [`and ${others.length - listed.length} more`] : []),
    ...(copies.length > 0 ? [`also: ${some(copies, most.copies)}`] : []),
  ];
}

function detailed(
  { rows, more }: ReturnType<typeof capAlike>,
  paint: Paint,
  { width = Infinity, all }: Pick<ReporterOptions, 'width' | 'all'>,
  isCompared: boolean,
): string[] {
  const widest = (measure: (finding: Finding) => number): number =>
    rows.reduce((widestYet, { finding }) => Math.max(widestYet, measure(finding)), 0);
  const lineWidth = widest(({ at }) => String(at.start?.line ?? '-').length);
  const columnWidth = widest(({ at }) => String(at.start?.column ?? '').length);
  const severityWidth = widest(({ severity }) => severity.length);
  const ruleWidth = widest(({ rule }) => plain(rule).length);
  const placeWidth = 2 + lineWidth + 1 + columnWidth + 2;
  const messageAt = placeWidth + severityWidth + 2 + ruleWidth + 2;
  // On a narrow terminal messages start below the severity, else below each other.
  const isNarrow = width - messageAt < leastBeside;
  const indent = ' '.repeat(isNarrow ? placeWidth : messageAt);
  const room = Math.max(width - indent.length, leastRoom);

  const lines: string[] = [];
  for (const [file, inFile] of group(rows, ({ finding }) => finding.at.source)) {
    if (lines.length > 0) lines.push('');
    lines.push(paint.file(plain(file)));
    const advised = new Set<string>();
    for (const row of inFile) {
      const { at, severity, rule, excerpt, hidden } = row.finding;
      const where = `${String(at.start?.line ?? '-').padStart(lineWidth)}${at.start ? ':' : ' '}${String(at.start?.column ?? '').padEnd(columnWidth)}`;
      const head = `  ${paint.dim(where)}  ${(hidden ? paint.dim : paint[severity])(severity.padEnd(severityWidth))}  ${paint.dim(plain(rule).padEnd(isNarrow ? 0 : ruleWidth))}`;
      const told = wrap(
        message(row.message),
        marks(row, isCompared && [row.finding, ...row.again].some(({ since }) => since === undefined)),
        room,
      ).map((line) =>
        [
          line.says === '' ? '' : hidden ? paint.dim(line.says) : line.says,
          line.behind === '' ? '' : paint.dim(line.behind),
        ]
          .filter((part) => part !== '')
          .join(' '),
      );
      if (isNarrow) lines.push(head, ...told.map((line) => indent + line));
      else lines.push(...told.map((line, i) => (i === 0 ? `${head}  ${line}` : indent + line)));
      const aside = (says: string): void => {
        for (const line of wrap(says, '', room)) lines.push(indent + paint.dim(line.says));
      };
      // Advice from a few lines above is not repeated.
      if (row.help !== undefined && !advised.has(row.help)) aside(`fix: ${message(row.help)}`);
      if (row.help !== undefined) advised.add(row.help);
      if (excerpt)
        lines.push(
          `${indent}${paint.dim(`│ ${plain(excerpt.text)}`)}`,
          `${indent}${paint.dim(`│ ${' '.repeat(excerpt.at)}`)}${paint[severity]('^')}`,
        );
      for (const pointer of pointers(row, all)) aside(pointer);
      const rest = more.get(row);
      if (rest) aside(`and ${rest.places} more in ${count(rest.files, 'file')} (--all shows them)`);
    }
  }
  return lines;
}

function summarised(folded: readonly Row[], paint: Paint): string[] {
  const rows = [...group(folded, ({ finding: { rule, severity } }) => `${rank(severity)} ${rule}`).values()].map(
    (same) => {
      const [{ finding }] = same;
      return {
        rule: plain(finding.rule),
        severity: finding.severity,
        n: same.length,
        files: new Set(same.map((row) => row.finding.at.source)).size,
        others: shortIds(
          finding,
          same.flatMap(({ family }) => family),
        ),
      };
    },
  );
  rows.sort((a, b) => rank(a.severity) - rank(b.severity) || b.n - a.n || (a.rule < b.rule ? -1 : 1));
  const widest = (texts: readonly string[]): number => texts.reduce((width, text) => Math.max(width, text.length), 0);
  const numberWidth = widest(rows.map(({ n }) => String(n)));
  const severityWidth = widest(rows.map(({ severity }) => severity));
  const ruleWidth = widest(rows.map(({ rule }) => rule));
  return rows.map(
    ({ rule, severity, n, files, others }) =>
      `  ${String(n).padStart(numberWidth)}  ${paint[severity](severity.padEnd(severityWidth))}  ${rule.padEnd(ruleWidth)}  ${paint.dim(`in ${count(files, 'file')}${others === '' ? '' : `, with ${others}`}`)}`,
  );
}

/** Which files to open first, if there are more than fit on a screen. */
function worstFiles(findings: readonly Finding[], what: string, paint: Paint): string[] {
  const files = [...group(findings, ({ at }) => at.source)].map(([file, inFile]) => ({
    file,
    inFile,
    counts: [...tally(inFile).values()],
  }));
  if (files.length <= most.worst) return [];
  files.sort((a, b) => {
    const differing = a.counts.findIndex((n, index) => n !== b.counts[index]);
    return differing < 0 ? 0 : (b.counts[differing] ?? 0) - (a.counts[differing] ?? 0);
  });
  const worst = files.slice(0, most.worst).map(({ file, inFile }) => `  ${plain(file)}: ${tallied(inFile, paint)}`);
  return [`Worst of ${files.length} ${what}:`, ...worst];
}

function totals(report: Report, findings: readonly Finding[], paint: Paint): string {
  const open = findings.filter(({ hidden }) => !hidden);
  const parts = [
    open.length === 0
      ? paint.bold(report.complete ? 'No findings' : 'No findings in what could be judged')
      : `${paint.bold(count(open.length, 'finding'))} (${tallied(open, paint)})`,
  ];
  const fixable = open.filter(({ fix }) => fix?.safe === true).length;
  if (fixable > 0) parts.push(`${fixable} fixable with --fix`);

  const below = report.findings.filter(({ hidden }) => !hidden).length - open.length;
  if (below > 0) parts.push(`${below} less severe not shown (--quiet)`);

  const ignored = report.findings.flatMap(({ hidden }) => (hidden && hidden.by !== 'baseline' ? [hidden] : []));
  // The report knows no date, and two runs of one input must print the same: it shows the date, not the number of days.
  const next = ignored.flatMap(({ expires }) => (expires === undefined ? [] : [expires])).sort()[0];
  if (ignored.length > 0)
    parts.push(`${ignored.length} ignored${next === undefined ? '' : ` (next expires ${plain(next)})`}`);

  const accepted = report.findings.filter(({ hidden }) => hidden?.by === 'baseline').length;
  if (accepted > 0) parts.push(`${accepted} in the baseline`);
  if (report.known) {
    // A commit is named by its full hash in workflows; a few digits are enough to recognize it.
    const before = report.known.before.replace(/^([0-9a-f]{12})[0-9a-f]{28,52}$/, '$1');
    parts.push(`${report.known.count} known before ${plain(before)} not shown`);
  }
  return parts.join(' · ');
}

export function judged({ command, checked }: Report): string {
  const { objects, clusters, files } = checked;
  const isAudit = command === 'audit';
  const things =
    !isAudit && clusters > 0
      ? [...(objects > 0 ? [count(objects, 'object')] : []), count(clusters, 'cluster')]
      : [count(objects, 'object')];
  const holders = [
    ...(isAudit ? [count(clusters, 'cluster')] : []),
    ...(!isAudit || files > 0 ? [count(files, 'file')] : []),
  ];
  return `Judged ${things.join(' and ')} in ${holders.join(' and ')} with ${count(checked.rules, 'rule')}`;
}

function noted(report: Report, quiet: boolean, paint: Paint): string[] {
  const notes = report.notes.filter(({ kind }) => !quiet || kind === 'incomplete' || kind === 'problem');
  const ordered = tellNotes(notes, { place, says: message, dim: paint.dim }).map(
    ({ grave, kind, line }) => `${grave ? paint.alarm(`${kind}:`) : 'note:'} ${line}`,
  );
  const rest = ordered.length - most.notes;
  return rest > 0 ? [...ordered.slice(0, most.notes), `and ${count(rest, 'more note')}`] : ordered;
}

function undetermined(report: Report, quiet: boolean, paint: Paint): string[] {
  if (report.undetermined.length === 0) return [];
  const rules = new Set(report.undetermined.map(({ rule }) => rule)).size;
  const reasons = groupUndetermined(report);
  const answers = `${count(report.undetermined.length, 'answer')} depend${report.undetermined.length === 1 ? 's' : ''}`;
  const lines = [
    `${paint.bold('NOT JUDGED:')} ${rules} of ${count(report.checked.rules, 'rule')} ${paint.dim(`(${answers} on ${count(reasons.length, 'unknown')})`)}`,
  ];
  if (quiet) return lines;
  const width = String(reasons[0]?.count ?? 0).length;
  for (const { why, count: n, rules: asked } of reasons.slice(0, most.reasons)) {
    const more = asked.length > most.worst ? ` and ${asked.length - most.worst} more` : '';
    lines.push(
      `  ${String(n).padStart(width)}  ${message(why)}  ${paint.dim(`${asked.slice(0, most.worst).map(plain).join(', ')}${more}`)}`,
    );
  }
  if (reasons.length > most.reasons) lines.push(`  and ${count(reasons.length - most.reasons, 'more reason')}`);
  return lines;
}

function crashed({ crashes }: Report, paint: Paint): string[] {
  const lines = crashes
    .slice(0, most.crashes)
    .map(
      ({ rule, subject, at, error }) =>
        `${paint.alarm(`rule ${plain(rule)} crashed`)} on ${plain(qualifiedName(subject))} (${place(at)}): ${message(error.message)}; please report: ${issues}`,
    );
  if (crashes.length > most.crashes) lines.push(`and ${crashes.length - most.crashes} more crashes`);
  return lines;
}

/** Which clusters were read, and when: a reader must see at once that it is about the right one. */
const audited = ({ audited: clusters = [] }: Report, paint: Paint): string[] =>
  clusters.flatMap(({ name, arn, endpoint, version, uid, role, from, to }) => [
    `${paint.bold('Cluster')}  ${plain(arn || name)}`,
    `Server   ${plain(endpoint)} (${plain(version)})`,
    `Uid      ${plain(uid || 'not known')}`,
    ...(role === undefined ? [] : [`Role     ${plain(role)}`]),
    `Read     ${plain(from)} to ${plain(to)}`,
    '',
  ]);

function first(findings: readonly Finding[], paint: Paint): string[] {
  const lines = doFirst(findings, most.first).map(
    ({ worst: { severity, rule, help, message: says }, n }, index) =>
      `  ${String(index + 1).padStart(2)}. ${paint[severity](severity)} ${plain(rule)} (${count(n, 'finding')}): ${message(help ?? says)}`,
  );
  return lines.length === 0 ? [] : ['', paint.bold('Do first:'), ...lines];
}

function format(report: Report, options: ReporterOptions): string {
  const paint = paints(options.color);
  const findings = selectFindings(report, options);
  const folded = foldFamilies(findings);
  const merged = options.summary ? folded : mergeCopies(folded);
  const { rows, more } = options.all
    ? { rows: merged, more: new Map<never, never>() }
    : capAlike(mergeParts(mergePlaces(merged)));
  const shown = keepWorst(rows, options.maxFindings ?? Infinity);
  const lines = options.summary
    ? summarised(folded, paint)
    : detailed({ rows: shown, more }, paint, options, report.compared !== undefined);
  const rest = rows.length - shown.length;
  if (!options.summary && rest > 0)
    lines.push(...(lines.length > 0 ? [''] : []), `… ${count(rest, 'more line')} not shown (--max-findings)`);
  if (lines.length > 0) lines.push('');
  // A run that judged nothing has no result to summarize: its note says so, and the other notes say why.
  const isEmpty = report.exitCode === 2 && report.crashes.length === 0;
  if (isEmpty) return finish([...lines, ...noted(report, options.quiet, paint)], options);
  lines.push(
    totals(report, findings, paint),
    ...worstFiles(
      findings.filter(({ hidden }) => !hidden),
      report.command === 'audit' ? 'objects' : 'files',
      paint,
    ),
    judged(report),
  );
  lines.push(
    ...noted(report, options.quiet, paint),
    ...undetermined(report, options.quiet, paint),
    ...crashed(report, paint),
  );
  if (!report.complete)
    lines.push(paint.alarm('The result is incomplete: not everything that was asked for could be judged.'));
  lines.push(...changed(report, paint));
  if (report.command === 'audit' && !options.summary) lines.push(...first(findings, paint));
  return finish([...audited(report, paint), ...lines], options);
}

/** Findings that are new or gone since an earlier audit. */
function changed({ compared, findings }: Report, paint: Paint): string[] {
  if (!compared) return [];
  const { file, at, gone, unclear } = compared;
  const open = findings.filter(({ hidden }) => !hidden);
  const old = open.flatMap(({ since }) => since ?? []).sort();
  const counts = [
    `${open.length - old.length} new`,
    `${old.length} unchanged${old[0] !== undefined && old[0] !== at ? ` (the oldest since ${plain(old[0].slice(0, 10))})` : ''}`,
    `${gone.length} gone`,
    ...(unclear.length > 0 ? [`${unclear.length} that this audit could not judge`] : []),
  ];
  const lines = gone
    .slice(0, most.gone)
    .map(
      ({ severity, rule, subject, message: says, since }) =>
        `  ${paint.dim(severity)}  ${plain(rule)}  ${message(says)} ${paint.dim(`[${plain(qualifiedName(subject))}] (since ${plain(since.slice(0, 10))})`)}`,
    );
  return [
    '',
    `${paint.bold('Since')} ${plain(at)} (${plain(file)}): ${counts.join(', ')}`,
    ...(lines.length > 0 ? ['Gone:', ...lines] : []),
    ...(gone.length > lines.length ? [`  and ${gone.length - lines.length} more`] : []),
  ];
}

function finish(lines: readonly string[], { githubActions }: ReporterOptions): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return githubActions ? runnerSafe(text) : text;
}

const text: Reporter = { id: 'text', format };
export default text;
