import { Answer, defineRule, type Value } from '#rule';
import { claimConditions, roleTitle, trustsEksTokens } from '#rule/iam';

/**
 * What a pattern of subjects allows: everything, other namespaces, other service accounts of one namespace, one service
 * account.
 */
const reaches = ['all', 'namespace', 'name', 'one'] as const;
type Reach = (typeof reaches)[number];

/** What a pattern allows; undefined if the deciding part is unknown. */
function reachOf({ pieces }: Value<string>): { readonly reach: Reach; readonly sure: boolean } {
  const text = pieces.map((piece) => piece ?? '\0').join('');
  const sure = !text.includes('\0');
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (!text.startsWith('system:serviceaccount:'))
    return { reach: /^[^\0]*[*?]/.test(text.slice(0, 'system:serviceaccount:'.length)) ? 'namespace' : 'one', sure };
  if (/[*?]/.test(namespace)) return { reach: 'namespace', sure: true };
  return { reach: /[*?]/.test(name) ? 'name' : 'one', sure };
}

/** What a condition certainly allows; `doubt`: it may be more. */
interface Limit {
  readonly reach: Reach;
  readonly value: Value<string> | undefined;
  readonly doubt: string | undefined;
}
function limitOf({ values, exact }: ReturnType<typeof claimConditions>['known'][number]): Limit {
  if (exact) return { reach: 'one', value: undefined, doubt: undefined };
  let loosest: Limit = { reach: 'one', value: undefined, doubt: values.complete ? undefined : values.why };
  for (const value of values) {
    const { reach, sure } = reachOf(value);
    const doubt = loosest.doubt ?? (sure ? undefined : value.why);
    loosest = reaches.indexOf(reach) < reaches.indexOf(loosest.reach) ? { reach, value, doubt } : { ...loosest, doubt };
  }
  return loosest;
}

export default defineRule({
  title: 'IRSA trust policy must name its namespace and service account',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  options: {
    allowNameWildcard: {
      type: 'boolean',
      default: false,
      description: 'Allow trust policies that name the namespace but not the service account.',
    },
  },
  messages: {
    missing: '{role} does not check the subject of EKS tokens, so every pod in the cluster can assume it',
    namespace: '{role} trusts "{subject}", so pods in other namespaces can assume it',
    name: '{role} trusts "{subject}", so any service account whose name matches can assume it',
  },
  help: {
    missing: 'Add a StringEquals condition on the sub claim, e.g. system:serviceaccount:shop:web',
    namespace: 'Use StringEquals with the full subject, e.g. system:serviceaccount:shop:web',
    name: 'Use StringEquals with the full subject, e.g. system:serviceaccount:shop:web',
  },
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Scope the IAM role trust policy',
    'Amazon EKS User Guide, IAM roles for service accounts',
  ],
  check(role, { options, report, undetermined }) {
    const data = { role: roleTitle(role) };
    const { statements } = role.trust;
    for (const statement of statements) {
      const when = trustsEksTokens(statement);
      if (when.state === 'no') continue;
      const { known, why } = claimConditions(statement, 'sub');
      // All conditions must match, so the strictest decides; of its values the most permissive does.
      let best: Limit = { reach: 'all', value: undefined, doubt: undefined };
      for (const condition of known) {
        const limit = limitOf(condition);
        const [now, before] = [reaches.indexOf(limit.reach), reaches.indexOf(best.reach)];
        if (now > before || (now === before && limit.doubt === undefined)) best = limit;
      }
      const { reach, value, doubt } = best;
      if (reach === 'one' || (reach === 'name' && options.allowNameWildcard)) {
        if (doubt !== undefined) undetermined(doubt, { at: value?.at ?? statement.at });
        continue;
      }
      const sure = why === undefined ? when : when.and(Answer.unknown(why));
      if (reach === 'all') {
        report({ when: sure, message: 'missing', data, at: statement.at });
        continue;
      }
      const subject = value?.pieces.map((piece) => piece ?? '...').join('') ?? '';
      report({
        when: sure,
        message: reach,
        data: { ...data, subject },
        at: value?.at ?? statement.at,
        ...(reach === 'name' ? { severity: 'medium' } : {}),
      });
    }
    if (!statements.complete) undetermined(statements.why ?? 'the trust policy is not known', { at: statements.at });
  },
});
