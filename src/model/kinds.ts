/**
 * Kinds without a namespace. Built-in ones from the Kubernetes API reference; custom ones from the `scope` of their published
 * definitions (Karpenter, Gateway API, cert-manager, External Secrets, VPC CNI, AWS Load Balancer Controller, snapshots, Kyverno).
 */
const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTrustBundle',
  'ComponentStatus',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'IPAddress',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PodSecurityPolicy',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'ServiceCIDR',
  'StorageClass',
  'StorageVersionMigration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterAnalysisTemplate',
  'ClusterExternalSecret',
  'ClusterGenerator',
  'ClusterIssuer',
  'ClusterNetworkPolicy',
  'ClusterPolicy',
  'ClusterPolicyEndpoint',
  'ClusterPushSecret',
  'ClusterSecretStore',
  'ClusterTriggerAuthentication',
  'CNINode',
  'CiliumClusterwideNetworkPolicy',
  'EC2NodeClass',
  'ENIConfig',
  'GatewayClass',
  'GlobalNetworkPolicy',
  'IngressClassParams',
  'NodeClaim',
  'NodeClass',
  'NodeOverlay',
  'NodePool',
  'ClusterCleanupPolicy',
  'VolumeGroupSnapshotClass',
  'VolumeGroupSnapshotContent',
  'VolumeSnapshotClass',
  'VolumeSnapshotContent',
]);

/** Whether objects of a kind live in a namespace. A kind that we do not know does. */
export function isNamespaced(kind: string, group: string): boolean {
  if (kind === 'ClusterPolicy') return group !== 'kyverno.io';
  return !clusterScoped.has(kind);
}

/** The API group of an apiVersion; empty for the core group, and for what is no text. */
export const groupOf = (apiVersion: unknown): string =>
  typeof apiVersion === 'string' ? apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/'))) : '';
