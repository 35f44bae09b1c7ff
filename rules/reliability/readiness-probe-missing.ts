import { type AnyResource, containerProbes, defineRule, dig, labelsOf, list, patched, selectorOf, text } from '#rule';

/** Ports of the pod that a Service sends to: numbers, or names of container ports. */
function targetsOf(service: AnyResource): (string | number)[] {
  const ports = dig(service.object, 'spec', 'ports');
  return list(Array.isArray(ports) ? ports : []).flatMap((port) => {
    const target = dig(port, 'targetPort') ?? dig(port, 'port');
    return typeof target === 'string' || typeof target === 'number' ? [target] : [];
  });
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
      description: 'Ask sidecars too: init containers with restartPolicy Always.',
    },
    always: {
      type: 'boolean',
      default: false,
      description: 'Ask every container, whether or not a Service sends it traffic.',
    },
  },
  messages: {
    serving:
      'Container "{container}" of {workload} has no readiness probe, so {service} sends it traffic before it can answer',
    started:
      'Container "{container}" of {workload} has a startup probe but no readiness probe, so {service} goes on sending it traffic when it can no longer answer',
    missing: 'Container "{container}" of {workload} has no readiness probe, so a rollout goes on before it can answer',
  },
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
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;
    const unprobed = workload.longRunning.filter(
      (one) => (one.role === 'container' || options.sidecars) && (one.object.readinessProbe ?? undefined) === undefined,
    );
    if (unprobed.length === 0) return;

    // A Service that names a single pod by a run-time label alone says nothing of the other workloads. One that publishes addresses that
    // are not ready sends traffic whatever a probe says.
    const services = workspace
      .bundle(workload)
      .servicesFor(workload.podLabels)
      .filter((service) => {
        const selector = selectorOf(labelsOf(dig(service.object, 'spec', 'selector')), 'map');
        return (
          selector.requirements.length > 0 &&
          dig(service.object, 'spec', 'type') !== 'ExternalName' &&
          dig(service.object, 'spec', 'publishNotReadyAddresses') !== true
        );
      });
    const changed = services.filter(
      (service) => patched(service, 'spec', 'selector') || patched(service, 'spec', 'ports'),
    );
    const portsOf = (container: (typeof unprobed)[number]) => list(container.object.ports);
    const ports = workload.longRunning.flatMap(portsOf);
    const anyProbe = workload.longRunning.some((one) => (one.object.readinessProbe ?? undefined) !== undefined);
    const known = ports.every((port) => typeof port.containerPort === 'number');
    const first = workload.containers.find((one) => one.role === 'container');

    for (const container of unprobed) {
      const serving = services.filter((candidate) =>
        targetsOf(candidate).some((target) => {
          if (typeof target === 'string') return portsOf(container).some((port) => text(port.name) === target);
          if (portsOf(container).some((port) => port.containerPort === target)) return true;
          return container === first && !anyProbe && known && !ports.some((port) => port.containerPort === target);
        }),
      );
      const service = serving.find((one) => !changed.includes(one));
      const data = { container: container.name, workload: workload.title };
      const place = { on: container.object, key: 'readinessProbe' };
      const message = (container.object.startupProbe ?? undefined) === undefined ? 'serving' : 'started';
      if (service) report({ message, data: { ...data, service: service.title }, ...place, related: [service.at] });
      else if (options.always) report({ message: 'missing', data, ...place });
      else if (serving[0]) undetermined(`the selector or the ports of ${serving[0].title} are patched`, place);
    }
  },
});
