import { dig } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import { labelsOf, selectorOf } from '#model/selector.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';

const known = new WeakMap<object, readonly AnyResource[]>();

/**
 * The Services that certainly send traffic to the pods of a workload. One that selects a single pod by a run-time label alone says nothing
 * about a workload. Workloads with the same labels share the list.
 */
export function servicesOf(workspace: Workspace, workload: Workload): readonly AnyResource[] {
  const services = workspace.bundle(workload).servicesFor(workload.podLabels);
  const found =
    known.get(services) ??
    services.filter(
      (service) =>
        selectorOf(labelsOf(dig(service.object, 'spec', 'selector')), 'map').requirements.length > 0 &&
        dig(service.object, 'spec', 'type') !== 'ExternalName',
    );
  known.set(services, found);
  return found;
}
