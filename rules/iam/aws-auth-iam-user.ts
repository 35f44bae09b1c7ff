import { defineRule } from '#rule';

export default defineRule({
  title: 'Cluster access should be granted to roles, not IAM users',
  severity: 'medium',
  preset: 'strict',
  kinds: ['awsAuth', 'accessEntry'],
  scope: 'model',
  messages: {
    mapping: 'aws-auth maps IAM user {user}, whose access keys do not expire, so a leaked key keeps working',
    unnamed:
      'An entry of mapUsers in aws-auth maps an IAM user, whose access keys do not expire, so a leaked key keeps working',
    entry:
      'The access entry of {user} is for an IAM user, whose access keys do not expire, so a leaked key keeps working',
  },
  help: 'Let people assume a role, e.g. through IAM Identity Center, and give the role access',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Use IAM roles when multiple users need identical access',
  ],
  check(part, { report, undetermined }) {
    const isUser = (arn: string): boolean => /^arn:[^:]+:iam::[^:]*:user\//.test(arn);
    if (part.kind === 'accessEntry') {
      const { principalArn } = part;
      const data = { user: principalArn.value ?? '' };
      // A reference to a role can only be a role.
      if (principalArn.state === 'set')
        report({ when: principalArn.where(isUser), message: 'entry', data, at: principalArn.at });
      return;
    }
    const { mappings } = part;
    for (const { list, arn } of mappings)
      // An entry without an ARN matches no one.
      if (arn.value === undefined && arn.state !== 'default' && list === 'mapUsers')
        report({ message: 'unnamed', at: arn.at });
      else if (arn.value !== undefined && (list === 'mapUsers' || isUser(arn.value)))
        report({ message: 'mapping', data: { user: arn.value }, at: arn.at });
    if (!mappings.complete) undetermined(mappings.why ?? 'there may be more mappings', { at: mappings.at });
  },
});
