import { defineRule } from '#rule';
import { foundElsewhere, isPlatformObject, whyElsewhere, whyObjectUnseen } from '#rule/absence';
import { isRbac, roleRefOf } from '#rule/rbac';

export default defineRule({
  title: 'Binding should refer to an existing role',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['roleRef'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of roles that exist but are not in the input.',
    },
  },
  messages: {
    missing: '{binding} refers to {kind} "{name}", which does not exist, so it grants nothing',
    elsewhere: '{binding} refers to {kind} "{name}", which exists only in namespace "{other}", so it grants nothing',
  },
  help: {
    missing:
      'Correct roleRef.name or roleRef.kind, or add the role; if it exists elsewhere, list it in the option external',
    elsewhere: 'Move the Role and its binding into one namespace, or refer to a ClusterRole',
  },
  equivalents: ['popeye:1300', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, RBAC'],
  check(binding, { options, report, undetermined, workspace }) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref || (ref.kind !== 'ClusterRole' && ref.kind !== 'Role')) return;
    // The API server rejects a ClusterRoleBinding to a Role, even if the Role exists.
    if (ref.kind === 'Role' && binding.kind === 'ClusterRoleBinding') return;
    if (isPlatformObject(ref.kind, ref.name, binding.namespace) || options.external.includes(ref.name)) return;
    if (workspace.unit(binding).find(ref.kind, ref.name).some(isRbac)) return;
    const bundle = workspace.bundle(binding);
    if (!bundle.live && !['ClusterRole', 'Role'].some((kind) => bundle.some(kind, isRbac, '*'))) return;
    const place = { on: ref.on, key: 'name' } as const;
    const unit = workspace.unit(binding);
    const why =
      ref.kind === 'Role'
        ? (whyObjectUnseen(unit, 'Role', ref.name, binding.namespace) ??
          whyElsewhere(workspace, binding, 'Role', ref.name, binding.namespace))
        : whyObjectUnseen(unit, ref.kind, ref.name, undefined);
    if (why !== undefined) {
      undetermined(why, place);
      return;
    }
    const data = { binding: binding.title, kind: ref.kind, name: ref.name };
    const other =
      ref.kind === 'Role' ? foundElsewhere(bundle.find('Role', ref.name, '*'), binding.namespace) : undefined;
    if (other)
      report({ message: 'elsewhere', data: { ...data, other: other.namespace }, ...place, related: [other.at] });
    else report({ message: 'missing', data, ...place });
  },
});
