import { defineRule, isBuiltIn, isRbac, roleRefOf, whyObjectUnseen } from '#rule';

export default defineRule({
  title: 'Binding must point to an existing role',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of roles that are applied from elsewhere.',
    },
  },
  messages: { missing: '{binding} points to {kind} "{name}", which is not there, so its subjects get no right at all' },
  equivalents: ['popeye:1300', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, RBAC'],
  check(binding, { options, report, undetermined, workspace }) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref || (ref.kind !== 'ClusterRole' && ref.kind !== 'Role')) return;
    // The API server does not accept a ClusterRoleBinding to a Role: that is no matter of existence.
    if (ref.kind === 'Role' && binding.kind === 'ClusterRoleBinding') return;
    if (isBuiltIn(ref.kind, ref.name, binding.namespace) || options.external.includes(ref.name)) return;
    if (workspace.unit(binding).find(ref.kind, ref.name).some(isRbac)) return;
    const bundle = workspace.bundle(binding);
    if (!bundle.live && ![...bundle.all('ClusterRole', '*'), ...bundle.all('Role', '*')].some(isRbac)) return;
    const place = { on: ref.on, key: 'name' } as const;
    const why = whyObjectUnseen(
      workspace.unit(binding),
      ref.kind,
      ref.name,
      ref.kind === 'Role' ? binding.namespace : undefined,
    );
    if (why === undefined)
      report({ message: 'missing', data: { binding: binding.title, kind: ref.kind, name: ref.name }, ...place });
    else undetermined(why, place);
  },
});
