import {
  type BaselineEntry,
  type Finding,
  qualifiedName,
  type RuleInfo,
  type Severity,
  type Undetermined,
} from '#model/finding.ts';
import { compare } from './run.ts';

/** What a run found at an earlier commit, and the name that the user gave for the commit. */
export interface Before {
  readonly ref: string;
  readonly findings: readonly Finding[];
}

/**
 * Keeps only new findings, and counts the others. A finding that was ignored then and is not now counts as new:
 * removing an ignore is meant to bring it back.
 */
export function forgetKnown(
  findings: readonly Finding[],
  before: Before,
): { readonly findings: Finding[]; readonly known: { readonly count: number; readonly before: string } } {
  const old = new Set(before.findings.filter(({ hidden }) => !hidden).map(({ fingerprint }) => fingerprint));
  const fresh = findings.filter(({ fingerprint }) => !old.has(fingerprint));
  return { findings: fresh, known: { count: findings.length - fresh.length, before: before.ref } };
}

/** The state of a run whose findings are compared with a baseline. */
export interface BaselineRun {
  /** The path of a source relative to the workspace root. */
  pathOf(source: string): string;
  /** Whether the run judged a file by a rule, so that a missing finding means that the defect is gone. */
  judged(file: string, rule: string): boolean;
  readonly undetermined: readonly Pick<Undetermined, 'rule' | 'at'>[];
}

const keyOf = ({ rule, file, resource, path, message }: Omit<BaselineEntry, 'count'>): string =>
  [rule, file, resource, path, message].join('\n');

const entryOf = (
  { rule, at, subject, messageId }: Finding,
  { pathOf }: Pick<BaselineRun, 'pathOf'>,
): Omit<BaselineEntry, 'count'> => ({
  rule,
  file: pathOf(at.source),
  resource: qualifiedName(subject),
  path: at.path,
  message: messageId,
});

/** The rule that reports an outdated baseline. */
export const baselineRule: RuleInfo = {
  id: 'ekslint/unused-baseline-entry',
  title: 'Baseline entries should match a finding',
  category: 'ekslint',
  severity: 'low',
  preset: 'recommended',
  equivalents: [],
  sources: [],
};

/** Marks the findings that a baseline accepts, and reports entries that accept nothing. */
export function applyBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
  run: BaselineRun,
  { file, strict }: { readonly file: string; readonly strict: boolean },
): Finding[] {
  const left = new Map<string, number>();
  for (const entry of entries) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + entry.count);
  const marked = findings.map((finding): Finding => {
    if (finding.hidden) return finding;
    const key = keyOf(entryOf(finding, run));
    const count = left.get(key) ?? 0;
    if (count === 0) return finding;
    left.set(key, count - 1);
    return { ...finding, hidden: { by: 'baseline', reason: '' } };
  });
  const open = new Set(run.undetermined.map(({ rule, at }) => `${rule}\n${run.pathOf(at.source)}`));
  const unused = entries.filter(
    (entry) =>
      (left.get(keyOf(entry)) ?? 0) > 0 &&
      run.judged(entry.file, entry.rule) &&
      !open.has(`${entry.rule}\n${entry.file}`),
  );
  const [first] = unused;
  if (!first) return marked;
  const severity: Severity = strict ? 'critical' : baselineRule.severity;
  const rest = unused.length > 1 ? ` and ${unused.length - 1} more` : '';
  return [
    ...marked,
    {
      rule: baselineRule.id,
      severity,
      messageId: 'unused',
      message: `The baseline accepts ${first.rule} in ${first.file}${rest}, which no longer occurs; update it with --update-baseline`,
      at: { source: file, path: 'findings' },
      related: [],
      subject: { kind: 'File', namespace: '', name: file },
      fingerprint: '',
    },
  ];
}

/** The entries that accept findings of the run; entries for files and rules that it did not judge are kept. */
export function baselineOf(
  findings: readonly Finding[],
  before: readonly BaselineEntry[],
  run: BaselineRun,
): BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  const add = (entry: BaselineEntry): void => {
    const known = entries.get(keyOf(entry));
    entries.set(keyOf(entry), known ? { ...known, count: known.count + entry.count } : entry);
  };
  for (const entry of before) if (!run.judged(entry.file, entry.rule)) add(entry);
  for (const finding of findings)
    if (!finding.hidden && finding.rule !== baselineRule.id) add({ ...entryOf(finding, run), count: 1 });
  return [...entries.values()].sort(
    (a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(keyOf(a), keyOf(b)),
  );
}
