import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const wanted = [
  { groups: [''], resources: ['services', 'endpoints'], verbs, unnamed: true },
  { groups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs, unnamed: true },
  { groups: ['networking.k8s.io', 'extensions'], resources: ['networkpolicies', 'ingresses'], verbs, unnamed: true },
] as const;

export default defineRule({
  title: 'Role should not manage network objects',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    write: '{role} grants {verbs} on {resources}, so its holders can expose or redirect application traffic in {reach}',
  },
  help: 'List the objects, e.g. resourceNames: [web], or remove the write verbs',
  equivalents: ['trivy:KSV-0056'],
  sources: ['trivy check library'],
  check(role, { options, report }) {
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
