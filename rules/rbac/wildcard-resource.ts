import { defineRule } from '#rule';
import {
  type Grant,
  grantsEverything,
  grantsOf,
  ignoreNames,
  isCustomOnly,
  isIgnored,
  isRbac,
  shortList,
  titleOfGroups,
} from '#rule/rbac';

const readVerbs = ['get', 'list', 'watch'];
/** Resources of the core group with subresources that run commands or reach the node. */
const strongParents = ['pods/*', 'nodes/*', 'services/*'];

// RBAC expands `*` and the form `*/scale` only (ResourceMatches in the API server); it compares other stars literally.
/** Stars that match nothing. */
const idleStars = ({ resources, groups }: Grant): readonly string[] =>
  resources.filter(
    (one) => one === '*/*' || (strongParents.includes(one) && groups.some((group) => group === '' || group === '*')),
  );

export default defineRule({
  title: 'Role must list its resources',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    star: '{role} grants {verbs} on all resources ("*") in {groups}, including {kinds}',
    idle: '{role} grants {verbs} on {stars}, which RBAC compares literally, so this grants nothing',
  },
  help: {
    star: 'List the resources that are needed, e.g. resources: [pods, services]',
    idle: 'List the subresources in full, e.g. resources: [pods/exec, pods/log]',
  },
  equivalents: [
    'kube-linter:wildcard-in-rules',
    'checkov:CKV_K8S_49',
    'trivy:KSV-0046',
    'kubescape:C-0187',
    'cis-eks-1.7:4.1.3',
    'prowler:rbac_minimize_wildcard_use_roles',
    'hardeneks:restrict_wildcard_for_roles',
    'hardeneks:restrict_wildcard_for_cluster_roles',
    'kics:RBAC Wildcard In Rule',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (!isRbac(role) || isIgnored(role, options.ignoreNames)) return;
    for (const grant of grantsOf(role)) {
      // A star among the verbs is reported by wildcard-verb or wildcard-everything; without verbs nothing is granted.
      if (grant.verbs.length === 0 || grant.verbs.includes('*') || grantsEverything(grant, role.kind)) continue;
      const data = { role: role.title, verbs: shortList(grant.verbs) };
      const place = { on: grant.entry, key: 'resources' } as const;
      if (!grant.resources.includes('*')) {
        const stars = idleStars(grant);
        if (stars.length > 0)
          report({ message: 'idle', data: { ...data, stars: shortList(stars) }, ...place, severity: 'medium' });
        continue;
      }
      const aside = grant.groups.length > 0 && !grant.groups.some((group) => group === '' || group === '*');
      if (aside && grant.verbs.every((verb) => readVerbs.includes(verb))) continue;
      const core = grant.groups.some((group) => group === '' || group === '*');
      report({
        message: 'star',
        data: {
          ...data,
          groups: titleOfGroups(grant),
          kinds: core ? 'Secrets and kinds added later' : 'kinds added later',
        },
        ...place,
        ...(isCustomOnly(grant) ? { severity: 'low' } : {}),
      });
    }
  },
});
