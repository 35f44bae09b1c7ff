import { defineRule, type Location, type Neighbours, type Workload } from '#rule';
import { foundElsewhere, selectsUnseenPods, whyPodsMade, whyPodsUnseen } from '#rule/absence';
import { type Labels, labelsOf, selectorOf } from '#rule/selector';
import { dig, digList, digRecord } from '#rule/shape';
import { changedElsewhere } from '#rule/origin';
import { unrendered } from '#rule/unknown';

/** Whether the cluster has assigned addresses to a Service. */
function hasAddresses(service: { readonly name: string }, around: Neighbours): boolean {
  const any = (value: unknown, test: (item: object) => boolean) => digList(value).some(test);
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

/** The workload that lacks exactly one label of the selector, and that label; undefined if there are several. */
function nearMiss(
  selector: Labels,
  bundle: Neighbours,
): { workload: Workload; key: string; value: string | undefined } | undefined {
  const pairs = Object.entries(selector);
  // With a single label, there is no evidence that a workload is the intended one, unless it is the only one.
  if (pairs.length > 8 || (pairs.length === 1 && bundle.workloads().length > 1)) return undefined;
  const misses = pairs.flatMap(([key]) =>
    bundle
      .selected(selectorOf(Object.fromEntries(pairs.filter(([other]) => other !== key)), 'map'), undefined, 2)
      .map((workload) => ({ workload, key, value: workload.podLabels[key] })),
  );
  const [first] = misses;
  return misses.length === 1 && (pairs.length > 1 || first?.value !== undefined) ? first : undefined;
}

/**
 * The workload that the selector matched before a patch or an overlay changed labels of its pods, and the location of
 * the change. Only a limited number of workloads is tried, because this runs for every dangling Service.
 */
function changedWorkload(
  selector: Labels,
  bundle: Neighbours,
): { workload: Workload; key: string; at: Location } | undefined {
  for (const workload of bundle.workloads().slice(0, 200)) {
    const carried = digRecord(workload.template, 'metadata', 'labels');
    if (!carried || workload.object === workload.written) continue;
    const differing = Object.keys(selector).filter((key) => workload.podLabels[key] !== selector[key]);
    const [at, ...others] = differing.map((key) => changedElsewhere(workload, carried, [key]));
    const [key] = differing;
    if (at && key !== undefined && others.every(Boolean)) return { workload, key, at };
  }
  return undefined;
}

export default defineRule({
  title: 'Service selector must match a workload',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Service'],
  scope: 'workspace',
  fix: 'suggestion: copy the label from the workload that matches all other labels',
  messages: {
    dangling: '{service} selects {labels}, but no pod in its namespace matches, so requests to it fail',
    near: '{service} selects {labels}, but no pod in its namespace matches ({workload} differs in {key}), so requests to it fail',
    elsewhere: '{service} selects {labels}, but matching pods run only in namespace "{other}", so requests to it fail',
  },
  help: {
    dangling: 'Set spec.selector to labels of the pod template, e.g. app: web',
    near: 'Give {key} the same value in spec.selector and in the pod template of {workload}',
    elsewhere: 'Move the Service to namespace {other}, or the workload to the namespace of the Service',
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
      selectsUnseenPods(selector, service.namespace) ||
      unit.selected(selector, service.namespace, 1).length > 0
    )
      return;
    const other = bundle.mayHoldOtherPods()
      ? undefined
      : foundElsewhere(bundle.selected(selector, '*'), service.namespace);
    if (!other && !bundle.hasWorkload()) return;
    if (service.live && hasAddresses(service, unit)) return;

    const changed = changedElsewhere(service, raw, Object.keys(raw));
    const place = changed ? { at: changed } : { on: spec, key: 'selector' };
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
    if (other) {
      report({ message: 'elsewhere', data: { ...data, other: other.namespace }, ...place, related: [other.at] });
      return;
    }
    const wanted = Object.fromEntries(selector.requirements.map(({ key, values }) => [key, values[0] ?? '']));
    // If a patch changed the label, the error is there; the Service matches the workload before the patch.
    const moved = changed ? undefined : changedWorkload(wanted, bundle);
    if (moved) {
      report({
        message: 'near',
        data: { ...data, workload: moved.workload.title, key: moved.key },
        at: moved.at,
        related: [service.place(spec, 'selector'), moved.workload.at],
      });
      return;
    }
    const near = nearMiss(wanted, bundle);
    if (!near) {
      const made = whyPodsMade(workspace, service);
      if (made === undefined) report({ message: 'dangling', data, ...place });
      else undetermined(made, place);
      return;
    }
    report({
      message: 'near',
      data: { ...data, workload: near.workload.title, key: near.key },
      ...place,
      related: [near.workload.at, ...(changed ? [service.at] : [])],
      ...(near.value === undefined
        ? {}
        : { fix: { safe: false, edits: [{ op: 'set' as const, on: raw, key: near.key, value: near.value }] } }),
    });
  },
});
