import { defineRule } from '#rule';

export default defineRule({
  title: 'KMS keys of the cluster should rotate automatically',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['kmsKey'],
  scope: 'model',
  fix: 'safe: enable rotation',
  messages: {
    off: 'The KMS key for {use} is not rotated, so all data is encrypted with the same key material for years',
  },
  help: 'Set EnableKeyRotation (Terraform enable_key_rotation) to true',
  equivalents: ['checkov:CKV_AWS_7'],
  sources: [
    'EKS Best Practices Guide, Security > Data encryption and secrets management > Rotate your CMKs periodically',
    'AWS KMS Developer Guide, Rotating AWS KMS keys',
  ],
  check({ rotation, spec, origin, uses }, { report }) {
    const [use, ...more] = uses;
    if (use === undefined) return;
    report({
      when: rotation.is(false).and(spec.is('SYMMETRIC_DEFAULT')).and(origin.is('AWS_KMS')),
      message: 'off',
      data: { use: more.length === 0 ? use : `${use} and ${more.length} more` },
      at: rotation.at,
      fix: { safe: true, edits: rotation.write(true) },
    });
  },
});
