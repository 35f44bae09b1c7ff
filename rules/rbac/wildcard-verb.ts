import { defineRule } from '#rule';
import {
  grantsEverything,
  grantsOf,
  hasPair,
  ignoreNames,
  isCustomOnly,
  isIgnored,
  isRbac,
  shortList,
  titleOfGroups,
} from '#rule/rbac';

export default defineRule({
  title: 'Role must list its verbs',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: {
    ignoreNames,
    ownGroups: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'API groups of your own operators, whose resources may be granted with all verbs.',
    },
  },
  messages: {
    star: '{role} grants all verbs ("*") on {resources}, including deletecollection and verbs that are added later',
    secrets: '{role} grants all verbs ("*") on {resources}, so its holders can read and change every Secret it reaches',
  },
  help: 'List the verbs that are needed, e.g. verbs: [get, list, watch, create, update, patch, delete]',
  equivalents: [
    'kube-linter:wildcard-in-rules',
    'checkov:CKV_K8S_49',
    'trivy:KSV-0045',
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
      if (grant.resources.length === 0 || !grant.verbs.includes('*') || grantsEverything(grant, role.kind)) continue;
      if (grant.groups.length > 0 && grant.groups.every((group) => options.ownGroups.includes(group))) continue;
      // The text format shows one of the entries that share a message: it must not hide Secrets.
      const isSecrets = hasPair(grant, '', ['secrets']) && grant.names.length === 0;
      report({
        message: isSecrets ? 'secrets' : 'star',
        data: {
          role: role.title,
          // A star alone would read as everything.
          resources: grant.resources.includes('*')
            ? `all resources ("*") in ${titleOfGroups(grant)}`
            : shortList(grant.resources),
        },
        on: grant.entry,
        key: 'verbs',
        ...(isCustomOnly(grant) ? { severity: 'low' } : {}),
      });
    }
  },
});
