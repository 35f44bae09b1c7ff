import type { IamRole, ManagedPolicy } from '#model/iam.ts';
import type { Policy } from '#model/policy.ts';
import { Answer, Collection, Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { type Foreign, foreignTo, groupsWith, mostPolicies, profileType, roleType, whyMore } from './namesakes.ts';
import { partOf, refOf } from './part.ts';
import { policyOf, readPolicy } from './policy.ts';

/** Policies that name the roles they belong to, and the property that names them. */
const naming = [
  ['AWS::IAM::RolePolicy', 'RoleName'],
  ['AWS::IAM::Policy', 'Roles'],
] as const;
/** CloudFormation has no type that attaches a policy to a role: a role lists its policies, or a policy its roles. */
const attachmentType = 'IAM::PolicyAttachment';
const attaching = [attachmentType, 'Roles'] as const;
const managedType = 'AWS::IAM::ManagedPolicy';
const listing = [managedType, 'Roles'] as const;

/** The document of a policy. AWS managed policies are known by name; their documents are not read. */
function linkOf(property: Property, description: Description): Ref<Policy> {
  const link = description.linked(property, managedType);
  const isOfAws = /^arn:[\w-]+:iam::aws:policy\//.test(property.text().value ?? '');
  return refOf(isOfAws && 'isUnread' in link ? { ...link, isUnread: false } : link, 'no policy is set', policyOf);
}

/** Why an audit could not read a list of a role; the answer then lacks it. */
const whyHidden = (list: Property, type: string, description: Description): string | undefined =>
  list.absent || list.why !== undefined ? description.whyUnread(type) : undefined;

/** An ARN. The ARN of a policy that a tool creates is unknown. */
const arnAt = (property: Property, why: string): Value<string> =>
  property.field.names === undefined ? property.text() : Value.unknown<string>(why, property.at, { unwritten: true });

/** The resources of a type whose property names a role, here and in other descriptions. */
const about = (role: AwsResource, type: string, property: string, description: Description): readonly Foreign[] => [
  ...(description.naming(type, property, roleType).get(role) ?? []).map((resource) => ({
    resource,
    home: description,
    is: Answer.yes,
  })),
  ...foreignTo(role, type, property),
];

/** The same, with those that may name any role, as many as a role can have. No one knows a name that AWS generates. */
const mayBeAbout = (
  role: AwsResource,
  type: string,
  property: string,
  description: Description,
): readonly Foreign[] => {
  const certain = about(role, type, property, description);
  if (role.body.path('RoleName').absent) return certain;
  const loose = description.loose(type, property, roleType).slice(0, mostPolicies);
  return [
    ...certain,
    ...loose.flatMap(({ resource, why }) =>
      certain.some((one) => one.resource === resource)
        ? []
        : [{ resource, home: description, is: Answer.unknown(why) }],
    ),
  ];
};

/** Policies that are attached by their ARN: in the role, and by separate resources. */
function readManaged(role: AwsResource, description: Description): Collection<ManagedPolicy> {
  const own = role.body.path('ManagedPolicyArns');
  const attach = (arn: Property, { home, is }: Pick<Foreign, 'home' | 'is'>): ManagedPolicy => ({
    arn: arnAt(arn, 'the policy has no ARN yet'),
    document: linkOf(arn, home),
    attached: is,
  });
  const items: ManagedPolicy[] = [
    ...own.items().map((arn) => attach(arn, { home: description, is: Answer.yes })),
    ...mayBeAbout(role, ...attaching, description).flatMap((one) => {
      const arns = one.resource.body.path('PolicyArns');
      const all = arns.absent ? [one.resource.body.path('PolicyArn')] : arns.items();
      return all.map((arn) => attach(arn, one));
    }),
  ];
  for (const { resource, home, is } of mayBeAbout(role, ...listing, description))
    items.push({
      arn: resource.body.path('ManagedPolicyName').text(),
      document: Ref.here(() => policyOf(resource, home)),
      attached: is,
    });
  // An inline policy of a role that may be another one: it says whether it is attached only here.
  for (const { resource, home, is } of separate(role, description))
    if (is.state === 'unknown')
      items.push({
        arn: Value.unknown<string>(is.why ?? '', resource.whole.at, { unwritten: true }),
        document: Ref.here(() => policyOf(resource, home)),
        attached: is,
      });
  const unclear = own.rest ?? description.unclear(...attaching, roleType);
  const cut = [attaching, listing, ...naming]
    .map(([type, property]) => whyMore(role, type, property))
    .find((why) => why !== undefined);
  return new Collection(items, {
    at: own.at,
    why: unclear ?? cut ?? description.more,
    unread: whyHidden(own, attachmentType, description),
  });
}

/** Inline policies that are resources of their own. */
const separate = (role: AwsResource, description: Description): readonly Foreign[] =>
  naming.flatMap(([type, property]) => mayBeAbout(role, type, property, description));

function readInline(role: AwsResource, description: Description): Collection<Policy> {
  const own = role.body.path('Policies');
  const items = own.items().map((one) => readPolicy(one.path('PolicyDocument'), description));
  for (const { resource, home, is } of separate(role, description))
    if (is.state === 'yes') items.push(policyOf(resource, home));
  const unclear = naming.map(([type, property]) => description.unclear(type, property, roleType));
  const rest = own.rest ?? unclear.find((why) => why !== undefined);
  return new Collection(items, {
    at: own.at,
    why: rest ?? description.more,
    unread: whyHidden(own, 'AWS::IAM::RolePolicy', description),
  });
}

/** Node groups by the role that they run with, directly or through an instance profile. */
function nodegroupsOf(role: AwsResource, description: Description): IamRole['nodegroups'] {
  const profiles = about(role, profileType, 'Roles', description);
  const groups = [
    ...['AWS::EKS::Nodegroup', 'EKS::SelfManagedNodegroup'].flatMap((type) =>
      about(role, type, 'NodeRole', description),
    ),
    ...profiles.flatMap(({ resource: profile, is }) => groupsWith(profile).map(({ resource }) => ({ resource, is }))),
  ];
  const first = new Map<AwsResource, Answer>();
  // Those that certainly run with it come first.
  for (const isSure of [true, false])
    for (const { resource, is } of groups)
      if ((is.state === 'yes') === isSure && !first.has(resource)) first.set(resource, is);
  return [...first].map(([{ body, title }, is]) => ({ name: body.path('NodegroupName').text().value ?? title, is }));
}

/** The facts of a role; computed once for everything that uses it. */
export function readRole(resource: AwsResource, description: Description): IamRole {
  return description.once('role', resource, () => {
    const { body } = resource;
    const name = body.path('RoleName').text();
    return partOf('iamRole', description.input, resource, name, {
      name,
      account: /^arn:[^:]+:iam::(\d{12}):/.exec(resource.id)?.[1],
      trust: readPolicy(body.path('AssumeRolePolicyDocument'), description),
      managed: readManaged(resource, description),
      inline: readInline(resource, description),
      boundary: arnAt(body.path('PermissionsBoundary'), 'the policy has no ARN yet'),
      nodegroups: nodegroupsOf(resource, description),
    });
  });
}

/** A role that a property names. */
export function roleAt(
  property: Property,
  description: Description,
): { readonly arn: Value<string>; readonly role: Ref<IamRole> } {
  const role = refOf(description.linked(property, roleType), 'no role is set', readRole);
  return { arn: arnAt(property, 'the role has no ARN yet'), role };
}
