import { defineRule } from '#rule';
import { nearest } from '#rule/nearest';
import { type Grant, grantsOf, isRbac, isServed, shortList, titleOfGroups } from '#rule/rbac';

/** Verbs of requests for resources (Kubernetes documentation, Authorization, request verbs; RBAC good practices). */
const resourceVerbs = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
  'approve',
  'sign',
  'attest',
  'proxy',
  '*',
]);
/** Verbs of requests for other paths are the HTTP methods. */
const pathVerbs = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'connect', 'trace', '*']);

/**
 * Newer verbs have parts (impersonate:user-info), or contain what is requested
 * (request-serviceaccounts-token-audience).
 */
const hasParts = (verb: string): boolean => verb.includes(':') || verb.startsWith('request-');

/** Subresources that people write without the resource before them. */
const subresources = new Set([
  'exec',
  'attach',
  'portforward',
  'log',
  'eviction',
  'scale',
  'status',
  'finalizers',
  'token',
  'proxy',
  'binding',
]);

/** The API groups of well-known resources (Kubernetes API reference, v1.37). */
const homes: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '': 'pods services configmaps secrets serviceaccounts namespaces nodes persistentvolumes persistentvolumeclaims endpoints limitranges resourcequotas replicationcontrollers podtemplates',
    apps: 'deployments statefulsets daemonsets replicasets controllerrevisions',
    batch: 'jobs cronjobs',
    autoscaling: 'horizontalpodautoscalers',
    policy: 'poddisruptionbudgets',
    'networking.k8s.io': 'ingresses ingressclasses networkpolicies',
    'rbac.authorization.k8s.io': 'roles rolebindings clusterroles clusterrolebindings',
    'storage.k8s.io': 'storageclasses volumeattachments csidrivers csinodes csistoragecapacities',
    'coordination.k8s.io': 'leases',
    'discovery.k8s.io': 'endpointslices',
    'apiextensions.k8s.io': 'customresourcedefinitions',
    'apiregistration.k8s.io': 'apiservices',
    'admissionregistration.k8s.io': 'validatingwebhookconfigurations mutatingwebhookconfigurations',
    'certificates.k8s.io': 'certificatesigningrequests signers',
    'scheduling.k8s.io': 'priorityclasses',
    'node.k8s.io': 'runtimeclasses',
    'authentication.k8s.io': 'tokenreviews',
    'authorization.k8s.io':
      'subjectaccessreviews localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews',
  }).flatMap(([group, resources]) =>
    resources.split(' ').map((resource): [string, readonly string[]] => [resource, [group]]),
  ),
).set('events', ['', 'events.k8s.io']);

const homesOf = (resource: string): readonly string[] | undefined => homes.get(resource.split('/', 1)[0] ?? '');
/** A group that is written as an apiVersion, and what it should be. */
const withoutVersion = (group: string): string | undefined =>
  /^(?:(.+)\/)?v\d+(?:(?:alpha|beta)\d+)?$/
    .exec(group)
    ?.slice(1)
    .map((one) => one ?? '')[0];
const onlyServed = ({ groups }: Grant): boolean => groups.length > 0 && groups.every(isServed);

/** Resources of an entry that none of its groups has. */
function strayResources(grant: Grant, all: readonly Grant[]): readonly string[] {
  if (!onlyServed(grant)) return [];
  return grant.resources.filter((resource) => {
    const right = homesOf(resource);
    if (!right || right.some((group) => grant.groups.includes(group))) return false;
    // Roles for old clusters list the old group next to the current one, sometimes in a separate entry.
    const old = grant.groups.includes('extensions');
    return (
      !old ||
      !all.some((other) => other.resources.includes(resource) && right.some((group) => other.groups.includes(group)))
    );
  });
}

/** Verbs of an entry that do not exist. */
function strayVerbs(grant: Grant): readonly string[] {
  const paths = grant.urls.length > 0;
  const isKnown = (verb: string) => resourceVerbs.has(verb) || (paths && pathVerbs.has(verb)) || hasParts(verb);
  const judged = (paths && grant.resources.length === 0) || onlyServed(grant);
  return grant.verbs.filter((verb) => !isKnown(verb) && (judged || isKnown(verb.toLowerCase())));
}

export default defineRule({
  title: 'RBAC rule should match something',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  fix: 'suggestion: correct the group or spelling',
  messages: {
    paths: '{role} lists nonResourceURLs, which are not namespaced, so the API server rejects it',
    empty: '{role} has an entry with {given} but without {wanted}, so the API server rejects it',
    both: '{role} has an entry with resources and nonResourceURLs, so the API server rejects it',
    version: '{role} sets API group {groups} with a version, so the entry matches nothing',
    verbs: '{role} lists {verbs}, which Kubernetes does not know as {noun}, so the entry grants less than it says',
    bare: '{role} lists {resources} without the resource in front, so the entry matches nothing',
    group: '{role} lists {resources} in {groups}, which has no such resource, so the entry grants less than it says',
    names: '{role} limits {verbs} to names, but such requests have no name, so the entry grants nothing',
  },
  help: {
    paths: 'Move the entry to a ClusterRole and bind it with a ClusterRoleBinding',
    empty: 'Add {wanted}, or remove the entry',
    both: 'Put the paths into a separate entry',
    version: 'Remove the version, e.g. apiGroups: [apps]',
    verbs: 'Use lowercase Kubernetes verbs, e.g. verbs: [get, list, watch]',
    bare: 'Write the resource before the slash, e.g. pods/exec',
    group: 'Set apiGroups to the group of the resource, e.g. [apps] for deployments',
    names: 'Put create and deletecollection into a separate entry without resourceNames',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, RBAC'],
  check(role, { report }) {
    if (!isRbac(role)) return;
    const grants = grantsOf(role);
    for (const grant of grants) {
      const { entry } = grant;
      const data = { role: role.title };
      if (role.kind === 'Role' && grant.urls.length > 0)
        report({ message: 'paths', data, on: entry, key: 'nonResourceURLs' });

      if (grant.urls.length > 0 && grant.resources.length > 0 && role.kind !== 'Role')
        report({ message: 'both', data, on: entry, key: 'nonResourceURLs' });
      else if (grant.urls.length === 0 && grant.verbs.length > 0)
        for (const [given, there, wanted, isThere] of [
          ['resources', grant.resources.length > 0, 'apiGroups', isSet(entry.apiGroups)],
          ['apiGroups', grant.groups.length > 0, 'resources', isSet(entry.resources)],
        ] as const)
          if (there && !isThere) report({ message: 'empty', data: { ...data, given, wanted }, on: entry, key: wanted });

      const versioned = grant.groups.filter((group) => withoutVersion(group) !== undefined);
      if (versioned.length > 0)
        report({
          message: 'version',
          data: { ...data, groups: shortList(versioned) },
          on: entry,
          key: 'apiGroups',
          fix: suggest(
            entry,
            'apiGroups',
            grant.groups.map((group) => withoutVersion(group) ?? group),
          ),
        });

      const verbs = strayVerbs(grant);
      if (verbs.length > 0) {
        const known = new Map(verbs.map((verb) => [verb, meantVerb(verb)]));
        report({
          message: 'verbs',
          data: { ...data, verbs: shortList(verbs), noun: verbs.length === 1 ? 'a verb' : 'verbs' },
          on: entry,
          key: 'verbs',
          ...([...known.values()].includes(undefined)
            ? {}
            : {
                fix: suggest(
                  entry,
                  'verbs',
                  grant.verbs.map((verb) => known.get(verb) ?? verb),
                ),
              }),
        });
      }

      const bare = onlyServed(grant) ? grant.resources.filter((one) => subresources.has(one)) : [];
      if (bare.length > 0)
        report({ message: 'bare', data: { ...data, resources: shortList(bare) }, on: entry, key: 'resources' });

      const stray = strayResources(grant, grants);
      if (stray.length > 0) {
        const right = [...new Set(stray.map((one) => homesOf(one)?.[0] ?? ''))];
        report({
          message: 'group',
          data: {
            ...data,
            resources: shortList(stray),
            groups: titleOfGroups(grant),
          },
          on: entry,
          key: 'apiGroups',
          ...(stray.length === grant.resources.length ? { fix: suggest(entry, 'apiGroups', right) } : {}),
        });
      }

      // The name of a subresource's object is in the path, so a list of names works there (pods/exec,
      // serviceaccounts/token).
      const nameless =
        grant.verbs.length > 0 && grant.verbs.every((verb) => verb === 'create' || verb === 'deletecollection');
      if (
        nameless &&
        grant.names.length > 0 &&
        !grant.names.includes('') &&
        !grant.resources.some((one) => one.includes('/'))
      )
        report({ message: 'names', data: { ...data, verbs: shortList(grant.verbs) }, on: entry, key: 'resourceNames' });
    }
  },
});

/** Whether a list has entries; a value that is not a list is reported by other rules. */
const isSet = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;

/** The verb that a written one stands for: the same in lowercase, or a similar one. */
function meantVerb(verb: string): string | undefined {
  const lower = verb.toLowerCase().replaceAll('-', '');
  return resourceVerbs.has(lower) || pathVerbs.has(lower) ? lower : nearest(lower, resourceVerbs);
}

const suggest = (on: object, key: string, value: readonly string[]) => ({
  safe: false,
  edits: [{ op: 'set' as const, on, key, value: [...new Set(value)] }],
});
