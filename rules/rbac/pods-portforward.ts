import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const wanted = [
  { groups: [''], resources: ['pods/portforward', 'pods/proxy', 'services/proxy'], verbs: ['create', 'get'] },
];

export default defineRule({
  title: 'Role should not allow port forwarding',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: { write: '{role} grants {verbs} on {resources}, so its holders can reach any port of any pod in {reach}' },
  help: 'Remove pods/portforward, pods/proxy and services/proxy, or grant them for a limited time in a RoleBinding',
  equivalents: ['kubescape:C-0063', 'kics:RBAC Roles with Port-Forwarding Permission'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
