import { defineRule, isRbac, roleRefOf, subjectsOf } from '#rule';

/** Names that the API server gives to requests without credentials. */
const anonymous: ReadonlyMap<string, string> = new Map([
  ['User', 'system:anonymous'],
  ['Group', 'system:unauthenticated'],
]);

export default defineRule({
  title: 'Anonymous users must not be bound to a role',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  scope: 'resource',
  fix: 'suggestion: remove the subject',
  messages: {
    open: '{binding} gives {role} to {kind} {name}, so everyone who reaches the API server holds it without signing in',
  },
  equivalents: [
    'trivy:KSV-0122',
    'kubescape:C-0262',
    'hardeneks:disable_anonymous_access_for_roles',
    'hardeneks:disable_anonymous_access_for_cluster_roles',
  ],
  sources: ['EKS Best Practices Guide, Security', 'Kubernetes documentation, RBAC good practices'],
  check(binding, { report }) {
    if (!isRbac(binding)) return;
    // The API server restores this binding of its own; in a manifest it is somebody's choice.
    if (binding.live && binding.kind === 'ClusterRoleBinding' && binding.name === 'system:public-info-viewer') return;
    const all: unknown = binding.object.subjects;
    for (const subject of subjectsOf(binding)) {
      if (typeof subject.kind !== 'string' || anonymous.get(subject.kind) !== subject.name) continue;
      const index = Array.isArray(all) ? all.indexOf(subject) : -1;
      report({
        message: 'open',
        data: {
          binding: binding.title,
          role: `role "${roleRefOf(binding)?.name ?? ''}"`,
          kind: subject.kind,
          name: subject.name,
        },
        on: subject,
        key: 'name',
        ...(Array.isArray(all) && index >= 0
          ? { fix: { safe: false, edits: [{ op: 'remove', on: all, key: index }] } }
          : {}),
      });
    }
  },
});
