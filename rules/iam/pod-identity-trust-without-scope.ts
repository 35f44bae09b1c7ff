import { defineRule } from '#rule';
import { matchesPattern, roleTitle } from '#rule/iam';

/** Keys that say which account, organization, cluster or service account a request of EKS Pod Identity is for. */
const scopes =
  /^aws:(?:SourceAccount|SourceArn|SourceOrgID|RequestTag\/(?:eks-cluster-arn|eks-cluster-name|kubernetes-namespace|kubernetes-service-account))$/i;

export default defineRule({
  title: 'Pod Identity trust policy should be limited to a cluster',
  severity: 'medium',
  preset: 'strict',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    open: '{role} trusts EKS Pod Identity without a condition, so any cluster of the account can give it to its pods',
  },
  help: 'Add conditions on aws:SourceAccount and on aws:SourceArn with the ARN of the cluster',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, EKS Pod Identities',
    'EKS Best Practices Guide, Security > Identity and Access Management > ABAC and EKS Pod Identities',
  ],
  check(role, { report }) {
    for (const { at, effect, principals, conditions, mayHaveConditions } of role.trust.statements) {
      if (!mayHaveConditions) continue;
      const pods = principals.values.has(({ type, id }) =>
        type.is('Service').and(matchesPattern(id, 'pods.eks.amazonaws.com')),
      );
      report({
        when: effect
          .is('Allow')
          .and(pods)
          .and(conditions.lacks(({ key }) => key.where((name) => scopes.test(name)))),
        message: 'open',
        data: { role: roleTitle(role) },
        at,
      });
    }
  },
});
