import { defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

export default defineRule({
  title: 'Node volumes should be encrypted',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: enable encryption',
  options: {
    accountDefaultEncryption: {
      type: 'boolean',
      default: false,
      description: 'Whether the account encrypts all new EBS volumes by default.',
    },
  },
  messages: {
    off: '{group} disables encryption of a volume, so its data is unencrypted unless the account encrypts by default',
    absent:
      '{group} does not enable volume encryption, so its data is unencrypted unless the account encrypts by default',
  },
  help: 'Set Encrypted (Terraform encrypted, eksctl volumeEncrypted) to true',
  equivalents: ['checkov:CKV_AWS_8', 'trivy:AWS-0008'],
  sources: [
    'EKS Best Practices Guide, Security > Data encryption and secrets management',
    'Amazon EBS User Guide, Amazon EBS encryption',
  ],
  check(subject, { options, report, undetermined }) {
    if (options.accountDefaultEncryption) return;
    const { volumes } = subject;
    for (const { encrypted } of volumes)
      report({
        when: encrypted.is(false),
        message: encrypted.written ? 'off' : 'absent',
        data: { group: nodesTitle(subject) },
        at: encrypted.at,
        fix: { safe: false, edits: encrypted.write(true) },
      });
    if (!volumes.complete) undetermined(volumes.why ?? 'there may be more volumes', { at: volumes.at });
  },
});
