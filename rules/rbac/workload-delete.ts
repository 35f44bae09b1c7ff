import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const verbs = ['delete', 'deletecollection'];
const wanted = [
  { groups: [''], resources: ['pods', 'namespaces', 'persistentvolumeclaims', 'persistentvolumes'], verbs },
  { groups: ['apps', 'extensions'], resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], verbs },
  { groups: ['batch'], resources: ['jobs', 'cronjobs'], verbs },
];

export default defineRule({
  title: 'Role should not allow deleting workloads',
  severity: 'low',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    write:
      '{role} grants {verbs} on {resources}, so its holders can stop applications of {reach} and delete their data',
  },
  help: 'Remove delete and deletecollection, e.g. verbs: [get, list, watch]',
  equivalents: ['kubescape:C-0007'],
  sources: ['Threat Matrix for Kubernetes'],
  check(role, { options, report }) {
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
