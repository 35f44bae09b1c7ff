import { defineRule } from '#rule';
import { countReplicas } from '#rule/replicas';
import { digRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'HPA should keep at least two replicas',
  severity: 'low',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler'],
  scope: 'resource',
  fix: 'suggestion: set minReplicas: 2',
  options: {
    min: { type: 'integer', default: 2, minimum: 1, description: 'Minimum value of minReplicas.' },
  },
  messages: {
    few: '{scaler} may scale down to {replicas}, which is too few when a node is drained or fails',
  },
  help: 'Set spec.minReplicas: 2',
  equivalents: [
    'kube-linter:hpa-minimum-three-replicas',
    'kube-score:horizontalpodautoscaler-replicas',
    'polaris:hpaMinAvailability',
  ],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(hpa, { options, report, undetermined }) {
    const spec = digRecord(hpa.object, 'spec');
    if (!spec) return;
    const least = spec['minReplicas'] ?? 1;
    if (unrendered(least)) undetermined('minReplicas is an unrendered template', { on: spec, key: 'minReplicas' });
    // 0 means scale to zero: scaling/hpa-scale-to-zero-invalid judges it.
    if (typeof least !== 'number' || least < 1 || least >= options.min) return;
    const most = spec['maxReplicas'];
    const place = { on: spec, key: 'minReplicas' };
    report({
      message: 'few',
      data: { scaler: hpa.title, replicas: countReplicas(least) },
      ...place,
      ...(typeof most === 'number' && most < options.min
        ? {}
        : { fix: { safe: false, edits: [{ op: 'set' as const, ...place, value: options.min }] } }),
    });
  },
});
