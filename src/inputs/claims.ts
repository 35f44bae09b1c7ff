import { isRecord } from '#model/shape.ts';
import type { Tree } from '#syntax/tree.ts';

/* By what a document is known to be of a format. Readers are loaded only for documents that are claimed. */

/** ClusterConfig files of eksctl. */
export const isEksctl = ({ root, language }: Tree): boolean =>
  language === 'yaml' &&
  isRecord(root) &&
  root['kind'] === 'ClusterConfig' &&
  typeof root['apiVersion'] === 'string' &&
  root['apiVersion'].startsWith('eksctl.io/');

/** CloudFormation templates, in YAML or JSON. */
export function isCloudFormation({ root, language }: Tree): boolean {
  if (language !== 'yaml' || !isRecord(root) || 'apiVersion' in root) return false;
  if ('AWSTemplateFormatVersion' in root) return true;
  return (
    isRecord(root['Resources']) &&
    Object.values(root['Resources']).some(
      (resource) =>
        isRecord(resource) &&
        typeof resource['Type'] === 'string' &&
        /^(AWS::\w+::|AWSQS::EKS::Cluster$|Custom::AWSCDK-EKS-)/.test(resource['Type']),
    )
  );
}

/** Terraform and OpenTofu, in either syntax. */
export const isTerraform = ({ language, root, source }: Tree): boolean =>
  language === 'hcl' || (isRecord(root) && /\.(tf|tofu|tfvars)(\.json)?$/.test(source.path));
