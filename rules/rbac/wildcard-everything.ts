import { defineRule } from '#rule';
import { withAggregates } from '#rule/aggregation';
import {
  bindingsOf,
  builtInNames,
  grantsEverything,
  grantsOf,
  ignoreNames,
  isAnonymous,
  isIgnored,
  isRbac,
  subjectsOf,
} from '#rule/rbac';

export default defineRule({
  title: 'Role must not grant every verb on every resource',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'workspace',
  options: { ignoreNames },
  messages: {
    resources: '{role} grants all verbs on all resources, so anyone with the credentials of a holder controls {reach}',
    urls: '{role} grants all verbs on all API paths, so its holders can use every endpoint, including those for debugging',
  },
  help: {
    resources:
      'List the API groups, resources and verbs that are used, e.g. apiGroups: [apps], resources: [deployments], verbs: [get, list]',
    urls: 'List the paths that are used, e.g. nonResourceURLs: [/metrics], verbs: [get]',
  },
  equivalents: [
    'kube-linter:wildcard-in-rules',
    'checkov:CKV_K8S_49',
    'trivy:KSV-0044',
    'trivy:KSV-0046',
    'trivy:KSV-0112',
    'kubescape:C-0187',
    'kubescape:C-0035',
    'cis-eks-1.7:4.1.3',
    'prowler:rbac_minimize_wildcard_use_roles',
    'hardeneks:restrict_wildcard_for_roles',
    'hardeneks:restrict_wildcard_for_cluster_roles',
    'polaris:clusterrolebindingClusterAdmin',
    'polaris:rolebindingClusterAdminRole',
    'kics:RBAC Wildcard In Rule',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, judges, report, workspace }) {
    if (!isRbac(role) || isIgnored(role, options.ignoreNames)) return;
    const first = grantsOf(role).find((grant) => grantsEverything(grant, role.kind));
    if (!first) return;
    // One finding per defect: where the role is bound, cluster-admin-binding reports the binding and shows the role.
    const bound = withAggregates(workspace.bundle(role), role)
      .filter((one) => one === role || !isIgnored(one, builtInNames))
      .flatMap((one) => bindingsOf(workspace, one, 'bundle'))
      .some((binding) => subjectsOf(binding).some((subject) => !isAnonymous(subject)));
    if (bound && judges('rbac/cluster-admin-binding')) return;
    const reach = role.kind === 'ClusterRole' ? 'the cluster' : 'the namespace';
    const place = { on: first.entry, key: 'verbs' } as const;
    if (first.resources.includes('*') && first.groups.includes('*'))
      report({ message: 'resources', data: { role: role.title, reach }, ...place });
    else report({ message: 'urls', data: { role: role.title }, ...place });
  },
});
