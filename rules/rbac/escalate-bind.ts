import { defineRule, grantsOf, hasPair, ignoreNames, isIgnored, isRbac, rbacGroup, shortList } from '#rule';

const subjects = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];

export default defineRule({
  title: 'Role must not hold escalate or bind',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  scope: 'resource',
  options: { ignoreNames },
  messages: { lift: '{role} grants {verbs} on {resources}, so its holders can give themselves any right {reach}' },
  equivalents: ['checkov:CKV_K8S_157', 'checkov:CKV_K8S_158', 'kubescape:C-0191', 'cis-eks-1.7:4.1.8', 'kics:RBAC Roles Allow Privilege Escalation'],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (!isRbac(role) || isIgnored(role, options.ignoreNames)) return;
    for (const grant of grantsOf(role)) {
      if (grant.names.length > 0 || grant.verbs.includes('*') || !hasPair(grant, rbacGroup, subjects)) continue;
      const verbs = grant.verbs.filter((verb) => verb === 'escalate' || verb === 'bind');
      if (verbs.length === 0) continue;
      report({
        message: 'lift', on: grant.entry, key: 'verbs',
        data: { role: role.title, verbs: shortList(verbs), resources: shortList(grant.resources.filter((one) => subjects.includes(one)), 4), reach: role.kind === 'ClusterRole' ? 'in the cluster' : 'in the namespace' },
      });
    }
  },
});
