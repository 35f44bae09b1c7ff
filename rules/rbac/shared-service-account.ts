import { defineRule, type Neighbours, type Workload } from '#rule';

/** What distinguishes applications: the instance label, otherwise the name of the workload. */
const applicationOf = (workload: Workload): string => workload.labels['app.kubernetes.io/instance'] ?? workload.name;

/** The first workload of another application that runs as the same account, for each that has one before it. */
function earlierUsers(bundle: Neighbours): ReadonlyMap<Workload, Workload> {
  const found = new Map<Workload, Workload>();
  /** The first user of each account, and the first of another application. */
  const users = new Map<string, { readonly first: Workload; other?: Workload }>();
  for (const workload of bundle.workloads('*')) {
    const account = `${workload.namespace}/${workload.serviceAccount}`;
    const known = users.get(account);
    if (!known) {
      users.set(account, { first: workload });
      continue;
    }
    const differs = applicationOf(known.first) !== applicationOf(workload);
    if (differs) known.other ??= workload;
    const rival = differs ? known.first : known.other;
    if (rival) found.set(workload, rival);
  }
  return found;
}

export default defineRule({
  title: 'Workloads should not share a service account',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'workspace',
  messages: {
    shared: '{workload} shares ServiceAccount "{account}" with {other}, so each has the permissions of both',
  },
  help: 'Give each application its own ServiceAccount, e.g. serviceAccountName: web',
  equivalents: [
    'hardeneks:use_dedicated_service_accounts_for_each_deployment',
    'hardeneks:use_dedicated_service_accounts_for_each_stateful_set',
    'hardeneks:use_dedicated_service_accounts_for_each_daemon_set',
    'kics:Shared Service Account',
  ],
  sources: ['EKS Best Practices Guide, Security'],
  check(workload, { report, workspace }) {
    const account = workload.serviceAccount;
    if (account === '' || account === 'default') return;
    const other = workspace.bundle(workload).once(earlierUsers).get(workload);
    if (other)
      report({
        message: 'shared',
        data: { workload: workload.title, account, other: other.title },
        on: workload.pod,
        key: 'serviceAccountName' in workload.pod ? 'serviceAccountName' : 'serviceAccount',
        related: [other.at],
      });
  },
});
