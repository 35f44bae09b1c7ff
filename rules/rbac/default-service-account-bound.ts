import { defineRule } from '#rule';
import { isRbac, roleRefOf, subjectsOf } from '#rule/rbac';

export default defineRule({
  title: 'Default service account must not be bound to a role',
  severity: 'high',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['roleRef', 'subjects'],
  scope: 'resource',
  messages: {
    bound: '{binding} grants {role} to ServiceAccount "default", which every pod without its own account uses',
  },
  help: 'Create a ServiceAccount for the workload, set its name in serviceAccountName, and bind that account',
  equivalents: [
    'checkov:CKV_K8S_42',
    'popeye:308',
    'kubescape:C-0225',
    'cis-eks-1.7:5.2.1',
    'kics:Role Binding To Default Service Account',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7'],
  check(binding, { report }) {
    if (!isRbac(binding)) return;
    const ref = roleRefOf(binding);
    for (const subject of subjectsOf(binding))
      if (subject.kind === 'ServiceAccount' && subject.name === 'default')
        report({
          message: 'bound',
          data: { binding: binding.title, role: ref ? `${ref.kind} "${ref.name}"` : 'its role' },
          on: subject,
          key: 'name',
        });
  },
});
