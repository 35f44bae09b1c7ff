/*
 * The clients of Kubernetes and AWS, for an audit alone. They are larger than all of ekslint, so they are a separate file of the package
 * and are loaded by `import('#sources/clients.ts')` only.
 */
export {
  AutoScalingClient,
  paginateDescribeAutoScalingGroups,
  paginateDescribeLaunchConfigurations,
} from '@aws-sdk/client-auto-scaling';
export {
  EC2Client,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
} from '@aws-sdk/client-ec2';
export {
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  paginateDescribePullThroughCacheRules,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr';
export {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  paginateDescribeAddonVersions,
  paginateDescribeClusterVersions,
  paginateListAddons,
  paginateListClusters,
  paginateListInsights,
  paginateListNodegroups,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
export {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  GetRolePolicyCommand,
} from '@aws-sdk/client-iam';
export { DescribeKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
export { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
export { KubeConfig } from '@kubernetes/client-node';
export { NodeHttpHandler } from '@smithy/node-http-handler';
export { SignatureV4 } from '@smithy/signature-v4';
export { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
export { getProxyForUrl } from 'proxy-from-env';
