import type { RbacV1Subject, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import type { Resource, Workload } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, list, record, text, texts } from '#model/shape.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
import { parseImage } from './image.ts';
import { matchesAny, pattern } from './pattern.ts';

/*
 * How RBAC objects are read. Facts: Kubernetes documentation, Using RBAC Authorization; Amazon EKS User Guide, default
 * Kubernetes roles and users; the API groups of the Kubernetes API reference.
 */

export const rbacGroup = 'rbac.authorization.k8s.io';

/** Whether an object is one of Kubernetes' own RBAC kinds: other groups also have kinds named Role. */
export const isRbac = ({ group }: { readonly group: string }): boolean => group === rbacGroup;

/** One `rules` entry of a role, its lists read as strings. */
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

/** The role that a binding refers to; `on` is the `roleRef` in the document. */
export interface RoleRef {
  readonly on: object;
  readonly kind: string;
  readonly name: string;
}

/** The role that a binding refers to; undefined if it refers to none. */
export function roleRefOf(binding: { readonly object: object }): RoleRef | undefined {
  const on = record((binding.object as V1RoleBinding).roleRef);
  const kind = text(on?.kind);
  const name = text(on?.name);
  return on === undefined || kind === undefined || name === undefined ? undefined : { on, kind, name };
}

const bindings = new WeakMap<Workspace, ReadonlyMap<string, readonly AnyResource[]>>();

/** All bindings by the role that they refer to. Built once: a scan for each role would be quadratic. */
function bindingIndex(workspace: Workspace): ReadonlyMap<string, readonly AnyResource[]> {
  const known = bindings.get(workspace);
  if (known) return known;
  const index = new Map<string, AnyResource[]>();
  for (const binding of [...workspace.all('RoleBinding'), ...workspace.all('ClusterRoleBinding')]) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref) continue;
    const namespace = ref.kind === 'ClusterRole' ? '' : binding.namespace;
    for (const around of ['bundle', 'unit'] as const)
      push(index, JSON.stringify([around, binding.belonging[around], ref.kind, ref.name, namespace]), binding);
  }
  bindings.set(workspace, index);
  return index;
}

const noBindings: readonly AnyResource[] = [];

/**
 * The bindings that refer to a role: those applied together with it (`bundle`), or those that may be (`unit`). It is
 * the same array for roles with the same name.
 */
export function bindingsOf(
  workspace: Workspace,
  role: Resource<object>,
  around: 'bundle' | 'unit',
): readonly AnyResource[] {
  const namespace = role.kind === 'ClusterRole' ? '' : role.namespace;
  const [first = noBindings, ...others] = role.names.flatMap((name) => {
    const found = bindingIndex(workspace).get(
      JSON.stringify([around, role.belonging[around], role.kind, name, namespace]),
    );
    return found ? [found] : [];
  });
  return others.length === 0 ? first : [first, ...others].flat();
}

type Purpose = 'secrets' | 'webhooks';

/**
 * Well-known controllers: the names of their roles, the image that they run, and their purpose. Ingress controllers
 * read the certificates of all Ingresses, Flux and KEDA the credentials that their objects name; those for webhooks
 * write the certificate of a webhook into its configuration, or create webhooks from policies.
 */
const controllers: readonly (readonly [name: RegExp, image: RegExp, purpose: Purpose])[] = [
  [/^argo-?cd(?:-|$)/, /(?:^|\/)argoproj\/argocd$/, 'secrets'],
  [/(?:^|-)cert-manager(?:[-:]|$)/, /(?:^|\/)jetstack\/cert-manager-[a-z]+$/, 'secrets'],
  [/(?:^|-)external-secrets(?:[-:]|$)/, /(?:^|\/)external-secrets\/external-secrets$/, 'secrets'],
  [
    /(?:^|-)sealed-secrets(?:[-:]|$)|^secrets-unsealer$/,
    /(?:^|\/)(?:bitnami(?:-labs)?\/)?sealed-secrets-controller$/,
    'secrets',
  ],
  [/(?:^|-)ingress-nginx(?:[-:]|$)/, /(?:^|\/)ingress-nginx\/controller(?:-chroot)?$/, 'secrets'],
  [/(?:^|-)traefik(?:[-:]|$)/, /(?:^|\/)traefik$/, 'secrets'],
  [/(?:^|-)contour(?:[-:]|$)/, /(?:^|\/)projectcontour\/contour$/, 'secrets'],
  [/^istiod(?:-|$)/, /(?:^|\/)pilot$/, 'secrets'],
  [/^crd-controller(?:-|$)/, /(?:^|\/)fluxcd\/[a-z-]+-controller$/, 'secrets'],
  [/^keda-operator(?:-|$)/, /(?:^|\/)kedacore\/keda$/, 'secrets'],
  [/^cnpg-manager$/, /(?:^|\/)cloudnative-pg(?:-testing)?$/, 'secrets'],
  [/(?:^|-)cert-manager-cainjector(?:[-:]|$)/, /(?:^|\/)jetstack\/cert-manager-cainjector$/, 'webhooks'],
  [/(?:^|-)ingress-nginx-admission$/, /(?:^|\/)ingress-nginx\/kube-webhook-certgen$/, 'webhooks'],
  [/(?:^|:)kyverno(?:[-:]|$)/, /(?:^|\/)kyverno\/[a-z-]+$/, 'webhooks'],
  [/^gatekeeper-manager-role$/, /(?:^|\/)openpolicyagent\/gatekeeper$/, 'webhooks'],
];

/**
 * Whether a role belongs to a well-known controller with a purpose, judging by its name, and is bound only to that
 * controller: each subject of each binding is a ServiceAccount whose workloads run the image of the controller. A
 * mirror of the image counts.
 */
export function isForPurpose(workspace: Workspace, role: Resource<object>, purpose: Purpose): boolean {
  const [, image] = controllers.find(([name, , other]) => other === purpose && name.test(role.name)) ?? [];
  if (!image) return false;
  const holders = bindingsOf(workspace, role, 'unit');
  return (
    holders.length > 0 &&
    holders.every((binding) => subjectsOf(binding).every((subject) => runsOnly(workspace, binding, subject, image)))
  );
}

/**
 * Whether a subject of a binding is a ServiceAccount whose workloads are known and all run an image. A mirror of the
 * image counts.
 */
function runsOnly(workspace: Workspace, binding: Resource<object>, subject: RbacV1Subject, image: RegExp): boolean {
  if (subject.kind !== 'ServiceAccount') return false;
  const namespace = text(subject.namespace) ?? binding.namespace;
  const workloads = workspace.unit(binding).once(workloadsByAccount, namespace).get(subject.name);
  return (
    workloads?.every((workload) =>
      workload.containers.some((container) => image.test(parseImage(container.image ?? '').repository)),
    ) === true
  );
}

/** The programs of Argo CD and Flux that apply everything in a repository. */
const deployers = /(?:^|\/)(?:argoproj\/argocd|fluxcd\/(?:kustomize|helm)-controller)$/;

/** Whether a subject of a binding is a GitOps deployer, which its project gives all permissions by design. */
export const isDeployer = (workspace: Workspace, binding: Resource<object>, subject: RbacV1Subject): boolean =>
  runsOnly(workspace, binding, subject, deployers);

/** Whether an entry allows creating or labeling pods. */
const writesPods = (grant: Grant): boolean =>
  grant.names.length === 0 &&
  hasPair(grant, '', ['pods', '*']) &&
  grant.verbs.some((verb) => ['create', 'update', 'patch', '*'].includes(verb));

/** The workloads that may write pods in their own namespace, the first of each namespace. */
function podWriters(unit: Neighbours): ReadonlyMap<string, Workload> {
  const writers = new Map<string, Workload>();
  for (const binding of [...unit.all('RoleBinding', '*'), ...unit.all('ClusterRoleBinding', '*')]) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref) continue;
    const namespace = ref.kind === 'Role' ? binding.namespace : undefined;
    const roles = unit.find(ref.kind, ref.name, namespace);
    if (ref.name !== 'cluster-admin' && !roles.some((role) => isRbac(role) && grantsOf(role).some(writesPods)))
      continue;
    for (const subject of subjectsOf(binding)) {
      const home = text(subject.namespace) ?? binding.namespace;
      if (subject.kind !== 'ServiceAccount' || (binding.kind === 'RoleBinding' && home !== binding.namespace)) continue;
      const [writer] = unit.once(workloadsByAccount, home).get(subject.name) ?? [];
      if (writer && !writers.has(home)) writers.set(home, writer);
    }
  }
  return writers;
}

/** A workload in the namespace of a resource that may create or label pods there, as operators do. */
export const podWriterBeside = (
  workspace: Workspace,
  resource: Parameters<Workspace['unit']>[0],
): Workload | undefined => workspace.unit(resource).once(podWriters).get(resource.namespace);

/** The workloads of a namespace by the ServiceAccount that they run as. */
function workloadsByAccount(unit: Neighbours, namespace: string): ReadonlyMap<string, readonly Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const workload of unit.workloads(namespace)) push(found, workload.serviceAccount, workload);
  return found;
}

/** The subjects of a binding. One without a name is left out: the API server rejects it, so it is never bound. */
export const subjectsOf = (binding: { readonly object: object }): readonly RbacV1Subject[] =>
  list((binding.object as V1RoleBinding).subjects).filter((subject) => (text(subject.name) ?? '') !== '');

/** The suggestion to remove a subject from its binding. */
export function subjectFix(binding: { readonly object: object }, subject: RbacV1Subject) {
  const all: unknown = (binding.object as V1RoleBinding).subjects;
  const key = Array.isArray(all) ? all.indexOf(subject) : -1;
  return Array.isArray(all) && key >= 0
    ? { fix: { safe: false, edits: [{ op: 'remove' as const, on: all as object, key }] } }
    : {};
}

/** Whether the entry covers one of these resources, by name, in this group or in all groups. */
export const hasPair = (grant: Grant, group: string, resources: readonly string[]): boolean =>
  (grant.groups.includes(group) || grant.groups.includes('*')) &&
  grant.resources.some((one) => resources.includes(one));

/**
 * Whether an entry covers all paths of the API server. Every path starts with a slash, so `/*` covers as much as `*`.
 */
export const coversUrls = (grant: Grant): boolean => grant.urls.some((url) => url === '*' || url === '/*');

/** Whether an entry grants every verb on every resource, or on every path of the API server. */
export function grantsEverything(grant: Grant, kind: string): boolean {
  if (!grant.verbs.includes('*')) return false;
  if (grant.resources.includes('*') && grant.groups.includes('*')) return true;
  return kind === 'ClusterRole' && coversUrls(grant);
}

/** API groups that the API server itself serves; all others are custom or aggregated. */
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

/** Whether Kubernetes itself serves an API group. */
export const isServed = (group: string): boolean => servedGroups.has(group);

/** Whether an entry covers only API groups that Kubernetes itself does not serve. */
export const isCustomOnly = (grant: Grant): boolean =>
  grant.groups.length > 0 && !grant.groups.some((group) => group === '*' || servedGroups.has(group));

/** The API groups of an entry, for a message. */
export const titleOfGroups = ({ groups }: Grant): string =>
  groups.includes('*')
    ? 'all API groups'
    : groups.length === 1 && groups[0] === ''
      ? 'the core API group'
      : `${groups.length === 1 ? 'API group' : 'API groups'} ${shortList(groups.map((group) => group || 'core'))}`;

/** A permission that roles should not grant lightly: verbs on resources of some API groups. */
export interface Right {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** It is harmless if resourceNames limit it to some objects. */
  readonly unnamed?: true;
}

const core = [''] as const;
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** Permissions that more than one rule looks for. */
const managed = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];

const changing = ['create', 'update', 'patch'];
/** Permissions to create or change what runs in pods, but for those of Jobs. */
const runs = [
  { groups: core, resources: ['pods', 'replicationcontrollers'], verbs: changing },
  {
    groups: ['apps', 'extensions'],
    resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'],
    verbs: changing,
  },
];

export const rights = {
  exec: [
    { groups: core, resources: ['pods/exec', 'pods/attach'], verbs: ['create', 'get'] },
    { groups: core, resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] },
  ],
  manageRbac: [
    {
      groups: [rbacGroup],
      resources: managed,
      verbs: ['create', 'update', 'patch'],
    },
    { groups: [rbacGroup], resources: managed, verbs: ['deletecollection'] },
    // Deleting a named role or binding gives no one any permission.
    { groups: [rbacGroup], resources: managed, verbs: ['delete'], unnamed: true },
  ],
  nodesProxy: [
    {
      groups: core,
      resources: ['nodes/proxy'],
      verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'proxy'],
    },
  ],
  webhookWrite: [
    {
      groups: ['admissionregistration.k8s.io'],
      resources: [
        'validatingwebhookconfigurations',
        'mutatingwebhookconfigurations',
        'validatingadmissionpolicies',
        'validatingadmissionpolicybindings',
        'mutatingadmissionpolicies',
        'mutatingadmissionpolicybindings',
      ],
      verbs: writing,
      unnamed: true,
    },
  ],
  tokenCreate: [{ groups: core, resources: ['serviceaccounts/token'], verbs: ['create'], unnamed: true }],
  /**
   * Of a Job, only the resources and scheduling of pods can be changed, and only while it is suspended (KEP-2926,
   * KEP-5440). Cluster Autoscaler may patch Jobs.
   */
  workloadChange: [
    ...runs,
    { groups: ['batch'], resources: ['cronjobs'], verbs: changing },
    { groups: ['batch'], resources: ['jobs'], verbs: ['create'] },
  ],
  escalate: [{ groups: [rbacGroup], resources: ['roles', 'clusterroles'], verbs: ['escalate', 'bind'], unnamed: true }],
  readSecrets: [
    {
      groups: core,
      resources: ['secrets'],
      verbs: ['get', 'list', 'watch', 'update', 'patch', 'deletecollection'],
      unnamed: true,
    },
  ],
} as const satisfies Readonly<Record<string, readonly Right[]>>;

/** What an entry of a role grants of some permissions. */
export interface Held {
  readonly grant: Grant;
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

/**
 * RBAC expands only one form of star in a resource: all resources with a subresource, such as `scale` of any of them.
 */
const namesResource = (written: string, resource: string): boolean =>
  written === resource || (written.startsWith('*/') && resource.endsWith(written.slice(1)));

/**
 * What an entry grants of some permissions; undefined if nothing. A star among its verbs and resources is reported by
 * the wildcard rules, unless `stars` asks for what it stands for.
 */
export function heldIn(grant: Grant, wanted: readonly Right[], stars = false): Held | undefined {
  if (!stars && (grant.verbs.includes('*') || grant.resources.includes('*'))) return undefined;
  const verbs = new Set<string>();
  const resources = new Set<string>();
  for (const right of wanted) {
    if (!grant.groups.some((group) => group === '*' || right.groups.includes(group))) continue;
    if (right.unnamed && grant.names.length > 0) continue;
    const some = grant.verbs.filter((verb) => verb === '*' || right.verbs.includes(verb));
    const on = grant.resources.filter(
      (one) => one === '*' || right.resources.some((resource) => namesResource(one, resource)),
    );
    if (some.length === 0 || on.length === 0) continue;
    for (const verb of some) verbs.add(verb);
    for (const resource of on) resources.add(resource);
  }
  const written = (all: readonly string[], some: ReadonlySet<string>) =>
    [...new Set(all)].filter((one) => some.has(one));
  return verbs.size === 0
    ? undefined
    : { grant, verbs: written(grant.verbs, verbs), resources: written(grant.resources, resources) };
}

/** Whether a rule about roles has nothing to judge in an object: another kind, or a role that others maintain. */
export const isMaintained = (role: Resource<object>, patterns: readonly string[]): boolean =>
  !isRbac(role) || isIgnored(role, patterns) || role.labels['kubernetes.io/bootstrapping'] !== undefined;

/**
 * What the entries of a role grant of some permissions. A role that grants everything is only reported by
 * wildcard-everything.
 */
export function heldBy(role: Resource<object>, wanted: readonly Right[], patterns: readonly string[]): readonly Held[] {
  if (isMaintained(role, patterns)) return [];
  const grants = grantsOf(role);
  if (grants.some((grant) => grantsEverything(grant, role.kind))) return [];
  return grants.flatMap((grant) => heldIn(grant, wanted) ?? []);
}

/** What messages say about a role and its permissions. */
export const wordsOf = (role: Resource<object>, { verbs, resources }: Omit<Held, 'grant'>) => ({
  role: role.title,
  verbs: shortList(verbs),
  resources: shortList(resources),
  reach: role.kind === 'Role' ? 'its namespace' : 'the cluster',
});

/**
 * What can be impersonated: users, groups and service accounts are in the core group, the rest in
 * authentication.k8s.io.
 */
const identities: readonly Right[] = [
  { groups: core, resources: ['users', 'groups', 'serviceaccounts'], verbs: ['impersonate'] },
  { groups: ['authentication.k8s.io'], resources: ['uids', 'userextras'], verbs: ['impersonate'] },
];

/** What an entry grants of the permission to impersonate anyone, or a built-in group of Kubernetes. */
export function impersonatedIn(grant: Grant, stars = false): Held | undefined {
  if (grant.names.length > 0 && !grant.names.some((name) => name.startsWith('system:'))) return undefined;
  // Each extra field is a separate subresource: userextras/scopes.
  const resources = grant.resources.map((one) => one.replace(/^userextras\/.*/, 'userextras'));
  const held = heldIn({ ...grant, resources }, identities, stars);
  if (!held) return undefined;
  // A built-in name counts if it can be a group; system:serviceaccount: is the prefix of a user.
  if (grant.names.length > 0 && !held.resources.some((one) => one === 'groups')) return undefined;
  const written = grant.resources.filter((one) =>
    held.resources.includes(one.replace(/^userextras\/.*/, 'userextras')),
  );
  return { ...held, resources: written, grant };
}

/** Bindings of a unit or bundle by the subjects that they name, as `subjectName` writes them. */
export function bindingsBySubject(around: Neighbours): ReadonlyMap<string, readonly AnyResource[]> {
  const found = new Map<string, AnyResource[]>();
  for (const binding of ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) => around.all(kind, '*')))
    if (isRbac(binding))
      for (const name of new Set(subjectsOf(binding).map((subject) => subjectName(subject, binding.namespace))))
        push(found, name, binding);
  return found;
}

/**
 * The names by which bindings can refer to a service account: its own, and the groups and the user that Kubernetes
 * assigns to it.
 */
export const namesOfAccount = (namespace: string, account: string): readonly string[] => [
  `ServiceAccount/${namespace}/${account}`,
  `User/system:serviceaccount:${namespace}:${account}`,
  `Group/system:serviceaccounts:${namespace}`,
  'Group/system:serviceaccounts',
  'Group/system:authenticated',
];

/**
 * Whether the pods of a workload get a token for the API server: the pod decides, otherwise its account, and the
 * default is yes. A projected token with another audience is for another service, e.g. AWS STS.
 */
export function mountsToken(workload: Workload, unit: Neighbours): boolean {
  const { automountServiceAccountToken: own, volumes } = workload.pod;
  const projected = list(volumes)
    .flatMap(({ projected }) => list(record(projected)?.sources))
    .some(({ serviceAccountToken }) => isRecord(serviceAccountToken) && serviceAccountToken['audience'] === undefined);
  if (own === true || projected) return true;
  if (own === false) return false;
  return !accountsOf(workload, unit).some((one) => one.object['automountServiceAccountToken'] === false);
}

/** The ServiceAccount that a workload runs as, if it is in the input; several if its namespace is unknown. */
const accountsOf = (workload: Workload, unit: Neighbours): readonly AnyResource[] =>
  unit.find('ServiceAccount', workload.serviceAccount || 'default', workload.namespace);

/** Names of roles that Kubernetes and EKS create, as patterns. */
export const builtInNames = [
  '^system:',
  '^eks:',
  '^cluster-admin$',
  '^admin$',
  '^edit$',
  '^view$',
  '^aws-node$',
] as const;

/** The option of the rules about roles that excludes roles maintained by others. */
export const ignoreNames = {
  type: 'array',
  items: { type: 'string' },
  patterns: true,
  default: builtInNames,
  description: 'Patterns for the names of roles to skip.',
} as const;

/** Whether the name of a role matches one of the patterns. */
export const isIgnored = (role: { readonly name: string }, patterns: readonly string[]): boolean =>
  matchesAny(role.name, patterns.map(pattern));

/** How the API server names requests without credentials. */
const anonymous: ReadonlySet<string> = new Set(['User/system:anonymous', 'Group/system:unauthenticated']);
/** Whether a subject stands for everyone without credentials. */
export const isAnonymous = (subject: RbacV1Subject): boolean => anonymous.has(subjectName(subject, ''));

/** A subject of a binding as options write it: `Group/ops`, `User/alice`, `ServiceAccount/flux-system/controller`. */
export const subjectName = (subject: RbacV1Subject, namespace: string): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount/${text(subject.namespace) ?? namespace}/${text(subject.name) ?? ''}`
    : `${text(subject.kind) ?? ''}/${text(subject.name) ?? ''}`;

/** Strings as a list for a message; long lists and strings are cut, but no name that Kubernetes accepts. */
export const shortList = (items: readonly string[], most = 3): string => {
  const shown = items.slice(0, most).map((item) => `"${item.length > 400 ? `${item.slice(0, 397)}...` : item}"`);
  return `${shown.join(', ')}${items.length > most ? ` and ${items.length - most} more` : ''}`;
};
