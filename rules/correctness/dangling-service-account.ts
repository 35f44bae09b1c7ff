import { defineRule } from '#rule';
import { foundElsewhere, isPlatformObject, whyObjectUnseen } from '#rule/absence';

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
      description: 'Service accounts that are not in the input but exist, as name or namespace/name.',
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
    dangling: 'Correct serviceAccountName, or add the ServiceAccount; list one from elsewhere in the option external',
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
    if (account === '' || isPlatformObject('ServiceAccount', account, workload.namespace)) return;
    if (options.external.includes(account) || options.external.includes(`${workload.namespace}/${account}`)) return;
    const unit = workspace.unit(workload);
    if (unit.find('ServiceAccount', account).length > 0) return;
    const bundle = workspace.bundle(workload);
    const other = foundElsewhere(bundle.find('ServiceAccount', account, '*'), workload.namespace);
    if (!options.assumeComplete && !bundle.live && !other && !bundle.has('ServiceAccount')) return;
    const place = {
      on: workload.pod,
      key: typeof workload.pod.serviceAccountName === 'string' ? 'serviceAccountName' : 'serviceAccount',
    };
    const why = whyObjectUnseen(unit, 'ServiceAccount', account, workload.namespace);
    if (why !== undefined) undetermined(why, place);
    else if (other)
      report({
        message: 'elsewhere',
        data: { workload: workload.title, account, other: other.namespace },
        ...place,
        related: [other.at],
      });
    else report({ message: 'dangling', data: { workload: workload.title, account }, ...place });
  },
});
