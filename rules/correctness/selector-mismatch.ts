import {
  defineRule,
  dig,
  digRecord,
  isRecord,
  labelsOf,
  matches,
  selectorOf,
  unclearPodLabels,
  unrendered,
  Workload,
} from '#rule';

/** API versions that fill an absent selector in from the template. */
const filledIn = new Set(['extensions/v1beta1', 'apps/v1beta1']);

export default defineRule({
  title: 'Selector must match the own pod template',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'],
  scope: 'resource',
  fix: 'suggestion: add the missing labels to the template',
  messages: {
    empty: '{workload} has an empty selector, so the API server rejects it',
    mismatch: '{workload} selects {labels}, which its own pod template does not carry, so the API server rejects it',
    expressions:
      '{workload} has a selector whose expressions its own pod template does not meet, so the API server rejects it',
  },
  equivalents: [
    'kube-linter:mismatching-selector',
    'kube-score:deployment-pod-selector-labels-match-template-metadata-labels',
    'kube-score:statefulset-pod-selector-labels-match-template-metadata-labels',
    'kubescape:C-0296',
    'popeye:508',
  ],
  sources: ['Kubernetes API reference'],
  check(workload, { report, undetermined }) {
    // A kind of that name in another group is no workload.
    if (!(workload instanceof Workload)) return;
    const spec = digRecord(workload.object, 'spec');
    const template = digRecord(spec, 'template');
    if (!spec || !template) return;
    if (workload.kind === 'Job' && spec['manualSelector'] !== true) return;
    const raw = spec['selector'];
    if (raw !== undefined && raw !== null && !isRecord(raw)) {
      if (unrendered(raw))
        undetermined('the selector is a template that is not rendered', { on: spec, key: 'selector' });
      return;
    }
    const plain = workload.kind === 'ReplicationController';
    const pairs = plain ? raw : dig(raw, 'matchLabels');
    const expressions = plain ? undefined : dig(raw, 'matchExpressions');
    const { title } = workload;
    if (Object.keys(digRecord(pairs) ?? {}).length === 0 && !(Array.isArray(expressions) && expressions.length > 0)) {
      // A selector of the wrong shape is for the schema to report.
      if (plain || filledIn.has(workload.apiVersion) || ((pairs ?? undefined) !== undefined && !isRecord(pairs)))
        return;
      report({ message: 'empty', data: { workload: title }, on: spec, key: 'selector' });
      return;
    }

    const selector = selectorOf(
      isRecord(raw) ? (plain ? labelsOf(raw) : raw) : undefined,
      plain ? 'map' : 'labelSelector',
    );
    const labels = workload.podLabels;
    if (matches(selector, labels)) return;
    const place = { on: spec, key: 'selector' };
    if (unrendered(raw) || unclearPodLabels(workload)) {
      undetermined('the selector or the labels of the pod template are not known', place);
      return;
    }
    const missing = selectorOf(labelsOf(pairs), 'map').requirements.flatMap(({ key, values }) =>
      labels[key] === values[0] ? [] : [[key, values[0] ?? ''] as const],
    );
    // `1.0` without quotes is a number: that the API server refuses it is another matter.
    const wanted = missing.filter(
      ([key, value]) =>
        typeof dig(pairs, key) === typeof dig(template, 'metadata', 'labels', key) ||
        Number(labels[key]) !== Number(value),
    );
    if (missing.length > 0 && wanted.length === 0) return;
    if (wanted.length === 0) {
      report({ message: 'expressions', data: { workload: title }, ...place });
      return;
    }
    const metadata = digRecord(template, 'metadata');
    const own = digRecord(metadata, 'labels');
    const added = Object.fromEntries(wanted);
    const edits = own
      ? wanted.map(([key, value]) => ({ op: 'set' as const, on: own, key, value }))
      : metadata
        ? [{ op: 'set' as const, on: metadata, key: 'labels', value: added }]
        : [{ op: 'set' as const, on: template, key: 'metadata', value: { labels: added } }];
    report({
      message: 'mismatch',
      data: { workload: title, labels: wanted.map(([key, value]) => `${key}=${value}`).join(', ') },
      ...place,
      fix: { safe: false, edits },
    });
  },
});
