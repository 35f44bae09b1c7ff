import { defineRule } from '#rule';
import { grantsOf, ignoreNames, isMaintained, shortList } from '#rule/rbac';

export default defineRule({
  title: 'Role should list API groups',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    star: '{role} grants {verbs} on {resources} in all API groups ("*"), including those of operators that are installed later',
  },
  help: 'List the groups, e.g. apiGroups: ["", apps]',
  equivalents: ['kube-linter:wildcard-in-rules', 'kubescape:C-0187', 'cis-eks-1.7:4.1.3'],
  sources: ['CIS Amazon EKS Benchmark 1.7'],
  check(role, { options, report }) {
    if (isMaintained(role, options.ignoreNames)) return;
    for (const grant of grantsOf(role)) {
      // Other stars are reported by other rules.
      const { verbs, groups, resources } = grant;
      if (!groups.includes('*') || [verbs, resources].some((all) => all.length === 0 || all.includes('*'))) continue;
      report({
        message: 'star',
        data: { role: role.title, verbs: shortList(verbs), resources: shortList(resources) },
        on: grant.entry,
        key: 'apiGroups',
      });
    }
  },
});
