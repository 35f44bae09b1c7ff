import { boundaryMayLimit, isKnownInPart } from '#model/hidden.ts';
import type { IamRole } from '#model/iam.ts';
import {
  allows,
  type Condition,
  matchesPattern,
  matchesText,
  type Names,
  type Policy,
  readOperator,
  type Statement,
} from '#model/policy.ts';
import { Answer, type Value } from '#model/value.ts';
import type { Location } from '#syntax/tree.ts';

export type { IamRole } from '#model/iam.ts';
export { matchesPattern } from '#model/policy.ts';

/** How messages name a role whose name is unknown. */
export const roleTitle = ({ subject }: IamRole): string => `Role "${subject.name}"`;

const webIdentity = 'sts:AssumeRoleWithWebIdentity';

/** Whether the key of a condition is a claim of a token: `<issuer>:sub`. */
export function isClaim({ key }: Condition, claim: 'sub' | 'aud'): Answer {
  const last = key.pieces.at(-1);
  const isWhole = key.pieces.length === 1 && last !== undefined;
  if (last?.includes(':'))
    return Answer.of(last.toLowerCase().endsWith(`:${claim}`) && !(isWhole && /^(aws|sts):/i.test(last)));
  return last === undefined ? Answer.unknown(key.why ?? 'the key of a condition is not known') : Answer.no;
}

/** Whether a condition is about a service account of Kubernetes, even if parts of it are unknown. */
const namesServiceAccount = ({ values }: Condition): boolean =>
  values.items.some(({ pieces }) => pieces[0]?.startsWith('system:serviceaccount:') === true);

/** Whether a statement lets pods assume the role with tokens of an EKS cluster. */
export function trustsEksTokens(statement: Statement): Answer {
  const { effect, actions, principals, conditions } = statement;
  const eks = principals.values.has(({ type, isEksIssuer }) => {
    if (isEksIssuer.state !== 'unknown') return isEksIssuer;
    // Only Kubernetes issues tokens for service accounts.
    return conditions.items.some(namesServiceAccount) ? type.is('Federated') : isEksIssuer;
  });
  return effect
    .is('Allow')
    .and(coversAction(actions, webIdentity))
    .and(principals.negated ? Answer.no : eks);
}

/**
 * Whether a statement allows everyone, without a condition on a key of `limits`, which restricts the callers or their
 * origin.
 */
export const allowsEveryone = ({ effect, principals, conditions }: Statement, limits: RegExp): Answer =>
  effect
    .is('Allow')
    .and(principals.values.has(({ type, id }) => type.is('*').or(type.is('AWS').and(id.is('*')))))
    .and(conditions.lacks(({ key }) => key.where((name) => limits.test(name))));

/** How messages name what a statement allows. */
export const actionTitle = ({ actions }: Statement): string =>
  actions.negated ? 'most actions' : (actions.values.items[0]?.value ?? 'its actions');

const coversAction = ({ values, negated }: Names, action: string): Answer => {
  const found = values.has((one) => matchesPattern(one, action, true));
  return negated ? found.not() : found;
};

/** Whether pods may assume the role, through IRSA or by EKS Pod Identity. */
export function isPodRole({ trust }: IamRole): Answer {
  return trust.statements.has((statement) =>
    trustsEksTokens(statement).or(
      statement.effect
        .is('Allow')
        .and(
          statement.principals.values.has(({ type, id }) =>
            type.is('Service').and(matchesPattern(id, 'pods.eks.amazonaws.com')),
          ),
        ),
    ),
  );
}

/** Conditions on a claim that must hold for the statement to apply, and whether there may be others. */
export function claimConditions(
  { conditions }: Statement,
  claim: 'sub' | 'aud',
): { readonly known: readonly (Condition & { readonly exact: boolean })[]; readonly why: string | undefined } {
  let why = conditions.complete ? undefined : (conditions.why ?? 'the conditions are not known');
  const known: (Condition & { readonly exact: boolean })[] = [];
  for (const condition of conditions) {
    const about = isClaim(condition, claim);
    if (about.state === 'unknown') why ??= about.why;
    if (about.state !== 'yes') continue;
    const { operator, key, values, at } = condition;
    if (operator.value === undefined) {
      why ??= operator.why ?? 'the operator of a condition is not known';
      continue;
    }
    const { name } = readOperator(operator.value);
    // Other conditions, such as StringNotEquals, allow everything else.
    if (/^string(equals|equalsignorecase|like)$/.test(name))
      known.push({ operator, key, values, at, exact: name !== 'stringlike' });
  }
  return { known, why };
}

/** Whether the trust of a role accepts the token of a service account. */
export function acceptsSubject({ trust }: IamRole, subject: string): Answer {
  return trust.statements.has((statement) => {
    const { known, why } = claimConditions(statement, 'sub');
    const open = why === undefined ? Answer.yes : Answer.unknown(why);
    return known.reduce(
      (all, { values, exact }) => all.and(values.has((value) => matchesText(value, subject, !exact))),
      trustsEksTokens(statement).and(open),
    );
  });
}

/** The node group that a role is for, as messages name it. */
export function groupOf({ nodegroups: [group] }: IamRole): { readonly title: string; readonly is: Answer } | undefined {
  return group && { title: group.name === '' ? 'a node group' : `node group "${group.name}"`, is: group.is };
}

/** Whether a role allows an action to EKS Pod Identity. */
export const letsPodIdentity = ({ trust }: IamRole, action: string): Answer =>
  allows([trust], { action, principal: ['Service', 'pods.eks.amazonaws.com'], atBest: true });

/** The name of an AWS managed policy, if enough of the ARN is known; '' for policies of the account. */
export function awsPolicyName(arn: Value<string>): string | undefined {
  const text = arn.pieces.map((piece) => piece ?? '\0').join('');
  const name = /:iam::aws:policy\/(?:[^\0]*\/)?([\w+=,.@-]+)$/.exec(text)?.[1];
  if (name !== undefined) return name;
  return text.includes('\0') && !/:iam::(?:\d{12}|\0):policy\/|:policy\/[\w+=,.@/-]*$/.test(text) ? undefined : '';
}

/** A permission that makes a role an administrator. */
export interface Grant {
  readonly what: string;
  readonly at: Location;
  readonly when: Answer;
}

/** Whether all resources are known to belong to other services than the action. */
function areElsewhere({ values, negated }: Names, action: string): boolean {
  const [service] = action.split(':');
  const mayBeThere = (text: string): boolean => {
    const named = /^arn:[^:]*:([^:*?]+):/.exec(text)?.[1];
    return named === undefined || named === service;
  };
  return !negated && values.items.length > 0 && values.has((one) => one.where(mayBeThere)).state === 'no';
}

/** Statements of a role that allow an action on resources of its service, regardless of conditions. */
export function grantsOf(role: IamRole, actions: readonly string[]): (Grant & { readonly all: boolean })[] {
  const policies = [
    ...[...role.inline].map((policy) => ({ policy, attached: Answer.yes })),
    ...[...role.managed].flatMap(({ document, attached }) =>
      document.part ? [{ policy: document.part, attached }] : [],
    ),
  ];
  return policies.flatMap(({ policy: { statements }, attached }) =>
    [...statements].map((statement) => {
      const { at, effect, actions: allowed, resources } = statement;
      const possible = actions.filter((action) => !areElsewhere(resources, action));
      const found = possible.map((action) => ({ action, answer: coversAction(allowed, action) }));
      const first =
        found.find(({ answer }) => answer.state === 'yes') ?? found.find(({ answer }) => answer.state === 'unknown');
      return {
        what: first?.action ?? '',
        at,
        when: effect
          .is('Allow')
          .and(first?.answer ?? Answer.no)
          .and(attached),
        all: isBroad(statement).state === 'yes',
      };
    }),
  );
}

/** Statements of a policy that allow more than the actions of one service. */
export function otherGrants({ statements }: Policy, service: string): Grant[] {
  const isOther = (action: string): boolean => !action.toLowerCase().startsWith(`${service}:`);
  return [...statements].map(({ at, effect, actions: { values, negated } }) => {
    const other = values.items.find(({ value }) => value !== undefined && isOther(value));
    return {
      what: negated ? 'all actions but some' : (other?.value ?? ''),
      at,
      when: effect.is('Allow').and(negated ? Answer.yes : values.has((one) => one.where(isOther))),
    };
  });
}

const wildcard = /^[*?]*\*[*?]*(?::\*+)?$/;
/** ARNs that match everything: `*`, `arn:*`, `arn:aws:*`. */
const anyArn = /^(?:arn:(?:aws[\w-]*:)?)?[*:]*\*[*:]*$/;
/**
 * Whether names cover everything, or everything with exceptions: what `NotAction` and `NotResource` do not list is
 * allowed (IAM JSON policy elements: NotAction; NotResource).
 */
function isEverything({ values, negated }: Names, pattern: RegExp): Answer {
  const found = values.has((one) => one.where((text) => pattern.test(text)));
  return negated ? found.not() : found;
}
/** Keys that each request has (IAM User Guide, AWS global condition context keys). */
const everPresent = /^aws:(?:PrincipalAccount|PrincipalArn|PrincipalType|RequestedRegion|userid)$/i;
/** Whether a condition keeps requests out: one that each request meets, as a region like `*` or the use of TLS, does not. */
function limits({ operator, key, values }: Condition): Answer {
  const { name, ifExists } = readOperator(operator.value ?? '');
  if (name === 'bool')
    return key
      .where((word) => /^aws:SecureTransport$/i.test(word))
      .and(values.has((one) => one.where((word) => /^true$/i.test(word))))
      .not();
  if (name !== 'stringlike' && name !== 'arnlike') return Answer.yes;
  const isThere = ifExists ? Answer.yes : key.where((word) => everPresent.test(word));
  return isThere.and(values.has((one) => one.where((word) => /^\*+$/.test(word)))).not();
}

/** Whether a statement is about all actions on all resources, without a condition. */
const isBroad = ({ actions, resources, conditions }: Statement): Answer =>
  isEverything(actions, wildcard).and(isEverything(resources, anyArn)).and(conditions.lacks(limits));
const broadWords = ({ actions, resources }: Statement): string =>
  `${actions.negated ? 'all actions except some' : 'all actions'} on ${resources.negated ? 'all resources except some' : 'all resources'}`;

/** Whether a pattern of actions matches all actions of IAM: `iam:*`, and as much as `iam*` or `?am:*`. */
function coversIam(pattern: string): boolean {
  const start = pattern.endsWith('*') ? pattern.replace(/\*+$/, '') : undefined;
  return (
    start !== undefined &&
    ['', 'i', 'ia', 'iam', 'iam:'].some((words) => matchesPattern({ pieces: [start] }, words, true).state === 'yes')
  );
}
/** ARNs of everything in IAM. */
const anyIamArn = /^arn:[^:]*:(?:iam|[*?]+):[^:]*:[^:]*:\*+$/;
/** Whether a statement is about all of IAM, without a condition: who may change any policy may do anything. */
const isIamBroad = ({ actions, resources, conditions }: Statement): Answer =>
  actions.negated || resources.negated
    ? Answer.no
    : actions.values
        .has((one) => one.where(coversIam))
        .and(resources.values.has((one) => one.where((text) => anyArn.test(text) || anyIamArn.test(text))))
        .and(conditions.lacks(limits));

/**
 * The managed policies with these names that a role has, and statements that allow everything without a condition, or
 * as much as one of these policies. Yielded one by one, so that known grants are reported even if others could not be
 * read.
 */
export function* broadGrants(role: IamRole, names: readonly string[]): Generator<Grant> {
  const bounded = role.boundary.present.state !== 'no';
  const limited = bounded ? Answer.unknown(boundaryMayLimit) : Answer.yes;
  function* judge({ statements }: Policy, attached = Answer.yes): Generator<Grant> {
    for (const statement of statements) {
      const all = isBroad(statement);
      const iam = names.includes('IAMFullAccess') ? isIamBroad(statement) : Answer.no;
      yield {
        what: all.state !== 'yes' && iam.state === 'yes' ? 'all IAM actions on all resources' : broadWords(statement),
        at: statement.at,
        when: statement.effect.is('Allow').and(all.or(iam)).and(limited).and(attached),
      };
    }
    if (!statements.complete)
      yield {
        what: '',
        at: statements.at,
        when: Answer.unknown(statements.why ?? isKnownInPart('a policy')),
      };
  }
  for (const { arn, document, attached } of role.managed) {
    const { part } = document;
    if (part) yield* judge(part, attached);
    else {
      const name = awsPolicyName(arn);
      const when =
        name === undefined
          ? Answer.unknown(arn.why ?? 'an attached policy is not known')
          : Answer.of(names.includes(name), arn.assuming);
      yield { what: name ?? '', at: arn.at, when: when.and(limited).and(attached) };
    }
  }
  for (const policy of role.inline) yield* judge(policy);
}
