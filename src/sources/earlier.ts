import { readFileSync, statSync } from 'node:fs';
import { UserError } from '#errors.ts';
import { type Earlier, type EarlierFinding, severities, type Severity } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { readSnapshotFile, type Snapshot } from './snapshot.ts';

/** Which clusters an earlier report is about, if it says so. */
export interface EarlierReport extends Earlier {
  readonly clusters: readonly { readonly arn: string; readonly uid: string }[];
}

/** Larger files are not reports. */
const largest = 500_000_000;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isSeverity = (word: unknown): word is Severity => severities.some((one) => one === word);
const isDate = (word: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(word);

/**
 * Reads what --compare names: a JSON report of an audit, or a snapshot, which has to be judged first. Neither is
 * trusted.
 * @throws UserError if it is neither.
 */
export function readEarlier(file: string, shown: string): EarlierReport | Snapshot {
  if (shown.endsWith('.gz')) return readSnapshotFile(file, shown);
  const fail = (why: string, cause?: unknown): never => {
    throw new UserError(`--compare: ${shown} ${why}`, {
      cause,
      hint: 'Pass the output of an earlier audit: --format json=<file>, or --save <file>.json.gz',
    });
  };
  let data: unknown;
  try {
    if (statSync(file).size > largest) return fail(`has more than ${largest} bytes`);
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return fail(code === 'ENOENT' ? 'does not exist' : 'is not a JSON report', error);
  }
  if (!isRecord(data) || !text(data['schema']).includes('/schemas/report.json') || !isRecord(data['run']))
    return fail('is not a JSON report of ekslint');
  if (data['run']['command'] !== 'audit') return fail('is the report of files, not of an audit');
  const clusters = Array.isArray(data['clusters']) ? data['clusters'].filter(isRecord) : [];
  const [at = ''] = clusters
    .map((one) => text(one['from']))
    .filter(isDate)
    .sort();
  if (at === '') return fail('has no date: it is from an older version of ekslint');
  if (!Array.isArray(data['findings'])) return fail('has no findings');
  const findings = data['findings'].map((one: unknown): EarlierFinding => {
    const { id, rule, severity, message, resource, since } = isRecord(one) ? one : {};
    if (text(id) === '' || text(rule) === '' || !isSeverity(severity) || !isRecord(resource))
      return fail('has a damaged finding');
    return {
      id: text(id),
      rule: text(rule),
      severity,
      message: text(message),
      subject: {
        kind: text(resource['kind']),
        namespace: text(resource['namespace']),
        name: text(resource['name']),
        ...(typeof resource['apiVersion'] === 'string' ? { apiVersion: resource['apiVersion'] } : {}),
      },
      cluster: text(resource['cluster']),
      since: isDate(text(since)) ? text(since) : at,
    };
  });
  return {
    file: shown,
    at,
    findings,
    clusters: clusters.map((one) => ({ arn: text(one['arn']), uid: text(one['uid']) })),
  };
}
