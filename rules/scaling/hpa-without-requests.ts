import { defineRule, type Workload, type Workspace } from '#rule';
import { type ResourceMetric, resourceMetricsOf } from '#rule/autoscaling';
import { shortfallsOf } from '#rule/compute';

/**
 * A workload, and the first of its containers that a metric covers and that lacks the request to which the percentage
 * refers.
 */
interface Lack {
  readonly workload: Workload;
  readonly shortfall: ReturnType<typeof shortfallsOf>[number];
  /** What may still set the request. */
  readonly by: string | undefined;
}

const known = new WeakMap<readonly Workload[], Map<string, readonly Lack[]>>();

/** What some workloads lack for a metric, each sentence once: many autoscalers may have the same targets. */
function lacking(metric: ResourceMetric, workloads: readonly Workload[], workspace: Workspace): readonly Lack[] {
  const { resource, container: wanted } = metric;
  if (resource !== 'cpu' && resource !== 'memory') return [];
  const lists = known.get(workloads) ?? new Map<string, readonly Lack[]>();
  known.set(workloads, lists);
  const key = `${resource} ${wanted ?? ''}`;
  let found = lists.get(key);
  if (!found) {
    const lacks = new Map<string, Lack>();
    for (const workload of workloads) {
      const shortfall = shortfallsOf(workload, resource, 'requests', {
        workspace,
        options: { initContainers: false },
      }).find(({ container }) => wanted === undefined || container.name === wanted);
      if (!shortfall) continue;
      const by = workload.changes.find(({ path }) => path.includes('resources') || path.includes('containers'))?.by;
      const sentence = `${workload.title}\n${by ?? ''}\n${shortfall.container.name}`;
      if (!lacks.has(sentence)) lacks.set(sentence, { workload, shortfall, by });
    }
    lists.set(key, (found = [...lacks.values()]));
  }
  return found;
}

export default defineRule({
  title: 'HPA target must request the scaled resource',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler'],
  scope: 'workspace',
  messages: {
    missing:
      '{scaler} scales on {resource} utilization, but container "{container}" of {workload} has no {resource} request, so it cannot scale on it',
  },
  help: 'Set resources.requests.{resource} on container {container}, or use a target of type AverageValue',
  equivalents: [],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling', 'EKS Best Practices Guide, Reliability'],
  check(hpa, { report, undetermined, workspace }) {
    const metrics = resourceMetricsOf(hpa).filter(({ isUtilization }) => isUtilization);
    const workloads = workspace.bundle(hpa).scaledBy(hpa);
    for (const metric of metrics)
      for (const { workload, shortfall, by } of lacking(metric, workloads, workspace)) {
        const { resource, on, key } = metric;
        if (by !== undefined) undetermined(`${by} may set the requests of ${workload.title}`, { on, key });
        else
          report({
            message: 'missing',
            data: { scaler: hpa.title, resource, container: shortfall.container.name, workload: workload.title },
            on,
            key,
            related: [workload.place(shortfall.on, shortfall.key)],
          });
      }
  },
});
