import { dig, digList, digRecord } from '#model/dig.ts';
import { text } from '#model/shape.ts';

export { scaleTarget } from '#model/workspace.ts';

/**
 * A metric of a HorizontalPodAutoscaler about a resource of its pods, and where it is written, or where it is missing.
 */
export interface ResourceMetric {
  /** cpu or memory. */
  readonly resource: string;
  /** The container that it looks at, if it does not look at all of them. */
  readonly container: string | undefined;
  /** Whether its target is a share of the request. */
  readonly isUtilization: boolean;
  readonly on: object;
  readonly key: string;
}

/** The metrics of a HorizontalPodAutoscaler, as plain maps. */
export const metricsOf = ({ object }: { readonly object: object }): readonly Readonly<Record<string, unknown>>[] =>
  digList(object, 'spec', 'metrics');

/**
 * The metrics of a HorizontalPodAutoscaler that look at resources of its pods, in all versions of the API. Without
 * metrics, it scales on CPU utilization (Kubernetes API reference, HorizontalPodAutoscalerSpec).
 */
export function resourceMetricsOf(hpa: {
  readonly object: object;
  readonly version: string;
}): readonly ResourceMetric[] {
  const spec = digRecord(hpa.object, 'spec');
  if (!spec) return [];
  const metrics = metricsOf(hpa);
  if (metrics.length === 0) {
    const key = hpa.version === 'v1' ? 'targetCPUUtilizationPercentage' : 'metrics';
    return typeof spec['metrics'] === 'string'
      ? []
      : [{ resource: 'cpu', container: undefined, isUtilization: true, on: spec, key }];
  }
  return metrics.flatMap((metric) =>
    (['resource', 'containerResource'] as const).flatMap((key) => {
      const source = digRecord(metric, key);
      const resource = text(source?.['name']);
      if (!source || resource === undefined) return [];
      const isUtilization =
        dig(source, 'target', 'type') === 'Utilization' ||
        typeof source['targetAverageUtilization'] === 'number' ||
        (dig(source, 'target', 'type') === undefined &&
          typeof dig(source, 'target', 'averageUtilization') === 'number');
      return [{ resource, container: text(source['container']), isUtilization, on: metric, key }];
    }),
  );
}
