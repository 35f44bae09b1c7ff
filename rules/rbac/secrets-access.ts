import { defineRule } from '#rule';
import { withAggregates } from '#rule/aggregation';
import {
  bindingsOf,
  type Grant,
  grantsOf,
  hasPair,
  ignoreNames,
  isForPurpose,
  isIgnored,
  isRbac,
  shortList,
} from '#rule/rbac';

/** Verbs on a whole collection: such a request has no name, so an empty name in resourceNames allows it. */
const collectionVerbs = ['list', 'watch', 'deletecollection', 'create'];

/** Verbs of an entry that cover every Secret of its scope, not only named ones. */
const unboundVerbs = ({ verbs, names }: Grant): readonly string[] =>
  names.length === 0 ? verbs : names.includes('') ? verbs.filter((verb) => collectionVerbs.includes(verb)) : [];

export default defineRule({
  title: 'Role must not grant access to all Secrets',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'workspace',
  options: {
    ignoreNames,
    verbs: {
      type: 'array',
      items: { type: 'string' },
      default: ['get', 'list', 'watch', 'update', 'patch', 'deletecollection'],
      description: 'Verbs that count as access. The response to each of the defaults contains the Secret.',
    },
  },
  messages: {
    secrets: '{role} grants {verbs} on all Secrets of {reach}, so its holders can read every credential there',
  },
  help: 'List the Secrets that are needed, e.g. resourceNames: [db-credentials], or remove secrets from the entry',
  equivalents: [
    'kube-linter:access-to-secrets',
    'trivy:KSV-0041',
    'trivy:KSV-0113',
    'kubescape:C-0015',
    'kubescape:C-0186',
    'checkov:CKV2_K8S_5',
    'cis-eks-1.7:4.1.2',
    'prowler:rbac_minimize_secret_access',
    'kics:RBAC Roles with Read Secrets Permissions',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report, workspace }) {
    if (
      !isRbac(role) ||
      isIgnored(role, options.ignoreNames) ||
      role.labels['kubernetes.io/bootstrapping'] !== undefined
    )
      return;
    let local: boolean | undefined;
    /**
     * Whether the ClusterRole is only bound by RoleBindings in the unit, so that it covers the Secrets of their
     * namespaces.
     */
    const boundLocally = (): boolean => {
      const holders = withAggregates(workspace.unit(role), role);
      const bindings = holders.flatMap((one) => bindingsOf(workspace, one, 'unit'));
      return bindings.length > 0 && bindings.every((binding) => binding.kind === 'RoleBinding');
    };
    for (const grant of grantsOf(role)) {
      // A star among the verbs is reported by wildcard-verb.
      if (!hasPair(grant, '', ['secrets']) || grant.verbs.includes('*')) continue;
      const verbs = unboundVerbs(grant).filter((verb) => options.verbs.includes(verb));
      if (verbs.length === 0) continue;
      if (isForPurpose(workspace, role, 'secrets')) return;
      if (role.kind === 'ClusterRole') local ??= boundLocally();
      const low = role.kind === 'Role' || local === true;
      report({
        message: 'secrets',
        data: {
          role: role.title,
          verbs: shortList(verbs),
          reach: role.kind === 'Role' ? 'its namespace' : low ? 'the namespaces it is bound in' : 'the cluster',
        },
        on: grant.entry,
        key: 'resources',
        ...(low ? { severity: 'low' } : {}),
      });
    }
  },
});
