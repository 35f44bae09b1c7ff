import { type AnyResource, defineRule, type Workload, type Workspace } from '#rule';
import { databasesIn } from '#rule/database';
import { selectorOf } from '#rule/selector';
import { digList, digRecord, isRecord, text } from '#rule/shape';

export default defineRule({
  title: 'Database should allow only the pods that need it',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['database'],
  scope: 'workspace',
  asks: ['securityGroup'],
  messages: {
    nodes:
      'Database "{name}" allows the security group of a cluster or its nodes, so every pod can reach it, not only {workload}',
  },
  help: 'Allow the security group from the SecurityGroupPolicy, and remove the rule for nodes',
  equivalents: [],
  sources: ['EKS Best Practices Guide, Networking > Security Groups Per Pod'],
  check({ name, securityGroups }, { report, workspace }) {
    const { value: identifier } = name;
    const workload = workloadsOf(workspace).find(({ hosts }) =>
      hosts.some((host) => identifier !== undefined && host.startsWith(`${identifier.toLowerCase()}.`)),
    );
    if (identifier === undefined || !workload) return;
    for (const { part: group } of securityGroups)
      for (const { ofCluster, at } of group?.ingress ?? [])
        report({
          when: ofCluster,
          message: 'nodes',
          data: { name: identifier, workload: workload.title },
          at,
        });
  },
});

interface Named {
  readonly title: string;
  readonly hosts: readonly string[];
}
const known = new WeakMap<Workspace, readonly Named[]>();
/** Workloads with their own security groups, and the databases that their environment names. */
function workloadsOf(workspace: Workspace): readonly Named[] {
  const found = known.get(workspace);
  if (found) return found;
  const named = workspace
    .all('SecurityGroupPolicy')
    .flatMap((policy) =>
      selectedBy(policy, workspace).map((workload): Named => ({ title: workload.title, hosts: hostsIn(workload) })),
    );
  known.set(workspace, named);
  return named;
}
function selectedBy(policy: AnyResource, workspace: Workspace): readonly Workload[] {
  const selector = digRecord(policy.object, 'spec')?.['podSelector'];
  return isRecord(selector) ? workspace.unit(policy).selected(selectorOf(selector)) : [];
}
const hostsIn = ({ containers }: Workload): string[] =>
  containers.flatMap(({ object }) =>
    digList(object, 'env').flatMap((variable) => databasesIn(text(variable['value']) ?? '').map(({ host }) => host)),
  );
