import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { containerProbes } from '#rule/compute';
import { isFilledIn } from '#rule/image';
import { isProbed } from '#rule/probe';
import { requestTargets } from '#rule/service';
import { labelsOf, selectorOf } from '#rule/selector';
import { dig, list } from '#rule/shape';
import { patched } from '#rule/unknown';

/** The first Service for each target port. */
type ByTarget = ReadonlyMap<string | number, { readonly service: AnyResource; readonly order: number }>;
interface Serving {
  readonly certain: ByTarget;
  /** Services whose selector or ports a patch changes. */
  readonly changed: ByTarget;
}
const servingKnown = new WeakMap<readonly AnyResource[], Serving>();

/** The target ports of some Services: computed once per list, because equal pods have the same list. */
function servingBy(services: readonly AnyResource[], unit: Neighbours): Serving {
  const answer = servingKnown.get(services);
  if (answer) return answer;
  const certain = new Map<string | number, { service: AnyResource; order: number }>();
  const changed = new Map<string | number, { service: AnyResource; order: number }>();
  for (const [order, service] of services.entries()) {
    const selector = selectorOf(labelsOf(dig(service.object, 'spec', 'selector')), 'map');
    if (
      selector.requirements.length === 0 ||
      dig(service.object, 'spec', 'type') === 'ExternalName' ||
      dig(service.object, 'spec', 'publishNotReadyAddresses') === true
    )
      continue;
    const byTarget = patched(service, 'spec', 'selector') || patched(service, 'spec', 'ports') ? changed : certain;
    for (const target of requestTargets(service, unit))
      if (!byTarget.has(target)) byTarget.set(target, { service, order });
  }
  const found = { certain, changed };
  servingKnown.set(services, found);
  return found;
}

/** The first Service that targets one of some ports, or one for which `isOpen` is true. */
function firstOf(
  ports: readonly (string | number)[],
  isOpen: ((target: string | number) => boolean) | undefined,
  byTarget: ByTarget,
): AnyResource | undefined {
  const targets = [...ports];
  if (isOpen)
    for (const target of byTarget.keys())
      if (isOpen(target)) {
        targets.push(target);
        break;
      }
  const found = targets.flatMap((target) => byTarget.get(target) ?? []);
  return found.reduce<(typeof found)[number] | undefined>(
    (least, one) => (least && least.order <= one.order ? least : one),
    undefined,
  )?.service;
}

export default defineRule({
  title: 'Serving container should have a readiness probe',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    sidecars: {
      type: 'boolean',
      default: false,
      description: 'Also check sidecars: init containers with restartPolicy Always.',
    },
    always: {
      type: 'boolean',
      default: false,
      description: 'Check every container, even if no Service sends traffic to it.',
    },
  },
  messages: {
    serving:
      'Container "{container}" of {workload} has no readiness probe, so {service} sends it traffic before it is ready',
    started:
      'Container "{container}" of {workload} has only a startup probe, so {service} keeps sending traffic when it fails later',
    missing: 'Container "{container}" of {workload} has no readiness probe, so a rollout continues before it is ready',
  },
  help: 'Add a readinessProbe on the serving port, e.g. httpGet: {path: /readyz, port: 8080}',
  family: { of: containerProbes, as: { serving: 'readiness probe', missing: 'readiness probe' } },
  equivalents: [
    'kube-linter:no-readiness-probe',
    'kube-score:pod-probes',
    'polaris:readinessProbeMissing',
    'checkov:CKV_K8S_9',
    'kubescape:C-0018',
    'popeye:104',
    'popeye:102',
    'hardeneks:check_readiness_probes',
    'prowler:core_readiness_probe_configured',
    'kics:Readiness Probe Is Not Configured',
    'eksup:K8S006',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Configure Probes'],
  check(workload, { options, report, undetermined, workspace }) {
    if (!isProbed(workload)) return;
    const unprobed = workload.longRunning.filter(
      (one) =>
        (one.role === 'container' || options.sidecars) &&
        (one.object.readinessProbe ?? undefined) === undefined &&
        // If the image is injected, as Istio does for a gateway, so is the probe.
        !isFilledIn(one.image ?? ''),
    );
    if (unprobed.length === 0) return;

    // A Service that selects a single pod by a run-time label alone says nothing about other workloads. A Service that
    // publishes unready addresses ignores probes.
    const serving = servingBy(workspace.bundle(workload).servicesFor(workload.podLabels), workspace.unit(workload));
    const portsOf = (container: (typeof unprobed)[number]) => list(container.object.ports);
    const ports = workload.longRunning.flatMap(portsOf);
    const numbers = new Set(ports.map((port) => port.containerPort));
    const anyProbe = workload.longRunning.some((one) => (one.object.readinessProbe ?? undefined) !== undefined);
    const known = ports.every((port) => typeof port.containerPort === 'number');
    const first = workload.containers.find((one) => one.role === 'container');
    // A port that no container declares may belong to the first container.
    const unnamed =
      !anyProbe && known ? (target: string | number) => typeof target === 'number' && !numbers.has(target) : undefined;

    for (const container of unprobed) {
      const named = portsOf(container).flatMap(({ name, containerPort }): (string | number)[] => [
        ...(typeof containerPort === 'number' ? [containerPort] : []),
        ...(typeof name === 'string' ? [name] : []),
      ]);
      const isOpen = container === first ? unnamed : undefined;
      const service = firstOf(named, isOpen, serving.certain);
      const data = { container: container.name, workload: workload.title };
      const place = { on: container.object, key: 'readinessProbe' };
      const message = (container.object.startupProbe ?? undefined) === undefined ? 'serving' : 'started';
      if (service) {
        report({ message, data: { ...data, service: service.title }, ...place, related: [service.at] });
        continue;
      }
      if (options.always) {
        report({ message: 'missing', data, ...place });
        continue;
      }
      const changed = firstOf(named, isOpen, serving.changed);
      if (changed) undetermined(`the selector or the ports of ${changed.title} are patched`, place);
    }
  },
});
