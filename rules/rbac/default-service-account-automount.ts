import { defineRule } from '#rule';

export default defineRule({
  title: 'Default service account should not mount tokens',
  severity: 'medium',
  preset: 'strict',
  kinds: ['ServiceAccount'],
  scope: 'resource',
  fix: 'suggestion: set automountServiceAccountToken: false',
  messages: {
    mounts:
      '{account} does not set automountServiceAccountToken to false, so every pod without its own account gets a token',
  },
  help: 'Set automountServiceAccountToken: false',
  equivalents: ['checkov:CKV_K8S_41', 'cis-eks-1.7:4.1.5', 'kubescape:C-0189', 'kubescape:C-0225'],
  sources: ['CIS Amazon EKS Benchmark 1.7'],
  check(account, { report }) {
    if (account.name !== 'default' || account.object.automountServiceAccountToken === false) return;
    report({
      message: 'mounts',
      data: { account: account.title },
      on: account.object,
      key: 'automountServiceAccountToken',
      fix: {
        safe: false,
        edits: [{ op: 'set', on: account.object, key: 'automountServiceAccountToken', value: false }],
      },
    });
  },
});
