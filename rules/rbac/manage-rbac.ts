import { defineRule } from '#rule';
import { heldBy, ignoreNames, rights, wordsOf } from '#rule/rbac';

export default defineRule({
  title: 'Role must not manage roles and bindings',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    manage: '{role} grants {verbs} on {resources}, so its holders can grant or remove permissions in {reach}',
  },
  help: 'Grant only get, list and watch on roles and bindings, e.g. verbs: [get, list, watch], and apply RBAC from Git',
  equivalents: ['trivy:KSV-0050', 'trivy:KSV-0051', 'trivy:KSV-0052', 'trivy:KSV-0055', 'checkov:CKV2_K8S_1'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    for (const held of heldBy(role, rights.manageRbac, options.ignoreNames))
      report({ message: 'manage', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
