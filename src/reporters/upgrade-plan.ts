import { eksVersions, knownMinors } from '#model/calendar.ts';
import { type Finding, rank, type Report, type Upgraded, type UpgradedPart } from '#model/finding.ts';
import type { Location } from '#syntax/tree.ts';
import { runnerSafe } from './escape.ts';
import { code as escaped, mostBytes, says } from './markdown.ts';
import { groupUndetermined, keepWorst, type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';
import { count, judged } from './text.ts';

/** More of a kind than a reader can take in is counted instead. */
const most = { findings: 200, parts: 50, reasons: 30, rules: 5 };

/** Whether a finding is about an upgrade; a plan leaves the others out. */
const isOfUpgrade = ({ rule, minor }: Finding): boolean =>
  minor !== undefined || rule.startsWith('upgrades/') || rule === 'cluster/addon-version-unsupported';
/** The end of support of a version is a reason for an upgrade, not part of its work. */
const isReason = ({ rule }: Finding): boolean => /^upgrades\/(version-|support-type-)/.test(rule);

/** A name as code: most are readable as they are, even in a terminal. */
const code = (text: string): string => (/^[\w./:-]+$/.test(text) ? `\`${text}\`` : escaped(text));
const place = (at: Location): string => code(at.start ? `${at.source}:${at.start.line}` : at.source);
const title = ({ name }: Upgraded): string => (name === '' ? 'the cluster' : `cluster ${code(name)}`);
const version = (minor: number): string => `1.${minor}`;

function task(finding: Finding): string {
  const { severity, at, message, help, rule, hidden, fix } = finding;
  const advice = help === undefined ? '' : ` Fix: ${says(help)}.`;
  const byUs = fix ? ` (${fix.safe ? '`--fix`' : '`--fix=suggestions`'} does it)` : '';
  const ignored = hidden ? ` (ignored: ${says(hidden.reason)})` : '';
  return `- [ ] **${severity}** ${place(at)}: ${says(message)}.${advice}${byUs}${ignored} (${code(rule)})`;
}

function tasks(findings: readonly Finding[]): string[] {
  const sorted = findings.toSorted((a, b) => rank(a.severity) - rank(b.severity));
  const shown = keepWorst(sorted, most.findings).map(task);
  return sorted.length > shown.length ? [...shown, `- and ${sorted.length - shown.length} more`] : shown;
}

function parts(all: readonly UpgradedPart[], tell: (part: UpgradedPart) => string): string[] {
  const shown = all.slice(0, most.parts).map((part) => `- [ ] ${tell(part)}`);
  return all.length > shown.length ? [...shown, `- and ${all.length - shown.length} more`] : shown;
}
const named = ({ name, version: has, at }: UpgradedPart): string =>
  `${name === '' ? 'unnamed' : code(name)}${has === undefined ? '' : ` ${code(has)}`} (${place(at)})`;

/**
 * One minor version up: EKS allows no more at once, and the API server goes first, as a kubelet must not be newer than
 * it (Amazon EKS User Guide, Update existing cluster to new Kubernetes version; Kubernetes documentation, Version Skew
 * Policy).
 */
function step(minor: number, before: readonly Finding[], clusters: readonly Upgraded[]): string[] {
  const to = version(minor);
  const lines = [`### 1. Before: what ${to} breaks`, ''];
  lines.push(...(before.length > 0 ? tasks(before) : [`Nothing that was judged breaks in ${to}.`]), '');
  lines.push('### 2. Control plane', '');
  if (clusters.length === 0) lines.push(`- [ ] Upgrade the control plane to ${to}.`);
  for (const cluster of clusters)
    lines.push(
      `- [ ] Upgrade ${title(cluster)} from ${version(minor - 1)} to ${to}${cluster.at?.start ? `: change the version at ${place(cluster.at)}` : ''}.`,
    );
  lines.push('', '### 3. Add-ons', '');
  const addons = clusters.flatMap((one) => one.addons);
  lines.push(
    ...(addons.length > 0
      ? parts(addons, (addon) => `${named(addon)}: move to a version for ${to}`)
      : [`- [ ] Move each add-on (vpc-cni, coredns, kube-proxy, the CSI drivers) to a version for ${to}.`]),
    '',
    `\`aws eks describe-addon-versions --kubernetes-version ${to} --addon-name <name>\` lists compatible versions.`,
    '',
    '### 4. Nodes',
    '',
  );
  const nodes = clusters.flatMap((one) => one.nodes);
  lines.push(
    ...(nodes.length > 0
      ? parts(nodes, (group) => `${named(group)}: replace its nodes with ${to} nodes`)
      : [`- [ ] Replace the nodes of each node group, and restart pods on Fargate, so that they run ${to}.`]),
    '',
  );
  return lines;
}

/** The end of support for the version of a cluster. */
function support({ minor }: Upgraded): string {
  const row = eksVersions.find((one) => one.version === `1.${minor}`);
  return row === undefined ? '' : `; standard support ends ${row.endStandard}, extended support ${row.endExtended}`;
}

function opening(report: Report, to: number | undefined, selected: readonly Finding[]): string[] {
  const { clusters, off } = report.upgrade;
  const open = selected.filter(isOfUpgrade);
  const others = selected.length - open.length;
  const ignored = report.findings.filter((one) => one.hidden && isOfUpgrade(one) && !selected.includes(one)).length;
  const worst = open.filter(({ minor }) => minor !== undefined && to !== undefined && minor <= to).length;
  const lines = clusters.map(
    (one) =>
      `- ${title(one).replace(/^t|^c/, (letter) => letter.toUpperCase())}: ${one.minor === undefined ? 'version not known' : `Kubernetes ${version(one.minor)}`}${one.at ? ` (${place(one.at)})` : ''}${support(one)}`,
  );
  if (clusters.length === 0)
    lines.push(
      '- No cluster is described in what was read, so the steps begin at the first version that breaks something.',
    );
  const answers = report.undetermined.length;
  const isRead = report.notes.length === 0 && clusters.every(({ unknown }) => unknown.length === 0);
  const rest = isRead ? 'everything was judged' : 'see the end for what was not judged';
  lines.push(
    `- ${count(worst, 'finding')} to fix on the way, ${answers === 0 ? rest : `${count(answers, 'answer')} not known (see the end)`}`,
  );
  if (others > 0)
    lines.push(
      `- ${count(others, 'other finding')} of this run ${others === 1 ? 'has' : 'have'} nothing to do with an upgrade`,
    );
  if (ignored > 0)
    lines.push(
      `- ${count(ignored, 'finding')} about upgrades ${ignored === 1 ? 'is' : 'are'} ignored and left out (--show-ignored lists them)`,
    );
  if (off.length > 0) {
    const shown = off.slice(0, most.rules).map(code).join(', ');
    const more = off.length > most.rules ? ` and ${off.length - most.rules} more` : '';
    lines.push(
      `- **${count(off.length, 'rule')} about upgrades ${off.length === 1 ? 'is' : 'are'} off**: ${shown}${more}`,
    );
  }
  if (!report.complete)
    lines.push('- **The result is incomplete: not everything that was asked for could be judged.**');
  return lines;
}

function unknowns(report: Report): string[] {
  const { clusters } = report.upgrade;
  const lines = [
    ...clusters.flatMap((one) => one.unknown.map((what) => `- Of ${title(one)}: ${says(what)}`)),
    ...report.crashes.map(
      ({ rule, at, error }) => `- Rule ${code(rule)} crashed at ${place(at)}: ${says(error.message)}`,
    ),
    ...report.notes.map(
      ({ at, message, count: n }) =>
        `- ${at ? `${place(at)}: ` : ''}${says(message)}${n !== undefined && n > 1 ? ` (${n})` : ''}`,
    ),
    ...groupUndetermined(report).map(
      ({ why, count: n, rules }) =>
        `- ${n} × ${says(why)}: ${rules.slice(0, most.rules).map(code).join(', ')}${rules.length > most.rules ? ` and ${rules.length - most.rules} more` : ''}`,
    ),
  ];
  const shown = [...new Set(lines)];
  const rest = shown.length > most.reasons ? [`- and ${shown.length - most.reasons} more`] : [];
  return [
    '## Not judged',
    '',
    ...shown.slice(0, most.reasons),
    ...rest,
    '- What only the API server sees: client requests to deprecated APIs (`kubectl get --raw /metrics`, EKS upgrade insights).',
    '',
  ];
}

/** A section, if it has any content. */
const section = (heading: string, findings: readonly Finding[]): string[] =>
  findings.length === 0 ? [] : [`## ${heading}`, '', ...tasks(findings), ''];

function format(report: Report, options: ReporterOptions): string {
  const { target, clusters } = report.upgrade;
  const selected = selectFindings(report, options);
  const open = selected.filter(isOfUpgrade);
  const all = clusters.map((one) => one.target);
  // Without a named version, findings are judged for the current version of each cluster, or for the next.
  const to = target ?? (all.length > 0 ? Math.max(...all) : undefined);
  const known = clusters.flatMap(({ minor }) => (minor === undefined ? [] : [minor]));
  const dated = open.flatMap(({ minor }) => (minor !== undefined && (to === undefined || minor <= to) ? [minor] : []));
  // The step before the first one that breaks something, if no version is known.
  const first = Math.min(...dated, to ?? knownMinors.newest);
  const from = known.length > 0 ? Math.min(...known) : Math.max(knownMinors.oldest, first) - 1;
  const lines = [
    `# Upgrade plan${to === undefined ? '' : `: ${known.length > 0 ? `Kubernetes ${version(from)} to ${version(to)}` : `to Kubernetes ${version(to)}`}`}`,
    '',
    ...opening(report, to, selected),
    '',
  ];
  if (to === undefined) lines.push('No target version is set: pass `--target-version <1.x>`.', '');
  else if (from >= to)
    lines.push(
      `Nothing to upgrade: ${known.length > 0 ? `the clusters run ${version(from)}` : 'no version before it is known'}. Pass a later version with \`--target-version <1.x>\`.`,
      '',
    );
  lines.push(...section('Why now', open.filter(isReason)));
  const work = open.filter((one) => !isReason(one));
  lines.push(
    ...section(
      `Broken already, in ${version(from)} or before`,
      work.filter(({ minor }) => minor !== undefined && minor <= from),
    ),
  );
  const last = to ?? 0;
  for (let minor = from + 1; minor <= last; minor++) {
    const before = work.filter((one) => one.minor === minor);
    const moving = clusters.filter((one) => one.minor !== undefined && one.minor < minor && minor <= one.target);
    // If no version is known, only the last step and those that break something are listed.
    if (known.length === 0 && before.length === 0 && minor < last) continue;
    lines.push(`## Step ${version(minor - 1)} to ${version(minor)}`, '', ...step(minor, before, moving));
  }
  lines.push(
    ...section(
      'At any time',
      work.filter(({ minor }) => minor === undefined),
    ),
    ...section(
      to === undefined ? 'What later versions break' : `After ${version(to)}`,
      work.filter(({ minor }) => minor !== undefined && minor > Math.max(to ?? from, from)),
    ),
  );
  const end = [...unknowns(report), `${judged(report)}.`, ''].join('\n');
  const text = cutLines(lines, mostBytes - Buffer.byteLength(end)) + end;
  return options.githubActions ? runnerSafe(text) : text;
}

/** The lines that fit; what is left out is counted. */
function cutLines(lines: readonly string[], bytes: number): string {
  let room = bytes - 100;
  const fit = lines.findIndex((line) => (room -= Buffer.byteLength(line) + 1) < 0);
  const shown =
    fit < 0 ? lines : [...lines.slice(0, fit), '', `**${lines.length - fit} more lines left out here.**`, ''];
  return shown.map((line) => `${line}\n`).join('');
}

const upgradePlan: Reporter = { id: 'upgrade-plan', format };
export default upgradePlan;
