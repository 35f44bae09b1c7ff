import { defineRule } from '#rule';
import { isAnonymous, isRbac, roleRefOf, subjectFix, subjectsOf } from '#rule/rbac';
import { text } from '#rule/shape';

export default defineRule({
  title: 'Anonymous users must not be bound to a role',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['subjects'],
  scope: 'resource',
  fix: 'suggestion: remove the subject',
  messages: {
    open: '{binding} grants {role} to unauthenticated users ({kind} {name}), so anyone who can reach the API server has its permissions',
    idle: '{binding} grants {role} to {kind} {name}, without effect: on 1.32 and later, EKS answers anonymous requests only at /healthz, /livez and /readyz',
  },
  help: 'Remove the subject, and bind the intended user, group or ServiceAccount',
  equivalents: [
    'trivy:KSV-0122',
    'kubescape:C-0262',
    'hardeneks:disable_anonymous_access_for_roles',
    'hardeneks:disable_anonymous_access_for_cluster_roles',
  ],
  sources: [
    'EKS Best Practices Guide, Security',
    'Amazon EKS User Guide, Kubernetes 1.32',
    'Kubernetes documentation, RBAC good practices',
  ],
  check(binding, { report, target }) {
    if (!isRbac(binding)) return;
    // The API server restores its own binding with this name; in a manifest it is a choice.
    if (binding.live && binding.kind === 'ClusterRoleBinding' && binding.name === 'system:public-info-viewer') return;
    for (const subject of subjectsOf(binding)) {
      if (!isAnonymous(subject)) continue;
      const ref = roleRefOf(binding);
      report({
        // Before 1.32 the grant takes effect; one cluster that old is enough.
        ...(target.lowest >= 32 ? { message: 'idle', severity: 'low' } : { message: 'open' }),
        data: {
          binding: binding.title,
          role: ref ? `${ref.kind} "${ref.name}"` : 'its role',
          kind: text(subject.kind) ?? '',
          name: subject.name,
        },
        on: subject,
        key: 'name',
        ...subjectFix(binding, subject),
      });
    }
  },
});
