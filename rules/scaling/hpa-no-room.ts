import { defineRule } from '#rule';
import { countReplicas } from '#rule/replicas';
import { digRecord } from '#rule/shape';
import { doubtOf, patched, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'HPA should be able to scale',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler'],
  scope: 'resource',
  messages: {
    equal: '{scaler} has {replicas} as minimum and maximum, so it never scales',
    below: '{scaler} has maxReplicas: {most} below minReplicas: {least}, so the API server rejects it',
  },
  help: {
    equal:
      'Set spec.maxReplicas to a higher number than minReplicas, e.g. 10, or use replicas instead of an autoscaler',
    below: 'Set spec.maxReplicas to a higher number than minReplicas, e.g. 10',
  },
  equivalents: ['polaris:hpaMaxAvailability'],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(hpa, { report, undetermined }) {
    const spec = digRecord(hpa.object, 'spec');
    const most = spec?.['maxReplicas'];
    if (!spec) return;
    const least = spec['minReplicas'] ?? 1;
    const place = { on: spec, key: 'maxReplicas' };
    const change = hpa.changes.find((one) => patched({ changes: [one], object: hpa.object }, 'spec', 'minReplicas'));
    if (unrendered([least, most])) undetermined('minReplicas or maxReplicas is an unrendered template', place);
    if (typeof most !== 'number' || typeof least !== 'number' || most > least) return;
    if (change) undetermined(doubtOf(change), place);
    else if (most === least)
      report({ message: 'equal', data: { scaler: hpa.title, replicas: countReplicas(most) }, ...place });
    else report({ message: 'below', data: { scaler: hpa.title, most, least }, ...place, severity: 'high' });
  },
});
