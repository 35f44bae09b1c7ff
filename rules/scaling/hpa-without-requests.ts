import { defineRule, type Workload, type Workspace } from '#rule';
import { type ResourceMetric, resourceMetricsOf } from '#rule/autoscaling';
import { shortfallsOf } from '#rule/compute';

/** The containers that a metric looks at and that lack the request which its share is taken of. */
const lacking = (metric: ResourceMetric, workload: Workload, workspace: Workspace) =>
  metric.resource === 'cpu' || metric.resource === 'memory'
    ? shortfallsOf(workload, metric.resource, 'requests', { workspace, options: { initContainers: false } }).filter(
        ({ container }) => metric.container === undefined || container.name === metric.container,
      )
    : [];

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
    for (const workload of workspace.bundle(hpa).scaledBy(hpa))
      for (const metric of metrics) {
        const [first] = lacking(metric, workload, workspace);
        if (!first) continue;
        const { resource, on, key } = metric;
        const patch = workload.changes.find(({ path }) => path.includes('resources') || path.includes('containers'));
        if (patch) undetermined(`${patch.by} may set the requests of ${workload.title}`, { on, key });
        else
          report({
            message: 'missing',
            data: { scaler: hpa.title, resource, container: first.container.name, workload: workload.title },
            on,
            key,
            related: [workload.place(first.on, first.key)],
          });
      }
  },
});
