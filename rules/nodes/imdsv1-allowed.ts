import { defineRule, dig, digRecord, Resource } from '#rule';

export default defineRule({
  title: 'Nodes must require IMDSv2',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup', 'EC2NodeClass'],
  scope: 'model',
  fix: 'safe: set required (eksctl: drop disableIMDSv1: false)',
  messages: {
    optional:
      'Nodes of {group} answer IMDSv1, so one forged request out of a pod is enough to read the credentials of the node',
  },
  equivalents: [
    'hardeneks:check_access_to_instance_profile',
    'checkov:CKV_AWS_79',
    'trivy:AWS-0130',
    'trivy:AWS-0028',
    'securityhub:EC2.8',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Restrict access to the instance profile',
    'Karpenter documentation, metadataOptions defaults',
    'eksctl validation and schema: disableIMDSv1 default true',
  ],
  check(subject, { report }) {
    if (subject instanceof Resource) {
      const options = digRecord(subject.object, 'spec', 'metadataOptions');
      if (
        subject.group !== 'karpenter.k8s.aws' ||
        options?.['httpTokens'] !== 'optional' ||
        options['httpEndpoint'] === 'disabled'
      )
        return;
      report({
        message: 'optional',
        data: { group: subject.title },
        on: options,
        key: 'httpTokens',
        fix: { safe: true, edits: [{ op: 'set', on: options, key: 'httpTokens', value: 'required' }] },
      });
      return;
    }
    const { httpTokens, endpointEnabled } = subject.imds;
    const { object, input } = subject;
    const own = digRecord(object, 'metadata_options');
    const edits =
      input === 'eksctl' && object && dig(object, 'disableIMDSv1') === false
        ? [{ op: 'remove' as const, on: object, key: 'disableIMDSv1' }]
        : own?.['http_tokens'] === 'optional'
          ? [{ op: 'set' as const, on: own, key: 'http_tokens', value: 'required' }]
          : [];
    report({
      when: httpTokens.is('optional').and(endpointEnabled.is(true)),
      message: 'optional',
      data: { group: `node group "${subject.subject.name}"` },
      at: httpTokens.at,
      fix: { safe: true, edits },
    });
  },
});
