import { defineRule } from '#rule';

export default defineRule({
  title: 'EFS file system must be encrypted',
  severity: 'high',
  preset: 'recommended',
  kinds: ['fileSystem'],
  scope: 'model',
  fix: 'suggestion: enable encryption, which replaces the file system',
  messages: {
    off: 'File system "{name}" is not encrypted at rest, so anyone with access to its storage can read its data',
  },
  help: 'Set Encrypted (Terraform encrypted) to true; this replaces the file system, so copy its data first',
  equivalents: ['checkov:CKV_AWS_42', 'trivy:AWS-0037'],
  sources: ['EKS Best Practices Guide, Security > Data encryption and secrets management'],
  check({ encrypted, subject }, { report }) {
    report({
      when: encrypted.is(false),
      message: 'off',
      data: { name: subject.name },
      at: encrypted.at,
      fix: { safe: false, edits: encrypted.write(true) },
    });
  },
});
