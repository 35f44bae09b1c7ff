import { UserError } from '#errors.ts';
import { eksVersions, minorOf } from '#model/calendar.ts';
import type { Cluster } from '#model/cluster.ts';

/**
 * The Kubernetes minors that the input is judged against: what the user names, else the versions of the clusters that the workspace
 * describes, else the newest that EKS offers. Rules about what a release does not know yet take the lowest, rules about what it
 * removes the highest.
 */
export function findTarget(
  named: string | undefined,
  clusters: readonly Cluster[],
): { lowest: number; highest: number; given: boolean } {
  if (named !== undefined) {
    const minor = minorOf(named);
    if (minor === undefined) throw new UserError(`"${named}" is no Kubernetes version`, { hint: 'Write it as 1.33.' });
    return { lowest: minor, highest: minor, given: true };
  }
  const known = clusters
    .map(({ version }) => minorOf(String(version.value ?? '')))
    .filter((minor) => minor !== undefined);
  if (known.length > 0) return { lowest: Math.min(...known), highest: Math.max(...known), given: true };
  const newest = minorOf(eksVersions[0]?.version ?? '') ?? 0;
  return { lowest: newest, highest: newest, given: false };
}
