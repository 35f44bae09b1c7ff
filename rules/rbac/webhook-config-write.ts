import { defineRule } from '#rule';
import { heldBy, ignoreNames, isForPurpose, rights, wordsOf } from '#rule/rbac';

export default defineRule({
  title: 'Role must not write admission webhook configurations',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'workspace',
  options: { ignoreNames },
  messages: {
    write:
      '{role} grants {verbs} on {resources}, so its holders can read, change or block every request to the API server',
    remove: '{role} grants {verbs} on {resources}, so its holders can disable checks on requests to the API server',
  },
  help: 'List the managed objects, e.g. resourceNames: [my-webhook], with verbs: [get, update, patch]',
  equivalents: [
    'trivy:KSV-0114',
    'kubescape:C-0281',
    'checkov:CKV_K8S_155',
    'cis-eks-1.8:4.1.11',
    'prowler:rbac_minimize_webhook_config_access',
  ],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report, workspace }) {
    if (isForPurpose(workspace, role, 'webhooks')) return;
    for (const held of heldBy(role, rights.webhookWrite, options.ignoreNames))
      report({
        message: held.verbs.every((verb) => verb.startsWith('delete')) ? 'remove' : 'write',
        data: wordsOf(role, held),
        on: held.grant.entry,
        key: 'resources',
      });
  },
});
