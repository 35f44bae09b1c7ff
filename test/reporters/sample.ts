import type { Finding, Report, RuleInfo, Severity } from '#model/finding.ts';
import type { ReporterOptions } from '#reporters/reporter.ts';
import type { Location } from '#syntax/tree.ts';

/** A location on one line. */
export const at = (source: string, line: number, column: number, width = 5): Location => ({
  source,
  path: 'spec.replicas',
  start: { line, column },
  end: { line, column: column + width },
});

/** A finding with everything usual, with changes for a test. */
export const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: 'iam/irsa-and-pod-identity',
  severity: 'high',
  messageId: 'both',
  message: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
  at: at('deploy/web.yaml', 24, 11),
  related: [],
  subject: { kind: 'ServiceAccount', apiVersion: 'v1', namespace: 'shop', name: 'web' },
  fingerprint: '00112233445566aa',
  ...over,
});

/** What reporters know about a rule. */
export const rule = (id: string, severity: Severity = 'high', over: Partial<RuleInfo> = {}): RuleInfo => ({
  id,
  title: `Title of ${id}`,
  category: id.split('/')[0] ?? '',
  severity,
  preset: 'recommended',
  equivalents: [],
  sources: ['EKS User Guide'],
  ...over,
});

/** A report with these parts. */
export const report = (over: Partial<Report> = {}): Report => ({
  command: 'lint',
  version: '0.1.0',
  findings: [],
  undetermined: [],
  notes: [],
  crashes: [],
  rules: [rule('iam/irsa-and-pod-identity')],
  upgrade: { target: undefined, clusters: [], off: [] },
  checked: { files: 18, objects: 61, clusters: 0, rules: 143 },
  config: 'ekslint.yaml',
  complete: true,
  exitCode: 0,
  ...over,
});

export const options: ReporterOptions = {
  color: false,
  showIgnored: false,
  summary: false,
  all: false,
  quiet: false,
  failOn: 'medium',
  maxFindings: undefined,
  width: undefined,
  githubActions: false,
};

/** What an attacker may write into a name, a message or a file name. */
export const hostile = [
  '\x1b[2J\x1b[31mred',
  '\x1b]8;;http://evil.example\x07link\x1b]8;;\x07',
  'over\rwritten',
  'line\nbreak',
  '\u0085next',
  '\x9b31m',
  '\x07\b\x7f\0',
  '\u202egnp.exe',
  '\u2066isolate\u2069',
  'zero\u200bwidth\u200d\ufeff',
  'lone\ud800surrogate\udc00',
  '\u2028separator\u2029',
  '\u00adsoft',
  '\u{e0041}tag',
  '\u{e0100}selector',
  '\n::error::pwned',
  '\r\n  ::add-mask::x',
  '::stop-commands::y',
  '##[error]pwned',
  'a ##[group] b',
  '\u00a0::warning::z',
  '100% #1 é\\b?c',
  '[click](http://evil.example)',
] as const;

/** A report in which every string from outside is hostile. */
export function hostileReport(): Report {
  const findings = hostile.flatMap((text, index): Finding[] => {
    const subject = { kind: text, apiVersion: text, namespace: text, name: text };
    const place = { ...at(`dir ${text}/${text}.yaml`, index + 1, 1), path: text };
    const edit = {
      source: place.source,
      start: 0,
      end: 1,
      text,
      from: { line: 1, column: 1 },
      to: { line: 1, column: 2 },
      judged: '',
    };
    const fingerprint = String(index).padStart(16, '0');
    return [
      finding({
        message: text,
        at: place,
        related: [place, at(text, 1, 1)],
        subject,
        fingerprint,
        fix: { safe: true, edits: [edit] },
      }),
      finding({
        message: text,
        at: { source: text, path: text },
        subject,
        fingerprint,
        hidden: { by: 'comment', reason: text, expires: text },
      }),
    ];
  });
  const some = (text: string): { subject: Finding['subject']; at: Location } => ({
    subject: { kind: text, namespace: text, name: text },
    at: at(text, 1, 1),
  });
  return report({
    findings,
    undetermined: hostile.map((text) => ({ rule: 'iam/irsa-and-pod-identity', why: text, ...some(text) })),
    notes: hostile.map((text) => ({ kind: 'incomplete', message: text, at: at(text, 1, 1), count: 2 })),
    crashes: hostile.map((text) => ({ rule: 'iam/irsa-and-pod-identity', error: new Error(text), ...some(text) })),
    config: hostile[0],
    complete: false,
    exitCode: 2,
  });
}

/** Lines that a GitHub runner would obey: after whitespace `::name`, or `##[` anywhere, with any line end. */
export const commandsIn = (text: string): string[] =>
  text.split(/\r\n|[\r\n]/).filter((line) => /^[\s\u0085]*::/.test(line) || line.includes('##['));

/** Text without colors; any other escape sequence stays. */
// oxlint-disable-next-line no-control-regex -- ESC is what colors start with
export const withoutColours = (text: string): string => text.replaceAll(/\x1b\[\d+m/g, '');

/** Characters that a terminal obeys or does not show, except line ends. */
export const unseenIn = (text: string): string[] =>
  text.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu) ?? [];
