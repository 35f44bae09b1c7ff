/**
 * Feature gates by the minor version that removed them: a component that sets one of them does not start. Sources:
 * Kubernetes documentation, Feature Gates (removed); release notes. Not complete.
 */
const table = `
25 CSIVolumeFSGroupPolicy ConfigurableFSGroupPolicy PodDisruptionBudget SelectorIndex
26 DynamicKubeletConfig
27 CSIInlineVolume CSIMigration ControllerManagerLeaderMigration DaemonSetUpdateSurge EphemeralContainers ExpandCSIVolumes ExpandInUsePersistentVolumes ExpandPersistentVolumes IdentifyPodOS LocalStorageCapacityIsolation NetworkPolicyEndPort StatefulSetMinReadySeconds
28 AdvancedAuditing CSIMigrationGCE CSIStorageCapacity DelegateFSGroupToCSIDriver DevicePlugins DisableAcceleratorUsageMetrics EndpointSliceTerminatingCondition KubeletCredentialProviders MixedProtocolLBService ServiceIPStaticSubrange ServiceInternalTrafficPolicy WindowsHostProcessContainers
30 ExpandedDNSConfig ExperimentalHostUserNamespaceDefaultingGate IPTablesOwnershipCleanup KubeletPodResources KubeletPodResourcesGetAllocatable MinimizeIPTablesRestore ProxyTerminatingEndpoints RemoveSelfLink
31 APIPriorityAndFairness CSINodeExpandSecret ConsistentHTTPGetHandlers DefaultHostNetworkHostPortsInPodTemplates ServiceNodePortStaticSubrange SkipReadOnlyValidationGCE
32 AllowServiceLBStatusOnNonLB CloudDualStackNodeIPs DRAControlPlaneController HPAContainerMetrics KMSv2 KMSv2KDF LegacyServiceAccountTokenCleanUp MinDomainsInPodTopologySpread NewVolumeManagerReconstruction NodeOutOfServiceVolumeDetach ServerSideApply ServerSideFieldValidation StableLoadBalancerNodeSet ValidatingAdmissionPolicy ZeroLimitedNominalConcurrencyShares
33 AppArmor AppArmorFields CPUManager DisableCloudProviders DisableKubeletCloudCredentialProviders JobPodFailurePolicy KubeProxyDrainingTerminatingNodes PDBUnhealthyPodEvictionPolicy PersistentVolumeLastPhaseTransitionTime VolumeCapacityPriority
34 DevicePluginCDIDevices LegacySidecarContainers PodDisruptionConditions
35 SizeMemoryBackedVolumes UserNamespacesHostNetworkSupport UserNamespacesPodSecurityStandards
36 CSIMigrationPortworx InTreePluginPortworxUnregister WatchFromStorageWithoutResourceVersion
37 APIServerTracing AnonymousAuthConfigurableEndpoints AnyVolumeDataSource AuthorizeNodeWithSelectors AuthorizeWithSelectors BtreeWatchCache ConsistentListFromCache GangScheduling JobBackoffLimitPerIndex JobPodReplacementPolicy JobSuccessPolicy LogarithmicScaleDown OrderedNamespaceDeletion PodLifecycleSleepAction PodLifecycleSleepActionAllowZero PreventStaticPodAPIReferences RelaxedDNSSearchValidation ResilientWatchCacheInitialization RetryGenerateName SchedulerQueueingHints SidecarContainers StreamingCollectionEncodingToJSON StreamingCollectionEncodingToProtobuf StructuredAuthenticationConfiguration WorkloadAwarePreemption
`;

let gates: ReadonlyMap<string, number> | undefined;

/** The minor version that removed a feature gate; undefined if none is known. */
export function gateRemovedIn(gate: string): number | undefined {
  gates ??= new Map(
    table
      .trim()
      .split('\n')
      .flatMap((row) => {
        const [minor, ...names] = row.split(' ');
        return names.map((name): [string, number] => [name, Number(minor)]);
      }),
  );
  return gates.get(gate);
}
