import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

export default defineRule({
  title: 'Secrets KMS key must be a symmetric key in the region of the cluster',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    id: '{cluster} uses a key ID instead of an ARN for its secrets, so EKS rejects it',
    other: '{cluster} uses "{value}" for its secrets, which is not a KMS key, so EKS rejects it',
    region: '{cluster} is in {region} and names a key of {key} for its secrets, so it cannot be created',
    spec: '{cluster} names a key of type {spec} for its secrets, which is not symmetric, so it cannot be created',
  },
  help: {
    id: 'Use the ARN of the key: arn:aws:kms:<region>:<account>:key/<id>',
    other: 'Use the ARN of a symmetric key: arn:aws:kms:<region>:<account>:key/<id>',
    region: 'Name a key of {region}, or a replica there of a multi-Region key',
    spec: 'Use a key with spec SYMMETRIC_DEFAULT and usage ENCRYPT_DECRYPT',
  },
  equivalents: [],
  sources: [
    'Amazon EKS API Reference, Provider',
    'eksctl validation and schema: secretsEncryption.keyARN',
    'Amazon EKS User Guide, Encrypt Kubernetes secrets with KMS',
  ],
  check(subject, { report }) {
    const { secretsKeyReference: reference, secretsKey, identity } = subject;
    if (!reference) return;
    const { by, region, key } = reference;
    const cluster = clusterStart(subject);
    report({ when: by.is('id'), message: 'id', data: { cluster }, at: by.at });
    report({ when: by.is('other'), message: 'other', data: { cluster, value: secretsKey.value ?? '' }, at: by.at });
    // If the region of the key is not set, it is the region of everything here.
    if (region.state === 'set' && (identity.region.state !== 'unknown' || identity.region.written))
      report({
        when: identity.region.where((own) => own !== region.value),
        message: 'region',
        data: { cluster, key: region.value ?? '', region: identity.region.value ?? '' },
        at: region.at,
      });
    const spec = key.part?.spec;
    if (spec)
      report({
        when: spec.is('SYMMETRIC_DEFAULT').not(),
        message: 'spec',
        data: { cluster, spec: spec.value ?? '' },
        at: by.at,
        related: [spec.at],
      });
  },
});
