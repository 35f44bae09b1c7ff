import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allows,
  type Condition,
  holds,
  matchesPattern,
  type Policy,
  type Request,
  type Statement,
} from '#model/policy.ts';
import { Answer, Collection, Value } from '#model/value.ts';
import { countTime } from '../processor-time.ts';

const nowhere = { source: 'x', path: '' };
const at = () => nowhere;
const text = (value: string) => Value.set(value, at);
/** A string whose undefined pieces are unknown. */
const half = (...pieces: (string | undefined)[]) => Value.unknown<string>('hidden', at, { pieces });
const texts = (values: readonly string[]) => new Collection(values.map(text), { at });

/** A statement as it is written in JSON, for tests. */
interface Plain {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Principal?: Readonly<Record<string, readonly string[]>>;
  readonly NotPrincipal?: Readonly<Record<string, readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
const principalsOf = (map: Readonly<Record<string, readonly string[]>>) =>
  new Collection(
    Object.entries(map).flatMap(([type, ids]) =>
      ids.map((id) => ({ type: text(type), id: text(id), isEksIssuer: Answer.no })),
    ),
    { at },
  );
const conditionsOf = (plain: Plain): Condition[] =>
  Object.entries(plain.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({
      operator: text(operator),
      key: text(key),
      values: texts(values),
      at: nowhere,
    })),
  );
const statementOf = (plain: Plain): Statement => ({
  at: nowhere,
  sid: text(''),
  effect: text(plain.Effect),
  actions: { values: texts(plain.NotAction ?? plain.Action ?? []), negated: plain.NotAction !== undefined },
  resources: { values: texts(plain.NotResource ?? plain.Resource ?? []), negated: plain.NotResource !== undefined },
  principals: {
    values: principalsOf(plain.NotPrincipal ?? plain.Principal ?? {}),
    negated: plain.NotPrincipal !== undefined,
  },
  conditions: new Collection(conditionsOf(plain), { at }),
  mayHaveConditions: true,
});
const policyOf = (...statements: readonly Plain[]): Policy => ({
  at: nowhere,
  statements: new Collection(statements.map(statementOf), { at }),
});
const contextOf = (context: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]));

/* An independent evaluator: regular expressions, no third answer, and everything known. */

function naiveMatch(pattern: string, value: string, ignoreCase = false): boolean {
  const source = [...pattern]
    .map((one) => (one === '*' ? '[^]*' : one === '?' ? '[^]' : one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, ignoreCase ? 'iu' : 'u').test(value);
}
function naiveCondition(
  operator: string,
  key: string,
  values: readonly string[],
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  const given = context.get(key.toLowerCase()) ?? [];
  const set = /^For(Any|All)Value[s]?:/.exec(operator)?.[1];
  const ifExists = operator.endsWith('IfExists');
  const name = operator.replace(/^For\w+:/, '').replace(/IfExists$/, '');
  if (name === 'Null') return values.includes(given.length === 0 ? 'true' : 'false');
  const tests: Record<string, (value: string, pattern: string) => boolean> = {
    StringEquals: (value, pattern) => value === pattern,
    StringLike: (value, pattern) => naiveMatch(pattern, value),
    StringEqualsIgnoreCase: (value, pattern) => value.toLowerCase() === pattern.toLowerCase(),
    Bool: (value, pattern) => value.toLowerCase() === pattern.toLowerCase(),
    NumericLessThan: (value, pattern) => Number(value) < Number(pattern),
    NumericEquals: (value, pattern) => Number(value) === Number(pattern),
  };
  const positive = name.replace('Not', '');
  const isNegated = positive !== name;
  if (given.length === 0) return ifExists || (set === undefined ? isNegated : set === 'All');
  const test = (value: string): boolean => {
    const found = values.some((pattern) => tests[positive]?.(value, pattern));
    return isNegated ? !found : found;
  };
  return set === 'All' ? given.every(test) : given.some(test);
}
function naiveAllows(
  statements: readonly Plain[],
  action: string,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  const applies = (one: Plain): boolean => {
    const actions = (one.NotAction ?? one.Action ?? []).some((pattern) => naiveMatch(pattern, action, true));
    const resources = (one.NotResource ?? one.Resource ?? []).some((pattern) => naiveMatch(pattern, resource));
    return (
      actions !== (one.NotAction !== undefined) &&
      resources !== (one.NotResource !== undefined) &&
      Object.entries(one.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, values]) => naiveCondition(operator, key, values, context)),
      )
    );
  };
  const found = statements.filter(applies);
  return found.some(({ Effect }) => Effect === 'Allow') && !found.some(({ Effect }) => Effect === 'Deny');
}

const pattern = fc
  .array(fc.constantFrom('a', 'b', 'A', ':', '/', '*', '?'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const word = fc.array(fc.constantFrom('a', 'b', 'A', ':', '/'), { maxLength: 6 }).map((parts) => parts.join(''));
const operators = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'Bool',
  'NumericLessThan',
  'NumericEquals',
  'NumericNotEquals',
].flatMap((name) => [name, `${name}IfExists`, `ForAnyValue:${name}`, `ForAllValues:${name}`]);
const condition = fc.dictionary(
  fc.constantFrom(...operators, 'Null'),
  fc.dictionary(
    fc.constantFrom('k:one', 'k:two', 'K:Three'),
    fc.array(fc.oneof(pattern, fc.constantFrom('1', '2', 'true', 'false')), { maxLength: 3 }),
    { maxKeys: 2 },
  ),
  { maxKeys: 2 },
);
const names = (key: 'Action' | 'Resource') =>
  fc.oneof(
    fc.array(pattern, { minLength: 1, maxLength: 3 }).map((values) => ({ [key]: values })),
    fc.array(pattern, { minLength: 1, maxLength: 3 }).map((values) => ({ [`Not${key}`]: values })),
  );
const statement = fc
  .tuple(fc.constantFrom('Allow', 'Deny'), names('Action'), names('Resource'), condition)
  .map(([Effect, actions, resources, Condition]) => ({ Effect, ...actions, ...resources, Condition }) as Plain);
const context = fc
  .dictionary(
    fc.constantFrom('k:one', 'k:two', 'k:three'),
    fc.array(fc.oneof(word, fc.constantFrom('1', '2', 'TRUE', 'false')), { maxLength: 3 }),
  )
  .map((given) => contextOf({ 'k:one': [], 'k:two': [], 'k:three': [], ...given }));

describe('the evaluator agrees with a naive one', () => {
  it('on patterns', () => {
    fc.assert(
      fc.property(pattern, word, fc.boolean(), (one, value, ignoreCase) => {
        expect(matchesPattern(text(one), value, ignoreCase).state === 'yes').toBe(naiveMatch(one, value, ignoreCase));
      }),
      { numRuns: 5000 },
    );
  });
  it('on policies', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), word, word, context, (statements, action, resource, given) => {
        const answer = allows([policyOf(...statements)], { action, resource, context: given });
        expect(answer.state).toBe(naiveAllows(statements, action, resource, given) ? 'yes' : 'no');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hidden values never make a definite answer wrong', () => {
  /** A string in pieces, some of which are hidden, and its true value. */
  const hiddenPattern = fc.array(fc.tuple(pattern, fc.boolean()), { minLength: 1, maxLength: 4 });
  it('in patterns', () => {
    fc.assert(
      fc.property(hiddenPattern, word, (parts, value) => {
        const answer = matchesPattern(half(...parts.map(([part, isHidden]) => (isHidden ? undefined : part))), value);
        const truth = naiveMatch(parts.map(([part]) => part).join(''), value);
        if (answer.state !== 'unknown') expect(answer.state).toBe(truth ? 'yes' : 'no');
        if (parts.every(([, isHidden]) => !isHidden)) expect(answer.state).not.toBe('unknown');
      }),
      { numRuns: 5000 },
    );
  });
  it('in statements and contexts', () => {
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        word,
        word,
        context,
        fc.nat(),
        (statements, action, resource, given, seed) => {
          // Keys that are missing from the context are unknown.
          const keys = [...given.keys()].filter((_, index) => (seed >> index) % 2 === 0);
          const told = new Map([...given].filter(([key]) => !keys.includes(key)));
          const answer = allows([policyOf(...statements)], { action, resource, context: told });
          if (answer.state !== 'unknown')
            expect(answer.state).toBe(naiveAllows(statements, action, resource, given) ? 'yes' : 'no');
        },
      ),
      { numRuns: 5000 },
    );
  });
  it('in a list that may hold more', () => {
    const open: Policy = { at: nowhere, statements: new Collection([], { at, why: 'a variable' }) };
    const request: Request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context: new Map() };
    const allowAll = policyOf({ Effect: 'Allow', Action: ['*'], Resource: ['*'] });
    expect(allows([open], request).state).toBe('unknown');
    expect(allows([open, allowAll], request).state).toBe('unknown'); // it may deny
    expect(
      allows([open, allowAll, policyOf({ Effect: 'Deny', Action: ['s3:*'], Resource: ['*'] })], request).state,
    ).toBe('no');
  });
});

describe('examples of the IAM User Guide', () => {
  const ask = (plain: Plain, request: Request) => allows([policyOf(plain)], request).state;
  const object = 'arn:aws:s3:::amzn-s3-demo-bucket/home/jdoe/file';
  it('wildcards in actions are case-insensitive, those in resources are not', () => {
    const plain: Plain = {
      Effect: 'Allow',
      Action: ['iam:*AccessKey*'],
      Resource: ['arn:aws:iam::111122223333:user/*'],
    };
    const user = 'arn:aws:iam::111122223333:user/jdoe';
    expect(ask(plain, { action: 'IAM:listaccesskeys', resource: user })).toBe('yes');
    expect(ask(plain, { action: 'iam:DeleteUser', resource: user })).toBe('no');
    expect(ask(plain, { action: 'iam:ListAccessKeys', resource: user.replace('user', 'User') })).toBe('no');
  });
  it('NotAction allows all other actions, NotResource all other resources', () => {
    expect(
      ask(
        { Effect: 'Allow', NotAction: ['s3:DeleteBucket'], Resource: ['arn:aws:s3:::*'] },
        { action: 's3:DeleteBucket', resource: object },
      ),
    ).toBe('no');
    expect(
      ask({ Effect: 'Allow', NotAction: ['iam:*'], Resource: ['*'] }, { action: 's3:PutObject', resource: object }),
    ).toBe('yes');
    expect(
      ask(
        { Effect: 'Allow', Action: ['s3:*'], NotResource: ['arn:aws:s3:::hr/*'] },
        { action: 's3:PutObject', resource: 'arn:aws:s3:::hr/pay' },
      ),
    ).toBe('no');
  });
  it('an explicit deny wins', () => {
    const policies = [
      policyOf({ Effect: 'Allow', Action: ['*'], Resource: ['*'] }),
      policyOf({
        Effect: 'Deny',
        Action: ['s3:*'],
        Resource: ['*'],
        Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
      }),
    ];
    const answer = (secure: string) =>
      allows(policies, {
        action: 's3:GetObject',
        resource: object,
        context: contextOf({ 'aws:SecureTransport': [secure] }),
      }).state;
    expect([answer('true'), answer('false')]).toEqual(['yes', 'no']);
    expect(allows(policies, { action: 's3:GetObject', resource: object }).state).toBe('unknown');
  });
  it('policy variables have the values of the request', () => {
    const plain: Plain = {
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*'],
    };
    const answer = (name: string) =>
      ask(plain, { action: 's3:GetObject', resource: object, context: contextOf({ 'aws:username': [name] }) });
    expect([answer('jdoe'), answer('other')]).toEqual(['yes', 'no']);
    expect(ask(plain, { action: 's3:GetObject', resource: object })).toBe('unknown');
    expect(
      ask(
        { ...plain, Resource: ['arn:aws:s3:::amzn-s3-demo-bucket/${*}'] },
        { action: 's3:GetObject', resource: object },
      ),
    ).toBe('no');
    expect(
      ask(
        { ...plain, Resource: ["arn:aws:s3:::b/${aws:PrincipalTag/team, 'company'}"] },
        {
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::b/company',
          context: contextOf({ 'aws:PrincipalTag/team': [] }),
        },
      ),
    ).toBe('yes');
  });
  it('sets of values', () => {
    const tags = (operator: string, given: readonly string[]) =>
      ask(
        {
          Effect: 'Allow',
          Action: ['*'],
          Resource: ['*'],
          Condition: { [operator]: { 'aws:TagKeys': ['environment', 'cost-center'] } },
        },
        { action: 'ec2:RunInstances', resource: '*', context: contextOf({ 'aws:TagKeys': given }) },
      );
    expect(tags('ForAllValues:StringEquals', ['environment', 'cost-center'])).toBe('yes');
    expect(tags('ForAllValues:StringEquals', ['environment', 'owner'])).toBe('no');
    expect(tags('ForAllValues:StringEquals', [])).toBe('yes');
    expect(tags('ForAnyValue:StringEquals', ['environment', 'owner'])).toBe('yes');
    expect(tags('ForAnyValue:StringEquals', [])).toBe('no');
    expect(tags('StringEqualsIfExists', [])).toBe('yes');
    expect(tags('StringEquals', [])).toBe('no');
  });
  it('ARNs are compared part by part', () => {
    const like = (value: string, given: string) =>
      holds(
        { operator: text('ArnLike'), key: text('aws:SourceArn'), values: texts([value]), at: nowhere },
        contextOf({ 'aws:SourceArn': [given] }),
      ).state;
    const topic = 'arn:aws:sns:us-east-1:111122223333:topic:a';
    expect(like('arn:aws:sns:*:111122223333:topic:*', topic)).toBe('yes');
    expect(like('arn:aws:sns:*:topic:a', topic)).toBe('no');
    expect(like('arn:*', topic)).toBe('yes');
    expect(like('arn:aws:sns:us-east-1:444455556666:*', topic)).toBe('no');
  });
  it('principals: everyone, an account, a role, a service', () => {
    const trust = (Principal: NonNullable<Plain['Principal']>): Plain => ({
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Principal,
    });
    const role = ['AWS', 'arn:aws:iam::111122223333:role/app'] as const;
    const answer = (plain: Plain, principal: readonly [string, string]) =>
      ask(plain, { action: 'sts:AssumeRole', principal });
    expect(answer(trust({ AWS: ['*'] }), role)).toBe('yes');
    expect(answer(trust({ AWS: ['111122223333'] }), role)).toBe('yes');
    expect(answer(trust({ AWS: ['arn:aws:iam::111122223333:root'] }), role)).toBe('yes');
    expect(answer(trust({ AWS: ['arn:aws:iam::444455556666:root'] }), role)).toBe('no');
    expect(answer(trust({ AWS: ['arn:aws:iam::111122223333:role/other'] }), role)).toBe('no');
    expect(answer(trust({ Service: ['ec2.amazonaws.com'] }), ['Service', 'ec2.amazonaws.com'])).toBe('yes');
    expect(answer(trust({ Service: ['ec2.amazonaws.com'] }), role)).toBe('no');
    expect(
      answer(
        { Effect: 'Allow', Action: ['sts:AssumeRole'], NotPrincipal: { AWS: ['arn:aws:iam::111122223333:role/app'] } },
        role,
      ),
    ).toBe('no');
  });
  it('dates and addresses are not evaluated', () => {
    const plain: Plain = {
      Effect: 'Allow',
      Action: ['*'],
      Resource: ['*'],
      Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
    };
    expect(ask(plain, { action: 'a:b', resource: '*', context: contextOf({ 'aws:SourceIp': ['203.0.113.7'] }) })).toBe(
      'unknown',
    );
  });
});

it('patterns of many stars cost no more than their length times that of the string', () => {
  const spent = countTime();
  expect(matchesPattern(text('a*'.repeat(200)), 'a'.repeat(4000) + 'b', false).state).toBe('yes');
  expect(matchesPattern(text(`${'a*'.repeat(200)}c`), 'a'.repeat(4000), false).state).toBe('no');
  expect(spent()).toBeLessThan(5000);
});
