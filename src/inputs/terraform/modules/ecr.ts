import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import type { Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';

/** A repository of the `ecr` module, whose tags cannot be overwritten unless the call says so. */
export function expandRepository(label: string, block: Field): AwsResource[] {
  if (['create', 'create_repository'].some((key) => block.get(key).value === false)) return [];
  if (block.get('repository_type').value === 'public') return [];
  const rows: Rows = {
    ImageTagMutability: { at: 'repository_image_tag_mutability', else: 'IMMUTABLE' },
    'ImageScanningConfiguration.ScanOnPush': { at: 'repository_image_scan_on_push', else: true },
    RepositoryPolicyText: 'repository_policy',
    'EncryptionConfiguration.EncryptionType': 'repository_encryption_type',
    'EncryptionConfiguration.KmsKey': 'repository_kms_key',
    'LifecyclePolicy.LifecyclePolicyText'(call) {
      const create = call.get('create_lifecycle_policy');
      return create.value === false
        ? create.nothing()
        : create.why === undefined
          ? call.filled('the policy of the call')
          : create;
    },
  };
  return [
    {
      type: 'AWS::ECR::Repository',
      id: `module.${label}`,
      title: label,
      whole: block,
      body: new Property(spell(rows), block),
    },
  ];
}
