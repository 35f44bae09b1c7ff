import type { AccessEntry, AccessPolicy, IdentityProvider } from '#model/aws.ts';
import type { Cluster } from '#model/cluster.ts';
import { Collection, type Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, readList } from './part.ts';
import { roleAt } from './role.ts';

export const entryType = 'AWS::EKS::AccessEntry';
/** CloudFormation writes the policies into the entry, Terraform beside it. */
export const associationType = 'EKS::AccessPolicyAssociation';

const readPolicy = (one: Property): AccessPolicy => {
  const scope = one.path('AccessScope');
  return {
    arn: one.path('PolicyArn').text(),
    scope: scope.path('Type').text(),
    namespaces: scope.path('Namespaces').texts(),
  };
};

/** The facts of an entry. Fallbacks are the defaults of the EKS API (CreateAccessEntry). */
export function readAccessEntry(resource: AwsResource, description: Description, cluster: Ref<Cluster>): AccessEntry {
  const { body } = resource;
  const principal = body.path('PrincipalArn');
  const { arn, role } = roleAt(principal, description);
  // A policy that is given to a principal whose entry is described elsewhere, or made by EKS.
  const isAlone = resource.type === associationType;
  const own = readList(body.path('AccessPolicies'), readPolicy);
  const beside = isAlone
    ? [resource]
    : (description.naming(associationType, 'PrincipalArn', entryType).get(resource) ?? []);
  const untold = 'the entry is not described in these files';
  return partOf('accessEntry', description.input, resource, arn, {
    cluster,
    principalArn: arn,
    principal: role,
    type: isAlone ? Value.unknown<string>(untold, principal.at) : body.path('Type').text('STANDARD'),
    username: isAlone ? Value.unknown<string>(untold, principal.at) : body.path('Username').text(),
    groups: isAlone ? Collection.unknown(untold, principal.at) : body.path('KubernetesGroups').texts(),
    policies: new Collection([...own, ...beside.map((one) => readPolicy(one.body))], {
      at: () => own.at,
      state: own.state === 'default' && beside.length > 0 ? 'set' : own.state,
      why: own.why ?? description.more,
      unread: description.whyUnread(associationType),
    }),
  });
}

/** Policies that no entry of these files carries. */
export const looseAssociations = (description: Description): readonly AwsResource[] =>
  description.naming(associationType, 'PrincipalArn', entryType).get(undefined) ?? [];

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
