import { defineRule } from '#rule';
import { mappingStart } from '#rule/aws-auth';

export default defineRule({
  title: 'Mappings in aws-auth must each name one user or role',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['awsAuth'],
  scope: 'model',
  messages: {
    account: 'aws-auth maps account {account}, so every IAM user and role in it can log in to the cluster',
    root: 'aws-auth maps {principal}, the root user of an account, so its actions cannot be traced to a person',
    wildcard: 'aws-auth maps {principal}, but aws-auth does not support wildcards, so it matches no principal',
  },
  help: {
    account: 'Remove it from mapAccounts, and map each role that needs access, or create access entries',
    root: 'Map the role that people assume, or create an access entry for it',
    wildcard: 'Map each role by its full ARN, or create access entries',
  },
  equivalents: [],
  sources: ['EKS Best Practices Guide, Security > Identity and Access Management > The aws-auth ConfigMap'],
  check({ mappings, accounts }, { report, undetermined }) {
    for (const account of accounts)
      report({ message: 'account', data: { account: account.value ?? 'of a variable' }, at: account.at });
    for (const mapping of mappings) {
      const { arn, isReference } = mapping;
      if (isReference) continue;
      const data = { principal: mappingStart(mapping) };
      report({ when: arn.where((text) => text.endsWith(':root')), message: 'root', data, at: arn.at });
      report({ when: arn.where((text) => text.includes('*')), message: 'wildcard', data, at: arn.at });
    }
    for (const list of [mappings, accounts])
      if (!list.complete) undetermined(list.why ?? 'there may be more mappings', { at: list.at });
  },
});
