import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const wanted = [
  { groups: [''], resources: ['configmaps'], verbs: ['update', 'patch', 'delete', 'deletecollection'], unnamed: true },
] as const;

export default defineRule({
  title: 'Role should not be able to change every ConfigMap',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    write:
      '{role} grants {verbs} on all {resources} of {reach}, including those of CoreDNS and aws-auth in kube-system',
  },
  help: 'List the ConfigMaps, e.g. resourceNames: [my-lock], or use a Lease for leader election',
  equivalents: ['trivy:KSV-0049', 'kubescape:C-0037'],
  sources: ['Threat Matrix for Kubernetes'],
  check(role, { options, report }) {
    if (role.kind === 'Role' && role.namespace !== 'kube-system') return;
    for (const held of heldBy(role, wanted, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
