import type { Excerpt } from '#syntax/excerpt.ts';
import type { Location, TextEdit, Tree } from '#syntax/tree.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What a finding is about. `name` of a Kubernetes object is its own; of a cluster part, as the input writes it. */
export interface SubjectName {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly namespace: string;
  readonly name: string;
}

/** Why a finding is not shown, who decided so and until when. */
export interface Hidden {
  readonly by: 'comment' | 'annotation' | 'config' | 'baseline';
  readonly reason: string;
  readonly expires?: string;
  readonly at?: Location;
}

/** A map of a document that defines something: an object, a block, a module call. */
export interface Holder {
  readonly tree: Tree | undefined;
  readonly object: object | undefined;
}

/**
 * What a finding is about, one for each way in which the object is applied. Ignores depend on it; reporters do not see
 * it.
 */
export interface Origin extends Holder {
  /** The Resource, cluster part or Tree that the rule was given. */
  readonly subject: object;
  /** The map or list that the rule reported. */
  readonly on?: object | undefined;
  /** The Terraform module calls that create it, outermost first. */
  readonly calls: readonly Holder[];
  /** The finding reports that a text was not read, so nothing in that text can hide it. */
  readonly unread: boolean;
}

/**
 * How findings for one location and object are combined into one line: those with the same message differ in their
 * parts.
 */
export interface Fold {
  /** The message with a hole `{parts}`. */
  readonly message: string;
  readonly part: string;
  readonly help: string;
}

/** One rule, one place, one message. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly messageId: string;
  readonly message: string;
  /** One line of advice: the change to make, with an example value. */
  readonly help?: string;
  /** The value at the location, if it is short and cannot be a secret. */
  readonly found?: string;
  /** The correct value, otherwise the advice. */
  readonly wanted?: string;
  /** The Kubernetes minor version since which it matters. */
  readonly minor?: number;
  readonly fold?: Fold;
  readonly origins?: readonly Origin[];
  readonly at: Location;
  readonly related: readonly Location[];
  /** The line itself, masked, if seeing it helps. */
  readonly excerpt?: Excerpt;
  readonly subject: SubjectName;
  /** `secret`: the edits may contain one, and are not shown. */
  readonly fix?: { readonly safe: boolean; readonly edits: readonly TextEdit[]; readonly secret?: true };
  /**
   * 16 hex digits of rule + source + subject + model path + message id, and a counter if these repeat: stable when
   * lines move.
   */
  readonly fingerprint: string;
  /** Account and region of its cluster, if known: they distinguish clusters with the same name. */
  readonly place?: string;
  readonly hidden?: Hidden;
  /** The running cluster that it is about. */
  readonly cluster?: AuditedCluster;
  /** Where the files of `--source` define its subject. */
  readonly declared?: Location;
  /** When it was first seen, if an earlier audit also has it; absent if it is new. */
  readonly since?: string;
}

/** A finding of an earlier audit, with what is compared. */
export interface EarlierFinding {
  /** Its fingerprint. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly subject: SubjectName;
  /** ARN of its cluster; empty if unknown. */
  readonly cluster: string;
  /** When it was first seen. */
  readonly since: string;
}

/** An earlier audit of the same clusters. */
export interface Earlier {
  /** The file that contains it, as named on the command line. */
  readonly file: string;
  /** When it was created, ISO 8601 in UTC. */
  readonly at: string;
  readonly findings: readonly EarlierFinding[];
}

/** What has changed since an earlier audit. */
export interface Comparison extends Pick<Earlier, 'file' | 'at'> {
  readonly gone: readonly EarlierFinding[];
  /** Findings of the earlier audit that this one could not judge: it is unknown whether they are gone. */
  readonly unclear: readonly EarlierFinding[];
}

/**
 * Findings of one kind in one place that a team has accepted. It names everything that identifies a finding except the
 * line, so that moved or reformatted text changes nothing; `count` is the accepted number, so that one more is new.
 */
export interface BaselineEntry {
  readonly rule: string;
  /** Relative to the workspace root. */
  readonly file: string;
  /** `Kind/namespace/name` */
  readonly resource: string;
  readonly path: string;
  /** The id of the message in the rule. */
  readonly message: string;
  readonly count: number;
}

/** What a rule could not judge, and why. */
export interface Undetermined {
  readonly rule: string;
  readonly subject: SubjectName;
  readonly why: string;
  /** The cluster that the subject belongs to. */
  readonly cluster?: string;
  readonly at: Location;
  readonly origins?: readonly Origin[];
}

/**
 * Something the run skipped, reported once with its count. `incomplete`: the gate must not pass because of it (exit 3);
 * `unrendered`, `partial`, `skipped`: not judged by design.
 */
export interface Note {
  readonly kind: 'incomplete' | 'unrendered' | 'partial' | 'skipped' | 'problem';
  readonly message: string;
  readonly at?: Location;
  readonly count?: number;
}

/** A rule that threw an error: our bug. */
export interface Crash {
  readonly rule: string;
  readonly subject: SubjectName;
  readonly at: Location;
  readonly error: Error;
}

/** A running cluster that was judged; empty strings mean unknown. */
export interface AuditedCluster {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly version: string;
  readonly uid: string;
  /** ARN of the role that was assumed for reading. */
  readonly role?: string;
  /** The state of the server at each list, by the name of its kind. */
  readonly resourceVersions?: Readonly<Record<string, string>>;
  /** When it was read, ISO 8601 in UTC. */
  readonly from: string;
  readonly to: string;
}

/** A part of a cluster that is upgraded with it; `version` if it is set. */
export interface UpgradedPart {
  readonly name: string;
  readonly version: string | undefined;
  readonly at: Location;
}

/** A cluster as its upgrade plan needs it. */
export interface Upgraded {
  /** Empty if only the deployment sets it. */
  readonly name: string;
  /** Where its version is written, or would be written. */
  readonly at: Location | undefined;
  /** The Kubernetes minor version that it runs. */
  readonly minor: number | undefined;
  /** The minor version that its findings were judged for. */
  readonly target: number;
  readonly addons: readonly UpgradedPart[];
  readonly nodes: readonly UpgradedPart[];
  /** What may be missing from the lists, and why its version is unknown. */
  readonly unknown: readonly string[];
}

/** Everything a run found; reporters print it. Lists are sorted. */
export interface Report {
  readonly command: 'lint' | 'audit';
  readonly version: string;
  /** The running clusters of an audit. */
  readonly audited?: readonly AuditedCluster[];
  /** What has changed since an earlier audit, if one was given. */
  readonly compared?: Comparison;
  /**
   * The working directory relative to the root of its repository, '' at the root: formats for code hosts use paths from
   * there.
   */
  readonly folder?: string;
  readonly findings: readonly Finding[];
  /** Findings that were there before an earlier commit, and are not listed. */
  readonly known?: { readonly count: number; readonly before: string };
  readonly undetermined: readonly Undetermined[];
  /** The new content of the baseline, if it is to be written. */
  readonly baseline?: readonly BaselineEntry[];
  readonly notes: readonly Note[];
  readonly crashes: readonly Crash[];
  /** Rules that were on, in the order of their ids. */
  readonly rules: readonly RuleInfo[];
  /** The clusters of the run, for an upgrade plan; `target`: the minor version that the user named. */
  readonly upgrade: {
    readonly target: number | undefined;
    readonly clusters: readonly Upgraded[];
    /** Recommended upgrade rules that were off in this run. */
    readonly off: readonly string[];
  };
  readonly checked: {
    readonly files: number;
    readonly objects: number;
    readonly clusters: number;
    readonly rules: number;
  };
  readonly config: string | undefined;
  /** False: something that was asked for could not be judged. */
  readonly complete: boolean;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** What reporters show about a rule. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly severity: Severity;
  readonly preset: 'recommended' | 'strict' | 'opt-in';
  /** Its lines of advice, with the names of their holes. */
  readonly help?: readonly string[];
  readonly equivalents: readonly string[];
  readonly sources: readonly string[];
}

/** `Kind/namespace/name`; the namespace of a cluster-scoped object is empty. */
export const qualifiedName = (subject: SubjectName): string => `${subject.kind}/${subject.namespace}/${subject.name}`;

/** Position of a severity, 0 for critical. */
export const rank = (severity: Severity): number => severities.indexOf(severity);
