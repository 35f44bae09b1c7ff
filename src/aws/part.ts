import type { SubjectName } from '#model/finding.ts';
import type { ClusterInput, Health, Tag } from '#model/cluster.ts';
import { Collection, Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description, Link } from '#spelling/resource.ts';
import type { Location, Tree } from '#syntax/tree.ts';

interface Base<K extends string> {
  readonly kind: K;
  readonly input: ClusterInput;
  readonly at: Location;
  readonly subject: SubjectName;
  readonly tree: Tree | undefined;
  readonly object: object | undefined;
}

export const subjectOf = (kind: string, { title }: AwsResource, name: Value<string>): SubjectName => ({
  kind,
  namespace: '',
  name: name.value ?? title,
});

/** A part of the model with its facts; its location is computed on demand. */
export function partOf<K extends string, F extends object>(
  kind: K,
  input: ClusterInput,
  resource: AwsResource,
  name: Value<string>,
  facts: F,
): Base<K> & F {
  const { whole, body } = resource;
  const part = {
    kind,
    input,
    tree: whole.tree,
    // Parts that a tool creates have no text of their own.
    object: resource.object ?? (body.field.preset ? undefined : body.field.map) ?? whole.map,
    subject: subjectOf(kind, resource, name),
  };
  // Facts that are getters are computed when a rule asks for them.
  Object.defineProperties(part, Object.getOwnPropertyDescriptors(facts));
  return Object.defineProperty(part, 'at', { get: whole.at, enumerable: true }) as Base<K> & F;
}

/** Reads the items of a list. */
export const readList = <T>(list: Property, read: (item: Property) => T): Collection<T> => {
  const items = list.items().map(read);
  const why = list.rest;
  return new Collection(items, {
    at: list.at,
    state: list.absent ? 'default' : why !== undefined && items.length === 0 ? 'unknown' : 'set',
    why,
  });
};

/** The state of a running resource, as in the answers of DescribeCluster and similar calls. */
export const readHealth = (body: Property): Health => ({
  status: body.path('Status').text(),
  issues: readList(body.path('Health', 'Issues'), (one) => ({
    code: one.path('Code').text(),
    message: one.path('Message').text(),
  })),
});

/** How another resource relates to the part that names it. `none`: why there is no part if nothing is named. */
export function refOf<T>(link: Link, none: string, read: (resource: AwsResource, home: Description) => T): Ref<T> {
  if (link.state === 'here') return Ref.here(() => read(link.resource, link.home));
  if (link.state === 'none') return Ref.elsewhere(none);
  return link.isUnread === true ? Ref.unread(link.why) : Ref.elsewhere(link.why);
}

/** A list in another resource about which nothing is known. */
export const hidden = <T>({ why, at, isUnread }: Exclude<Link, { state: 'here' | 'none' }>): Collection<T> =>
  isUnread === true ? Collection.unread(why, at) : Collection.unknown(why, at);

/** Tags: a list of pairs in CloudFormation, a map everywhere else. */
export function readTags(tags: Property): Collection<Tag> {
  const { field, at } = tags;
  const pairs = field.map
    ? field.entries().map(([key, value]): Tag => ({ key: Value.set(key, value.at), value: value.text() }))
    : tags.items().map((one): Tag => ({ key: one.path('Key').text(), value: one.path('Value').text() }));
  return new Collection(pairs, {
    at,
    state: tags.why === undefined ? (field.absent ? 'default' : 'set') : 'unknown',
    why: tags.rest,
  });
}

/** The name of a resource without a name property: the value of its tag `Name`. */
export const nameOf = ({ body, whole }: AwsResource, tags = 'Tags'): Value<string> =>
  readTags(body.path(tags)).items.find(({ key }) => key.value === 'Name')?.value ??
  Value.default<string>(undefined, whole.at);

/** What a property takes from a resource of a type is there, even if it is not known before the resource is. */
export function textOf(property: Property, type: string, description: Description): Value<string> {
  const { why, at } = property;
  return why !== undefined && description.refersTo(property, type)
    ? Value.unknown(why, at, { oneOf: ['what the resource returns'] })
    : property.text();
}
