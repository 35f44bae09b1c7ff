import { dig, digRecord } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { claimsOf } from './claim.ts';
import { parseImage } from './image.ts';
import { patched } from './unknown.ts';

/** The option of rules about workloads that may run one pod. */
export const singletons = {
  type: 'array',
  items: { type: 'string' },
  default: [],
  description: 'Workloads of which only one pod may run, as name or namespace/name.',
} as const;

/** Whether the list of an option names a workload. */
export const isListed = (names: readonly string[], { name, namespace }: Workload): boolean =>
  names.includes(name) || names.includes(`${namespace}/${name}`);

/**
 * Whether a workload has the replicas of a Deployment: a Deployment itself, and an Argo Rollout with a template. A
 * Rollout that refers to a Deployment has no pods of its own kind; the Deployment is judged.
 */
export const isDeployment = ({ kind, object }: Workload): boolean =>
  kind === 'Deployment' || (kind === 'Rollout' && !digRecord(object, 'spec', 'workloadRef'));

/** The same for a Deployment or a StatefulSet. */
export const isReplicated = (workload: Workload): boolean => workload.kind === 'StatefulSet' || isDeployment(workload);

/** The location of the replicas of a workload, or where they are missing. */
export function replicasPlace({ object }: Workload): { readonly on: object; readonly key: string } {
  const spec = digRecord(object, 'spec');
  return spec ? { on: spec, key: 'replicas' } : { on: object, key: 'spec' };
}

/** `1 replica`, `3 replicas`. */
export const countReplicas = (count: number): string => `${count} replica${count === 1 ? '' : 's'}`;

/** Whether pods only reserve capacity for others: they exist to be evicted. */
export const holdsRoom = (workload: Workload): boolean => {
  const images = workload.containers.map((container) => parseImage(container.image ?? '').repository);
  return (
    images.length > 0 && images.every((repository) => repository.slice(repository.lastIndexOf('/') + 1) === 'pause')
  );
};

/** CoreDNS, whose replicas and PodDisruptionBudget the EKS add-on manages. */
export const isCoreDns = ({ name, namespace }: Workload): boolean =>
  name === 'coredns' && ['kube-system', ''].includes(namespace);

/**
 * Whether a volume of a pod can only be mounted on one node at a time, so that two of its pods cannot overlap. Unknown
 * claims may be such volumes.
 */
export function mountsOneNodeClaim(workspace: Workspace, workload: Workload): boolean {
  return claimsOf(workload).some(({ claim: name }) => {
    const claims = workspace.unit(workload).find('PersistentVolumeClaim', name);
    return !claims.some((claim) => {
      const modes = dig(claim.object, 'spec', 'accessModes');
      return Array.isArray(modes) && modes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
    });
  });
}

/**
 * The minimum number of replicas of a workload: that of its autoscaler, otherwise of the Argo Rollout that replaces it,
 * otherwise spec.replicas, otherwise 1. `unknown` if a template or patch sets it, undefined for kinds without replicas.
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

/**
 * The smallest and the largest minimum of some autoscalers: computed once per list, because equal workloads have the
 * same list.
 */
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

/**
 * The maximum number of replicas of a workload: those of its autoscalers and of spec.replicas, otherwise 1. `unknown`
 * and undefined as for the minimum.
 */
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

/**
 * The amount of a PodDisruptionBudget as a number of pods: a percentage is rounded up, as in the disruption controller.
 * Undefined if invalid.
 */
export function countOf(value: unknown, of: number): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\d{1,6}%$/.test(value)) return undefined;
  return Math.ceil((Number.parseInt(value, 10) * of) / 100);
}
