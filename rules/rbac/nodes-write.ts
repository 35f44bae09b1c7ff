import { defineRule } from '#rule';
import { heldBy, ignoreNames, isIgnored, wordsOf } from '#rule/rbac';

const wanted = [
  {
    groups: [''],
    resources: ['nodes', 'nodes/status'],
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    unnamed: true,
  },
] as const;

export default defineRule({
  title: 'Role should not be able to change nodes',
  severity: 'medium',
  preset: 'strict',
  kinds: ['ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: {
    ignoreNames,
    nodeManagers: {
      type: 'array',
      items: { type: 'string' },
      patterns: true,
      default: ['karpenter', 'cluster-autoscaler', 'node-problem-detector'],
      description: 'Patterns for names of roles that manage nodes by design.',
    },
  },
  messages: {
    write:
      '{role} grants {verbs} on {resources}, so its holders can move pods between nodes and take nodes out of service',
  },
  help: 'Remove the write verbs on nodes, e.g. verbs: [get, list, watch]',
  equivalents: [],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (isIgnored(role, options.nodeManagers)) return;
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
