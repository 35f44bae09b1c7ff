import { Answer, defineRule } from '#rule';
import { claimConditions, roleTitle, trustsEksTokens } from '#rule/iam';

/**
 * The audience that STS expects; the second one in the China regions (Amazon EKS User Guide, IAM roles for service
 * accounts).
 */
const audience = /^sts\.amazonaws\.com(?:\.cn)?$/;

export default defineRule({
  title: 'IRSA trust policy should check the token audience',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    missing:
      '{role} does not check the audience of EKS tokens, so a token issued for another service is enough to assume it',
    other:
      '{role} accepts tokens for audience "{audience}", not for STS, so pods cannot assume it, or other token holders can',
  },
  help: 'Add a StringEquals condition on the aud claim with the value sts.amazonaws.com',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management',
    'Amazon EKS User Guide, IAM roles for service accounts',
  ],
  check(role, { report, undetermined }) {
    const data = { role: roleTitle(role) };
    const { statements } = role.trust;
    for (const statement of statements) {
      const when = trustsEksTokens(statement);
      if (when.state === 'no') continue;
      const { known, why } = claimConditions(statement, 'aud');
      const sure = why === undefined ? when : when.and(Answer.unknown(why));
      if (known.length === 0) report({ when: sure, message: 'missing', data, at: statement.at });
      // One condition that matches only STS is enough.
      const tested = known.map(({ values }) => values.lacks((value) => value.where((text) => !audience.test(text))));
      const worst = known.flatMap(({ values, exact }) =>
        values.items.filter(({ value = '' }) => !audience.test(value) && !(exact && /[*?]/.test(value))),
      )[0];
      if (worst)
        report({
          when: sure.and(tested.reduce((any, one) => any.or(one), Answer.no).not()),
          message: 'other',
          data: { ...data, audience: worst.value ?? '' },
          at: worst.at,
        });
      else {
        const open = known.find(({ values }) => !values.complete);
        if (open) undetermined(open.values.why ?? 'the audiences are not known', { at: open.at ?? statement.at });
      }
    }
    if (!statements.complete) undetermined(statements.why ?? 'the trust policy is not known', { at: statements.at });
  },
});
