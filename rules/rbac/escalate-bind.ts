import { defineRule } from '#rule';
import { grantsEverything, grantsOf, hasPair, ignoreNames, isIgnored, isRbac, rbacGroup, shortList } from '#rule/rbac';

/** Where the API server checks the verbs: on the role that is being written, or to which a binding refers. */
const roles = ['roles', 'clusterroles', '*'];
/** Where the verbs have no effect, although people write them there. */
const bindings = ['rolebindings', 'clusterrolebindings'];

export default defineRule({
  title: 'Role must not grant escalate or bind',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    lift: '{role} grants {verbs} on {resources}, which can be used to gain any permission in {reach}',
    idle: '{role} grants {verbs} on {resources}, which has no effect: Kubernetes checks these verbs on the role being bound',
  },
  help: {
    lift: 'List only the other verbs, e.g. verbs: [get, create], or list the roles, e.g. resourceNames: [tenant]',
    idle: 'Remove the verbs; to allow binding a role, grant bind on clusterroles with its name in resourceNames',
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
    const grants = grantsOf(role);
    // Such a role is reported by wildcard-everything.
    if (grants.some((grant) => grantsEverything(grant, role.kind))) return;
    for (const grant of grants) {
      if (grant.names.length > 0) continue;
      const verbs = grant.verbs.filter((verb) => verb === 'escalate' || verb === 'bind' || verb === '*');
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
          data: { ...data(roles), reach: role.kind === 'ClusterRole' ? 'the cluster' : 'the namespace' },
          ...place,
        });
      else if (!verbs.includes('*') && hasPair(grant, rbacGroup, bindings))
        report({ message: 'idle', data: data(bindings), ...place, severity: 'low' });
    }
  },
});
