import { defineRule } from '#rule';

const nodeTypes = ['EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'HYBRID_LINUX', 'EC2', 'HYPERPOD_LINUX'];

export default defineRule({
  title: 'Access entry must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['accessEntry'],
  scope: 'model',
  messages: {
    principal: 'The access entry of {principal} is not for an IAM role or user, so EKS rejects it',
    node: 'The access entry of {principal} has type {type} and {what}, so EKS rejects it',
    policy: 'The access entry of {principal} uses {policy}, which is not an EKS access policy, so EKS rejects it',
    namespaces: 'The access entry of {principal} limits a policy to namespaces but lists none, so EKS rejects it',
    cluster: 'The access entry of {principal} lists namespaces for a policy with scope cluster, so EKS rejects it',
    group: 'The access entry of {principal} adds the group "{group}", whose prefix is reserved, so EKS rejects it',
  },
  help: {
    principal: 'Use the ARN of a role or user, not of a session, and without wildcards',
    node: 'Remove it; EKS grants node permissions based on the type',
    policy: 'Use an ARN such as arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
    namespaces: 'List the namespaces, or set the scope type to cluster',
    cluster: 'Remove the namespaces, or set the scope type to namespace',
    group: 'Use your own group, e.g. shop-admins, and bind roles to it in the cluster',
  },
  equivalents: [],
  sources: ['eksctl validation and schema: access_entry validation', 'Amazon EKS User Guide, Access entries'],
  check({ principalArn, principalKind, type, username, groups, policies, at }, { report }) {
    const principal = principalArn.value ?? 'a principal';
    report({
      when: principalKind.is('other'),
      message: 'principal',
      data: { principal },
      at: principalArn.at,
    });
    const forNodes = type.where((one) => nodeTypes.includes(one));
    // Nodes of Auto Mode need a separate policy.
    const mayHavePolicies = type.is('EC2');
    const extras = [
      ['a user name', username.present, username],
      ['groups', groups.empty.not(), groups],
      ['access policies', policies.empty.not().and(mayHavePolicies.not()), policies],
    ] as const;
    for (const [what, has, fact] of extras)
      // A possible entry in another file does not count.
      if (has.state === 'yes' || fact.state === 'unknown')
        report({
          when: forNodes.and(has),
          message: 'node',
          data: { principal, type: type.value ?? '', what },
          at: fact.state === 'default' ? at : fact.at,
        });
    for (const { arn, scope, namespaces } of policies) {
      report({
        when: arn.where((text) => !/^arn:[\w-]+:eks::aws:cluster-access-policy\/Amazon\w+$/.test(text)),
        message: 'policy',
        data: { principal, policy: arn.value ?? '' },
        at: arn.at,
      });
      report({
        when: scope.is('namespace').and(namespaces.empty),
        message: 'namespaces',
        data: { principal },
        at: scope.at,
      });
      report({
        when: scope.is('cluster').and(namespaces.empty.not()),
        message: 'cluster',
        data: { principal },
        at: namespaces.at,
      });
    }
    for (const group of groups)
      report({
        when: group.where((name) => /^(?:system|eks|aws|amazon|iam):/.test(name)),
        message: 'group',
        data: { principal, group: group.value ?? '' },
        at: group.at,
      });
  },
});
