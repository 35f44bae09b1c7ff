/*
 * The reader of kubeconfigs, apart from the clients of AWS (`clients.ts`): the API server is asked while those still load, and an audit
 * needs only one of the two where the other side is left out.
 */
export { KubeConfig } from '@kubernetes/client-node';
