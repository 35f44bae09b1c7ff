import type { Cluster, Part } from './cluster.ts';
import type { Ref, Value } from './value.ts';

/** What EKS itself finds out about a cluster (EKS API reference, InsightSummary). Only the API tells. */
export interface Insight extends Part {
  readonly kind: 'insight';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  /** UPGRADE_READINESS, MISCONFIGURATION, ROLLBACK_READINESS. */
  readonly category: Value<string>;
  /** The Kubernetes version that it is about: the next one. */
  readonly version: Value<string>;
  /** PASSING, WARNING, ERROR, UNKNOWN. */
  readonly status: Value<string>;
  readonly reason: Value<string>;
}
