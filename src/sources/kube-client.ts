/*
 * The reader of kubeconfigs, separate from the AWS clients (`clients.ts`): the API server is called while those are
 * still loading, and an audit of only one side needs only one of the two.
 */
export { KubeConfig } from '@kubernetes/client-node';
