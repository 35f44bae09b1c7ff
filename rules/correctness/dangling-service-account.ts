import { defineRule, whyObjectUnseen } from '#rule';

export default defineRule({
  title: 'Service account must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Service accounts that something else makes, as name or namespace/name.',
    },
    assumeComplete: {
      type: 'boolean',
      default: false,
      description: 'Report also where no ServiceAccount of the namespace is seen at all.',
    },
  },
  messages: {
    dangling:
      '{workload} runs as ServiceAccount "{account}", which the namespace does not have, so its pods are never created',
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
    if (account === 'default' || account === '') return;
    if (options.external.includes(account) || options.external.includes(`${workload.namespace}/${account}`)) return;
    const unit = workspace.unit(workload);
    if (unit.find('ServiceAccount', account).length > 0) return;
    const bundle = workspace.bundle(workload);
    if (!options.assumeComplete && !bundle.live && bundle.all('ServiceAccount').length === 0) return;
    const place = {
      on: workload.pod,
      key: typeof workload.pod.serviceAccountName === 'string' ? 'serviceAccountName' : 'serviceAccount',
    };
    const why = whyObjectUnseen(unit, 'ServiceAccount', account, workload.namespace);
    if (why !== undefined) undetermined(why, place);
    else report({ message: 'dangling', data: { workload: workload.title, account }, ...place });
  },
});
