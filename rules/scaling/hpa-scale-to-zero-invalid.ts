import { defineRule } from '#rule';
import { metricsOf } from '#rule/autoscaling';
import { digRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** The first release that scales to zero without a feature gate, which EKS does not let you set (KEP-2021). */
const since = 37;

export default defineRule({
  title: 'HPA that scales to zero must be able to scale up again',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler'],
  scope: 'resource',
  fix: 'suggestion: set minReplicas: 1',
  messages: {
    version: '{scaler} sets minReplicas: 0, which Kubernetes 1.{target} ({from}) rejects',
    metric: '{scaler} sets minReplicas: 0 without an Object or External metric, so the API server rejects it',
  },
  help: {
    version: 'Set spec.minReplicas: 1, or use a KEDA ScaledObject',
    metric: 'Set spec.minReplicas: 1, or add a metric of type External, e.g. the length of a queue',
  },
  equivalents: [],
  sources: ['KEP-2021, HPA scale to zero', 'Kubernetes blog, HPA scale to zero (2026-09-02)'],
  check(hpa, { report, target, undetermined }) {
    const spec = digRecord(hpa.object, 'spec');
    if (!spec || spec['minReplicas'] !== 0) return;
    const place = { on: spec, key: 'minReplicas' };
    const fix = { safe: false, edits: [{ op: 'set' as const, ...place, value: 1 }] };
    const metrics = metricsOf(hpa);
    if (target.lowest < since)
      report({
        message: 'version',
        data: { scaler: hpa.title, target: target.lowest, from: target.lowestFrom },
        ...place,
        fix,
      });
    else if (metrics.some(({ type }) => type === 'Object' || type === 'External')) return;
    else if (unrendered(spec['metrics'])) undetermined('its metrics are an unrendered template', place);
    else report({ message: 'metric', data: { scaler: hpa.title }, ...place, fix });
  },
});
