import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { withParts } from '#rule/aggregation';
import {
  bindingsBySubject,
  builtInNames,
  grantsEverything,
  grantsOf,
  heldIn,
  impersonatedIn,
  isMaintained,
  isRbac,
  mountsToken,
  namesOfAccount,
  rights,
  roleRefOf,
} from '#rule/rbac';

const inNamespace = [...rights.escalate, ...rights.tokenCreate];
const inCluster = [
  ...inNamespace,
  ...rights.nodesProxy,
  ...rights.webhookWrite,
  ...rights.readSecrets,
  ...rights.workloadChange,
];

/** A binding whose permissions are enough to take over the cluster, or its namespace. */
interface Takeover {
  readonly binding: AnyResource;
  readonly role: string;
  readonly reach: string;
}

/** Whether a role has enough permissions where it is bound. */
function isEnough(role: AnyResource, everywhere: boolean): boolean {
  if (isMaintained(role, builtInNames)) return false;
  return grantsOf(role).some((grant) => {
    // A star counts as what it stands for.
    if (grantsEverything(grant, role.kind) || impersonatedIn(grant, true)) return true;
    return heldIn(grant, everywhere ? inCluster : inNamespace, true) !== undefined;
  });
}

/** Those bindings, by the names of their subjects. Cluster-wide bindings come first. */
function takeovers(bundle: Neighbours): ReadonlyMap<string, Takeover> {
  const judged = new Map<AnyResource, Takeover | undefined>();
  const judge = (binding: AnyResource): Takeover | undefined => {
    const ref = roleRefOf(binding);
    if (!ref) return undefined;
    const everywhere = binding.kind === 'ClusterRoleBinding';
    const namespace = ref.kind === 'Role' ? binding.namespace : '*';
    const enough =
      (ref.kind === 'ClusterRole' && ref.name === 'cluster-admin') ||
      bundle
        .find(ref.kind, ref.name, namespace)
        .filter(isRbac)
        .flatMap((role) => withParts(bundle, role))
        .some((role) => isEnough(role, everywhere));
    const reach = everywhere ? 'the cluster' : `namespace "${binding.namespace}"`;
    return enough ? { binding, role: `${ref.kind} "${ref.name}"`, reach } : undefined;
  };
  const found = new Map<string, Takeover>();
  for (const [subject, bindings] of bundle.once(bindingsBySubject))
    for (const binding of bindings) {
      if (!judged.has(binding)) judged.set(binding, judge(binding));
      const takeover = judged.get(binding);
      if (takeover && found.get(subject)?.binding.kind !== 'ClusterRoleBinding') found.set(subject, takeover);
    }
  return found;
}

export default defineRule({
  title: 'Workload must not run with cluster takeover permissions',
  severity: 'high',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    exempt: {
      type: 'array',
      items: { type: 'string' },
      default: ['kube-system'],
      description: 'Namespaces to skip.',
    },
  },
  messages: {
    chain:
      '{workload} runs as ServiceAccount "{account}", to which {binding} grants {role}, so a compromised container controls {reach}',
  },
  help: 'Bind a narrower role to the account, or set automountServiceAccountToken: false if the pod needs no API access',
  equivalents: [
    'kubescape:C-0267',
    'kubescape:C-0272',
    'kubescape:C-0053',
    'kics:Service Account Allows Access Secrets',
  ],
  sources: ['Kubescape control library'],
  check(workload, { options, report, workspace }) {
    if (options.exempt.includes(workload.namespace)) return;
    const account = workload.serviceAccount || 'default';
    const all = workspace.bundle(workload).once(takeovers);
    const takeover = namesOfAccount(workload.namespace, account)
      .map((name) => all.get(name))
      .find((one) => one !== undefined);
    if (!takeover || !mountsToken(workload, workspace.unit(workload))) return;
    const key =
      'serviceAccount' in workload.pod && !('serviceAccountName' in workload.pod)
        ? 'serviceAccount'
        : 'serviceAccountName';
    report({
      message: 'chain',
      data: {
        workload: workload.title,
        account,
        binding: takeover.binding.title,
        role: takeover.role,
        reach: takeover.reach,
      },
      on: workload.pod,
      key,
      related: [takeover.binding.at],
    });
  },
});
