import type { RbacV1Subject, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import { list, record, text, texts } from '#model/shape.ts';
import { matchesAny, pattern } from './pattern.ts';

/*
 * Reading RBAC objects. Facts: Kubernetes documentation, Using RBAC Authorization; Amazon EKS User Guide, default Kubernetes roles and
 * users; the API groups of the Kubernetes API reference.
 */

export const rbacGroup = 'rbac.authorization.k8s.io';

/** Whether an object is one of Kubernetes' own RBAC kinds: other groups have kinds called Role, too. */
export const isRbac = ({ group }: { readonly group: string }): boolean => group === rbacGroup;

/** One `rules` entry of a role, its lists read as texts. */
export interface Grant {
  /** The entry in the document. */
  readonly entry: V1PolicyRule;
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly urls: readonly string[];
  readonly names: readonly string[];
}

/** The `rules` entries of a role in their order. */
export const grantsOf = (role: { readonly object: object }): readonly Grant[] =>
  list((role.object as V1Role).rules).map((entry) => ({
    entry,
    verbs: texts(entry.verbs),
    groups: texts(entry.apiGroups),
    resources: texts(entry.resources),
    urls: texts(entry.nonResourceURLs),
    names: texts(entry.resourceNames),
  }));

/** What a binding points to; `on` is the `roleRef` in the document. */
export interface RoleRef {
  readonly on: object;
  readonly kind: string;
  readonly name: string;
}

/** The role that a binding names, or nothing where it names none. */
export function roleRefOf(binding: { readonly object: object }): RoleRef | undefined {
  const on = record((binding.object as V1RoleBinding).roleRef);
  const kind = text(on?.kind);
  const name = text(on?.name);
  return on === undefined || kind === undefined || name === undefined ? undefined : { on, kind, name };
}

/** The subjects of a binding. */
export const subjectsOf = (binding: { readonly object: object }): readonly RbacV1Subject[] =>
  list((binding.object as V1RoleBinding).subjects);

/** Whether one pair of the entry is this group, or all groups, with one of these resources by name: a star there has a rule of its own. */
export const hasPair = (grant: Grant, group: string, resources: readonly string[]): boolean =>
  (grant.groups.includes(group) || grant.groups.includes('*')) &&
  grant.resources.some((one) => resources.includes(one));

/** Every path begins with a slash, so `/*` covers as much as `*`. */
export const coversUrls = (grant: Grant): boolean => grant.urls.some((url) => url === '*' || url === '/*');

/** Whether an entry grants every verb on every resource, or on every path of the API server. */
export function grantsEverything(grant: Grant, kind: string): boolean {
  if (!grant.verbs.includes('*')) return false;
  if (grant.resources.includes('*') && grant.groups.includes('*')) return true;
  return kind === 'ClusterRole' && coversUrls(grant);
}

/** API groups that the API server serves itself; all others are custom or aggregated. */
const servedGroups: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'imagepolicy.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Whether an entry reaches only API groups that Kubernetes does not serve itself. */
export const isCustomOnly = (grant: Grant): boolean =>
  grant.groups.length > 0 && !grant.groups.some((group) => group === '*' || servedGroups.has(group));

/** Names of roles that Kubernetes and EKS bring along, as patterns. */
export const builtInNames = [
  '^system:',
  '^eks:',
  '^cluster-admin$',
  '^admin$',
  '^edit$',
  '^view$',
  '^aws-node$',
] as const;

/** The option by which role rules leave out roles that others look after. */
export const ignoreNames = {
  type: 'array',
  items: { type: 'string' },
  patterns: true,
  default: builtInNames,
  description: 'Roles whose name matches one of these patterns are left out.',
} as const;

/** Whether the name of a role matches one of the patterns. */
export const isIgnored = (role: { readonly name: string }, patterns: readonly string[]): boolean =>
  matchesAny(role.name, patterns.map(pattern));

/** Whether a cluster has a role without anybody applying it. */
export const isBuiltIn = (kind: string, name: string, namespace: string): boolean =>
  (kind === 'ClusterRole' && /^(system:|eks:)|^(cluster-admin|admin|edit|view|aws-node)$/.test(name)) ||
  (kind === 'Role' &&
    (/^(system:|eks:)/.test(name) ||
      (name === 'extension-apiserver-authentication-reader' && (namespace === 'kube-system' || namespace === ''))));

/** Service accounts that every EKS cluster has in kube-system without anybody applying them. */
export const isBuiltInAccount = (name: string, namespace: string): boolean =>
  namespace === 'kube-system' && ['aws-node', 'coredns', 'kube-proxy'].includes(name);

/** A subject of a binding as options write it: `Group/ops`, `User/alice`, `ServiceAccount/flux-system/controller`. */
export const subjectName = (subject: RbacV1Subject, namespace: string): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount/${text(subject.namespace) ?? namespace}/${text(subject.name) ?? ''}`
    : `${text(subject.kind) ?? ''}/${text(subject.name) ?? ''}`;

/** A list of texts for a message; long ones are cut. */
export const shortList = (items: readonly string[], most = 3): string =>
  items.length <= most
    ? items.map((item) => `"${item.slice(0, 60)}"`).join(', ')
    : `${items
        .slice(0, most)
        .map((item) => `"${item.slice(0, 60)}"`)
        .join(', ')} and ${items.length - most} more`;
