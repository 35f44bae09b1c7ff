import { resourceName } from '#sources/cluster.ts';
import type { ApiKind } from '#sources/snapshot.ts';

type Listed = Pick<ApiKind, 'group' | 'resource'>;

/** A ClusterRole that lets an audit list kinds, as YAML. Groups and kinds are in alphabetical order. */
export function clusterRole(kinds: readonly Listed[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { group, resource } of kinds) groups.set(group, (groups.get(group) ?? new Set()).add(resource));
  const rules = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([group, resources]) =>
        `  - apiGroups: ["${group}"]\n    resources: [${[...resources].sort().join(', ')}]\n    verbs: [list]\n`,
    );
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ekslint-audit
rules:
  - apiGroups: [""]
    resources: [namespaces]
    resourceNames: [kube-system] # its uid tells clusters apart
    verbs: [get]
${rules.join('')}`;
}

/** `deployments.apps, pods`, for messages. */
export const resourceNames = (kinds: readonly Listed[]): string =>
  [...new Set(kinds.map(resourceName))].sort().join(', ');
