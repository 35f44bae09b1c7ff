import { UserError } from '#errors.ts';
import type { AuditedCluster, EarlierFinding, Finding, Report, Severity, SubjectName } from '#model/finding.ts';
import { cut, jsonText } from './escape.ts';
import { keepWorst, pageOf, type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/*
 * Findings in the AWS Security Finding Format, as files for `aws securityhub batch-import-findings` (Security Hub API
 * reference, BatchImportFindings and AwsSecurityFinding).
 */

/** Findings of one call: at most 100, 240 KB each, 6 MB together. Ours are a few KB each. */
export const mostOfCall = 100;
/** Maximum lengths of strings, in characters. */
const most = { id: 512, title: 256, description: 1024, advice: 512, detail: 1024, resource: 512 };

const labels: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
};

/** A string cut to a length that stays distinct from others with the same beginning. */
function cutApart(text: string, length: number, digits: string): string {
  return text.length <= length ? text : `${text.slice(0, length - digits.length - 1)}~${digits}`;
}

function resourceOf(
  { kind, namespace, name, apiVersion }: SubjectName,
  cluster: AuditedCluster,
  digits: string,
): object {
  const [, partition = 'aws'] = cluster.arn.split(':');
  const common = { Partition: partition, Region: cluster.region };
  if (kind === 'cluster') return { Type: 'AwsEksCluster', Id: cluster.arn, ...common };
  const id = `${cluster.arn}/${namespace}/${kind}/${name}`;
  const details = { apiVersion: apiVersion ?? '', kind, namespace, name };
  return {
    Type: 'Other',
    Id: cutApart(id, most.resource, digits),
    ...common,
    Details: {
      Other: Object.fromEntries(
        Object.entries(details).flatMap(([key, text]) => (text === '' ? [] : [[key, cut(text, most.detail)]])),
      ),
    },
  };
}

/** A finding, with the fields that findings that are gone also have. */
interface Told extends Omit<EarlierFinding, 'cluster'> {
  readonly help?: string | undefined;
  readonly details: Readonly<Record<string, string | undefined>>;
  readonly isGone: boolean;
}

function findingOf(one: Told, cluster: AuditedCluster): object {
  const [, partition = 'aws'] = cluster.arn.split(':');
  const { account, region, to } = cluster;
  const page = pageOf(one.rule);
  const fields = Object.entries({ 'ekslint/rule': one.rule, ...one.details });
  return {
    SchemaVersion: '2018-10-08',
    Id: cutApart(`${cluster.arn}/ekslint/${one.rule}/${one.id}`, most.id, one.id),
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'ekslint',
    GeneratorId: cut(`ekslint/${one.rule}`, most.id),
    AwsAccountId: account,
    Region: region,
    Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    CreatedAt: one.since,
    UpdatedAt: to,
    Severity: { Label: labels[one.severity] },
    Title: cut(one.message, most.title),
    Description: cut(one.message, most.description),
    ...(one.help === undefined && page === undefined
      ? {}
      : {
          Remediation: {
            Recommendation: {
              ...(one.help === undefined ? {} : { Text: cut(one.help, most.advice) }),
              ...(page === undefined ? {} : { Url: page }),
            },
          },
        }),
    ProductFields: Object.fromEntries(
      fields.flatMap(([key, text]) => (text === undefined ? [] : [[key, cut(text, most.detail)]])),
    ),
    Resources: [resourceOf(one.subject, cluster, one.id)],
    Compliance: { Status: one.isGone ? 'PASSED' : 'FAILED' },
    RecordState: one.isGone ? 'ARCHIVED' : 'ACTIVE',
  };
}

const told = (finding: Finding, { from }: AuditedCluster): Told => ({
  id: finding.fingerprint,
  rule: finding.rule,
  severity: finding.severity,
  message: finding.message,
  subject: finding.subject,
  since: finding.since ?? from,
  help: finding.help,
  details: {
    'ekslint/path': finding.at.path || undefined,
    'ekslint/declared': finding.declared && `${finding.declared.source}:${finding.declared.start?.line ?? 1}`,
  },
  isGone: false,
});

const refuse = (clusters: number): UserError | undefined =>
  clusters === 0
    ? new UserError('--format asff is for running clusters', { hint: 'Use it with ekslint audit.' })
    : undefined;

/**
 * The findings of each call: those of one account and region, at most a hundred.
 * @throws UserError if their account is unknown.
 */
function callsOf(report: Report, options: ReporterOptions): object[][] {
  const { audited = [] } = report;
  const refused = refuse(audited.length);
  if (refused) throw refused;
  const nameless = audited.find(({ arn, account, region }) => arn === '' || account === '' || region === '');
  if (nameless)
    throw new UserError(`--format asff needs the account of cluster "${nameless.name}", which was not queried`, {
      hint: 'Remove --no-aws.',
    });
  const open = selectFindings(report, { ...options, showIgnored: false });
  const shown = keepWorst(open, options.maxFindings ?? Infinity);
  const calls = new Map<string, object[]>();
  const add = (one: Told, cluster: AuditedCluster): void => {
    const key = `${cluster.account} ${cluster.region}`;
    const call = calls.get(key);
    if (call) call.push(findingOf(one, cluster));
    else calls.set(key, [findingOf(one, cluster)]);
  };
  for (const finding of shown) {
    const cluster = finding.cluster ?? (audited.length === 1 ? audited[0] : undefined);
    if (cluster) add(told(finding, cluster), cluster);
  }
  // Findings that an earlier audit imported and that are gone.
  for (const gone of report.compared?.gone ?? []) {
    const cluster = audited.find(({ arn }) => arn === gone.cluster) ?? (audited.length === 1 ? audited[0] : undefined);
    if (cluster) add({ ...gone, details: {}, isGone: true }, cluster);
  }
  return [...calls.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / mostOfCall) }, (_, i) =>
      all.slice(i * mostOfCall, (i + 1) * mostOfCall),
    ),
  );
}

const asff: Reporter = {
  id: 'asff',
  refuse,
  format: (report, options) => jsonText(callsOf(report, options).flat(), 1),
  parts: (report, options) => callsOf(report, options).map((call) => jsonText(call, 1)),
};
export default asff;
