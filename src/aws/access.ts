import { entryElsewhere } from '#model/hidden.ts';
import type { AccessEntry, AccessPolicy, IdentityProvider } from '#model/aws.ts';
import type { Cluster } from '#model/cluster.ts';
import { Collection, type Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { partOf, readList } from './part.ts';
import { roleAt } from './role.ts';

export const entryType = 'AWS::EKS::AccessEntry';
/** CloudFormation writes the policies into the entry; Terraform has separate resources. */
export const associationType = 'EKS::AccessPolicyAssociation';

const readPolicy = (one: Property): AccessPolicy => {
  const scope = one.path('AccessScope');
  return {
    arn: one.path('PolicyArn').text(),
    scope: scope.path('Type').text(),
    namespaces: scope.path('Namespaces').texts(),
  };
};

/**
 * The principal that the ARN belongs to. A reference to a role counts as the ARN of that role, whatever its name turns
 * out to be.
 */
function principalKind(principal: Property, description: Description): Value<string> {
  const arn = principal.text();
  if (arn.state === 'unknown') {
    if (description.refersTo(principal, 'AWS::IAM::User')) return Value.set('user', principal.at);
    // A role, one of several, or an output of a module that holds a role's ARN.
    const mentions = arn.pieces.length === 1 ? description.mentions(principal.field) : [];
    const isRole = mentions.map(
      ({ resource, reference }) =>
        (resource?.type ?? reference.type) === 'AWS::IAM::Role' || reference.attribute?.endsWith('role_arn') === true,
    );
    if (isRole.length > 0 && !isRole.includes(false)) return Value.set('role', principal.at);
    // A hole in the name may stand for anything.
    const kind = /:(role|user)\/[^*\0]+$/.exec(arn.pieces.map((piece) => piece ?? '\0').join(''))?.[1];
    if (kind !== undefined) return Value.set(kind, principal.at);
  }
  return arn.to((text) => (/\*|:root$|:sts::/.test(text) ? 'other' : text.includes(':user/') ? 'user' : 'role'));
}

/** The facts of an entry. Fallbacks are the defaults of the EKS API (CreateAccessEntry). */
export function readAccessEntry(resource: AwsResource, description: Description, cluster: Ref<Cluster>): AccessEntry {
  const { body } = resource;
  const principal = body.path('PrincipalArn');
  const { arn, role } = roleAt(principal, description);
  // A policy for a principal whose entry is defined elsewhere or was created by EKS.
  const isAlone = resource.type === associationType;
  const own = readList(body.path('AccessPolicies'), readPolicy);
  const associations = isAlone
    ? [resource]
    : beside(resource, description, associationType, 'PrincipalArn').map((one) => one.resource);
  const untold = entryElsewhere;
  return partOf('accessEntry', description.input, resource, arn, {
    cluster,
    principalArn: arn,
    principal: role,
    principalKind: principalKind(principal, description),
    type: isAlone ? Value.unknown<string>(untold, principal.at) : body.path('Type').text('STANDARD'),
    username: isAlone ? Value.unknown<string>(untold, principal.at) : body.path('Username').text(),
    groups: isAlone ? Collection.unknown(untold, principal.at) : body.path('KubernetesGroups').texts(),
    policies: new Collection([...own, ...associations.map((one) => readPolicy(one.body))], {
      at: () => own.at,
      state: own.state === 'default' && associations.length > 0 ? 'set' : own.state,
      why: own.why ?? description.more,
      unread: description.whyUnread(associationType),
    }),
  });
}

/** Policies that belong to no entry in the files of the run. */
export const looseAssociations = (description: Description): readonly AwsResource[] =>
  description
    .of(associationType)
    .filter(({ body }) => description.linked(body.path('PrincipalArn'), entryType).state !== 'here');

/** The facts of an identity provider (EKS API reference, OidcIdentityProviderConfigRequest). */
export function readIdentityProvider(
  resource: AwsResource,
  { input }: Description,
  cluster: Ref<Cluster>,
): IdentityProvider {
  const { body } = resource;
  const name = body.path('IdentityProviderConfigName').text();
  const oidc = body.path('Oidc');
  return partOf('identityProvider', input, resource, name, {
    cluster,
    name,
    issuerUrl: oidc.path('IssuerUrl').text(),
    clientId: oidc.path('ClientId').text(),
    usernameClaim: oidc.path('UsernameClaim').text(),
    usernamePrefix: oidc.path('UsernamePrefix').text(),
    groupsClaim: oidc.path('GroupsClaim').text(),
    groupsPrefix: oidc.path('GroupsPrefix').text(),
  });
}
