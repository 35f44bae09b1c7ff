import { dig, digList } from '#model/dig.ts';
import type { Resource } from '#model/resource.ts';
import { LabelIndex, push, selectorOf } from '#model/selector.ts';
import type { AnyResource, Neighbours } from '#model/workspace.ts';
import { isRbac } from './rbac.ts';

/*
 * Aggregated ClusterRoles: the controller of the cluster copies the rules of every ClusterRole that one of
 * clusterRoleSelectors matches, including aggregated ones (Kubernetes documentation, Using RBAC Authorization,
 * aggregated ClusterRoles).
 */

interface Aggregation {
  readonly parts: ReadonlyMap<AnyResource, readonly AnyResource[]>;
  readonly into: ReadonlyMap<Resource<object>, readonly AnyResource[]>;
}

function aggregationOf(around: Neighbours): Aggregation {
  const roles = around.all('ClusterRole', '*').filter(isRbac);
  const selectorsOf = (role: AnyResource) => digList(role.object, 'aggregationRule', 'clusterRoleSelectors');
  const parts = new Map<AnyResource, readonly AnyResource[]>();
  const into = new Map<AnyResource, AnyResource[]>();
  if (!roles.some((role) => dig(role.object, 'aggregationRule') !== undefined)) return { parts, into };
  const index = new LabelIndex<AnyResource>({ tried: 0 });
  for (const role of roles) index.add(role, role.labels);
  const direct = new Map(
    roles.map((role) => [
      role,
      selectorsOf(role).flatMap((selector) => index.select(selectorOf(selector, 'labelSelector', noLabels))),
    ]),
  );
  for (const role of roles) {
    const found = new Set(direct.get(role));
    // A set that grows while it is walked: parts of parts.
    for (const part of found) for (const next of direct.get(part) ?? []) found.add(next);
    found.delete(role);
    if (found.size > 0) parts.set(role, [...found]);
    for (const part of found) push(into, part, role);
  }
  return { parts, into };
}
const noLabels: ReadonlySet<string> = new Set();

/** A role and the ClusterRoles whose rules it gets by aggregation. */
export const withParts = (around: Neighbours, role: AnyResource): readonly AnyResource[] => [
  role,
  ...(around.once(aggregationOf).parts.get(role) ?? []),
];

/** A role and the aggregated ClusterRoles that get its rules. */
export const withAggregates = (around: Neighbours, role: Resource<object>): readonly Resource<object>[] => [
  role,
  ...(around.once(aggregationOf).into.get(role) ?? []),
];
