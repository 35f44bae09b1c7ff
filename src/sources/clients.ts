/*
 * The clients of Kubernetes and AWS, for an audit alone. They are larger than all of ekslint, so they are a separate file of the package
 * and are loaded by `import('#sources/clients.ts')` only.
 */
export {
  AutoScalingClient,
  paginateDescribeAutoScalingGroups,
  paginateDescribeLaunchConfigurations,
} from '@aws-sdk/client-auto-scaling';
export { EC2Client, paginateDescribeLaunchTemplateVersions, paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
export {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  paginateListAddons,
  paginateListClusters,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
export { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
export { getProxyForUrl } from 'proxy-from-env';
export { KubeConfig } from '@kubernetes/client-node';
export { SignatureV4 } from '@smithy/signature-v4';
