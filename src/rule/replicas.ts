import { dig } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import type { Workspace } from '#model/workspace.ts';
import { patched } from './unknown.ts';

/** Replicas that a workload keeps at least: those of its autoscaler, else spec.replicas, else 1. Undefined for kinds without replicas, and where a template or patch sets them. */
export function leastReplicas(workspace: Workspace, workload: Workload): number | undefined {
  const scalers = workspace.unit(workload).scalersOf(workload);
  for (const scaler of scalers) {
    const field = scaler.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas';
    if (typeof dig(scaler.object, 'spec', field) === 'string' || patched(scaler, 'spec', field)) return undefined;
  }
  if (scalers.length === 0 && workload.rendering.replicas === undefined && (typeof dig(workload.object, 'spec', 'replicas') === 'string' || patched(workload, 'spec', 'replicas'))) return undefined;
  return workspace.minReplicas(workload);
}
