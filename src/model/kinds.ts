/*
 * A kind is a name and an API group: `Service` of the core group and of serving.knative.dev have nothing in common.
 * Kinds for which rules and lookups use a bare name are listed here with the groups that they belong to, or once
 * belonged to (Kubernetes API reference, deprecated API migration guide). Every other kind is called `Kind.group`. So a
 * custom resource cannot be mistaken for a kind of another group or for a part of the model, such as `cluster`.
 */

const core = [''] as const;
const apps = ['apps', 'extensions'] as const;
const rbac = ['rbac.authorization.k8s.io'] as const;
const admission = ['admissionregistration.k8s.io'] as const;

const groupsOfKinds = {
  ConfigMap: core,
  Endpoints: core,
  LimitRange: core,
  Namespace: core,
  Node: core,
  PersistentVolume: core,
  PersistentVolumeClaim: core,
  Pod: core,
  PodTemplate: core,
  ReplicationController: core,
  ResourceQuota: core,
  Secret: core,
  Service: core,
  ServiceAccount: core,
  Deployment: apps,
  ReplicaSet: apps,
  // OpenKruise has kinds with the same structure.
  StatefulSet: [...apps, 'apps.kruise.io'],
  DaemonSet: [...apps, 'apps.kruise.io'],
  Job: ['batch', 'extensions'],
  CronJob: ['batch'],
  HorizontalPodAutoscaler: ['autoscaling', 'extensions'],
  PodDisruptionBudget: ['policy'],
  PodSecurityPolicy: ['policy', 'extensions'],
  Ingress: ['networking.k8s.io', 'extensions'],
  NetworkPolicy: ['networking.k8s.io', 'extensions'],
  ClusterRole: rbac,
  ClusterRoleBinding: rbac,
  Role: rbac,
  RoleBinding: rbac,
  StorageClass: ['storage.k8s.io'],
  PriorityClass: ['scheduling.k8s.io'],
  CSIDriver: ['storage.k8s.io'],
  MutatingWebhookConfiguration: admission,
  ValidatingWebhookConfiguration: admission,
  APIService: ['apiregistration.k8s.io'],
  Gateway: ['gateway.networking.k8s.io'],
  HTTPRoute: ['gateway.networking.k8s.io'],
  GRPCRoute: ['gateway.networking.k8s.io'],
  TCPRoute: ['gateway.networking.k8s.io'],
  TLSRoute: ['gateway.networking.k8s.io'],
  UDPRoute: ['gateway.networking.k8s.io'],
  EndpointSlice: ['discovery.k8s.io'],
  CustomResourceDefinition: ['apiextensions.k8s.io'],
  Rollout: ['argoproj.io'],
  Application: ['argoproj.io'],
  HelmRelease: ['helm.toolkit.fluxcd.io', 'helm.fluxcd.io'],
  Kustomization: ['kustomize.toolkit.fluxcd.io'],
  ClusterConfig: ['eksctl.io'],
  EC2NodeClass: ['karpenter.k8s.aws'],
  ScaledObject: ['keda.sh'],
  PodMonitor: ['monitoring.coreos.com'],
  ServiceMonitor: ['monitoring.coreos.com'],
  K8sAllowedRepos: ['constraints.gatekeeper.sh'],
  K8sAllowedReposv2: ['constraints.gatekeeper.sh'],
  K8sDisallowedRepos: ['constraints.gatekeeper.sh'],
  VerticalPodAutoscaler: ['autoscaling.k8s.io', 'poc.autoscaling.k8s.io'],
  // Kinds that rules look up and do not judge. A lookup only accepts names that are listed here (`Named`), so that an
  // audit knows what to list.
  IngressClass: ['networking.k8s.io'],
  RuntimeClass: ['node.k8s.io'],
  VolumeAttributesClass: ['storage.k8s.io'],
  ValidatingAdmissionPolicy: admission,
  ValidatingAdmissionPolicyBinding: admission,
  MutatingAdmissionPolicy: admission,
  MutatingAdmissionPolicyBinding: admission,
  ReferenceGrant: ['gateway.networking.k8s.io'],
  AdminNetworkPolicy: ['policy.networking.k8s.io'],
  BaselineAdminNetworkPolicy: ['policy.networking.k8s.io'],
  ClusterNetworkPolicy: ['policy.networking.k8s.io', 'networking.k8s.aws'],
  ApplicationNetworkPolicy: ['networking.k8s.aws'],
  CiliumNetworkPolicy: ['cilium.io'],
  CiliumClusterwideNetworkPolicy: ['cilium.io'],
  GlobalNetworkPolicy: ['projectcalico.org', 'crd.projectcalico.org'],
  ClusterPolicy: ['kyverno.io'],
  ValidatingPolicy: ['policies.kyverno.io'],
  ExternalSecret: ['external-secrets.io'],
  ClusterExternalSecret: ['external-secrets.io'],
  SealedSecret: ['bitnami.com'],
  Certificate: ['cert-manager.io'],
  SecretProviderClass: ['secrets-store.csi.x-k8s.io'],
  IngressClassParams: ['elbv2.k8s.aws'],
  TargetGroupBinding: ['elbv2.k8s.aws'],
  SecurityGroupPolicy: ['vpcresources.k8s.aws'],
  AccessLogPolicy: ['application-networking.k8s.aws'],
  NodeClass: ['eks.amazonaws.com'],
  /** A skaffold.yaml, which looks like an object. */
  Config: ['skaffold'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Kinds of other groups that share the name of a known kind, and that rules look up as well. */
const namesakes = ['NetworkPolicy.projectcalico.org', 'NetworkPolicy.crd.projectcalico.org'] as const;

/** A kind that has a bare name. */
export type KnownKind = keyof typeof groupsOfKinds;

/** What a lookup accepts: a kind that has a bare name, or a name that is read from data. */
export type Named<K extends string> = string extends K
  ? string
  : K extends KnownKind | (typeof namesakes)[number]
    ? K
    : never;

/** All of them, each with the groups that it belongs to, the newest first. */
export const knownKinds: readonly (readonly [kind: string, groups: readonly string[]])[] =
  Object.entries(groupsOfKinds);

/** All kinds that a lookup may name, each with its name in lookups and the groups that it belongs to. */
export const namedKinds: readonly {
  readonly name: string;
  readonly kind: string;
  readonly groups: readonly string[];
}[] = [
  ...knownKinds.map(([kind, groups]) => ({ name: kind, kind, groups })),
  ...namesakes.map((name) => {
    const at = name.indexOf('.');
    return { name, kind: name.slice(0, at), groups: [name.slice(at + 1)] };
  }),
];

const knownGroups: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(groupsOfKinds));

const isKnown = (kind: string, group: string): kind is KnownKind => knownGroups.get(kind)?.includes(group) === true;

/** The bare name of a kind that rules may ask for; undefined for any other. */
export const knownKind = (kind: string, group: string): KnownKind | undefined =>
  isKnown(kind, group) ? kind : undefined;

/** The name of a kind in lookups: its bare name, unless a known kind of another group has that name. */
export const kindName = (kind: string, group: string): string =>
  knownGroups.get(kind)?.includes(group) === false ? `${kind}.${group}` : kind;

/**
 * Kinds without a namespace. Built-in ones from the Kubernetes API reference; custom ones from the `scope` of their
 * published definitions (Karpenter, Gateway API, cert-manager, External Secrets, VPC CNI, AWS Load Balancer Controller,
 * snapshots, Kyverno).
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

/** Whether objects of a kind live in a namespace. Unknown kinds do. */
export function isNamespaced(kind: string, group: string): boolean {
  if (kind === 'ClusterPolicy') return group !== 'kyverno.io';
  return !clusterScoped.has(kindName(kind, group));
}

/** Whether objects of a kind, given by its bare name, are cluster-scoped. */
export const isClusterScoped = (name: string): boolean => clusterScoped.has(name);

/** The API group of an apiVersion; empty for the core group, and for what is not a string. */
export const groupOf = (apiVersion: unknown): string =>
  typeof apiVersion === 'string' ? apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/'))) : '';
