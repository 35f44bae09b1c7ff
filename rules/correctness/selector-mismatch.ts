import { defineRule, Workload } from '#rule';
import { type Labels, labelsOf, matches, selectorOf } from '#rule/selector';
import { dig, digRecord, isRecord } from '#rule/shape';
import { changedElsewhere } from '#rule/origin';
import { unclearPodLabels, unrendered } from '#rule/unknown';

/** API versions that default a missing selector to the labels of the template. */
const defaulting = new Set(['extensions/v1beta1', 'apps/v1beta1']);

/**
 * The labels that a generated selector of a Job must match (ValidateGeneratedSelector in the API server). The uid is
 * not known before the Job exists, so a selector with a uid never matches.
 */
const generatedLabels = (name: string): Labels => ({
  'controller-uid': '(new)',
  'batch.kubernetes.io/controller-uid': '(new)',
  'job-name': name,
  'batch.kubernetes.io/job-name': name,
});

/**
 * Whether a pod template omits so much that a base must define the rest: no labels, and a container without image or no
 * containers. Many repositories contain patches that no kustomization names, because the lines that name them are
 * commented out.
 */
function isFragment(template: Record<string, unknown>): boolean {
  if (Object.keys(digRecord(template, 'metadata', 'labels') ?? {}).length > 0) return false;
  const containers = dig(template, 'spec', 'containers');
  return !Array.isArray(containers) || !containers.every((one) => isRecord(one) && one['image'] !== undefined);
}

export default defineRule({
  title: 'Selector must match the pod template',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'],
  scope: 'resource',
  fix: 'suggestion: add the missing labels to the template; remove the selector of a Job',
  messages: {
    absent: '{workload} has no selector, so the API server rejects it',
    empty: '{workload} has an empty selector, so the API server rejects it',
    mismatch: '{workload} selects {labels}, which its pod template does not have, so the API server rejects it',
    expressions: '{workload} has matchExpressions that its pod template does not match, so the API server rejects it',
    generated: '{workload} sets a selector, which Kubernetes generates for Jobs, so the API server rejects it',
  },
  help: {
    absent: 'Set spec.selector.matchLabels to labels of the pod template, e.g. app: web',
    empty: 'Set spec.selector.matchLabels to labels of the pod template, e.g. app: web',
    mismatch: 'Add {labels} to spec.template.metadata.labels',
    expressions: 'Add labels to spec.template.metadata.labels that match spec.selector.matchExpressions',
    generated: 'Remove the selector; to adopt existing pods with a Job, set manualSelector: true',
  },
  equivalents: [
    'kube-linter:mismatching-selector',
    'kube-score:deployment-pod-selector-labels-match-template-metadata-labels',
    'kube-score:statefulset-pod-selector-labels-match-template-metadata-labels',
    'kubescape:C-0296',
    'popeye:508',
  ],
  sources: ['Kubernetes API reference'],
  check(workload, { report, undetermined, judges }) {
    // A kind with this name in another API group is not a workload.
    if (!(workload instanceof Workload)) return;
    if (workload.kind === 'CronJob') {
      const job = digRecord(workload.object, 'spec', 'jobTemplate', 'spec');
      // The API server allows no selector here, not even an empty one.
      if (job && (job['selector'] ?? undefined) !== undefined)
        report({
          message: 'generated',
          data: { workload: workload.title },
          on: job,
          key: 'selector',
          fix: { safe: false, edits: [{ op: 'remove', on: job, key: 'selector' }] },
        });
      return;
    }
    const spec = digRecord(workload.object, 'spec');
    const template = digRecord(spec, 'template');
    if (!spec || !template) return;
    const raw = spec['selector'];
    if (workload.kind === 'Job' && spec['manualSelector'] !== true) {
      if (workload.live || raw === undefined || raw === null) return;
      const place = { on: spec, key: 'selector' };
      if (unrendered(raw) || unrendered(spec['manualSelector']))
        undetermined('the selector or manualSelector is an unrendered template', place);
      else if (isRecord(raw) && !matches(selectorOf(raw, 'labelSelector', new Set()), generatedLabels(workload.name)))
        report({
          message: 'generated',
          data: { workload: workload.title },
          ...place,
          fix: { safe: false, edits: [{ op: 'remove', ...place }] },
        });
      return;
    }
    if (raw !== undefined && raw !== null && !isRecord(raw)) {
      if (unrendered(raw)) undetermined('the selector is an unrendered template', { on: spec, key: 'selector' });
      return;
    }
    const plain = workload.kind === 'ReplicationController';
    const pairs = plain ? raw : dig(raw, 'matchLabels');
    const expressions = plain ? undefined : dig(raw, 'matchExpressions');
    const { title } = workload;
    if (Object.keys(digRecord(pairs) ?? {}).length === 0 && !(Array.isArray(expressions) && expressions.length > 0)) {
      // A selector of the wrong type is another defect.
      if (plain || defaulting.has(workload.apiVersion) || ((pairs ?? undefined) !== undefined && !isRecord(pairs)))
        return;
      const message = raw === undefined || raw === null ? 'absent' : 'empty';
      const place = { on: spec, key: 'selector' };
      if (message === 'absent' && judges('correctness/required-field-missing')) return;
      if (message === 'absent' && isFragment(template)) {
        undetermined('it lacks the selector, labels and images, so it may be a patch', place);
        return;
      }
      report({ message, data: { workload: title }, ...place });
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
    // `1.0` without quotes is a number, which the API server rejects; that is another defect.
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
    const changed =
      own &&
      changedElsewhere(
        workload,
        own,
        wanted.map(([key]) => key),
      );
    const added = Object.fromEntries(wanted);
    const edits = own
      ? wanted.map(([key, value]) => ({ op: 'set' as const, on: own, key, value }))
      : metadata
        ? [{ op: 'set' as const, on: metadata, key: 'labels', value: added }]
        : [{ op: 'set' as const, on: template, key: 'metadata', value: { labels: added } }];
    report({
      message: 'mismatch',
      data: { workload: title, labels: wanted.map(([key, value]) => `${key}=${value}`).join(', ') },
      // If a patch changed a label, the error is there; the selector fits the template before the patch.
      ...(changed
        ? { at: changed, related: [workload.place(spec, 'selector')] }
        : { ...place, fix: { safe: false, edits } }),
    });
  },
});
