import { defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

export default defineRule({
  title: 'Nodes must require IMDSv2',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: set required (eksctl: disableIMDSv1: true)',
  messages: {
    optional: "{group} allows IMDSv1, so an SSRF in a pod can leak the node's IAM credentials",
  },
  help: 'Set HttpTokens (Terraform http_tokens) to required in the metadata options of the launch template',
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
    const { httpTokens, endpointEnabled } = subject.imds;
    report({
      when: httpTokens.is('optional').and(endpointEnabled.is(true)),
      message: 'optional',
      data: { group: nodesTitle(subject) },
      at: httpTokens.at,
      fix: { safe: false, edits: httpTokens.write('required') },
    });
  },
});
