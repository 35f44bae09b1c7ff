import { defineRule } from '#rule';
import { claimConditions, roleTitle, trustsEksTokens } from '#rule/iam';

export default defineRule({
  title: 'Wildcards in IRSA trust policies must use StringLike',
  severity: 'high',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    literal:
      '{role} compares the {claim} claim with "{value}" under {operator}, which takes wildcards literally, so no pod can assume it',
  },
  help: 'Write the full value, e.g. system:serviceaccount:shop:web, or use StringLike',
  equivalents: [],
  sources: ['EKS Best Practices Guide, Security > Identity and Access Management'],
  check(role, { report }) {
    for (const statement of role.trust.statements)
      for (const claim of ['sub', 'aud'] as const)
        for (const { operator, values, exact } of claimConditions(statement, claim).known) {
          if (!exact) continue;
          // One value that a token may have is enough to match the condition.
          const [first] = values;
          const isStuck =
            values.complete && values.items.every(({ value }) => value !== undefined && /[*?]/.test(value));
          if (first && isStuck)
            report({
              when: trustsEksTokens(statement),
              message: 'literal',
              data: { role: roleTitle(role), claim, value: first.value ?? '', operator: operator.value ?? '' },
              at: first.at,
            });
        }
  },
});
