import { defineRule } from '#rule';
import { isRbac, roleRefOf, shortList, subjectName, subjectsOf } from '#rule/rbac';

export default defineRule({
  title: 'admin and edit should not be bound cluster-wide',
  severity: 'medium',
  preset: 'strict',
  kinds: ['ClusterRoleBinding'],
  needs: ['roleRef', 'subjects'],
  scope: 'resource',
  messages: {
    broad:
      '{binding} grants {role} to {subjects} in every namespace, including those of the platform and those created later',
  },
  help: 'Use a RoleBinding in each namespace where the role is needed, e.g. metadata.namespace: shop',
  equivalents: ['kubescape:C-0272'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(binding, { report }) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (ref?.kind !== 'ClusterRole' || (ref.name !== 'admin' && ref.name !== 'edit')) return;
    const subjects = subjectsOf(binding).map((subject) => subjectName(subject, ''));
    if (subjects.length > 0)
      report({
        message: 'broad',
        data: { binding: binding.title, role: `ClusterRole "${ref.name}"`, subjects: shortList(subjects, 2) },
        on: ref.on,
        key: 'name',
      });
  },
});
