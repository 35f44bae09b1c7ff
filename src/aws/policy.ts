import { isKnownInPart } from '#model/hidden.ts';
import type { Condition, Names, Policy, Principal, Statement } from '#model/policy.ts';
import { Answer, Collection, Value } from '#model/value.ts';
import type { Field } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';

/* Policy documents by the grammar of IAM (IAM User Guide, Grammar of the IAM JSON policy language). */

/** Hosts of the OIDC issuers of EKS clusters, also over IPv6. */
const eksIssuer = /\boidc[.-]eks\b/;

/** A list that may also be written as a single item. Values of conditions may be booleans. */
function readTexts(field: Field): Collection<Value<string>> {
  const { at, why } = field;
  if (why !== undefined) {
    // A string of which a part is unknown is one item; an unknown list has no known items.
    const value = field.text();
    return value.pieces.some((piece) => piece !== undefined)
      ? new Collection([value], { at })
      : Collection.unknown(why, at);
  }
  if (field.absent) return new Collection<Value<string>>([], { at, state: 'default' });
  const items = Array.isArray(field.value) ? field.items() : [field];
  const read = (item: Field): Value<string> =>
    typeof item.value === 'boolean' ? Value.set(String(item.value), item.at) : item.text();
  return new Collection(items.map(read), { at, why: field.rest });
}

/** `Action` and `NotAction`, `Resource` and `NotResource`: a statement has one of the two. */
function readNames(statement: Field, name: string): Names {
  const not = statement.get(`Not${name}`);
  return { values: readTexts(not.absent ? statement.get(name) : not), negated: !not.absent };
}

/** The entries of a map, each with a type and values. */
interface Pair {
  readonly name: Value<string>;
  readonly values: Field;
}
const pairsOf = (map: Field): readonly Pair[] =>
  map.entries().map(([key, values]) => ({ name: readKey(map, key, values), values }));
/** The key of a map, which may be composed like a string. */
function readKey(map: Field, key: string, { at }: Field): Value<string> {
  const pieces = map.partsOfKey(key).map((part) => (typeof part === 'string' ? part : undefined));
  return pieces.includes(undefined)
    ? Value.unknown(isKnownInPart('the key'), at, { pieces })
    : Value.set(pieces.join(''), at);
}

/** Whether an OIDC provider, or the URL of one, is that of an EKS cluster. */
export function isEksIssuer(field: Field, description: Description, depth = 0): Answer {
  const known = field.parts.map((part) => (typeof part === 'string' ? part : '\0')).join('');
  if (eksIssuer.test(known)) return Answer.yes;
  if (!known.includes('\0') || /(?:oidc-provider\/|https:\/\/)[^\0]|:saml-provider\//.test(known)) return Answer.no;
  for (const { reference, resource, home } of description.mentions(field)) {
    const type = resource?.type ?? reference.type;
    if (type === 'AWS::EKS::Cluster') return Answer.yes;
    if (type === 'AWS::IAM::OIDCProvider' && resource && depth < 10)
      return isEksIssuer(resource.body.path('Url').field, home, depth + 1);
  }
  return Answer.unknown(field.why ?? 'the OIDC provider is not known');
}

function readPrincipals(field: Field, description: Description): Collection<Principal> {
  const { at } = field;
  if (field.absent) return new Collection<Principal>([], { at, state: 'default' });
  const everyone = Answer.no;
  if (field.value === '*') {
    const all = Value.set('*', at);
    return new Collection([{ type: all, id: all, isEksIssuer: everyone }], { at });
  }
  const pairs = Array.isArray(field.value)
    ? field.items().map((item): Pair => ({ name: item.get('Type').text(), values: item.get('Values') }))
    : pairsOf(field);
  let rest = field.why ?? field.rest;
  const items = pairs.flatMap(({ name: type, values }): Principal[] => {
    const fields = Array.isArray(values.value) ? values.items() : values.absent ? [] : [values];
    if (values.why === undefined) rest ??= values.rest;
    return fields.map((one) => ({
      type,
      id: one.text(),
      isEksIssuer: type.where((text) => text === 'Federated').and(isEksIssuer(one, description)),
    }));
  });
  return new Collection(items, { at, why: rest });
}

function readConditions(field: Field): Collection<Condition> {
  const { at } = field;
  if (field.absent) return new Collection<Condition>([], { at, state: 'default' });
  if (Array.isArray(field.value)) {
    const items = field.items().map((item): Condition => ({
      operator: item.get('Operator').text(),
      key: item.get('Key').text(),
      values: readTexts(item.get('Values')),
      at: item.get('Values').at(),
    }));
    return new Collection(items, { at, why: field.rest });
  }
  let rest = field.why ?? field.rest;
  const items = pairsOf(field).flatMap(({ name: operator, values: keys }): Condition[] => {
    rest ??= keys.why ?? keys.rest;
    return keys.entries().map(([key, values]) => ({
      operator,
      key: readKey(keys, key, values),
      values: readTexts(values),
      get at() {
        return values.at();
      },
    }));
  });
  return new Collection(items, { at, why: rest });
}

function readStatement(field: Field, description: Description): Statement {
  const not = field.get('NotPrincipal');
  const statement = {
    sid: field.get('Sid').text(),
    effect: field.get('Effect').text(),
    actions: readNames(field, 'Action'),
    resources: readNames(field, 'Resource'),
    principals: {
      values: readPrincipals(not.absent ? field.get('Principal') : not, description),
      negated: !not.absent,
    },
    conditions: readConditions(field.get('Condition')),
    mayHaveConditions: field.get('Condition').text().sayable,
  };
  return Object.defineProperty(statement, 'at', { get: field.at, enumerable: true }) as typeof statement & Statement;
}

/** The policy in a property of a resource. */
export function readPolicy(property: Property, description: Description): Policy {
  const document = description.document(property);
  const { at } = property;
  const list = document.get('Statement');
  const why = document.why ?? list.why ?? list.rest ?? document.rest;
  const items = list.map ? [list] : list.items();
  const known = items.filter((item) => item.map);
  const unclear = items.find((item) => !item.map);
  const statements = new Collection(
    known.map((item) => readStatement(item, description)),
    {
      at,
      state: document.absent ? 'default' : why !== undefined && known.length === 0 ? 'unknown' : 'set',
      why: why ?? (unclear ? (unclear.why ?? 'a statement is not a map') : undefined),
    },
  );
  return Object.defineProperty({ statements }, 'at', { get: at, enumerable: true }) as {
    statements: typeof statements;
  } & Policy;
}

/** The policy of a resource that several others may share; evaluated once. */
export const policyOf = (resource: AwsResource, description: Description): Policy =>
  description.once('policy', resource, () => readPolicy(resource.body.path('PolicyDocument'), description));
