import type { Location } from '#syntax/tree.ts';
import type { Value } from './value.ts';

/** Something that a chart runs in a cluster: karpenter, cluster-autoscaler, ... */
export interface Component {
  /** The name of the chart. */
  readonly name: string;
  readonly at: Location;
  /** What is applied together with it. */
  readonly unit: string;
  readonly namespace: Value<string>;
  /** The version of the chart. */
  readonly version: Value<string>;
  /** A value by its keys: `setting('autoDiscovery', 'clusterName')`. Absent if the chart's own default applies. */
  setting(...keys: readonly string[]): Value<string>;
}
