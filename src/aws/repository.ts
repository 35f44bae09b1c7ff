import type { PullThroughCache, Repository } from '#model/aws.ts';
import { matchesPattern, type Policy } from '#model/policy.ts';
import { Answer, Collection, type Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { partOf } from './part.ts';
import { readPolicy } from './policy.ts';

const repositoryType = 'AWS::ECR::Repository';
const lifecycleType = 'ECR::LifecyclePolicy';

/**
 * Whether a rule of the registry scans a repository when an image is pushed (ECR User Guide, Using filters: a filter
 * without `*` matches parts of names).
 */
function scans(rule: Property, name: Value<string>): Answer {
  const frequency = rule.path('ScanFrequency').text();
  const often = frequency.where((one) => one === 'SCAN_ON_PUSH' || one === 'CONTINUOUS_SCAN');
  const filters = rule.path('RepositoryFilters');
  const covered = new Collection(filters.items(), { at: filters.at, why: filters.rest }).has((one) => {
    const filter = one.path('Filter').text();
    if (filter.value === '*') return Answer.yes;
    if (name.value === undefined || filter.value === undefined)
      return Answer.unknown('a filter of the registry scanning may cover the repository');
    return filter.value.includes('*')
      ? matchesPattern(filter, name.value)
      : Answer.of(name.value.includes(filter.value));
  });
  return often.and(covered);
}

/**
 * Whether a repository has a lifecycle policy: inside the repository in CloudFormation, a separate resource in
 * Terraform.
 */
function lifecycleOf(resource: AwsResource, description: Description): Answer {
  const own = resource.body.path('LifecyclePolicy', 'LifecyclePolicyText');
  if (own.written || beside(resource, description, lifecycleType, 'RepositoryName').length > 0) return Answer.yes;
  const why =
    description.whyUnread(lifecycleType) ??
    description.whyPartlyKnown(lifecycleType) ??
    own.why ??
    // A policy that names its repository by an expression may belong to any repository.
    description
      .naming(lifecycleType, 'RepositoryName', repositoryType)
      .get(undefined)
      ?.map(({ body }) => body.path('RepositoryName').why)
      .find((hidden) => hidden !== undefined);
  return why === undefined ? Answer.no : Answer.unknown(why);
}

/** Pull-through cache rules (ECR API reference, CreatePullThroughCacheRule). */
export const readCaches = (description: Description): PullThroughCache[] =>
  description.of('AWS::ECR::PullThroughCacheRule').map((resource) => {
    const { body } = resource;
    const prefix = body.path('EcrRepositoryPrefix').text();
    return partOf('pullThroughCache', description.input, resource, prefix, {
      prefix,
      upstream: body.path('UpstreamRegistryUrl').text(),
      credentialArn: body.path('CredentialArn').given(),
    });
  });

/** A policy that an audit could not read and that may exist. */
function whyNoPolicy({ whole }: AwsResource, description: Description): Policy[] {
  const why = description.whyUnread('ECR::RepositoryPolicy');
  return why === undefined ? [] : [{ at: whole.at(), statements: Collection.unread(why, whole.at) }];
}

/** The repositories of a description. Fallbacks are the defaults of the ECR API (CreateRepository). */
export function readRepositories(description: Description): Repository[] {
  const caches = description.ofRoot('AWS::ECR::PullThroughCacheRule');
  const registries = description.ofRoot('AWS::ECR::RegistryScanningConfiguration').map(({ body }) => body);
  const unread = description.whyUnread('AWS::ECR::RegistryScanningConfiguration');
  const whetherUnread = unread === undefined ? Answer.no : Answer.unknown(unread);
  return description.of(repositoryType).map((resource) => {
    const { body, whole } = resource;
    const name = body.path('RepositoryName').text();
    const added = beside(resource, description, 'ECR::RepositoryPolicy', 'RepositoryName');
    const own = body.path('RepositoryPolicyText');
    return partOf('repository', description.input, resource, name, {
      name,
      tagMutability: body.path('ImageTagMutability').text('MUTABLE'),
      scanOnPush: body.path('ImageScanningConfiguration', 'ScanOnPush').bool(false),
      lifecycle: lifecycleOf(resource, description),
      encryptionType: body.path('EncryptionConfiguration', 'EncryptionType').text('AES256'),
      key: body.path('EncryptionConfiguration', 'KmsKey').given(),
      scannedByRegistry: registries.reduce((any, registry) => {
        const rules = registry.path('Rules');
        const all = new Collection(rules.items(), { at: rules.at, why: rules.rest });
        return any.or(registry.path('ScanType').text().is('ENHANCED')).or(all.has((rule) => scans(rule, name)));
      }, whetherUnread),
      policies: [
        ...(own.absent ? whyNoPolicy(resource, description) : [readPolicy(own, description)]),
        ...added.map((one) => readPolicy(one.resource.body.path('PolicyText'), one.home)),
      ],
      cachePrefixes: new Collection(
        caches.map((rule) => rule.body.path('EcrRepositoryPrefix').text()),
        { at: whole.at, unread: description.whyUnread('AWS::ECR::PullThroughCacheRule') },
      ),
    });
  });
}
