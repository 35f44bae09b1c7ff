import type { Aws, DescribedCluster } from './aws.ts';
import { type Calls, text, texts } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/*
 * What EKS itself knows about a cluster in addition to its nodes and add-ons: Fargate profiles, access entries, and its
 * capabilities.
 */

/** Reads them. Returns the roles and subnets that they name. */
export async function collectMembers(
  aws: Aws,
  { name, arn, answer: { accessConfig } }: DescribedCluster,
  calls: Calls,
  { arnOf }: Place,
): Promise<{ readonly roles: readonly string[]; readonly subnets: readonly string[] }> {
  const sdk = await import('#sources/clients.ts');
  const { eks } = await aws.clients;
  // Created for each call: the paginators of the SDK write their token into the input.
  const of = (): { clusterName: string } => ({ clusterName: name });
  const [roles, subnets]: [string[], string[]] = [[], []];

  const readProfiles = async (): Promise<void> => {
    const list = sdk.paginateListFargateProfiles({ client: eks }, of(), aws.until);
    const fargateProfileNames = await calls.list('eks:ListFargateProfiles', list, (page) => page.fargateProfileNames);
    if (!fargateProfileNames) return;
    await calls.each(fargateProfileNames, async (fargateProfileName) => {
      const fargateProfile = await calls.tell(
        'eks:DescribeFargateProfile',
        () => eks.send(new sdk.DescribeFargateProfileCommand({ ...of(), fargateProfileName }), aws.until),
        (said) => said.fargateProfile,
      );
      if (!fargateProfile) return;
      const own = fargateProfile.fargateProfileArn ?? arnOf('eks', `fargateprofile/${name}/${fargateProfileName}`);
      calls.keep(own, { fargateProfile });
      roles.push(text(fargateProfile.podExecutionRoleArn));
      subnets.push(...texts(fargateProfile.subnets));
    });
    calls.keep(`${arn}/fargate-profiles`, { fargateProfileNames });
  };
  const readPolicies = async (principalArn: string, entryArn: string): Promise<void> => {
    const associatedAccessPolicies = await calls.list(
      'eks:ListAssociatedAccessPolicies',
      sdk.paginateListAssociatedAccessPolicies({ client: eks }, { ...of(), principalArn }, aws.until),
      (page) => page.associatedAccessPolicies,
      ['missing'],
    );
    if (associatedAccessPolicies)
      calls.keep(`${entryArn}/policies`, { ...of(), principalArn, associatedAccessPolicies });
  };
  const readEntries = async (): Promise<void> => {
    // Without them in its authentication mode, a cluster has none, and the API rejects the call (EKS User Guide, Access
    // entries).
    const hasEntries = text(accessConfig?.authenticationMode).startsWith('API');
    const list = sdk.paginateListAccessEntries({ client: eks }, of(), aws.until);
    const accessEntries = hasEntries
      ? await calls.list('eks:ListAccessEntries', list, (page) => page.accessEntries)
      : [];
    if (!accessEntries) return;
    await calls.each(accessEntries, async (principalArn) => {
      const accessEntry = await calls.tell(
        'eks:DescribeAccessEntry',
        () => eks.send(new sdk.DescribeAccessEntryCommand({ ...of(), principalArn }), aws.until),
        (said) => said.accessEntry,
      );
      if (!accessEntry) return;
      const own = accessEntry.accessEntryArn ?? arnOf('eks', `access-entry/${name}/${principalArn}`);
      calls.keep(own, { accessEntry });
      if (calls.wants('EKS::AccessPolicyAssociation')) await readPolicies(principalArn, own);
    });
    calls.keep(`${arn}/access-entries`, { accessEntries });
  };
  const readProviders = async (): Promise<void> => {
    const list = sdk.paginateListIdentityProviderConfigs({ client: eks }, of(), aws.until);
    const identityProviderConfigs = await calls.list(
      'eks:ListIdentityProviderConfigs',
      list,
      (page) => page.identityProviderConfigs,
    );
    if (!identityProviderConfigs) return;
    await calls.each(identityProviderConfigs, async ({ type, name: configName }) => {
      const identityProviderConfig = { type, name: configName };
      const oidc = await calls.tell(
        'eks:DescribeIdentityProviderConfig',
        () => eks.send(new sdk.DescribeIdentityProviderConfigCommand({ ...of(), identityProviderConfig }), aws.until),
        (said) => said.identityProviderConfig?.oidc,
      );
      if (!oidc) return;
      const own = oidc.identityProviderConfigArn ?? arnOf('eks', `identityproviderconfig/${name}/oidc/${configName}`);
      calls.keep(own, { identityProviderConfig: { oidc } });
    });
    calls.keep(`${arn}/identity-provider-configs`, { identityProviderConfigs });
  };
  const readCapabilities = async (): Promise<void> => {
    const list = sdk.paginateListCapabilities({ client: eks }, of(), aws.until);
    // If the service does not have the call, there are none.
    const listed = await calls.list('eks:ListCapabilities', list, (page) => page.capabilities, ['unsupported']);
    if (!listed && calls.isUnanswered('eks:ListCapabilities')) return;
    const capabilities = listed ?? [];
    await calls.each(capabilities, async ({ capabilityName }) => {
      const capability = await calls.tell(
        'eks:DescribeCapability',
        () => eks.send(new sdk.DescribeCapabilityCommand({ ...of(), capabilityName }), aws.until),
        (said) => said.capability,
      );
      if (!capability) return;
      calls.keep(capability.arn ?? arnOf('eks', `capability/${name}/${capabilityName}`), { capability });
      roles.push(text(capability.roleArn));
    });
    calls.keep(`${arn}/capabilities`, { capabilities });
  };
  await Promise.all([
    ...(calls.wants('AWS::EKS::FargateProfile') ? [readProfiles()] : []),
    ...(calls.wants('AWS::EKS::AccessEntry') ? [readEntries()] : []),
    ...(calls.wants('AWS::EKS::IdentityProviderConfig') ? [readProviders()] : []),
    ...(calls.wants('AWS::EKS::Capability') ? [readCapabilities()] : []),
  ]);
  return { roles, subnets };
}
