import { defineRule, type Neighbours } from '#rule';
import { bindingsBySubject, mountsToken } from '#rule/rbac';

/** Accounts that some binding names, as namespace/name, and as name only. */
function boundAccounts(unit: Neighbours): ReadonlySet<string> {
  const found = new Set<string>();
  for (const subject of unit.once(bindingsBySubject).keys()) {
    const [, namespace, name] =
      /^(?:ServiceAccount\/|User\/system:serviceaccount:)([^/:]*)[/:](.+)$/.exec(subject) ?? [];
    if (namespace !== undefined && name !== undefined)
      found.add(`${namespace}/${name}`).add(namespace === '' ? `*/${name}` : `any/${name}`);
  }
  return found;
}

export default defineRule({
  title: 'Pod should not mount an API token it does not need',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: set automountServiceAccountToken: false',
  options: {
    skipBound: {
      type: 'boolean',
      default: true,
      description: 'Skip pods whose account is bound to a role, since they use the API.',
    },
  },
  messages: {
    mounted:
      '{workload} mounts an API token although no role is bound to its account, so a compromised container can log in to the cluster',
  },
  help: 'Set automountServiceAccountToken: false in the pod or in its ServiceAccount',
  equivalents: [
    'polaris:automountServiceAccountToken',
    'checkov:CKV_K8S_38',
    'trivy:KSV-0036',
    'kubescape:C-0034',
    'kubescape:C-0190',
    'kubescape:C-0261',
    'popeye:301',
    'popeye:303',
    'cis-eks-1.7:4.1.6',
    'hardeneks:disable_service_account_token_mounts',
    'monokle:KBP106',
    'kics:Service Account Token Automount Not Disabled',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'EKS Best Practices Guide, Security'],
  check(workload, { options, report, workspace }) {
    if (workload.template.spec === undefined) return;
    // `off` without quotes is not a name: the intended account, and whether it mounts a token, are unknown.
    const isNamed = ['string', 'undefined'].includes(typeof (workload.pod.serviceAccountName ?? undefined));
    if (!isNamed && workload.pod.automountServiceAccountToken !== true) return;
    const unit = workspace.unit(workload);
    if (workload.pod.automountServiceAccountToken === false || !mountsToken(workload, unit)) return;
    if (options.skipBound) {
      const bound = unit.once(boundAccounts);
      const account = workload.serviceAccount || 'default';
      const { namespace } = workload;
      // If the namespace is unknown, an account with that name in any namespace may be the one.
      const names = namespace === '' ? [`*/${account}`, `any/${account}`] : [`${namespace}/${account}`, `*/${account}`];
      if (names.some((name) => bound.has(name))) return;
    }
    report({
      message: 'mounted',
      data: { workload: workload.title },
      on: workload.pod,
      key: 'automountServiceAccountToken',
      fix: {
        safe: false,
        edits: [{ op: 'set', on: workload.pod, key: 'automountServiceAccountToken', value: false }],
      },
    });
  },
});
