import { defineRule } from '#rule';
import { heldBy, ignoreNames, rights, wordsOf } from '#rule/rbac';

export default defineRule({
  title: 'Role must not be able to create service account tokens',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: { mint: '{role} grants {verbs} on {resources}, so its holders can act as any service account of {reach}' },
  help: 'List the accounts, e.g. resourceNames: [web]',
  equivalents: ['kubescape:C-0282', 'cis-eks-1.8:4.1.12', 'prowler:rbac_minimize_service_account_token_creation'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    for (const held of heldBy(role, rights.tokenCreate, options.ignoreNames))
      report({ message: 'mint', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
