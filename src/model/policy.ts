import { isKnownInPart } from '#model/hidden.ts';
import type { Location } from '#syntax/tree.ts';
import { Answer, type Collection, type Value } from './value.ts';

/*
 * IAM policy documents and what they allow. Sources: IAM User Guide, Policy evaluation logic; IAM JSON policy elements:
 * Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition operators, Multivalued context keys,
 * Variables and tags.
 */

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Names {
  readonly values: Collection<Value<string>>;
  /** Everything except these. */
  readonly negated: boolean;
}

export interface Principal {
  /** AWS, Service, Federated, CanonicalUser, or `*` for everyone. */
  readonly type: Value<string>;
  readonly id: Value<string>;
  /** Whether it is the OIDC provider of an EKS cluster. */
  readonly isEksIssuer: Answer;
}

/** One key of one operator of a `Condition`. All conditions must match; of the values one is enough. */
export interface Condition {
  readonly operator: Value<string>;
  readonly key: Value<string>;
  readonly values: Collection<Value<string>>;
  readonly at: Location;
}

export interface Statement {
  readonly at: Location;
  readonly sid: Value<string>;
  readonly effect: Value<string>;
  readonly actions: Names;
  /** Trust policies have no resources. */
  readonly resources: Names;
  /** Policies of roles have no principals. */
  readonly principals: { readonly values: Collection<Principal>; readonly negated: boolean };
  readonly conditions: Collection<Condition>;
  /**
   * Whether the format can express conditions here: if a tool generates the statement, a required condition cannot be
   * added.
   */
  readonly mayHaveConditions: boolean;
}

export interface Policy {
  readonly at: Location;
  readonly statements: Collection<Statement>;
}

/** Whether a string equals a value, or matches it with `*` and `?`, as far as the value is known. */
export const matchesText = (value: Pick<Value<string>, 'pieces'>, text: string, wildcards: boolean): Answer =>
  fits(piecesOf(value, undefined, wildcards), text, false);

/** The request to evaluate. */
export interface Request {
  readonly action: string;
  /** The ARN; not checked if policies have no resources. */
  readonly resource?: string;
  /** The caller, as `[type, id]`; not checked if policies have no principals. */
  readonly principal?: readonly [type: string, id: string];
  /**
   * Values of context keys, by their names in lowercase; a key with an empty list is absent, a missing one is unknown.
   */
  readonly context?: ReadonlyMap<string, readonly string[]>;
  /** Conditions are assumed to match in an allow: whether it is allowed to anyone at all. */
  readonly atBest?: true;
}

/** A pattern in pieces: text, a wildcard, or an unknown string (undefined). */
type Piece = string | typeof anyText | typeof anyCharacter | undefined;
const anyText = Symbol('*');
const anyCharacter = Symbol('?');

/**
 * The pieces of a pattern. `${aws:username}` is its value in the context, otherwise any string; `${*}`, `${?}` and
 * `${$}` are these characters. `&{...}` is the syntax of Terraform's policy documents.
 */
function piecesOf(
  { pieces }: Pick<Value<string>, 'pieces'>,
  context: Request['context'],
  wildcards: boolean,
): readonly Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (piece === undefined) return [undefined];
    return piece
      .split(/(\$?[$&]\{[^{}]*\})/)
      .filter((part) => part !== '')
      .flatMap((part): Piece[] => {
        const variable = /^\$?[$&]\{([^{}]*)\}$/.exec(part)?.[1];
        if (variable !== undefined) {
          if (/^[*?$]$/.test(variable)) return [variable];
          const [key = '', fallback] = variable.split(',').map((one) => one.trim());
          const known = context?.get(key.toLowerCase());
          if (known === undefined) return [undefined];
          const [only = fallback === undefined ? undefined : fallback.replace(/^'|'$/g, '')] = known;
          return known.length > 1 ? [undefined] : only === undefined ? [undefined] : [only];
        }
        if (!wildcards) return [part];
        return part
          .split(/([*?])/)
          .filter((one) => one !== '')
          .map((one) => (one === '*' ? anyText : one === '?' ? anyCharacter : one));
      });
  });
}

/** Whether a string matches a pattern; an unknown piece of the pattern may be any string. */
function fits(pieces: readonly Piece[], text: string, ignoreCase: boolean): Answer {
  // Patterns are not compiled to regular expressions: each step is tried once, whatever the pattern.
  const steps = pieces.flatMap((piece): (string | typeof anyText | typeof anyCharacter)[] =>
    piece === undefined
      ? [anyText]
      : typeof piece === 'string'
        ? [...(ignoreCase ? piece.toLowerCase() : piece)]
        : [piece],
  );
  const given = [...(ignoreCase ? text.toLowerCase() : text)];
  let reached = new Set([0]);
  const skip = (from: ReadonlySet<number>): Set<number> => {
    const all = new Set(from);
    for (const at of all) if (steps[at] === anyText) all.add(at + 1);
    return all;
  };
  reached = skip(reached);
  for (const character of given) {
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at];
      if (step === anyText) next.add(at);
      else if (step === anyCharacter || step === character) next.add(at + 1);
    }
    reached = skip(next);
    if (reached.size === 0) break;
  }
  if (!reached.has(steps.length)) return Answer.no;
  return pieces.includes(undefined) ? Answer.unknown(isKnownInPart('the string')) : Answer.yes;
}

/** Whether a string matches a pattern of actions or resources, with `*` and `?`. */
export const matchesPattern = (
  pattern: Pick<Value<string>, 'pieces'>,
  text: string,
  ignoreCase = false,
  context?: Request['context'],
): Answer => fits(piecesOf(pattern, context, true), text, ignoreCase);

/** ARNs are compared part by part: a wildcard never matches a colon, except in the last of the six parts. */
function fitsArn(pieces: readonly Piece[], arn: string): Answer {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      // An unknown piece may contain colons.
      if (piece === undefined)
        return fits(pieces, arn, false).state === 'no' ? Answer.no : Answer.unknown(isKnownInPart('the ARN'));
      parts.at(-1)?.push(piece);
      continue;
    }
    piece.split(':').forEach((text, index) => {
      if (index > 0) {
        if (parts.length < 6) parts.push([]);
        else parts.at(-1)?.push(':');
      }
      if (text !== '') parts.at(-1)?.push(text);
    });
  }
  const given = arn.split(':');
  const six = [...given.slice(0, 5), given.slice(5).join(':')];
  if (parts.length < 6 || given.length < 6) return fits(pieces, arn, false);
  return six.reduce((answer, text, index) => answer.and(fits(parts[index] ?? [], text, false)), Answer.yes);
}

/** Whether names cover a value. */
function covers({ values, negated }: Names, test: (value: Value<string>) => Answer): Answer {
  const found = values.has(test);
  return negated ? found.not() : found;
}

const coversAction = (actions: Names, action: string): Answer =>
  covers(actions, (one) => matchesPattern(one, action, true));

/** The account of an ARN. */
const accountOf = (arn: string): string | undefined => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];

function matchesPrincipal({ type, id }: Principal, [askedType, asked]: readonly [string, string]): Answer {
  if (type.value === '*') return Answer.yes;
  if (type.value === 'AWS' && id.value === '*') return Answer.yes;
  const sameType = type.where((one) => one === askedType);
  if (sameType.state === 'no') return Answer.no;
  const account = accountOf(asked);
  // An account stands for all of its principals.
  const same = id.where(
    (one) =>
      one === asked ||
      (askedType === 'AWS' &&
        account !== undefined &&
        (one === account || /^arn:[^:]*:iam::(\d{12}):root$/.exec(one)?.[1] === account)),
  );
  // A role whose ARN is partly known is a different role if the known part differs.
  const isOther =
    id.pieces.some((piece) => /:(role|user|assumed-role|oidc-provider)\//.test(piece ?? '')) &&
    fits(id.pieces, asked, false).state === 'no';
  return sameType.and(same.state === 'unknown' && isOther ? Answer.no : same);
}

/**
 * Operators on strings and ARNs, without prefix and suffix, in lowercase: how they compare, and whether they negate.
 */
const comparisons: Readonly<Record<string, readonly ['equals' | 'like' | 'ignoreCase' | 'arn', negated: boolean]>> = {
  stringequals: ['equals', false],
  stringnotequals: ['equals', true],
  stringequalsignorecase: ['ignoreCase', false],
  stringnotequalsignorecase: ['ignoreCase', true],
  stringlike: ['like', false],
  stringnotlike: ['like', true],
  arnequals: ['arn', false],
  arnlike: ['arn', false],
  arnnotequals: ['arn', true],
  arnnotlike: ['arn', true],
};
const numeric: Readonly<Record<string, (given: number, value: number) => boolean>> = {
  numericequals: (given, value) => given === value,
  numericnotequals: (given, value) => given !== value,
  numericlessthan: (given, value) => given < value,
  numericlessthanequals: (given, value) => given <= value,
  numericgreaterthan: (given, value) => given > value,
  numericgreaterthanequals: (given, value) => given >= value,
};

/** An operator split into its parts: `ForAnyValue:StringLikeIfExists`. */
export function readOperator(operator: string): {
  readonly name: string;
  readonly set: 'any' | 'all' | undefined;
  readonly ifExists: boolean;
} {
  const [, prefix, name = '', suffix] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/i.exec(operator) ?? [];
  const set = prefix === undefined ? undefined : prefix.toLowerCase() === 'foranyvalue' ? 'any' : 'all';
  return { name: name.toLowerCase(), set, ifExists: suffix !== undefined };
}

/** Whether a condition matches in a context. */
export function holds({ operator, key, values }: Condition, context: Request['context']): Answer {
  if (operator.value === undefined) return Answer.unknown(operator.why ?? 'the operator of a condition is not known');
  if (key.value === undefined) return Answer.unknown(key.why ?? 'the key of a condition is not known');
  const given = context?.get(key.value.toLowerCase());
  if (given === undefined) return Answer.unknown(`${key.value} is not known before the request`);
  const { name, set, ifExists } = readOperator(operator.value);
  if (name === 'null') {
    const wanted = given.length === 0 ? 'true' : 'false';
    return values.has((one) => one.where((text) => text.toLowerCase() === wanted));
  }
  const [how, negated = false] = comparisons[name] ?? [];
  const compareNumbers = numeric[name];
  const isNegated = negated || name === 'numericnotequals' || name === 'notipaddress' || name === 'datenotequals';
  if (given.length === 0) return Answer.of(ifExists || (set === undefined ? isNegated : set === 'all'));
  if (how === undefined && compareNumbers === undefined && name !== 'bool')
    return Answer.unknown(`conditions with ${operator.value} are not evaluated`);
  const matches = (value: string): Answer => {
    const found = values.has((one) => {
      if (name === 'bool') return one.where((text) => text.toLowerCase() === value.toLowerCase());
      if (compareNumbers)
        return one.where((text) => compareNumbers(Number(value), Number(text)) !== (name === 'numericnotequals'));
      const pieces = piecesOf(one, context, how === 'like' || how === 'arn');
      return how === 'arn' ? fitsArn(pieces, value) : fits(pieces, value, how === 'ignoreCase');
    });
    return isNegated ? found.not() : found;
  };
  const answers = given.map(matches);
  return set === 'all'
    ? answers.reduce((all, one) => all.and(one), Answer.yes)
    : answers.reduce((any, one) => any.or(one), Answer.no);
}

/** Whether a statement applies to a request, whatever its effect. */
export function applies(statement: Statement, request: Request): Answer {
  const { actions, resources, principals, conditions } = statement;
  const { resource, principal, context } = request;
  let answer = coversAction(actions, request.action);
  if (answer.state !== 'no' && resource !== undefined)
    answer = answer.and(covers(resources, (one) => matchesPattern(one, resource, false, context)));
  if (answer.state !== 'no' && principal !== undefined) {
    const found = principals.values.has((one) => matchesPrincipal(one, principal));
    answer = answer.and(principals.negated ? found.not() : found);
  }
  if (answer.state === 'no' || (request.atBest && statement.effect.value === 'Allow')) return answer;
  if (!conditions.complete) answer = answer.and(Answer.unknown(conditions.why ?? 'the conditions are not known'));
  for (const condition of conditions) answer = answer.and(holds(condition, context));
  return answer;
}

/** Whether policies together allow a request: a statement allows it and none denies it. */
export function allows(policies: readonly Policy[], request: Request): Answer {
  let allowed = Answer.no;
  let denied = Answer.no;
  for (const { statements } of policies) {
    if (!statements.complete) {
      const why = Answer.unknown(statements.why ?? isKnownInPart('a policy'));
      [allowed, denied] = [allowed.or(why), denied.or(why)];
    }
    for (const statement of statements) {
      const answer = applies(statement, request);
      allowed = allowed.or(answer.and(statement.effect.is('Allow')));
      denied = denied.or(answer.and(statement.effect.is('Deny')));
    }
  }
  return allowed.and(denied.not());
}
