import { defineRule } from '#rule';

export default defineRule({
  title: 'ECR repository should use a customer managed key',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['repository'],
  scope: 'model',
  messages: {
    none: 'Repository "{name}" is encrypted with an Amazon S3 managed key, so access to its images cannot be revoked through the key',
  },
  help: 'Set EncryptionType to KMS with a KmsKey (Terraform encryption_configuration); this replaces the repository',
  equivalents: ['checkov:CKV_AWS_136', 'trivy:AWS-0033', 'securityhub:ECR.5'],
  sources: ['EKS Best Practices Guide, Security > Image security'],
  check({ encryptionType, key, subject }, { report }) {
    const isOwn = encryptionType.where((type) => type.startsWith('KMS')).and(key.present);
    report({ when: isOwn.not(), message: 'none', data: { name: subject.name }, at: encryptionType.at });
  },
});
