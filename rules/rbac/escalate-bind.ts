import { defineRule, grantsOf, hasPair, ignoreNames, isIgnored, isRbac, rbacGroup, shortList } from '#rule';

/** Where the API server asks for the verbs: on the role that is written, or that a binding names. */
const roles = ['roles', 'clusterroles'];
/** Where people look for them: nobody asks there. */
const bindings = ['rolebindings', 'clusterrolebindings'];

export default defineRule({
  title: 'Role must not hold escalate or bind',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    lift: '{role} grants {verbs} on {resources}, so its holders can give themselves any right {reach}',
    idle: '{role} grants {verbs} on {resources}, where they grant nothing: Kubernetes asks for them on the role that is bound',
  },
  equivalents: [
    'checkov:CKV_K8S_157',
    'checkov:CKV_K8S_158',
    'kubescape:C-0191',
    'cis-eks-1.7:4.1.8',
    'kics:RBAC Roles Allow Privilege Escalation',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (!isRbac(role) || isIgnored(role, options.ignoreNames)) return;
    for (const grant of grantsOf(role)) {
      if (grant.names.length > 0 || grant.verbs.includes('*')) continue;
      const verbs = grant.verbs.filter((verb) => verb === 'escalate' || verb === 'bind');
      if (verbs.length === 0) continue;
      const data = (resources: readonly string[]) => ({
        role: role.title,
        verbs: shortList(verbs),
        resources: shortList(grant.resources.filter((one) => resources.includes(one))),
      });
      const place = { on: grant.entry, key: 'verbs' } as const;
      if (hasPair(grant, rbacGroup, roles))
        report({
          message: 'lift',
          data: { ...data(roles), reach: role.kind === 'ClusterRole' ? 'in the cluster' : 'in the namespace' },
          ...place,
        });
      else if (hasPair(grant, rbacGroup, bindings))
        report({ message: 'idle', data: data(bindings), ...place, severity: 'low' });
    }
  },
});
