import type { Location } from '#syntax/tree.ts';
import { qualifiedName, type Report, type Severity } from '#model/finding.ts';
import { cut, jsonText, plain } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';
import { fromRoot } from './sarif.ts';

/*
 * A Code Quality report (GitLab documentation, Code Quality, Import Code Quality results from a CI/CD job). Ignored
 * findings are left out: GitLab shows everything in a report.
 */

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};
const longest = 1000;

const place = (at: Location): object => ({
  path: at.source.replace(/^\.\//, ''),
  lines: { begin: at.start?.line ?? 1 },
});

function format(given: Report, options: ReporterOptions): string {
  const report = fromRoot(given);
  const used = new Map<string, number>();
  // Of two entries with one fingerprint GitLab shows only one.
  const unique = (fingerprint: string): string => {
    const before = used.get(fingerprint) ?? 0;
    used.set(fingerprint, before + 1);
    return before === 0 ? fingerprint : `${fingerprint}-${before + 1}`;
  };
  const says = (text: string): string => plain(cut(text, longest));
  const findings = selectFindings(report, { ...options, showIgnored: false }).map(
    ({ rule, severity, message, help, fingerprint, at }) => ({
      description: says(help === undefined ? message : `${message}. ${help}`),
      check_name: rule,
      fingerprint: unique(fingerprint),
      severity: severities[severity],
      location: place(at),
    }),
  );
  const crashes = report.crashes.map(({ rule, subject, at, error }) => ({
    description: says(`Rule ${rule} crashed on ${qualifiedName(subject)}: ${error.message}`),
    check_name: rule,
    fingerprint: unique(`crash ${rule} ${qualifiedName(subject)} ${at.source}`),
    severity: severities.high,
    location: place(at),
  }));
  const holes = report.notes.flatMap(({ kind, message, at }) =>
    at && (kind === 'incomplete' || kind === 'problem')
      ? [
          {
            description: says(`ekslint could not judge everything: ${message}`),
            check_name: `ekslint/${kind}`,
            fingerprint: unique(`${kind} ${message} ${at.source}`),
            severity: severities.medium,
            location: place(at),
          },
        ]
      : [],
  );
  return jsonText([...crashes, ...holes, ...findings], 1);
}

const gitlab: Reporter = { id: 'gitlab', format };
export default gitlab;
