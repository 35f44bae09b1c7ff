import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import type { Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';

/** A repository of the `ecr` module, whose tags cannot be overwritten unless the call says so. */
export function expandRepository(label: string, block: Field): AwsResource[] {
  if (block.get('create_repository').value === false) return [];
  if (block.get('repository_type').value === 'public') return [];
  const rows: Rows = {
    ImageTagMutability: { at: 'repository_image_tag_mutability', else: 'IMMUTABLE' },
    'ImageScanningConfiguration.ScanOnPush': { at: 'repository_image_scan_on_push', else: true },
    RepositoryPolicyText: 'repository_policy',
    'EncryptionConfiguration.EncryptionType': 'repository_encryption_type',
    'EncryptionConfiguration.KmsKey': 'repository_kms_key',
    'LifecyclePolicy.LifecyclePolicyText'(call) {
      const create = call.get('create_lifecycle_policy').bool(true);
      const policy = call.get('repository_lifecycle_policy');
      if (create.value === undefined)
        return policy.doubted(create.why ?? 'create_lifecycle_policy is not a boolean', true);
      return create.value && policy.value !== '' ? policy : policy.nothing(); // the default is an empty string
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
