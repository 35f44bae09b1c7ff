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
  if (scalers.length > 0) {
    const { least, most } = boundsOf(scalers);
    return least === 'unknown' || (own.length === 0 && least !== most) ? 'unknown' : least;
  }
  const rollout = workspace.unit(workload).rolloutOf(workload);
  if (rollout) return leastReplicas(workspace, rollout);
  if (typeof dig(workload.object, 'spec', 'replicas') === 'string' || patched(workload, 'spec', 'replicas'))
    return 'unknown';
  return workload.replicas;
}

interface Bounds {
  readonly least: number | 'unknown';
  readonly most: number | 'unknown';
}
const boundsKnown = new WeakMap<readonly AnyResource[], Bounds>();

/** The least and the greatest minimum of some autoscalers: worked out once for a list, as equal workloads have the same. */
function boundsOf(scalers: readonly AnyResource[]): Bounds {
  const known = boundsKnown.get(scalers);
  if (known) return known;
  const minimums = scalers.map(minimumOf);
  const numbers = minimums.filter((one) => one !== 'unknown').sort((a, b) => a - b);
  const isKnown = numbers.length === minimums.length;
  const bounds: Bounds = {
    least: isKnown ? (numbers[0] ?? 'unknown') : 'unknown',
    most: isKnown ? (numbers.at(-1) ?? 'unknown') : 'unknown',
  };
  boundsKnown.set(scalers, bounds);
  return bounds;
}

/** The most replicas of a workload: those of its autoscalers and of spec.replicas, else 1. `unknown` and undefined as for the least. */
export function mostReplicas(workspace: Workspace, workload: Workload): number | 'unknown' | undefined {
  const scalers = workspace.bundle(workload).scalersOf(workload);
  const numbers = [
    ...scalers.flatMap((scaler) => [minimumOf(scaler), maximumOf(scaler)]),
    leastReplicas(workspace, workload),
  ];
  const known = numbers.filter((one) => typeof one === 'number');
  const most = Math.max(...known);
  return numbers.includes('unknown') && !(most > 1) ? 'unknown' : known.length > 0 ? most : undefined;
}

function maximumOf(scaler: AnyResource): number | 'unknown' {
  const [field, otherwise] =
    scaler.kind === 'ScaledObject' ? (['maxReplicaCount', 100] as const) : (['maxReplicas', 1] as const);
  const maximum = dig(scaler.object, 'spec', field);
  if (typeof maximum === 'string' || patched(scaler, 'spec', field)) return 'unknown';
  return typeof maximum === 'number' ? maximum : otherwise;
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
