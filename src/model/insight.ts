import type { Cluster, Part } from './cluster.ts';
import type { Ref, Value } from './value.ts';

/** Cluster insights of EKS (EKS API reference, InsightSummary). Only the API has them. */
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
