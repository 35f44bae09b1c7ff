import { defineRule, dig, isBuiltInAccount, isRbac, subjectsOf, text, whyObjectUnseen } from '#rule';

export default defineRule({
  title: 'Binding must name existing service accounts',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of service accounts that something else creates.',
    },
  },
  messages: {
    missing:
      '{binding} names ServiceAccount "{name}", which is not in {place}, so pods that should have these rights run without them',
  },
  equivalents: ['popeye:1300', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, RBAC'],
  check(binding, { options, report, undetermined, workspace }) {
    if (!isRbac(binding)) return;
    for (const subject of subjectsOf(binding)) {
      const name = text(subject.name);
      const namespace = text(subject.namespace) ?? (binding.kind === 'RoleBinding' ? binding.namespace : undefined);
      if (
        subject.kind !== 'ServiceAccount' ||
        name === undefined ||
        name === '' ||
        namespace === undefined ||
        name === 'default' ||
        options.external.includes(name)
      )
        continue;
      // Kustomize moves an account to another namespace and rewrites the subjects that name it: its written namespace counts, too.
      const found = workspace
        .unit(binding)
        .find('ServiceAccount', name, '')
        .some(
          (account) =>
            account.namespace === '' ||
            namespace === '' ||
            account.namespace === namespace ||
            dig(account.written, 'metadata', 'namespace') === namespace,
        );
      if (found || isBuiltInAccount(name, namespace)) continue;
      const bundle = workspace.bundle(binding);
      if (
        !bundle.live &&
        bundle.all('ServiceAccount', namespace).length === 0 &&
        bundle.workloads(namespace).length === 0
      )
        continue;
      const place = { on: subject, key: 'name' } as const;
      const why = whyObjectUnseen(workspace.unit(binding), 'ServiceAccount', name, namespace);
      if (why !== undefined) undetermined(why, place);
      else
        report({
          message: 'missing',
          data: {
            binding: binding.title,
            name,
            place: namespace === '' ? 'its namespace' : `namespace "${namespace}"`,
          },
          ...place,
        });
    }
  },
});
