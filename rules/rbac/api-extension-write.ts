import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const wanted = [
  { groups: ['apiregistration.k8s.io'], resources: ['apiservices'], verbs, unnamed: true },
  { groups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs, unnamed: true },
] as const;

export default defineRule({
  title: 'Role should not be able to change API services or CRDs',
  severity: 'medium',
  preset: 'strict',
  kinds: ['ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    write: '{role} grants {verbs} on {resources}, so its holders can take over or remove APIs of the cluster',
  },
  help: 'Install definitions with the chart, and set verbs: [get, list, watch], or list them in resourceNames',
  equivalents: [],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
