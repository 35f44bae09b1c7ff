import {
  defineRule,
  dig,
  digRecord,
  type Labels,
  labelsOf,
  list,
  type Neighbours,
  selectorOf,
  selectsOperatorPods,
  unrendered,
  whyPodsUnseen,
  type Workload,
} from '#rule';

/** Whether the cluster has found addresses for a Service. */
function hasAddresses(service: { readonly name: string }, around: Neighbours): boolean {
  const any = (value: unknown, test: (item: object) => boolean) => list(Array.isArray(value) ? value : []).some(test);
  return (
    around
      .all('EndpointSlice')
      .some(
        (slice) =>
          slice.labels['kubernetes.io/service-name'] === service.name &&
          any(slice.object['endpoints'], (one) => Array.isArray(dig(one, 'addresses'))),
      ) ||
    around
      .find('Endpoints', service.name)
      .some((one) => any(one.object['subsets'], (subset) => Array.isArray(dig(subset, 'addresses'))))
  );
}

/** The only workload that misses the selector by a single label, and that label. */
function nearMiss(
  selector: Labels,
  bundle: Neighbours,
): { workload: Workload; key: string; value: string | undefined } | undefined {
  const pairs = Object.entries(selector);
  // Of a single label nothing is left to tell that a workload is meant, unless there is but one.
  if (pairs.length > 8 || (pairs.length === 1 && bundle.workloads().length > 1)) return undefined;
  const misses = pairs.flatMap(([key]) =>
    bundle
      .selected(selectorOf(Object.fromEntries(pairs.filter(([other]) => other !== key)), 'map'))
      .map((workload) => ({ workload, key, value: workload.podLabels[key] })),
  );
  const [first] = misses;
  return misses.length === 1 && (pairs.length > 1 || first?.value !== undefined) ? first : undefined;
}

export default defineRule({
  title: 'Service selector must match a workload',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Service'],
  scope: 'workspace',
  fix: 'suggestion: take the differing label from the workload that carries all others',
  messages: {
    dangling: '{service} selects {labels}, which no pod of the namespace carries, so every request to it fails',
    near: '{service} selects {labels}, which no pod of the namespace carries ({workload} differs in {key}), so every request to it fails',
  },
  equivalents: [
    'kube-linter:dangling-service',
    'kube-score:service-targets-pod',
    'kubescape:C-0293',
    'popeye:1100',
    'popeye:1105',
    'popeye:1110',
    'monokle:LNK001',
    'kics:Service Does Not Target Pod',
  ],
  sources: ['Kubernetes documentation, Service'],
  check(service, { report, undetermined, workspace }) {
    const spec = digRecord(service.object, 'spec');
    const raw = digRecord(spec, 'selector');
    if (!spec || !raw || spec['type'] === 'ExternalName') return;
    const labels = labelsOf(raw);
    const selector = selectorOf(labels, 'map');
    const bundle = workspace.bundle(service);
    const unit = workspace.unit(service);
    if (
      selector.requirements.length === 0 ||
      selectsOperatorPods(selector) ||
      unit.selected(selector).length > 0 ||
      !bundle.hasWorkload()
    )
      return;
    if (service.live && hasAddresses(service, unit)) return;

    const place = { on: spec, key: 'selector' };
    const why = unrendered(raw) ? 'the labels that it selects are not known' : whyPodsUnseen(workspace, service);
    if (why !== undefined) {
      undetermined(why, place);
      return;
    }
    const data = {
      service: service.title,
      labels: Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    };
    const near = nearMiss(
      Object.fromEntries(selector.requirements.map(({ key, values }) => [key, values[0] ?? ''])),
      bundle,
    );
    if (!near) {
      report({ message: 'dangling', data, ...place });
      return;
    }
    report({
      message: 'near',
      data: { ...data, workload: near.workload.title, key: near.key },
      ...place,
      related: [near.workload.at],
      ...(near.value === undefined
        ? {}
        : { fix: { safe: false, edits: [{ op: 'set' as const, on: raw, key: near.key, value: near.value }] } }),
    });
  },
});
