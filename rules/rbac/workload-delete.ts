import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const verbs = ['delete', 'deletecollection'];
/** What contains data, or is deleted with everything it contains. */
const holders = ['namespaces', 'persistentvolumeclaims', 'persistentvolumes'];
const wanted = [
  { groups: [''], resources: ['pods', ...holders], verbs },
  { groups: ['apps', 'extensions'], resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], verbs },
  { groups: ['batch'], resources: ['jobs', 'cronjobs'], verbs },
];

export default defineRule({
  title: 'Role should not be able to delete workloads',
  severity: 'low',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    stop: '{role} grants {verbs} on {resources}, so its holders can stop applications of {reach}',
    data: '{role} grants {verbs} on {resources}, so its holders can stop applications of {reach} and delete their data',
  },
  help: 'Remove delete and deletecollection, e.g. verbs: [get, list, watch]',
  equivalents: ['kubescape:C-0007'],
  sources: ['Threat Matrix for Kubernetes'],
  check(role, { options, report }) {
    for (const held of heldBy(role, wanted, options.ignoreNames)) {
      const message = held.resources.some((one) => holders.includes(one)) ? 'data' : 'stop';
      report({ message, data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
    }
  },
});
