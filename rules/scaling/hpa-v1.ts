import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

const field = 'targetCPUUtilizationPercentage';

export default defineRule({
  title: 'HPA should use autoscaling/v2',
  severity: 'info',
  preset: 'strict',
  kinds: ['HorizontalPodAutoscaler'],
  scope: 'resource',
  fix: 'suggestion: convert to autoscaling/v2',
  messages: {
    old: '{scaler} uses autoscaling/v1, which supports only CPU, not other metrics or scaling behavior',
  },
  help: 'Set apiVersion: autoscaling/v2 and write the target under spec.metrics',
  equivalents: [],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(hpa, { report }) {
    if (hpa.live || hpa.apiVersion !== 'autoscaling/v1') return;
    const spec = digRecord(hpa.object, 'spec');
    const share = spec?.[field] ?? undefined;
    const version = { op: 'set' as const, on: hpa.object, key: 'apiVersion', value: 'autoscaling/v2' };
    const metric = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: share } },
    };
    const edits =
      spec && share !== undefined
        ? [
            version,
            { op: 'remove' as const, on: spec, key: field },
            { op: 'set' as const, on: spec, key: 'metrics', value: [metric] },
          ]
        : [version];
    report({
      message: 'old',
      data: { scaler: hpa.title },
      on: hpa.object,
      key: 'apiVersion',
      fix: { safe: false, edits },
    });
  },
});
