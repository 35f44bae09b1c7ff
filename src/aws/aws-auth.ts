import type { SubjectName } from '#model/finding.ts';
import type { AuthList, AuthMapping, AwsAuth } from '#model/aws.ts';
import { Answer, Collection, Value } from '#model/value.ts';
import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { asIs, type Spelling } from '#spelling/spelling.ts';
import { partOf } from './part.ts';

/*
 * CloudFormation has no type for the ConfigMap aws-auth. `MapRoles`, `MapUsers` and `MapAccounts` are lists, or strings
 * of YAML.
 */

export const authType = 'EKS::AwsAuth';

/** Strings that the authenticator ignores (aws-iam-authenticator, configmap.go, isSkippable). */
const skipped: ReadonlySet<string> = new Set(['', '``', '""']);

interface List {
  readonly name: AuthList;
  readonly given: Property;
  /** The list itself; absent if the string is empty. */
  readonly list: Field;
}
function readLists({ body }: AwsResource, description: Description): readonly List[] {
  const properties = { mapRoles: 'MapRoles', mapUsers: 'MapUsers', mapAccounts: 'MapAccounts' } as const;
  return (['mapRoles', 'mapUsers', 'mapAccounts'] as const).map((name): List => {
    const given = body.path(properties[name]);
    const { field } = given;
    const isEmpty = typeof field.value === 'string' && skipped.has(field.value.trim());
    return { name, given, list: isEmpty ? field.nothing() : description.document(given) };
  });
}

/** Whether the value is a list: the authenticator ignores everything else. */
function isList({ given, list }: List): Answer {
  if (list.absent || Array.isArray(list.value)) return Answer.yes;
  const { why } = given;
  return why === undefined ? Answer.no : Answer.unknown(why);
}

const plain: Spelling = { name: asIs, blocks: false, rows: {} };

/** An ARN in which only the account and the partition are unknown, with question marks in their place. */
function withoutAccount(arn: Value<string>): Value<string> {
  const text = arn.pieces.map((piece) => piece ?? '\0').join('');
  return arn.state === 'unknown' && /^arn:(?:\0|[^\0:]+):iam::(?:\0|\d*):[^\0]+$/.test(text)
    ? Value.set(text.replaceAll('\0', '?'), () => arn.at)
    : arn;
}

/** The keys of a mapping (aws-iam-authenticator, README, Full Configuration Format). */
function readMapping(list: AuthList, item: Field, description: Description): AuthMapping {
  const written = item.entries();
  const entries = new Map(written.map(([key, entry]) => [key.toLowerCase(), entry]));
  const find = (key: string): Field => entries.get(key) ?? item.get(key);
  const named = new Property(plain, find(list === 'mapUsers' ? 'userarn' : 'rolearn'));
  const role = description.linked(named, 'AWS::IAM::Role');
  const arn = named.text();
  // A value of the wrong type leaves its field empty, and the rest of the mapping counts (encoding/json, Unmarshal).
  const groups = find('groups');
  const isOther = !groups.absent && groups.why === undefined && !Array.isArray(groups.value);
  return {
    list,
    arn: withoutAccount(arn),
    isReference: named.why !== undefined && /^arn$/i.test(description.refer(named)?.attribute ?? ''),
    hasPath:
      role.state === 'here' && named.why !== undefined
        ? role.resource.body
            .path('Path')
            .text('/')
            .where((path) => path !== '/')
        : withoutAccount(arn).where((text) => /^arn:[^:]*:iam::[^:]*:role\/.+\//.test(text)),
    username: find('username').text(),
    groups: isOther ? groups.nothing().texts() : groups.texts(),
    otherGroups: isOther ? groups.at() : undefined,
    keys: written.flatMap(([key, { absent }]) => (absent ? [] : [key])),
    get at() {
      return item.at();
    },
  };
}

/** The items of several lists together; `read` returns nothing for an invalid item. */
function collect<T>(
  lists: readonly List[],
  whole: AwsResource,
  read: (item: Field, list: List) => readonly T[],
): Collection<T> {
  const written = lists.filter(({ list }) => list.written);
  const items = lists.flatMap((list) => list.list.items().flatMap((item) => read(item, list)));
  const whys = lists.map(({ list }) => (Array.isArray(list.value) ? list.rest : list.why));
  const why = whys.find((one) => one !== undefined);
  return new Collection(items, {
    at: () => written[0]?.given.at() ?? whole.whole.at(),
    state: written.length === 0 ? 'default' : items.length === 0 && why !== undefined ? 'unknown' : 'set',
    why,
  });
}

/** The ConfigMap that mappings of other formats are written to. */
const configMap: SubjectName = { kind: 'ConfigMap', namespace: 'kube-system', name: 'aws-auth' };

/** The mappings of a ConfigMap, of an eksctl file or of a module call. */
export function readAwsAuth(resource: AwsResource, description: Description): AwsAuth {
  const lists = readLists(resource, description);
  const { subject = configMap } = resource;
  return partOf('awsAuth', description.input, resource, Value.set(subject.name, resource.whole.at), {
    subject,
    lists: lists.map((one) => ({
      name: one.name,
      isList: isList(one),
      get at() {
        return one.given.at();
      },
    })),
    mappings: collect(
      lists.filter(({ name }) => name !== 'mapAccounts'),
      resource,
      (item, { name }) => (item.map || item.why !== undefined ? [readMapping(name, item, description)] : []),
    ),
    accounts: collect(
      lists.filter(({ name }) => name === 'mapAccounts'),
      resource,
      (item) => [item.text()],
    ),
  });
}
