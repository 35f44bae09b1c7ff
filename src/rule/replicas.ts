import { dig } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { patched } from './unknown.ts';

/**
 * The least number of replicas of a workload: that of its autoscaler, else of the Argo Rollout that replaces it, else spec.replicas,
 * else 1. `unknown` if a template or patch sets it, undefined for kinds without replicas.
 */
export function leastReplicas(workspace: Workspace, workload: Workload): number | 'unknown' | undefined {
  // An autoscaler in another folder may belong to another environment.
  const own = workspace.bundle(workload).scalersOf(workload);
  const scalers = own.length > 0 ? own : workspace.unit(workload).scalersOf(workload);
  const minimums = scalers.map(minimumOf);
  const known = minimums.filter((one) => one !== 'unknown');
  const least = Math.min(...known);
  if (scalers.length > 0)
    return known.length < minimums.length || (own.length === 0 && known.some((one) => one !== least))
      ? 'unknown'
      : least;
  const rollout = workspace.unit(workload).rolloutOf(workload);
  if (rollout) return leastReplicas(workspace, rollout);
  if (typeof dig(workload.object, 'spec', 'replicas') === 'string' || patched(workload, 'spec', 'replicas'))
    return 'unknown';
  return workload.replicas;
}

function minimumOf(scaler: AnyResource): number | 'unknown' {
  const [field, otherwise] =
    scaler.kind === 'ScaledObject' ? (['minReplicaCount', 0] as const) : (['minReplicas', 1] as const);
  const minimum = dig(scaler.object, 'spec', field);
  if (typeof minimum === 'string' || patched(scaler, 'spec', field)) return 'unknown';
  return typeof minimum === 'number' ? minimum : otherwise;
}

/** The amount of a PodDisruptionBudget as a number of pods: a percentage is rounded up, as the disruption controller does. Undefined if invalid. */
export function countOf(value: unknown, of: number): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\d{1,6}%$/.test(value)) return undefined;
  return Math.ceil((Number.parseInt(value, 10) * of) / 100);
}
