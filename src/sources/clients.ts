/*
 * The clients of Kubernetes and AWS, for an audit alone. They are larger than all of ekslint, so they are a separate file of the package
 * and are loaded by `import('#sources/clients.ts')` only.
 */
export { DescribeClusterCommand, EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
export { KubeConfig } from '@kubernetes/client-node';
export { SignatureV4 } from '@smithy/signature-v4';
