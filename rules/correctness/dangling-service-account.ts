import { defineRule } from '#rule';
import { lookFor } from '#rule/absence';

export default defineRule({
  title: 'ServiceAccount must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'ServiceAccounts that exist but are not in the input, as name or namespace/name.',
    },
    assumeComplete: {
      type: 'boolean',
      default: false,
      description: 'Report even if the input has no ServiceAccount in the namespace.',
    },
  },
  messages: {
    dangling:
      '{workload} uses ServiceAccount "{account}", which does not exist in its namespace, so no pod can be created',
    elsewhere:
      '{workload} uses ServiceAccount "{account}", which exists only in namespace "{other}", so no pod can be created',
  },
  help: {
    dangling:
      'Correct serviceAccountName, or add the ServiceAccount; if it exists elsewhere, list it in the option external',
    elsewhere: 'Move ServiceAccount {account} to the namespace of the workload, or the workload to {other}',
  },
  equivalents: [
    'kube-linter:non-existent-service-account',
    'kubescape:C-0307',
    'popeye:307',
    'popeye:507',
    'monokle:LNK001',
  ],
  sources: ['Kubernetes documentation, Service Accounts'],
  check(workload, { options, report, undetermined, workspace }) {
    const account = workload.serviceAccount;
    if (account === '') return;
    if (options.external.includes(account) || options.external.includes(`${workload.namespace}/${account}`)) return;
    const search = lookFor(
      workspace,
      workload,
      { kind: 'ServiceAccount', name: account },
      (bundle) => options.assumeComplete || bundle.has('ServiceAccount'),
    );
    const place = {
      on: workload.pod,
      key: typeof workload.pod.serviceAccountName === 'string' ? 'serviceAccountName' : 'serviceAccount',
    };
    const data = { workload: workload.title, account };
    if (search.state === 'unclear') undetermined(search.why, place);
    else if (search.state === 'elsewhere')
      report({
        message: 'elsewhere',
        data: { ...data, other: search.object.namespace },
        ...place,
        related: [search.object.at],
      });
    else if (search.state === 'missing') report({ message: 'dangling', data, ...place });
  },
});
