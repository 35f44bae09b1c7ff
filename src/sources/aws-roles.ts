import type { Aws } from './aws.ts';
import type { Calls } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/**
 * Roles of the account with their policies, in the shape of GetAccountAuthorizationDetails, which `aws iam` prints for
 * a whole account. A list that AWS denies is missing from the answer.
 */
export async function collectRoles(
  aws: Aws,
  calls: Calls,
  { account, partition }: Place,
  named: readonly string[],
): Promise<void> {
  if (!calls.wants('AWS::IAM::Role')) return;
  const sdk = await import('#sources/clients.ts');
  const { iam } = await aws.clients;
  const names = new Set<string>();
  for (const one of named) {
    const [, owner = account, name = one] = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(one) ?? [];
    // Other accounts do not answer. An invalid role name cannot be one (IAM API reference, GetRole).
    if (owner === account && /^[\w+=,.@-]{1,64}$/.test(name)) names.add(name);
  }
  const policies = new Set<string>();
  const readAttached = async (RoleName: string) => {
    if (!calls.wants('IAM::PolicyAttachment')) return undefined;
    return await calls.list(
      'iam:ListAttachedRolePolicies',
      sdk.paginateListAttachedRolePolicies({ client: iam }, { RoleName }, aws.until),
      (page) => page.AttachedPolicies,
      ['missing'],
    );
  };
  const readInline = async (RoleName: string) => {
    if (!calls.wants('AWS::IAM::RolePolicy')) return undefined;
    const names = await calls.list(
      'iam:ListRolePolicies',
      sdk.paginateListRolePolicies({ client: iam }, { RoleName }, aws.until),
      (page) => page.PolicyNames,
      ['missing'],
    );
    const found = await Promise.all(
      (names ?? []).map((PolicyName) =>
        calls.ask('iam:GetRolePolicy', () =>
          iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName }), aws.until),
        ),
      ),
    );
    return names && found.every((one) => one !== undefined)
      ? found.map((one) => ({ PolicyName: one?.PolicyName, PolicyDocument: one?.PolicyDocument }))
      : undefined;
  };
  await calls.each([...names].sort(), async (RoleName) => {
    const [found, attached, inline] = await Promise.all([
      calls.tell(
        'iam:GetRole',
        () => iam.send(new sdk.GetRoleCommand({ RoleName }), aws.until),
        (one) => one.Role,
      ),
      readAttached(RoleName),
      readInline(RoleName),
    ]);
    for (const { PolicyArn = '' } of attached ?? []) policies.add(PolicyArn);
    if (!found) return;
    const { Arn, Path, RoleId, AssumeRolePolicyDocument, PermissionsBoundary, Tags } = found;
    const role = { RoleName, Arn, Path, RoleId, AssumeRolePolicyDocument, PermissionsBoundary, Tags };
    calls.keep(Arn ?? '', {
      RoleDetailList: [{ ...role, AttachedManagedPolicies: attached, RolePolicyList: inline }],
    });
  });
  if (!calls.wants('AWS::IAM::ManagedPolicy')) return;
  // AWS managed policies are known by their names.
  const own = [...policies].filter((arn) => arn.startsWith(`arn:${partition}:iam::${account}:policy/`)).sort();
  await calls.each(own, async (PolicyArn) => {
    const policy = await calls.tell(
      'iam:GetPolicy',
      () => iam.send(new sdk.GetPolicyCommand({ PolicyArn }), aws.until),
      (said) => said.Policy,
    );
    if (!policy) return;
    const version = await calls.tell(
      'iam:GetPolicyVersion',
      () => iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId: policy.DefaultVersionId }), aws.until),
      (said) => said.PolicyVersion,
    );
    if (version) calls.keep(PolicyArn, { Policies: [{ ...policy, PolicyVersionList: [version] }] });
  });
}

/** The OIDC provider of the issuer of a cluster, whose ARN is known without a list (IAM User Guide, IAM ARNs). */
export async function collectOidcProvider(
  aws: Aws,
  calls: Calls,
  { account, partition }: Place,
  issuer: string | undefined,
): Promise<void> {
  if (!calls.wants('AWS::IAM::OIDCProvider') || issuer === undefined) return;
  const sdk = await import('#sources/clients.ts');
  const { iam } = await aws.clients;
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace(/^https:\/\//, '')}`;
  const said = await calls.ask('iam:GetOpenIDConnectProvider', () =>
    iam.send(new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }), aws.until),
  );
  if (!said) return;
  const { Url, ClientIDList, ThumbprintList, CreateDate, Tags } = said;
  calls.keep(arn, { Url, ClientIDList, ThumbprintList, CreateDate, Tags });
}
