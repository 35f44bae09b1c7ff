import { defineRule } from '#rule';
import { withParts } from '#rule/aggregation';
import {
  builtInNames,
  grantsEverything,
  grantsOf,
  isAnonymous,
  isDeployer,
  isIgnored,
  isRbac,
  roleRefOf,
  shortList,
  subjectName,
  subjectsOf,
} from '#rule/rbac';

/** Bindings that Kubernetes and EKS create, and their only subject (Amazon EKS User Guide, Amazon EKS add-ons). */
const kept: ReadonlyMap<string, string> = new Map([
  ['cluster-admin', 'Group/system:masters'],
  ['eks:addon-cluster-admin', 'User/eks:addon-manager'],
]);

/** People and their groups; names that start with `system:` are service accounts, nodes, or everyone. */
const isPerson = (subject: string): boolean =>
  /^(?:User|Group)\/(?!system:)/.test(subject) || subject === 'Group/system:masters';

export default defineRule({
  title: 'cluster-admin must not be bound',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  needs: ['roleRef', 'subjects'],
  scope: 'workspace',
  options: {
    allowedSubjects: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Subjects that may have the role, as Group/name, User/name or ServiceAccount/namespace/name.',
    },
  },
  messages: {
    admin: '{binding} grants {role} to {subjects}, so anyone with their credentials controls {reach}',
    deployer:
      '{binding} grants {role} to the GitOps deployer {subjects}, so anyone who can change what it deploys controls {reach}',
  },
  help: {
    admin:
      'Bind a narrower role, e.g. ClusterRole edit in a RoleBinding, or list the subject in the option allowedSubjects',
    deployer:
      'Let it impersonate a ServiceAccount per team (Argo CD sync impersonation, Flux spec.serviceAccountName), or list it in the option allowedSubjects',
  },
  equivalents: [
    'kube-linter:cluster-admin-role-binding',
    'polaris:clusterrolebindingClusterAdmin',
    'polaris:rolebindingClusterAdminClusterRole',
    'polaris:rolebindingClusterAdminRole',
    'trivy:KSV-0111',
    'kubescape:C-0035',
    'kubescape:C-0185',
    'cis-eks-1.7:4.1.1',
    'prowler:rbac_cluster_admin_usage',
    'kics:Cluster Admin Rolebinding With Superuser Permissions',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(binding, { options, judges, report, workspace }) {
    const ref = isRbac(binding) ? roleRefOf(binding) : undefined;
    if (!ref) return;
    const everywhere = binding.kind === 'ClusterRoleBinding';
    const subjects = subjectsOf(binding)
      .filter((subject) => !isAnonymous(subject) || !judges('rbac/anonymous-binding'))
      .map((subject) => subjectName(subject, binding.namespace));
    if (everywhere && subjects.every((subject) => subject === kept.get(binding.name))) return;
    const strangers = subjects.filter((subject) => !options.allowedSubjects.includes(subject));
    if (strangers.length === 0) return;

    const builtIn = ref.kind === 'ClusterRole' && ref.name === 'cluster-admin';
    const bundle = workspace.bundle(binding);
    const own =
      builtIn || isIgnored(ref, builtInNames)
        ? undefined
        : bundle
            .find(ref.kind, ref.name)
            .filter(isRbac)
            .flatMap((role) => withParts(bundle, role))
            .find((role) => grantsOf(role).some((grant) => grantsEverything(grant, role.kind)));
    if (!builtIn && !own) return;
    const isKnown = (name: string): boolean =>
      subjectsOf(binding).some(
        (subject) => subjectName(subject, binding.namespace) === name && isDeployer(workspace, binding, subject),
      );
    const deployer = strangers.every(isKnown);
    report({
      message: deployer ? 'deployer' : 'admin',
      on: ref.on,
      key: 'name',
      data: {
        binding: binding.title,
        role: own ? `everything (${ref.kind} "${ref.name}")` : 'cluster-admin',
        subjects: shortList(strangers, 2),
        reach: everywhere ? 'the cluster' : 'the namespace',
      },
      ...(own ? { related: [own.at] } : {}),
      ...(deployer ? { severity: 'medium' } : everywhere && !strangers.every(isPerson) ? {} : { severity: 'high' }),
    });
  },
});
