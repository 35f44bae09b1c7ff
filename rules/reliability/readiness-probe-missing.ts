import { type AnyResource, defineRule } from '#rule';
import { containerProbes } from '#rule/compute';
import { labelsOf, selectorOf } from '#rule/selector';
import { dig, list, text } from '#rule/shape';
import { patched } from '#rule/unknown';

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
  help: 'Add a readinessProbe on the port that serves, e.g. httpGet: {path: /readyz, port: 8080}',
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
    // Operators know how long their pods run and probe them in their own way.
    if (workload.kind === 'Job' || workload.kind === 'CronJob' || workload.byShape) return;
    const unprobed = workload.longRunning.filter(
      (one) => (one.role === 'container' || options.sidecars) && (one.object.readinessProbe ?? undefined) === undefined,
    );
    if (unprobed.length === 0) return;

    // A Service that selects a single pod by a run-time label alone says nothing about other workloads. One that publishes addresses that
    // are not ready ignores probes.
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
