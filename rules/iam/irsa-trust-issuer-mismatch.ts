import { defineRule } from '#rule';
import { isClaim, roleTitle, trustsEksTokens } from '#rule/iam';

/** The issuer in the ARN of a provider, or before a claim. */
const issuerOf = (text: string | undefined): string | undefined =>
  /(?:^|oidc-provider\/)(oidc[.-]eks\.[^:]+)/.exec(text ?? '')?.[1]?.toLowerCase();

export default defineRule({
  title: 'IRSA trust policy must check claims of the issuer it trusts',
  severity: 'high',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    mismatch: '{role} trusts issuer {issuer} but checks claims of {other}, so no pod can assume it',
  },
  help: 'Use the same issuer in the principal and in the condition keys',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management',
    'Amazon EKS User Guide, IAM roles for service accounts',
  ],
  check(role, { report }) {
    for (const statement of role.trust.statements) {
      const providers = statement.principals.values.items.map(({ id }) => issuerOf(id.value));
      const [issuer] = providers;
      if (issuer === undefined || !statement.principals.values.complete || providers.includes(undefined)) continue;
      for (const condition of statement.conditions) {
        const isOurs = (['sub', 'aud'] as const).some((claim) => isClaim(condition, claim).state === 'yes');
        const other = issuerOf(condition.key.value);
        if (!isOurs || other === undefined || providers.includes(other)) continue;
        report({
          when: trustsEksTokens(statement),
          message: 'mismatch',
          data: { role: roleTitle(role), issuer, other },
          at: condition.at,
        });
      }
    }
  },
});
