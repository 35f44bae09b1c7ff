import { defineRule } from '#rule';
import { isRbac, rbacGroup, roleRefOf, subjectsOf } from '#rule/rbac';
import { digRecord, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Binding subject must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  scope: 'workspace',
  fix: 'suggestion: add the namespace of the account',
  messages: {
    namespace: '{binding} names ServiceAccount "{name}" without a namespace, so the API server rejects it',
    accountGroup: '{binding} gives ServiceAccount "{name}" an apiGroup, so the API server rejects it',
    group: '{binding} gives {kind} "{name}" the apiGroup "{group}", so the API server rejects it',
    kind: '{binding} has a subject of kind "{kind}", which RBAC does not support, so the API server rejects it',
    user: '{binding} names User "{name}", which lacks the account name, so it matches no one',
    role: '{binding} refers to a Role, which a ClusterRoleBinding cannot bind, so the API server rejects it',
    refKind: '{binding} refers to a role of kind "{kind}", so the API server rejects it',
    refGroup: '{binding} has the apiGroup "{group}" in roleRef, so the API server rejects it',
    nobody: '{binding} has no subjects, so it grants nothing',
  },
  help: {
    namespace: 'Set namespace on the subject, e.g. namespace: shop',
    accountGroup: 'Remove apiGroup, or set it to ""',
    group: 'Set apiGroup: rbac.authorization.k8s.io',
    kind: 'Set kind to User, Group or ServiceAccount',
    user: 'Use kind: ServiceAccount with name and namespace, or name: system:serviceaccount:<namespace>:<name>',
    role: 'Use a RoleBinding, or refer to a ClusterRole',
    refKind: 'Set roleRef.kind to Role or ClusterRole',
    refGroup: 'Set roleRef.apiGroup: rbac.authorization.k8s.io',
    nobody: 'Add a subject, or remove the binding',
  },
  equivalents: [],
  sources: ['Kubernetes API reference'],
  check(binding, { report, workspace }) {
    if (!isRbac(binding)) return;
    const data = { binding: binding.title };
    const ref = roleRefOf(binding);
    if (ref?.kind === 'Role' && binding.kind === 'ClusterRoleBinding')
      report({ message: 'role', data, on: ref.on, key: 'kind' });
    if (ref && ref.kind !== '' && ref.kind !== 'Role' && ref.kind !== 'ClusterRole' && !unrendered(ref.kind))
      report({ message: 'refKind', data: { ...data, kind: ref.kind }, on: ref.on, key: 'kind' });
    const refMap = digRecord(binding.object, 'roleRef');
    const refGroup = text(refMap?.['apiGroup']);
    if (refMap && refGroup !== undefined && refGroup !== '' && refGroup !== rbacGroup)
      report({ message: 'refGroup', data: { ...data, group: refGroup }, on: refMap, key: 'apiGroup' });

    const all: unknown = binding.object.subjects;
    if (all === undefined || all === null || (Array.isArray(all) && all.length === 0))
      report({ message: 'nobody', data, on: binding.object, key: 'subjects', severity: 'low' });

    for (const subject of subjectsOf(binding)) {
      const group = text(subject.apiGroup) ?? '';
      const words = { ...data, name: subject.name };
      if (subject.kind === 'ServiceAccount') {
        if (group !== '') report({ message: 'accountGroup', data: words, on: subject, key: 'apiGroup' });
        if (binding.kind !== 'ClusterRoleBinding' || (text(subject.namespace) ?? '') !== '') continue;
        const accounts = workspace.bundle(binding).find('ServiceAccount', subject.name, '*');
        // Kustomize sets the namespace of the account in the subject.
        if (accounts.some((one) => one.written !== one.object)) continue;
        const namespaces = new Set(accounts.map(({ namespace }) => namespace).filter((one) => one !== ''));
        const [namespace] = namespaces;
        report({
          message: 'namespace',
          data: words,
          on: subject,
          key: 'namespace',
          ...(namespace !== undefined && namespaces.size === 1
            ? { fix: { safe: false, edits: [{ op: 'set', on: subject, key: 'namespace', value: namespace }] } }
            : {}),
        });
      } else if (subject.kind === 'User' || subject.kind === 'Group') {
        if (group !== '' && group !== rbacGroup)
          report({ message: 'group', data: { ...words, kind: subject.kind, group }, on: subject, key: 'apiGroup' });
        if (subject.kind === 'User' && /^system:serviceaccount:[^:]*$/.test(subject.name))
          report({ message: 'user', data: words, on: subject, key: 'name' });
      } else if (typeof subject.kind === 'string' && subject.kind !== '' && !unrendered(subject.kind)) {
        report({ message: 'kind', data: { ...data, kind: subject.kind }, on: subject, key: 'kind' });
      }
    }
  },
});
