import { defineRule } from '#rule';
import { breachesOf, enforceLabel, labelPrefix } from '#rule/pod-standards';

/** Maximum number of locations that a report lists. */
const mostPlaces = 20;

export default defineRule({
  title: 'Workload must meet the Pod Security level of its namespace',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['pod-security.kubernetes.io/enforce'],
  scope: 'workspace',
  messages: {
    pod: '{workload} violates the {level} level that namespace "{namespace}" enforces ({controls}), so the API server rejects it',
    template:
      '{workload} violates the {level} level that namespace "{namespace}" enforces ({controls}), so its pods are rejected',
  },
  help: 'Fix these fields of the pod template, or move the workload to a namespace with a lower level',
  equivalents: ['pss:baseline', 'pss:restricted'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report, target, workspace }) {
    // The operator of a custom resource may set what its template lacks.
    if (workload.byShape) return;
    const [namespace] = workspace.bundle(workload).find('Namespace', workload.namespace);
    const level = namespace?.labels[enforceLabel];
    if (!namespace || workload.namespace === '' || (level !== 'baseline' && level !== 'restricted')) return;
    // A version newer than the API server counts as its newest.
    const [, pinned] = /^v1\.(\d{1,4})$/.exec(namespace.labels[`${labelPrefix}enforce-version`] ?? '') ?? [];
    const minor = Math.min(pinned === undefined ? Infinity : Number(pinned), target.lowest);
    const breaches = breachesOf(workload, level, minor);
    const [first] = breaches;
    if (!first) return;
    const places = breaches.slice(1, mostPlaces).map(({ on, key }) => workload.place(on, key));
    report({
      message: workload.kind === 'Pod' ? 'pod' : 'template',
      data: {
        workload: workload.title,
        level,
        namespace: namespace.name,
        controls: [...new Set(breaches.map(({ control }) => control))].join(', '),
      },
      on: first.on,
      key: first.key,
      related: [namespace.at, ...places],
    });
  },
});
