import { defineRule, grantsEverything, grantsOf, ignoreNames, isIgnored, isRbac } from '#rule';

export default defineRule({
  title: 'Role must not grant every verb on every resource',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    resources: '{role} grants every verb on every resource, so whoever holds it, or steals a token of it, owns {reach}',
    urls: '{role} grants every verb on every path of the API server, so its holders reach endpoints that no list of rights names',
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
  check(role, { options, report }) {
    if (!isRbac(role) || isIgnored(role, options.ignoreNames)) return;
    const first = grantsOf(role).find((grant) => grantsEverything(grant, role.kind));
    if (!first) return;
    const reach = role.kind === 'ClusterRole' ? 'the cluster' : 'the namespace';
    const place = { on: first.entry, key: 'verbs' } as const;
    if (first.resources.includes('*') && first.groups.includes('*'))
      report({ message: 'resources', data: { role: role.title, reach }, ...place });
    else report({ message: 'urls', data: { role: role.title }, ...place });
  },
});
