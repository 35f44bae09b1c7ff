import {
  type Comparison,
  type Earlier,
  type EarlierFinding,
  type Finding,
  qualifiedName,
  type SubjectName,
  type Undetermined,
} from '#model/finding.ts';

/** What an audit has judged, so that a missing finding means that the defect is gone. */
export interface Judged {
  readonly rules: ReadonlySet<string>;
  readonly undetermined: readonly Pick<Undetermined, 'rule' | 'subject'>[];
  /** Whether the object could not be read. */
  isUnseen(subject: SubjectName): boolean;
}

const keyOf = (rule: string, subject: SubjectName): string => `${rule}\n${qualifiedName(subject)}`;

/**
 * Marks the findings that an earlier audit also has with the time when they were first seen, and lists those that are
 * gone.
 */
export function compareWith(
  findings: readonly Finding[],
  { file, at, findings: before }: Earlier,
  { rules, undetermined, isUnseen }: Judged,
): { readonly findings: Finding[]; readonly compared: Comparison } {
  const known = new Map(before.map((one) => [one.id, one]));
  const marked = findings.map((one) => {
    const old = known.get(one.fingerprint);
    return old ? { ...one, since: old.since } : one;
  });
  const left = new Set(findings.map(({ fingerprint }) => fingerprint));
  const open = new Set(undetermined.map(({ rule, subject }) => keyOf(rule, subject)));
  const missing = before.filter(({ id }) => !left.has(id));
  const isUnclear = ({ rule, subject }: EarlierFinding): boolean =>
    (!rules.has(rule) && !rule.startsWith('ekslint/')) || open.has(keyOf(rule, subject)) || isUnseen(subject);
  return {
    findings: marked,
    compared: {
      file,
      at,
      gone: missing.filter((one) => !isUnclear(one)),
      unclear: missing.filter(isUnclear),
    },
  };
}

/** Findings of an audit, as a later audit compares them. */
export const earlierFindings = (findings: readonly Finding[], at: string): EarlierFinding[] =>
  findings
    .filter(({ hidden }) => !hidden)
    .map(({ fingerprint, rule, severity, message, subject, cluster, since = at }) => ({
      id: fingerprint,
      rule,
      severity,
      message,
      subject,
      cluster: cluster?.arn ?? '',
      since,
    }));
