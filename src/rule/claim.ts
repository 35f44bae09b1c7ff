import type { Workload } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { list, record, text } from '#model/shape.ts';
import type { Neighbours } from '#model/workspace.ts';

/** A persistent volume claim in a pod: the name of the claim, that of the volume, and the map that names the claim. */
interface ClaimUse {
  readonly claim: string;
  readonly volume: string;
  readonly on: object;
}

/** The claims that a pod mounts by name. */
export const claimsOf = ({ pod }: Workload): readonly ClaimUse[] =>
  list(pod.volumes).flatMap((volume) => {
    const on = record(volume.persistentVolumeClaim);
    const claim = text(on?.claimName);
    return on && claim !== undefined ? [{ claim, volume: text(volume.name) ?? '', on }] : [];
  });

/** The workloads that mount each claim, by namespace and name of the claim; for `once`. */
export function usersOfClaims(unit: Neighbours): ReadonlyMap<string, readonly Workload[]> {
  const users = new Map<string, Workload[]>();
  for (const workload of unit.workloads('*'))
    for (const claim of new Set(claimsOf(workload).map((one) => one.claim)))
      push(users, claimKey(workload, claim), workload);
  return users;
}

/** The key of a claim among the users of claims. */
export const claimKey = ({ namespace }: Pick<Workload, 'namespace'>, claim: string): string => `${namespace}/${claim}`;
