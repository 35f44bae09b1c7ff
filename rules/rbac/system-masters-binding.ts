import { defineRule } from '#rule';
import { isRbac, subjectFix, subjectsOf } from '#rule/rbac';

export default defineRule({
  title: 'Group system:masters must not be bound',
  severity: 'high',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['roleRef', 'subjects'],
  scope: 'resource',
  fix: 'suggestion: remove the subject',
  messages: {
    masters:
      '{binding} binds group system:masters, whose members bypass RBAC, so the binding suggests a limit that does not exist',
  },
  help: 'Bind your own group, e.g. name: platform-admins, and map it with an EKS access entry',
  equivalents: ['trivy:KSV-0123', 'kubescape:C-0246'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(binding, { report }) {
    if (!isRbac(binding) || (binding.kind === 'ClusterRoleBinding' && binding.name === 'cluster-admin')) return;
    for (const subject of subjectsOf(binding))
      if (subject.kind === 'Group' && subject.name === 'system:masters')
        report({
          message: 'masters',
          data: { binding: binding.title },
          on: subject,
          key: 'name',
          ...subjectFix(binding, subject),
        });
  },
});
