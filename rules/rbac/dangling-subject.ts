import { defineRule, type Neighbours, type Workload } from '#rule';
import { foundElsewhere, isPlatformObject, whyElsewhere, whyObjectUnseen } from '#rule/absence';
import { isRbac, subjectsOf } from '#rule/rbac';
import { dig, text } from '#rule/shape';

/** Accounts that a kustomization changes, by their names and the namespaces in their files. */
const writtenAccounts = (unit: Neighbours): ReadonlySet<string> =>
  new Set(
    unit
      .all('ServiceAccount', '*')
      .filter(({ written, object }) => written !== object)
      .flatMap(({ written, names }) =>
        names.map((name) => JSON.stringify([name, dig(written, 'metadata', 'namespace') ?? 'default'])),
      ),
  );

const isBuiltIn = ({ byShape }: Workload): boolean => !byShape;

export default defineRule({
  title: 'Binding should refer to an existing service account',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['subjects', 'namespace'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of service accounts that exist but are not in the input.',
    },
  },
  messages: {
    missing:
      '{binding} refers to ServiceAccount "{name}", which does not exist in {place}, so its permissions have no effect',
    elsewhere:
      '{binding} refers to ServiceAccount "{name}" in {place}, but it exists only in namespace "{other}", so it gets no permissions',
  },
  help: {
    missing:
      'Correct the name of the subject, or add the ServiceAccount; if it exists elsewhere, list it in the option external',
    elsewhere: 'Set namespace: {other} on the subject',
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
      // Kustomize moves an account to another namespace and rewrites the subjects that refer to it, so its original
      // namespace counts too. An account without a namespace is in "default" for kustomize (api/filters/nameref,
      // filterMapCandidatesByNamespace).
      const unit = workspace.unit(binding);
      const found =
        unit.find('ServiceAccount', name, namespace).length > 0 ||
        unit.once(writtenAccounts).has(JSON.stringify([name, namespace]));
      if (found || isPlatformObject('ServiceAccount', name, namespace)) continue;
      const bundle = workspace.bundle(binding);
      const other = foundElsewhere(bundle.find('ServiceAccount', name, '*'), namespace);
      if (
        !bundle.live &&
        !other &&
        !bundle.has('ServiceAccount', namespace) &&
        // The operator of a custom resource may create the account too.
        !bundle.someWorkload(isBuiltIn, namespace)
      )
        continue;
      const place = { on: subject, key: 'name' } as const;
      const why =
        whyObjectUnseen(unit, 'ServiceAccount', name, namespace) ??
        whyElsewhere(workspace, binding, 'ServiceAccount', name, namespace);
      const data = {
        binding: binding.title,
        name,
        place: namespace === '' ? 'its namespace' : `namespace "${namespace}"`,
      };
      if (why !== undefined) undetermined(why, place);
      else if (other)
        report({ message: 'elsewhere', data: { ...data, other: other.namespace }, ...place, related: [other.at] });
      else report({ message: 'missing', data, ...place });
    }
  },
});
