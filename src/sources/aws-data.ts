import type { Aws } from './aws.ts';
import { type Calls, text } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/* Keys and repositories that a cluster uses. */

/**
 * The registry of an account: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1` (Amazon ECR User Guide, Private
 * registry).
 */
const registry =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\.(?:amazonaws\.[\w.]+|on\.(?:aws|amazonwebservices\.com\.cn))\/([^:@]+)/;

/** The repositories of the account and region that images come from. Returns the keys that encrypt them. */
export async function collectRepositories(
  aws: Aws,
  calls: Calls,
  { account, region, arnOf }: Place,
  images: readonly string[],
): Promise<{ readonly keys: readonly string[] }> {
  if (!calls.wants('AWS::ECR::Repository')) return { keys: [] };
  const sdk = await import('#sources/clients.ts');
  const { ecr } = await aws.clients;
  const names = new Set<string>();
  for (const image of images) {
    const [, owner, place, name] = registry.exec(image) ?? [];
    if (owner === account && place === region && name !== undefined) names.add(name);
  }
  const keys: string[] = [];
  if (names.size === 0) return { keys };
  // The error for a repository without a policy is the same as for a missing one.
  const readPolicy = async (repositoryName: string, arn: string): Promise<void> => {
    const said = await calls.ask('ecr:GetRepositoryPolicy', () =>
      ecr.send(new sdk.GetRepositoryPolicyCommand({ repositoryName }), aws.until),
    );
    if (said?.policyText !== undefined) calls.keep(`${arn}/policy`, { repositoryName, policyText: said.policyText });
  };
  const readLifecycle = async (repositoryName: string, arn: string): Promise<void> => {
    const said = await calls.ask('ecr:GetLifecyclePolicy', () =>
      ecr.send(new sdk.GetLifecyclePolicyCommand({ repositoryName }), aws.until),
    );
    // An empty string records that there is no policy; the API never returns one.
    if (said || !calls.isUnanswered('ecr:GetLifecyclePolicy'))
      calls.keep(`${arn}/lifecycle`, { repositoryName, lifecyclePolicyText: said?.lifecyclePolicyText ?? '' });
  };
  await calls.each([...names].sort(), async (repositoryName) => {
    const all = await calls.list(
      'ecr:DescribeRepositories',
      sdk.paginateDescribeRepositories({ client: ecr }, { repositoryNames: [repositoryName] }, aws.until),
      (page) => page.repositories,
      ['missing'],
    );
    const [repository] = all ?? [];
    if (!repository) return;
    const arn = repository.repositoryArn ?? arnOf('ecr', `repository/${repositoryName}`);
    calls.keep(arn, { repositories: [repository] });
    keys.push(text(repository.encryptionConfiguration?.kmsKey));
    await Promise.all([
      ...(calls.wants('ECR::RepositoryPolicy') ? [readPolicy(repositoryName, arn)] : []),
      ...(calls.wants('ECR::LifecyclePolicy') ? [readLifecycle(repositoryName, arn)] : []),
    ]);
  });
  const readCaches = async (): Promise<void> => {
    const pullThroughCacheRules = await calls.list(
      'ecr:DescribePullThroughCacheRules',
      sdk.paginateDescribePullThroughCacheRules({ client: ecr }, {}, aws.until),
      (page) => page.pullThroughCacheRules,
    );
    if (pullThroughCacheRules) calls.keep(arnOf('ecr', 'pull-through-cache-rules'), { pullThroughCacheRules });
  };
  const readScanning = async (): Promise<void> => {
    const said = await calls.ask('ecr:GetRegistryScanningConfiguration', () =>
      ecr.send(new sdk.GetRegistryScanningConfigurationCommand({}), aws.until),
    );
    if (said?.scanningConfiguration)
      calls.keep(arnOf('ecr', 'scanning-configuration'), { scanningConfiguration: said.scanningConfiguration });
  };
  await Promise.all([
    ...(calls.wants('AWS::ECR::PullThroughCacheRule') ? [readCaches()] : []),
    ...(calls.wants('AWS::ECR::RegistryScanningConfiguration') ? [readScanning()] : []),
  ]);
  return { keys };
}

/** Keys by ARN, id or alias, and whether they are rotated. */
export async function collectKeys(aws: Aws, calls: Calls, { arnOf }: Place, named: readonly string[]): Promise<void> {
  if (!calls.wants('AWS::KMS::Key')) return;
  const sdk = await import('#sources/clients.ts');
  const { kms } = await aws.clients;
  const keys = [...new Set(named)].filter((one) => one !== '').sort();
  const read = new Set<string>();
  await calls.each(keys, async (KeyId) => {
    const key = await calls.tell(
      'kms:DescribeKey',
      () => kms.send(new sdk.DescribeKeyCommand({ KeyId }), aws.until),
      (said) => said.KeyMetadata,
    );
    if (!key) return;
    const arn = key.Arn ?? arnOf('kms', `key/${key.KeyId ?? ''}`);
    const [, alias] = /(?:^|:)(alias\/.+)$/.exec(KeyId) ?? [];
    if (alias !== undefined)
      calls.keep(arnOf('kms', alias), { Aliases: [{ AliasName: alias, TargetKeyId: key.KeyId }] });
    if (read.has(arn)) return;
    read.add(arn);
    calls.keep(arn, { KeyMetadata: key });
    // KMS cannot rotate other keys automatically, and always rotates its own (KMS API reference, EnableKeyRotation).
    const rotates = key.KeySpec === 'SYMMETRIC_DEFAULT' && key.Origin === 'AWS_KMS' && key.KeyManager !== 'AWS';
    if (!rotates || !calls.wants('KMS::KeyRotation')) return;
    const rotation = await calls.ask('kms:GetKeyRotationStatus', () =>
      kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId: arn }), aws.until),
    );
    if (rotation) calls.keep(`${arn}/rotation`, { KeyRotationEnabled: rotation.KeyRotationEnabled, KeyId: arn });
  });
}
