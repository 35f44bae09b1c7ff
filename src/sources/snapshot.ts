/** What the API of a running cluster said, as it is judged and stored. */
export interface Snapshot {
  /** Raised when older versions could misread what is stored. */
  readonly format: typeof snapshotFormat;
  /** The version of ekslint that made it. */
  readonly ekslint: string;
  readonly cluster: ClusterIdentity;
  /** When reading began and ended, ISO 8601 in UTC. */
  readonly from: string;
  readonly to: string;
  readonly objects: readonly ObjectList[];
  readonly unread: readonly UnreadKind[];
}

export const snapshotFormat = 1;

/** Which cluster was asked. Empty texts are not known. */
export interface ClusterIdentity {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** What the API server calls its version: `v1.33.4-eks-1234567`. */
  readonly version: string;
  /** The uid of the namespace kube-system, which no two clusters share. */
  readonly uid: string;
}

/** A kind as the API server names it. */
export interface ApiKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The name in URLs: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** All objects of a kind. */
export interface ObjectList extends ApiKind {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

/** A kind of which not all objects could be read. */
export interface UnreadKind extends ApiKind {
  /** The namespace that could not be read; undefined for all of them. */
  readonly namespace?: string;
  /** A clause for messages: `no permission to list deployments.apps`. */
  readonly why: string;
  /** Whether a permission would help. */
  readonly isDenied: boolean;
}
