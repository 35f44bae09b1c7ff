/** One API version of one kind that Kubernetes has deprecated or removed. Numbers are minors: 25 for 1.25. */
export interface ApiVersion {
  readonly apiVersion: string;
  readonly kind: string;
  readonly introduced: number | undefined;
  readonly deprecated: number;
  /** The first release that does not serve it; undefined if no removal is announced. */
  readonly removed: number | undefined;
  /** The apiVersion to move to, and its kind if that differs. */
  readonly replacement: { readonly apiVersion: string; readonly kind: string; readonly since: number } | undefined;
  /**
   * Alpha versions, and beta versions since 1.24, are off unless the API server enables them, which EKS does not allow.
   */
  readonly servedByDefault: boolean;
  /** Only the apiVersion has to change: the migration guide names no other change. */
  readonly sameSchema: boolean;
}

/**
 * `apiVersion kinds introduced deprecated removed replacement since flags`; `-` is unknown or none. Sources:
 * prerelease-lifecycle tags of k8s.io/api, releases 1.19 to 1.37; Kubernetes documentation, Deprecated API Migration
 * Guide. Rows before 1.16: CHANGELOG-1.5 to CHANGELOG-1.14 of Kubernetes. Removals after the newest release are
 * planned. apps/v1beta1 never had a ReplicaSet: the row catches the mistake.
 */
const table = `
v1 ComponentStatus - 19 - - -
v1 Endpoints - 33 - discovery.k8s.io/v1:EndpointSlice -
admissionregistration.k8s.io/v1alpha1 ExternalAdmissionHookConfiguration 7 9 9 admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration 16 off
admissionregistration.k8s.io/v1alpha1 InitializerConfiguration 7 13 14 admissionregistration.k8s.io/v1:MutatingWebhookConfiguration 16 off
admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy,MutatingAdmissionPolicyBinding 32 35 38 admissionregistration.k8s.io/v1 36 off
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy,ValidatingAdmissionPolicyBinding 26 29 32 admissionregistration.k8s.io/v1 30 off
admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy,MutatingAdmissionPolicyBinding 34 37 40 admissionregistration.k8s.io/v1 36 off
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration,ValidatingWebhookConfiguration 9 16 22 admissionregistration.k8s.io/v1 -
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy,ValidatingAdmissionPolicyBinding 28 31 34 admissionregistration.k8s.io/v1 30 off
apiextensions.k8s.io/v1beta1 CustomResourceDefinition 7 16 22 apiextensions.k8s.io/v1 -
apiregistration.k8s.io/v1beta1 APIService 7 10 22 apiregistration.k8s.io/v1 - same
apps/v1alpha1 PetSet 3 5 5 apps/v1:StatefulSet 9 off
apps/v1beta1 ControllerRevision 7 8 16 apps/v1 -
apps/v1beta1 Deployment 6 8 16 apps/v1 -
apps/v1beta1 ReplicaSet - 9 16 apps/v1 -
apps/v1beta1 StatefulSet 5 8 16 apps/v1 -
apps/v1beta2 ControllerRevision,DaemonSet,Deployment,ReplicaSet,StatefulSet 8 9 16 apps/v1 -
audit.k8s.io/v1alpha1 Policy - 21 24 audit.k8s.io/v1 - off
audit.k8s.io/v1beta1 Policy - 21 24 audit.k8s.io/v1 -
auditregistration.k8s.io/v1alpha1 AuditSink - 18 19 - - off
authentication.k8s.io/v1beta1 TokenReview 4 19 22 authentication.k8s.io/v1 -
authorization.k8s.io/v1beta1 LocalSubjectAccessReview,SelfSubjectAccessReview,SelfSubjectRulesReview,SubjectAccessReview 4 19 22 authorization.k8s.io/v1 -
autoscaling/v2alpha1 HorizontalPodAutoscaler 6 8 8 autoscaling/v2 23 off
autoscaling/v2beta1 HorizontalPodAutoscaler 8 22 25 autoscaling/v2 23
autoscaling/v2beta2 HorizontalPodAutoscaler 12 23 26 autoscaling/v2 23
batch/v1beta1 CronJob 8 21 25 batch/v1 21 same
batch/v2alpha1 CronJob 5 20 21 batch/v1 21 off
batch/v2alpha1 ScheduledJob 4 5 8 batch/v1:CronJob 21 off
certificates.k8s.io/v1alpha1 ClusterTrustBundle 26 34 37 certificates.k8s.io/v1 37 off
certificates.k8s.io/v1alpha1 PodCertificateRequest 34 35 35 certificates.k8s.io/v1beta1 35 off
certificates.k8s.io/v1beta1 CertificateSigningRequest 12 19 22 certificates.k8s.io/v1 -
certificates.k8s.io/v1beta1 ClusterTrustBundle 33 37 40 certificates.k8s.io/v1 37 off
certificates.k8s.io/v1beta1 PodCertificateRequest 35 37 40 certificates.k8s.io/v1 37 off
coordination.k8s.io/v1alpha1 LeaseCandidate 31 32 32 coordination.k8s.io/v1beta1 33 off
coordination.k8s.io/v1alpha2 LeaseCandidate 32 35 38 coordination.k8s.io/v1beta1 33 off
coordination.k8s.io/v1beta1 Lease 12 19 22 coordination.k8s.io/v1 - same
coordination.k8s.io/v1beta1 LeaseCandidate 33 36 39 - - off
discovery.k8s.io/v1alpha1 EndpointSlice 16 19 21 discovery.k8s.io/v1 - off
discovery.k8s.io/v1beta1 EndpointSlice 16 21 25 discovery.k8s.io/v1 21
events.k8s.io/v1beta1 Event 8 22 25 events.k8s.io/v1 -
extensions/v1beta1 DaemonSet,Deployment 1 8 16 apps/v1 -
extensions/v1beta1 HorizontalPodAutoscaler 1 5 6 autoscaling/v2 23
extensions/v1beta1 Ingress 1 14 22 networking.k8s.io/v1 -
extensions/v1beta1 Job 1 5 6 batch/v1 -
extensions/v1beta1 NetworkPolicy 3 9 16 networking.k8s.io/v1 -
extensions/v1beta1 PodSecurityPolicy 2 11 16 - -
extensions/v1beta1 ReplicaSet 2 8 16 apps/v1 -
extensions/v1beta1 ThirdPartyResource 2 7 8 apiextensions.k8s.io/v1:CustomResourceDefinition 16
flowcontrol.apiserver.k8s.io/v1alpha1 FlowSchema,PriorityLevelConfiguration 18 20 21 flowcontrol.apiserver.k8s.io/v1 29 off
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema 20 23 26 flowcontrol.apiserver.k8s.io/v1 29 same
flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration 20 23 26 flowcontrol.apiserver.k8s.io/v1 29
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema 23 26 29 flowcontrol.apiserver.k8s.io/v1 29 same
flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration 23 26 29 flowcontrol.apiserver.k8s.io/v1 29
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema 26 29 32 flowcontrol.apiserver.k8s.io/v1 29 same
flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration 26 29 32 flowcontrol.apiserver.k8s.io/v1 29
lifecycle.k8s.io/v1alpha1 Eviction,EvictionRequest 37 40 43 - - off
networking.k8s.io/v1alpha1 ClusterCIDR 25 28 29 - - off
networking.k8s.io/v1alpha1 IPAddress,ServiceCIDR 27 30 33 networking.k8s.io/v1 33 off
networking.k8s.io/v1beta1 IPAddress,ServiceCIDR 31 34 37 networking.k8s.io/v1 33 off
networking.k8s.io/v1beta1 Ingress 14 19 22 networking.k8s.io/v1 -
networking.k8s.io/v1beta1 IngressClass 18 19 22 networking.k8s.io/v1 - same
node.k8s.io/v1alpha1 RuntimeClass 12 20 25 node.k8s.io/v1 - off
node.k8s.io/v1beta1 RuntimeClass 13 22 25 node.k8s.io/v1 20 same
policy/v1beta1 PodDisruptionBudget 5 21 25 policy/v1 21
policy/v1beta1 PodSecurityPolicy 10 21 25 - -
rbac.authorization.k8s.io/v1alpha1 ClusterRole,ClusterRoleBinding,Role,RoleBinding 5 17 22 rbac.authorization.k8s.io/v1 - off
rbac.authorization.k8s.io/v1beta1 ClusterRole,ClusterRoleBinding,Role,RoleBinding 6 17 22 rbac.authorization.k8s.io/v1 - same
resource.k8s.io/v1alpha1 ResourceClaim,ResourceClaimTemplate - 27 27 resource.k8s.io/v1 34 off
resource.k8s.io/v1alpha2 PodSchedulingContext,ResourceClaimParameters,ResourceClass,ResourceClassParameters - 31 31 - - off
resource.k8s.io/v1alpha2 ResourceClaim,ResourceClaimTemplate,ResourceSlice - 31 31 resource.k8s.io/v1 34 off
resource.k8s.io/v1alpha3 DeviceClass,ResourceClaim,ResourceClaimTemplate,ResourceSlice 31 34 34 resource.k8s.io/v1 34 off
resource.k8s.io/v1alpha3 DeviceTaintRule 33 36 39 resource.k8s.io/v1beta2 36 off
resource.k8s.io/v1alpha3 PodSchedulingContext - 31 32 - - off
resource.k8s.io/v1alpha3 ResourcePoolStatusRequest 36 39 42 - - off
resource.k8s.io/v1beta1 DeviceClass,ResourceClaim,ResourceClaimTemplate,ResourceSlice 32 35 38 resource.k8s.io/v1 34 off
resource.k8s.io/v1beta2 DeviceClass,ResourceClaim,ResourceClaimTemplate,ResourceSlice 33 36 39 resource.k8s.io/v1 34 off
resource.k8s.io/v1beta2 DeviceTaintRule 36 39 42 - - off
scheduling.k8s.io/v1alpha1 PriorityClass 8 14 22 scheduling.k8s.io/v1 - off
scheduling.k8s.io/v1alpha1 Workload 35 36 36 scheduling.k8s.io/v1alpha3 37 off
scheduling.k8s.io/v1alpha2 PodGroup,Workload 36 37 37 scheduling.k8s.io/v1alpha3 37 off
scheduling.k8s.io/v1beta1 PodGroup,Workload 37 40 43 - - off
scheduling.k8s.io/v1beta1 PriorityClass 11 14 22 scheduling.k8s.io/v1 - same
settings.k8s.io/v1alpha1 PodPreset - 19 20 - - off
storage.k8s.io/v1alpha1 CSIStorageCapacity 19 21 24 storage.k8s.io/v1 24 off
storage.k8s.io/v1alpha1 VolumeAttachment 9 21 24 storage.k8s.io/v1 - off
storage.k8s.io/v1alpha1 VolumeAttributesClass 29 32 35 storage.k8s.io/v1 34 off
storage.k8s.io/v1beta1 CSIDriver 14 19 22 storage.k8s.io/v1 - same
storage.k8s.io/v1beta1 CSINode 14 17 22 storage.k8s.io/v1 - same
storage.k8s.io/v1beta1 CSIStorageCapacity 21 24 27 storage.k8s.io/v1 24 same
storage.k8s.io/v1beta1 StorageClass 4 19 22 storage.k8s.io/v1 - same
storage.k8s.io/v1beta1 VolumeAttachment 10 19 22 storage.k8s.io/v1 - same
storage.k8s.io/v1beta1 VolumeAttributesClass 31 34 37 storage.k8s.io/v1 34 off
storagemigration.k8s.io/v1alpha1 StorageVersionMigration 30 33 35 storagemigration.k8s.io/v1 37 off
storagemigration.k8s.io/v1beta1 StorageVersionMigration 35 37 40 storagemigration.k8s.io/v1 37 off
`;

const read = new Map<string, ReadonlyMap<string, ApiVersion>>();

/** The rows of a version by kind. Most runs ask for few versions. */
function rowsOf(apiVersion: string): Map<string, ApiVersion> {
  const minor = (text = '-') => (text === '-' ? undefined : Number(text));
  const rows = new Map<string, ApiVersion>();
  const start = `\n${apiVersion} `;
  for (let at = table.indexOf(start); at >= 0; at = table.indexOf(start, at + 1)) {
    const line = table.slice(at + 1, table.indexOf('\n', at + 1));
    const [, kinds = '', introduced, deprecated, removed, target = '-', since, ...flags] = line.split(' ');
    const [replacement = '', otherKind] = target.split(':');
    for (const kind of kinds.split(','))
      rows.set(kind, {
        apiVersion,
        kind,
        introduced: minor(introduced),
        deprecated: minor(deprecated) ?? 0,
        removed: minor(removed),
        replacement:
          target === '-' ? undefined : { apiVersion: replacement, kind: otherKind ?? kind, since: minor(since) ?? 0 },
        servedByDefault: !flags.includes('off'),
        sameSchema: flags.includes('same'),
      });
  }
  return rows;
}

/** What is known about a deprecated or removed API version; undefined for all others. */
export function deprecatedApi(apiVersion: string, kind: string): ApiVersion | undefined {
  let rows = read.get(apiVersion);
  if (!rows) read.set(apiVersion, (rows = rowsOf(apiVersion)));
  return rows.get(kind);
}
