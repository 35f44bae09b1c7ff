import { dig, digList, digRecord } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import { labelsOf, matches, push, selectorOf } from '#model/selector.ts';
import { text } from '#model/shape.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';

const known = new WeakMap<object, readonly AnyResource[]>();

/**
 * The Services that certainly send traffic to the pods of a workload. A Service that selects a single pod only by a
 * run-time label says nothing about a workload. Workloads with the same labels share the list.
 */
export function servicesOf(workspace: Workspace, workload: Workload): readonly AnyResource[] {
  const services = workspace.bundle(workload).servicesFor(workload.podLabels);
  const found = known.get(services) ?? services.filter(sendsTraffic);
  known.set(services, found);
  return found;
}

const sendsTraffic = ({ object }: AnyResource): boolean =>
  selectorOf(labelsOf(dig(object, 'spec', 'selector')), 'map').requirements.length > 0 &&
  dig(object, 'spec', 'type') !== 'ExternalName';

const metrics = /(?:^|-)metrics(?:-|$)/;
const metricsPort = /(?:^|-)(?:metrics|prometheus)(?:-|$)/;

/**
 * Ports of the pod to which a Service sends user requests: numbers, or names of container ports. Prometheus reads
 * metrics from each pod directly, and retries.
 */
export function requestTargets(service: AnyResource, unit: Neighbours): readonly (string | number)[] {
  if (metrics.test(service.name)) return [];
  const scraped = unit.once(scrapedPorts).get(service);
  const ports = dig(service.object, 'spec', 'ports');
  return digList(ports).flatMap((port) => {
    const name = text(port['name']) ?? '';
    if (metricsPort.test(name) || scraped?.has(name)) return [];
    const target = dig(port, 'targetPort') ?? dig(port, 'port');
    return typeof target === 'string' || typeof target === 'number' ? [target] : [];
  });
}

/** Whether a Service of the unit sends user requests to the pods of a workload. */
export function isServed(workspace: Workspace, workload: Workload): boolean {
  const unit = workspace.unit(workload);
  return unit
    .servicesFor(workload.podLabels)
    .some((service) => sendsTraffic(service) && requestTargets(service, unit).length > 0);
}

/**
 * The ports of headless Services that a ServiceMonitor reads. Such a Service balances nothing: it exists so that
 * Prometheus finds the pods (Prometheus operator, ServiceMonitor).
 */
function scrapedPorts(unit: Neighbours): ReadonlyMap<AnyResource, ReadonlySet<string>> {
  const monitors = new Map<string, AnyResource[]>();
  for (const monitor of unit.all('ServiceMonitor', '*')) {
    const [label] = Object.entries(labelsOf(dig(monitor.object, 'spec', 'selector', 'matchLabels')));
    if (label) push(monitors, label.join('='), monitor);
  }
  const found = new Map<AnyResource, ReadonlySet<string>>();
  if (monitors.size === 0) return found;
  for (const service of unit.all('Service', '*')) {
    if (dig(service.object, 'spec', 'clusterIP') !== 'None') continue;
    const ports = Object.entries(service.labels)
      .flatMap((label) => monitors.get(label.join('=')) ?? [])
      .filter((monitor) => {
        const selector = digRecord(monitor.object, 'spec', 'selector');
        return selector && readsNamespace(monitor, service.namespace) && matches(selectorOf(selector), service.labels);
      })
      .flatMap(({ object }) =>
        digList(object, 'spec', 'endpoints').flatMap((endpoint) => text(endpoint['port']) ?? []),
      );
    if (ports.length > 0) found.set(service, new Set(ports));
  }
  return found;
}

/** Whether a ServiceMonitor looks for Services in a namespace. */
function readsNamespace({ object, namespace: own }: AnyResource, namespace: string): boolean {
  const selector = digRecord(object, 'spec', 'namespaceSelector');
  const named = selector?.['matchNames'];
  return (
    selector?.['any'] === true ||
    (Array.isArray(named) && named.length > 0 ? named.includes(namespace) : own === namespace)
  );
}
