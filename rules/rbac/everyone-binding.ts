import { defineRule } from '#rule';
import { isRbac, roleRefOf, subjectFix, subjectsOf } from '#rule/rbac';

/** Roles that Kubernetes itself binds to everyone (Kubernetes documentation, RBAC, discovery roles). */
const harmless = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/**
 * The members of a group that stands for everyone; undefined for other groups. The accounts of one namespace are a
 * group that a RoleBinding may intend.
 */
function membersOf(group: string, everywhere: boolean): string | undefined {
  if (group === 'system:authenticated') return 'every IAM principal and service account that the cluster accepts';
  if (group === 'system:serviceaccounts') return 'every service account in the cluster';
  const [, namespace] = /^system:serviceaccounts:(.+)$/.exec(group) ?? [];
  return everywhere && namespace !== undefined ? `every pod in namespace "${namespace}"` : undefined;
}

export default defineRule({
  title: 'Role must not be bound to all authenticated users',
  severity: 'high',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['roleRef', 'subjects'],
  scope: 'resource',
  fix: 'suggestion: remove the subject',
  messages: { everyone: '{binding} grants {role} to group {name}, so {members} has its permissions' },
  help: 'Bind the intended group or ServiceAccount, e.g. kind: Group, name: developers',
  equivalents: ['trivy:KSV-01011', 'kubescape:C-0265'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(binding, { report }) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref || (ref.kind === 'ClusterRole' && harmless.has(ref.name))) return;
    for (const subject of subjectsOf(binding)) {
      const members = subject.kind === 'Group' && membersOf(subject.name, binding.kind === 'ClusterRoleBinding');
      if (members)
        report({
          message: 'everyone',
          data: { binding: binding.title, role: `${ref.kind} "${ref.name}"`, name: subject.name, members },
          on: subject,
          key: 'name',
          ...subjectFix(binding, subject),
        });
    }
  },
});
