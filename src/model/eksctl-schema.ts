/**
 * The structure of eksctl's ClusterConfig v1alpha5. A line is a type and its fields; after a field, `:T` is a map of
 * type T, `[` a list, `{` a map with free keys, each of type T, of strings, or of one of the values of an enum (`=n`,
 * last lines). Source: `eksctl utils schema`, structure only. eksctl reads `type` in addition to the fields of an
 * identity provider.
 */
const table = `
AZSubnetSpec az cidr id
AccessConfig accessEntries:[AccessEntry authenticationMode bootstrapClusterCreatorAdminPermissions
AccessEntry accessPolicies:[AccessPolicy kubernetesGroups:[ kubernetesUsername principalARN type
AccessPolicy accessScope:AccessScope policyARN
AccessScope namespaces:[ type
Addon attachPolicy:{ attachPolicyARNs:[ configurationValues name namespaceConfig:AddonNamespaceConfig owners:[ permissionsBoundary podIdentityAssociations:[PodIdentityAssociation publishers:[ resolveConflicts serviceAccountRoleARN tags:{ types:[ useDefaultPodIdentityAssociations version wellKnownPolicies:WellKnownPolicies
AddonNamespaceConfig namespace
AddonsConfig autoApplyPodIdentityAssociations disableDefaultAddons
ArgoCDAWSIDC idcInstanceArn idcRegion
ArgoCDConfiguration awsIdc:ArgoCDAWSIDC namespace networkAccess:ArgoCDNetworkAccess rbacRoleMappings:[ArgoCDRoleMapping
ArgoCDNetworkAccess vpceIds:[
ArgoCDRoleMapping identities:[SSOIdentity role
AutoModeConfig enabled nodePools:[ nodeRoleARN permissionsBoundaryARN
Capability accessPolicies:[AccessPolicy attachPolicy:{ attachPolicyARNs:[ configuration:CapabilityConfiguration deletePropagationPolicy name permissionsBoundary roleArn tags:{ type
CapabilityConfiguration argocd:ArgoCDConfiguration
CapacityReservation capacityReservationPreference capacityReservationTarget:CapacityReservationTarget
CapacityReservationTarget capacityReservationID capacityReservationResourceGroupARN
ClusterCloudWatch clusterLogging:ClusterCloudWatchLogging
ClusterCloudWatchLogging enableTypes:[=0 logRetentionInDays
ClusterConfig accessConfig:AccessConfig addons:[Addon addonsConfig:AddonsConfig apiVersion:=1 autoModeConfig:AutoModeConfig availabilityZones:[ capabilities:[Capability cloudWatch:ClusterCloudWatch controlPlaneScalingConfig:ControlPlaneScalingConfig fargateProfiles:[FargateProfile gitops:GitOps iam:ClusterIAM iamIdentityMappings:[IAMIdentityMapping identityProviders:[OIDCIdentityProvider karpenter:Karpenter kind:=2 kubeAPIServerConfig:KubeAPIServerConfig kubeControllerManagerConfig:KubeControllerManagerConfig kubeSchedulerConfig:KubeSchedulerConfig kubernetesNetworkConfig:KubernetesNetworkConfig localZones:[ managedNodeGroups:[ManagedNodeGroup metadata:ClusterMeta nodeGroups:[NodeGroup outpost:Outpost privateCluster:PrivateCluster remoteNetworkConfig:RemoteNetworkConfig secretsEncryption:SecretsEncryption upgradePolicy:UpgradePolicy vpc:ClusterVPC zonalShiftConfig:ZonalShiftConfig
ClusterEndpoints privateAccess publicAccess
ClusterIAM fargatePodExecutionRoleARN fargatePodExecutionRolePermissionsBoundary podIdentityAssociations:[PodIdentityAssociation serviceAccounts:[ClusterIAMServiceAccount serviceRoleARN serviceRolePermissionsBoundary vpcResourceControllerPolicy withOIDC
ClusterIAMMeta annotations:{ labels:{ name namespace
ClusterIAMServiceAccount attachPolicy:{ attachPolicyARNs:[ attachRoleARN metadata:ClusterIAMMeta permissionsBoundary roleName roleOnly status:ClusterIAMServiceAccountStatus subjectPattern tags:{ wellKnownPolicies:WellKnownPolicies
ClusterIAMServiceAccountStatus capabilities:[ roleARN stackName tags:{
ClusterMeta annotations:{ forceUpdateVersion name region rollbackConfig:RollbackConfig tags:{ version
ClusterNAT gateway:=3
ClusterSubnets private:{AZSubnetSpec public:{AZSubnetSpec
ClusterVPC autoAllocateIPv6 cidr clusterEndpoints:ClusterEndpoints controlPlaneEgressMode controlPlaneOnPrivateSubnets controlPlaneSecurityGroupIDs:[ controlPlaneSubnetIDs:[ extraCIDRs:[ extraIPv6CIDRs:[ hostnameType id ipv6Cidr ipv6Pool manageSharedNodeSecurityGroupRules nat:ClusterNAT publicAccessCIDRs:[ securityGroup sharedNodeSecurityGroup subnets:ClusterSubnets
ControlPlaneScalingConfig tier
FargateProfile name podExecutionRoleARN selectors:[FargateProfileSelector status subnets:[ tags:{
FargateProfileSelector labels:{ namespace
Flux flags:{ gitProvider
GitOps flux:Flux
HorizontalPodAutoscalerControllerConfig horizontalPodAutoscalerSyncPeriod
IAMIdentityMapping account arn groups:[ namespace noDuplicateARNs serviceName username
InstanceMarketOptions marketType
InstanceSelector allow cpuArchitecture:=4 deny gpus memory neuron_devices vCPUs
Karpenter createServiceAccount defaultInstanceProfile version withSpotInterruptionQueue
KubeAPIServerConfig eventTTL serviceNodePortRange:ServiceNodePortRange
KubeControllerManagerConfig horizontalPodAutoscalerControllerConfig:HorizontalPodAutoscalerControllerConfig
KubeSchedulerConfig nodeResourcesFit:NodeResourcesFitConfig
KubernetesNetworkConfig ipFamily:=5 serviceIPv4CIDR serviceIPv6CIDR
LaunchTemplate id version
ManagedNodeGroup additionalVolumes:[VolumeMapping ami amiFamily:=6 asgSuspendProcesses:[ availabilityZones:[ bottlerocket:NodeGroupBottlerocket capacityReservation:CapacityReservation desiredCapacity disableIMDSv1 disablePodIMDS ebsOptimized efaEnabled enableDetailedMonitoring iam:NodeGroupIAM instanceMarketOptions:InstanceMarketOptions instanceName instancePrefix instanceSelector:InstanceSelector instanceType instanceTypes:[ labels:{ launchTemplate:LaunchTemplate maxPodsPerNode maxSize minSize name nodeRepairConfig:NodeGroupNodeRepairConfig outpostARN overrideBootstrapCommand placement:Placement preBootstrapCommands:[ privateNetworking propagateASGTags releaseVersion securityGroups:NodeGroupSGs spot ssh:NodeGroupSSH subnets:[ tags:{ taints:[NodeGroupTaint updateConfig:NodeGroupUpdateConfig volumeEncrypted volumeIOPS volumeKmsKeyID volumeName volumeSize volumeThroughput volumeType:=7
MetricsCollection granularity metrics:[
NodeGroup additionalVolumes:[VolumeMapping ami amiFamily:=6 asgMetricsCollection:[MetricsCollection asgSuspendProcesses:[ availabilityZones:[ bottlerocket:NodeGroupBottlerocket capacityReservation:CapacityReservation classicLoadBalancerNames:[ clusterDNS containerRuntime cpuCredits desiredCapacity disableIMDSv1 disablePodIMDS ebsOptimized efaEnabled enableDetailedMonitoring enclaveEnabled iam:NodeGroupIAM instanceMarketOptions:InstanceMarketOptions instanceName instancePrefix instanceSelector:InstanceSelector instanceType instancesDistribution:NodeGroupInstancesDistribution kubeletExtraConfig:{ labels:{ localZones:[ maxInstanceLifetime maxPodsPerNode maxSize minSize name outpostARN overrideBootstrapCommand placement:Placement preBootstrapCommands:[ privateNetworking propagateASGTags securityGroups:NodeGroupSGs ssh:NodeGroupSSH subnets:[ tags:{ taints:[NodeGroupTaint targetGroupARNs:[ updateConfig:NodeGroupUpdateConfig volumeEncrypted volumeIOPS volumeKmsKeyID volumeName volumeSize volumeThroughput volumeType:=7
NodeGroupBottlerocket enableAdminContainer settings:{
NodeGroupIAM attachPolicy:{ attachPolicyARNs:[ instanceProfileARN instanceRoleARN instanceRoleName instanceRolePermissionsBoundary withAddonPolicies:NodeGroupIAMAddonPolicies
NodeGroupIAMAddonPolicies albIngress appMesh appMeshPreview autoScaler awsLoadBalancerController certManager cloudWatch ebs efs externalDNS fsx imageBuilder xRay
NodeGroupInstancesDistribution capacityRebalance instanceTypes:[ maxPrice onDemandBaseCapacity onDemandPercentageAboveBaseCapacity spotAllocationStrategy spotInstancePools
NodeGroupNodeRepairConfig enabled maxParallelNodesRepairedCount maxParallelNodesRepairedPercentage maxUnhealthyNodeThresholdCount maxUnhealthyNodeThresholdPercentage nodeRepairConfigOverrides:[NodeRepairConfigOverride
NodeGroupSGs attachIDs:[ withLocal withShared
NodeGroupSSH allow enableSsm publicKey publicKeyName publicKeyPath sourceSecurityGroupIds:[
NodeGroupTaint effect key value
NodeGroupUpdateConfig maxUnavailable maxUnavailablePercentage
NodeRepairConfigOverride minRepairWaitTimeMins nodeMonitoringCondition nodeUnhealthyReason repairAction
NodeResourcesFitConfig scoringStrategy:ScoringStrategy
OIDCIdentityProvider clientID groupsClaim groupsPrefix issuerURL name requiredClaims:{ tags:{ usernameClaim usernamePrefix type:=9
Outpost controlPlaneInstanceType controlPlaneOutpostARN controlPlanePlacement:Placement etcdInstanceType etcdPlacement:Placement
Placement groupName spreadLevel
PodIdentityAssociation createServiceAccount disableSessionTags namespace permissionPolicy:{ permissionPolicyARNs:[ permissionPolicyName permissionsBoundaryARN policy roleARN roleName serviceAccountName tags:{ targetRoleARN wellKnownPolicies:WellKnownPolicies
PrivateCluster additionalEndpointServices:[ enabled skipEndpointCreation
RemoteNetwork cidrs:[
RemoteNetworkConfig iam:RemoteNodesIAM remoteNodeNetworks:[RemoteNetwork remotePodNetworks:[RemoteNetwork vpcGatewayID
RemoteNodesIAM caBundleCert provider roleARN
ResourceWeight name weight
RollbackConfig timeoutMinutes
SSOIdentity id type
ScoringStrategy resources:[ResourceWeight type
SecretsEncryption keyARN
ServiceNodePortRange maxPort minPort
UpgradePolicy supportType:=8
VolumeMapping snapshotID volumeEncrypted volumeIOPS volumeKmsKeyID volumeName volumeSize volumeThroughput volumeType:=7
WellKnownPolicies autoScaler awsLoadBalancerController certManager ebsCSIController efsCSIController externalDNS imageBuilder
ZonalShiftConfig enabled
=0 api audit authenticator controllerManager scheduler all *
=1 eksctl.io/v1alpha5
=2 ClusterConfig
=3 HighlyAvailable Single Disable
=4 x86_64 amd64 arm64
=5 IPv4 IPv6
=6 AmazonLinux2023 AmazonLinux2 UbuntuPro2604 Ubuntu2604 UbuntuPro2404 Ubuntu2404 UbuntuPro2204 Ubuntu2204 UbuntuPro2004 Ubuntu2004 Bottlerocket BottlerocketFips WindowsServer2019CoreContainer WindowsServer2019FullContainer WindowsServer2022CoreContainer WindowsServer2022FullContainer WindowsServer2025CoreContainer WindowsServer2025FullContainer
=7 gp2 gp3 io1 io2 sc1 st1
=8 STANDARD EXTENDED
=9 oidc
`;

/** What a field holds: plain, a list, or a map with free keys; each of a named type, or of the values of an enum. */
export interface EksctlField {
  readonly shape: 'one' | 'list' | 'map';
  readonly type: string | undefined;
  readonly words: readonly string[] | undefined;
}
export type EksctlType = ReadonlyMap<string, EksctlField>;

let types: ReadonlyMap<string, EksctlType> | undefined;

function readTable(): Map<string, EksctlType> {
  const lines = table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const enums = new Map(lines.filter(([name]) => name?.startsWith('=')).map(([name, ...words]) => [name, words]));
  const read = (code: string): EksctlField => {
    const rest = code.replace(/^[[{]/, '');
    const shape = code.startsWith('[') ? 'list' : code.startsWith('{') ? 'map' : 'one';
    return { shape, words: enums.get(rest), type: rest === '' || rest.startsWith('=') ? undefined : rest };
  };
  return new Map(
    lines
      .filter(([name]) => !name?.startsWith('='))
      .map(([name = '', ...fields]) => [
        name,
        new Map(
          fields.map((field): [string, EksctlField] => {
            const [key = '', code = ''] = field.split(':', 2);
            return [key, read(code)];
          }),
        ),
      ]),
  );
}

/**
 * The fields of a type of the schema; the document itself is `ClusterConfig`. Read on first use: few runs see an eksctl
 * file.
 */
export function eksctlType(name: string): EksctlType | undefined {
  types ??= readTable();
  return types.get(name);
}
