import { shownFix } from './shown-fix.ts';
import type { Location } from '#syntax/tree.ts';
import {
  type AuditedCluster,
  type EarlierFinding,
  type Finding,
  qualifiedName,
  type Report,
  type Severity,
  type SubjectName,
} from '#model/finding.ts';
import { jsonText } from './escape.ts';
import { groupUndetermined, type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';

/**
 * A location in the JSON report: lines and columns from 1, columns in UTF-16 code units, `endColumn` just after the
 * last character.
 */
export interface JsonLocation {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly path: string;
}

/** What a finding is about, in the JSON report. */
export interface JsonResource {
  readonly apiVersion: string | null;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly fullyQualifiedName: string;
  /** The ARN of the running cluster that contains it, otherwise its server; null in files. */
  readonly cluster: string | null;
}

/** One change of text that fixes a finding, in the JSON report. Lines and columns count as in `JsonLocation`. */
export interface JsonEdit {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** One finding of the JSON report. */
export interface JsonFinding {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly resource: JsonResource;
  readonly location: JsonLocation;
  /** Where the files of --source define it; null without --source, or if they do not. */
  readonly declared: JsonLocation | null;
  readonly related: readonly JsonLocation[];
  readonly found: string | null;
  readonly wanted: string | null;
  readonly fix: { readonly safe: boolean; readonly edits: readonly JsonEdit[] } | null;
  readonly ignored: {
    readonly by: 'comment' | 'annotation' | 'config' | 'baseline';
    readonly reason: string;
    readonly expires: string | null;
  } | null;
  readonly state: 'new' | 'unchanged';
  /** When it was first seen, if an earlier audit that was compared also has it. */
  readonly since: string | null;
}

/** A finding of an earlier audit, in the JSON report. */
interface JsonGone extends Pick<JsonFinding, 'id' | 'rule' | 'severity' | 'message' | 'resource'> {
  readonly since: string;
}

/** The report as `--format json` prints it and the Node API returns it; `schemas/report.json` describes it. */
export interface JsonReport {
  readonly schema: string;
  readonly tool: { readonly name: 'ekslint'; readonly version: string };
  readonly run: {
    readonly command: 'lint' | 'audit';
    /** False if something that should have been judged could not be. */
    readonly complete: boolean;
    readonly exitCode: 0 | 1 | 2 | 3;
    readonly config: string | null;
  };
  readonly clusters: readonly {
    readonly name: string;
    readonly arn: string;
    readonly account: string | null;
    readonly region: string | null;
    readonly endpoint: string;
    readonly version: string | null;
    readonly uid: string | null;
    /** ARN of the role that was assumed for reading. */
    readonly role: string | null;
    /** The state of the server at each list, by the name of its kind. */
    readonly resourceVersions: Readonly<Record<string, string>>;
    /** When it was read, ISO 8601 in UTC. */
    readonly from: string;
    readonly to: string;
  }[];
  readonly findings: readonly JsonFinding[];
  /** What has changed since the earlier audit of --compare. */
  readonly compared: {
    readonly file: string;
    readonly at: string;
    readonly new: number;
    readonly unchanged: number;
    readonly gone: readonly JsonGone[];
    /** Findings of the earlier audit that this one could not judge. */
    readonly notJudged: readonly JsonGone[];
  } | null;
  readonly notJudged: readonly {
    readonly rule: string;
    readonly reason: string;
    readonly resource: JsonResource;
    readonly location: JsonLocation;
  }[];
  /** What is missing for these checks, listed once for each cause. */
  readonly reasons: readonly {
    readonly reason: string;
    readonly checks: number;
    readonly rules: readonly string[];
    readonly clusters: readonly string[];
  }[];
  readonly notes: readonly {
    readonly kind: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly count?: number;
  }[];
  readonly counts: {
    readonly files: number;
    readonly objects: number;
    readonly rules: number;
    readonly clusters: number;
    readonly ignored: number;
    /** Findings that existed before --new-since. */
    readonly known: number;
  };
}

/** The address of the schema of this format; its number changes only when something is removed. */
export const reportSchema = 'https://unpkg.com/ekslint@1/schemas/report.json';

function locationOf(at: Location): JsonLocation {
  const { start, end } = at;
  return {
    file: at.source,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? start?.line ?? null,
    endColumn: end?.column ?? start?.column ?? null,
    path: at.path,
  };
}

function resourceOf(subject: SubjectName, cluster?: AuditedCluster): JsonResource {
  return {
    apiVersion: subject.apiVersion ?? null,
    kind: subject.kind,
    namespace: subject.namespace,
    name: subject.name,
    fullyQualifiedName: qualifiedName(subject),
    cluster: cluster ? cluster.arn || cluster.endpoint : null,
  };
}

function findingOf(finding: Finding): JsonFinding {
  const { fingerprint, rule, severity, message, subject, at, related, found, wanted, hidden, since } = finding;
  const fix = shownFix(finding);
  const edits =
    fix?.edits.map(({ source, from, to, text }) => ({
      file: source,
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
      text,
    })) ?? [];
  return {
    id: fingerprint,
    rule,
    severity,
    message,
    resource: resourceOf(subject, finding.cluster),
    location: locationOf(at),
    declared: finding.declared ? locationOf(finding.declared) : null,
    related: related.map(locationOf),
    found: found ?? null,
    wanted: wanted ?? null,
    fix: fix ? { safe: fix.safe, edits } : null,
    ignored: hidden ? { by: hidden.by, reason: hidden.reason, expires: hidden.expires ?? null } : null,
    state: hidden?.by === 'baseline' || since !== undefined ? 'unchanged' : 'new',
    since: since ?? null,
  };
}

const goneOf = ({ id, rule, severity, message, subject, cluster, since }: EarlierFinding): JsonGone => ({
  id,
  rule,
  severity,
  message,
  resource: { ...resourceOf(subject), cluster: cluster || null },
  since,
});

function comparedOf({ compared, findings }: Report): JsonReport['compared'] {
  if (!compared) return null;
  const open = findings.filter(({ hidden }) => !hidden);
  const unchanged = open.filter(({ since }) => since !== undefined).length;
  return {
    file: compared.file,
    at: compared.at,
    new: open.length - unchanged,
    unchanged,
    gone: compared.gone.map(goneOf),
    notJudged: compared.unclear.map(goneOf),
  };
}

/**
 * The report as plain data. Ignored findings are only counted by default, so that `findings.length` is the number of
 * findings.
 */
export function toJson(
  report: Report,
  options: Partial<Pick<ReporterOptions, 'showIgnored' | 'quiet' | 'failOn'>> = {},
): JsonReport {
  const findings = selectFindings(report, {
    showIgnored: options.showIgnored ?? false,
    quiet: options.quiet ?? false,
    failOn: options.failOn ?? 'never',
  });
  return around(report, findings.map(findingOf));
}

/** The report except its findings, in the order in which it is printed. */
function around<F>(report: Report, findings: F): Omit<JsonReport, 'findings'> & { readonly findings: F } {
  const { files, objects, rules, clusters } = report.checked;
  return {
    schema: reportSchema,
    tool: { name: 'ekslint', version: report.version },
    run: {
      command: report.command,
      complete: report.complete,
      exitCode: report.exitCode,
      config: report.config ?? null,
    },
    clusters: (report.audited ?? []).map(
      ({ name, arn, account, region, endpoint, version, uid, role, resourceVersions = {}, from, to }) => ({
        name,
        arn,
        account: account || null,
        region: region || null,
        endpoint,
        version: version || null,
        uid: uid || null,
        role: role ?? null,
        resourceVersions,
        from,
        to,
      }),
    ),
    findings,
    compared: comparedOf(report),
    notJudged: report.undetermined.map(({ rule, why, subject, at }) => ({
      rule,
      reason: why,
      resource: resourceOf(subject),
      location: locationOf(at),
    })),
    reasons: groupUndetermined(report).map(({ why, count: checks, rules: hidden, clusters: about }) => ({
      reason: why,
      checks,
      rules: hidden,
      clusters: about,
    })),
    notes: [
      ...report.notes.map(({ kind, message, at, count }) => ({
        kind,
        message,
        ...(at ? { file: at.source } : {}),
        ...(at?.start ? { line: at.start.line } : {}),
        ...(count === undefined ? {} : { count }),
      })),
      ...report.crashes.map(({ rule, subject, at, error }) => ({
        kind: 'crash',
        message: `rule ${rule} crashed on ${qualifiedName(subject)}: ${error.message}`,
        file: at.source,
        ...(at.start ? { line: at.start.line } : {}),
      })),
    ],
    counts: {
      files,
      objects,
      rules,
      clusters,
      ignored: report.findings.filter(({ hidden }) => hidden).length,
      known: report.known?.count ?? 0,
    },
  };
}

/** Findings as they are printed, created one after the other. */
function* printed(findings: readonly Finding[]): Generator<JsonFinding> {
  for (const finding of findings) yield findingOf(finding);
}

const json: Reporter = {
  id: 'json',
  format: (report, options) => jsonText(around(report, printed(selectFindings(report, options))), 2),
};
export default json;
