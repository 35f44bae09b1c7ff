import type { IamRole, ManagedPolicy } from '#model/iam.ts';
import type { Policy } from '#model/policy.ts';
import { Collection, Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, refOf } from './part.ts';
import { policyOf, readPolicy } from './policy.ts';

const roleType = 'AWS::IAM::Role';
/** Policies that name the roles they belong to, and the property that names them. */
const naming = [
  ['AWS::IAM::RolePolicy', 'RoleName'],
  ['AWS::IAM::Policy', 'Roles'],
] as const;
/** CloudFormation has no type that attaches a policy to a role: a role lists its policies, or a policy its roles. */
const attachmentType = 'IAM::PolicyAttachment';
const managedType = 'AWS::IAM::ManagedPolicy';

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

/** Policies that are attached by their ARN: in the role, and by separate resources. */
function readManaged(role: AwsResource, description: Description): Collection<ManagedPolicy> {
  const own = role.body.path('ManagedPolicyArns');
  const attached = (type: string, property: string): readonly AwsResource[] =>
    description.naming(type, property, roleType).get(role) ?? [];
  const beside = attached(attachmentType, 'Roles');
  const items: ManagedPolicy[] = [
    ...own.items(),
    ...beside.flatMap(({ body }) => {
      const arns = body.path('PolicyArns');
      return arns.absent ? [body.path('PolicyArn')] : arns.items();
    }),
  ].map((arn) => ({ arn: arnAt(arn, 'the policy has no ARN yet'), document: linkOf(arn, description) }));
  for (const policy of attached(managedType, 'Roles'))
    items.push({
      arn: policy.body.path('ManagedPolicyName').text(),
      document: Ref.here(() => policyOf(policy, description)),
    });
  const unclear = own.rest ?? description.unclear(attachmentType, 'Roles', roleType);
  return new Collection(items, {
    at: own.at,
    why: unclear ?? description.more,
    unread: whyHidden(own, attachmentType, description),
  });
}

function readInline(role: AwsResource, description: Description): Collection<Policy> {
  const own = role.body.path('Policies');
  const items = own.items().map((one) => readPolicy(one.path('PolicyDocument'), description));
  for (const [type, property] of naming)
    for (const one of description.naming(type, property, roleType).get(role) ?? [])
      items.push(policyOf(one, description));
  const unclear = naming.map(([type, property]) => description.unclear(type, property, roleType));
  const rest = own.rest ?? unclear.find((why) => why !== undefined);
  return new Collection(items, {
    at: own.at,
    why: rest ?? description.more,
    unread: whyHidden(own, 'AWS::IAM::RolePolicy', description),
  });
}

/** Node groups by the role that they run with, directly or through an instance profile. */
function nodegroupsOf(role: AwsResource, description: Description): string[] {
  const profiles = description.naming('AWS::IAM::InstanceProfile', 'Roles', roleType).get(role) ?? [];
  const groups = ['AWS::EKS::Nodegroup', 'EKS::SelfManagedNodegroup'].flatMap((type) => [
    ...(description.naming(type, 'NodeRole', roleType).get(role) ?? []),
    ...profiles.flatMap(
      (profile) => description.naming(type, 'InstanceProfile', 'AWS::IAM::InstanceProfile').get(profile) ?? [],
    ),
  ]);
  return [...new Set(groups)].map(({ body, title }) => body.path('NodegroupName').text().value ?? title);
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
