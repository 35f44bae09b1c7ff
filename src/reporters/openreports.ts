import { UserError } from '#errors.ts';
import { type Finding, qualifiedName, type Report, type SubjectName, type Undetermined } from '#model/finding.ts';
import { cut, jsonText } from './escape.ts';
import { keepWorst, type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/*
 * Reports of the OpenReports API (https://openreports.io, openreports.io/v1alpha1), which the user applies: one Report
 * for each namespace and a ClusterReport for everything else. Each document is JSON, which YAML contains.
 */

/** An object of the API server holds at most 1.5 MB (etcd, --max-request-bytes); a larger report is split. */
const mostBytes = 900_000;
const most = { message: 2000, property: 500, reasons: 5000 };

interface Result {
  readonly policy: string;
  readonly rule: string;
  readonly category: string;
  readonly severity?: string;
  readonly result: 'fail' | 'warn' | 'error';
  readonly scored: boolean;
  readonly message: string;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly resources: readonly object[];
  readonly properties?: Readonly<Record<string, string>>;
}

const referenceTo = ({ apiVersion, kind, namespace, name }: SubjectName): object => ({
  ...(apiVersion === undefined ? {} : { apiVersion }),
  kind,
  ...(namespace === '' ? {} : { namespace }),
  name,
});
const categoryOf = (rule: string): string => rule.slice(0, Math.max(0, rule.indexOf('/')));

function failed(finding: Finding, timestamp: Result['timestamp']): Result {
  const { rule, severity, message, help, subject, at, declared, since, fingerprint } = finding;
  const properties = {
    id: fingerprint,
    path: at.path || undefined,
    fix: help,
    declared: declared && `${declared.source}:${declared.start?.line ?? 1}`,
    since,
  };
  return {
    policy: rule,
    rule: finding.messageId,
    category: categoryOf(rule),
    severity,
    // A warning is a failure that does not count (OpenReports API, PolicyResult).
    result: severity === 'info' ? 'warn' : 'fail',
    scored: severity !== 'info',
    message: cut(message, most.message),
    timestamp,
    resources: [referenceTo(subject)],
    properties: Object.fromEntries(
      Object.entries(properties).flatMap(([key, text]) =>
        text === undefined ? [] : [[key, cut(text, most.property)]],
      ),
    ),
  };
}

const unjudged = ({ rule, subject, why }: Undetermined, timestamp: Result['timestamp']): Result => ({
  policy: rule,
  rule: 'not-judged',
  category: categoryOf(rule),
  result: 'error',
  scored: false,
  message: cut(`not judged: ${why}`, most.message),
  timestamp,
  resources: [referenceTo(subject)],
});

/** The results of a namespace, in as many reports as their size requires. */
function reportsOf(namespace: string, results: readonly Result[]): object[] {
  const parts: Result[][] = [[]];
  let size = 0;
  for (const result of results) {
    const bytes = Buffer.byteLength(JSON.stringify(result));
    if (size > 0 && size + bytes > mostBytes) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(result);
    size += bytes;
  }
  const count = (some: readonly Result[], word: Result['result']): number =>
    some.filter(({ result }) => result === word).length;
  return parts.map((some, at) => ({
    apiVersion: 'openreports.io/v1alpha1',
    kind: namespace === '' ? 'ClusterReport' : 'Report',
    metadata: {
      name: at === 0 ? 'ekslint' : `ekslint-${at + 1}`,
      ...(namespace === '' ? {} : { namespace }),
      labels: { 'app.kubernetes.io/managed-by': 'ekslint' },
    },
    source: 'ekslint',
    // Passed checks are not counted, so no number is given.
    summary: { fail: count(some, 'fail'), warn: count(some, 'warn'), error: count(some, 'error') },
    results: some,
  }));
}

function refuse(clusters: number): UserError | undefined {
  if (clusters === 0)
    return new UserError('--format openreports is for running clusters', { hint: 'Use it with ekslint audit.' });
  return clusters > 1
    ? new UserError('--format openreports writes objects of one cluster', { hint: 'Audit the clusters one by one.' })
    : undefined;
}

function format(report: Report, options: ReporterOptions): string {
  const { audited = [] } = report;
  const refused = refuse(audited.length);
  if (refused) throw refused;
  const to = audited[0]?.to ?? '';
  const timestamp = { seconds: Math.floor(Date.parse(to) / 1000) || 0, nanos: 0 };
  const shown = keepWorst(selectFindings(report, { ...options, showIgnored: false }), options.maxFindings ?? Infinity);
  const found = shown.map((one) => ({ subject: one.subject, result: failed(one, timestamp) }));
  const seen = new Set<string>();
  const open = report.undetermined.slice(0, most.reasons).flatMap((one) => {
    const key = `${one.rule} ${qualifiedName(one.subject)} ${one.why}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ subject: one.subject, result: unjudged(one, timestamp) }];
  });
  const spaces = new Map<string, Result[]>();
  for (const { subject, result } of [...found, ...open]) {
    const known = spaces.get(subject.namespace);
    if (known) known.push(result);
    else spaces.set(subject.namespace, [result]);
  }
  if (!spaces.has('')) spaces.set('', []);
  return [...spaces]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([namespace, results]) => reportsOf(namespace, results))
    .map((one) => `---\n${jsonText(one, 2)}`)
    .join('');
}

const openreports: Reporter = { id: 'openreports', refuse, format };
export default openreports;
