import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { Value } from '#model/value.ts';
import type { Fact, FactCase, Spelled } from './facts.ts';
import type { More } from './more-facts.ts';

/*
 * Facts that most formats spell regularly. CloudFormation's path is checked against the specification of AWS
 * (test/aws/names.test.ts); what the others write follows from it by the convention of each, and exceptions are written
 * out.
 */

type Written = string | (Pick<Spelled, 'at'> & Partial<Spelled>) | 'none';
interface Regular {
  readonly name: string;
  readonly ask: (cluster: Cluster, group: Nodegroup) => Fact;
  readonly is: unknown;
  /** CloudFormation's path, and what it writes if that differs from the fact. */
  readonly at: string;
  readonly value?: unknown;
  /** The default of the API. */
  readonly else?: unknown;
  readonly hidden?: 'set';
  readonly eksctl: Written;
  /** For terraform-aws-modules/eks: both versions, or the older and the newer one. */
  readonly module: Written | readonly [Written, Written];
  readonly cloudformation?: 'none';
  readonly terraform?: Written;
  readonly ack?: Written;
  readonly classic?: Written;
  readonly upbound?: Written;
  readonly capi?: Written;
  readonly cdk?: Written;
  readonly answers?: Written;
}

const steps = (path: string, name: (step: string) => string, between = '.'): string =>
  path
    .split('.')
    .map((step) => (/^\d+$|^template$/.test(step) ? step : name(step)))
    .join(between);
const snake = (step: string): string => step.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
const camel = (step: string): string => step.slice(0, 1).toLowerCase() + step.slice(1);
const camelOf = (path: string): string => path.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
/** Blocks are lists of one in Crossplane objects. */
const inLists = (path: string): string =>
  path.replace(/(?<!^template)\.(?!\d)/g, '.0.').replace(/\.(\d+)\.0\./g, '.$1.');

function fill(one: Regular, written: Written | undefined, path: string): Spelled | 'none' {
  if (written === 'none') return 'none';
  const base = { value: one.value ?? one.is, else: one.else, ...(one.hidden ? { hidden: one.hidden } : {}) };
  if (written === undefined) return { at: path, ...base };
  return typeof written === 'string' ? { at: written, ...base } : { ...base, ...written };
}

const caseOf = (one: Regular): FactCase => {
  const [module20, module21] = Array.isArray(one.module)
    ? (one.module as readonly [Written, Written])
    : [one.module as Written, one.module as Written];
  return {
    name: one.name,
    ask: one.ask,
    is: one.is,
    cloudformation: fill(one, one.cloudformation, one.at),
    terraform: fill(one, one.terraform, steps(one.at, snake)),
    eksctl: fill(one, one.eksctl, ''),
    module20: fill(one, module20, ''),
    module21: fill(one, module21, ''),
  };
};
const moreOf = (one: Regular, ofTemplate: boolean): More => {
  const api = steps(one.at, camel);
  const terraform = typeof one.terraform === 'string' ? one.terraform : (one.terraform?.at ?? steps(one.at, snake));
  const group = /^group\.|^template\./.test(one.name);
  return {
    cdk: group ? 'none' : fill(one, one.cdk, api),
    ack: fill(one, one.ack, api),
    classic: ofTemplate ? 'none' : fill(one, one.classic, api),
    upbound: fill(one, one.upbound, inLists(camelOf(terraform))),
    capi: fill(one, one.capi ?? 'none', ''),
    answers: fill(one, one.answers, ofTemplate ? one.at : api),
  };
};

const notClassic = { classic: 'none' } as const;

/** What only answers of the API contain. */
const running = {
  eksctl: 'none',
  module: 'none',
  cloudformation: 'none',
  terraform: 'none',
  cdk: 'none',
  ack: 'none',
  classic: 'none',
  upbound: 'none',
} as const;

/** What only a tool has a field for. */
const onlyTool = {
  module: 'none',
  cloudformation: 'none',
  terraform: 'none',
  ack: 'none',
  classic: 'none',
  upbound: 'none',
  answers: 'none',
} as const;

const ofCluster: readonly Regular[] = [
  { name: 'health.status', ask: (cluster) => cluster.health.status, is: 'FAILED', at: 'Status', ...running },
  {
    name: 'health.issues',
    ask: (cluster) => first(cluster.health.issues.items, ({ code }) => code),
    is: 'AccessDenied',
    at: 'Health.Issues.0.Code',
    ...running,
  },
  {
    name: 'platformVersion',
    ask: (cluster) => cluster.platformVersion,
    is: 'eks.12',
    at: 'PlatformVersion',
    ...running,
  },
  {
    name: 'connector.expiry',
    ask: (cluster) => cluster.connector.expiry,
    is: '2026-11-21',
    at: 'ConnectorConfig.ActivationExpiry',
    ...running,
  },
  {
    name: 'connector.roleArn',
    ask: (cluster) => cluster.connector.roleArn,
    is: 'arn:aws:iam::111122223333:role/agent',
    at: 'ConnectorConfig.RoleArn',
    ...running,
  },
  { name: 'issuer', ask: (cluster) => cluster.issuer, is: 'https://oidc.eks', at: 'Identity.Oidc.Issuer', ...running },
  {
    name: 'roleArn',
    ask: (cluster) => cluster.roleArn,
    is: 'arn:aws:iam::111122223333:role/eks',
    at: 'RoleArn',
    eksctl: 'iam.serviceRoleARN',
    module: 'none', // the module creates a role unless create_iam_role is false
    ack: 'roleARN',
  },
  {
    name: 'securityGroups',
    ask: (cluster) => cluster.securityGroups,
    is: ['sg-1'],
    at: 'ResourcesVpcConfig.SecurityGroupIds',
    else: [],
    terraform: 'vpc_config.security_group_ids',
    eksctl: 'vpc.controlPlaneSecurityGroupIDs',
    module: ['cluster_additional_security_group_ids', 'additional_security_group_ids'],
    ack: 'resourcesVPCConfig.securityGroupIDs',
  },
  {
    name: 'egressMode',
    ask: (cluster) => cluster.egressMode,
    is: 'CUSTOMER_ROUTED',
    at: 'ResourcesVpcConfig.ControlPlaneEgressMode',
    else: 'AWS_MANAGED',
    terraform: 'vpc_config.control_plane_egress_mode',
    eksctl: 'vpc.controlPlaneEgressMode',
    module: 'none',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'network.ipFamily',
    ask: (cluster) => cluster.network.ipFamily,
    is: 'ipv6',
    at: 'KubernetesNetworkConfig.IpFamily',
    else: 'ipv4',
    eksctl: { at: 'kubernetesNetworkConfig.ipFamily', value: 'IPv6' },
    module: ['cluster_ip_family', 'ip_family'],
  },
  {
    name: 'network.serviceCidr',
    ask: (cluster) => cluster.network.serviceCidr,
    is: '10.96.0.0/16',
    at: 'KubernetesNetworkConfig.ServiceIpv4Cidr',
    terraform: 'kubernetes_network_config.service_ipv4_cidr',
    eksctl: 'kubernetesNetworkConfig.serviceIPv4CIDR',
    module: ['cluster_service_ipv4_cidr', 'service_ipv4_cidr'],
    ack: 'kubernetesNetworkConfig.serviceIPv4CIDR',
  },
  {
    name: 'network.remoteNodes',
    ask: (cluster) => cluster.network.remoteNodes,
    is: ['10.200.0.0/16'],
    at: 'RemoteNetworkConfig.RemoteNodeNetworks.0.Cidrs',
    else: [],
    terraform: 'remote_network_config.remote_node_networks.cidrs',
    eksctl: 'remoteNetworkConfig.remoteNodeNetworks.0.cidrs',
    module: [
      'cluster_remote_network_config.remote_node_networks.cidrs',
      'remote_network_config.remote_node_networks.cidrs',
    ],
    classic: 'none',
  },
  {
    name: 'network.remotePods',
    ask: (cluster) => cluster.network.remotePods,
    is: ['10.201.0.0/16'],
    at: 'RemoteNetworkConfig.RemotePodNetworks.0.Cidrs',
    else: [],
    terraform: 'remote_network_config.remote_pod_networks.cidrs',
    eksctl: 'remoteNetworkConfig.remotePodNetworks.0.cidrs',
    module: [
      'cluster_remote_network_config.remote_pod_networks.cidrs',
      'remote_network_config.remote_pod_networks.cidrs',
    ],
    classic: 'none',
  },
  {
    name: 'zonalShift',
    ask: (cluster) => cluster.zonalShift,
    is: true,
    at: 'ZonalShiftConfig.Enabled',
    else: false,
    eksctl: 'zonalShiftConfig.enabled',
    module: ['cluster_zonal_shift_config.enabled', 'zonal_shift_config.enabled'],
    classic: 'none',
  },
  {
    name: 'controlPlane.tier',
    ask: (cluster) => cluster.controlPlane.tier,
    is: 'tier-xl',
    at: 'ControlPlaneScalingConfig.Tier',
    else: 'standard',
    eksctl: 'controlPlaneScalingConfig.tier',
    module: 'control_plane_scaling_config.tier',
    classic: 'none',
  },
  {
    name: 'controlPlane.eventTtl',
    ask: (cluster) => cluster.controlPlane.eventTtl,
    is: '30m',
    at: 'KubeApiServerConfig.EventTtl',
    eksctl: 'kubeAPIServerConfig.eventTTL',
    module: 'none',
    ack: 'kubeAPIServerConfig.eventTTL',
    ...notClassic,
  },
  {
    name: 'controlPlane.nodePorts.from',
    ask: (cluster) => cluster.controlPlane.nodePorts.from,
    is: 30100,
    at: 'KubeApiServerConfig.ServiceNodePortRange.MinPort',
    eksctl: 'kubeAPIServerConfig.serviceNodePortRange.minPort',
    module: 'none',
    ack: 'kubeAPIServerConfig.serviceNodePortRange.minPort',
    ...notClassic,
  },
  {
    name: 'controlPlane.autoscalerSyncPeriod',
    ask: (cluster) => cluster.controlPlane.autoscalerSyncPeriod,
    is: '10s',
    at: 'KubeControllerManagerConfig.HorizontalPodAutoscalerControllerConfig.HorizontalPodAutoscalerSyncPeriod',
    eksctl: 'kubeControllerManagerConfig.horizontalPodAutoscalerControllerConfig.horizontalPodAutoscalerSyncPeriod',
    module: 'none',
    ...notClassic,
  },
  {
    name: 'controlPlane.terminatedPods',
    ask: (cluster) => cluster.controlPlane.terminatedPods,
    is: 500,
    at: 'KubeControllerManagerConfig.PodGcControllerConfig.TerminatedPodGcThreshold',
    eksctl: 'none',
    module: 'none',
    ack: 'kubeControllerManagerConfig.podGCControllerConfig.terminatedPodGCThreshold',
    ...notClassic,
  },
  {
    name: 'controlPlane.scoringStrategy',
    ask: (cluster) => cluster.controlPlane.scoringStrategy,
    is: 'MostAllocated',
    at: 'KubeSchedulerConfig.NodeResourcesFit.ScoringStrategy.Type',
    eksctl: 'kubeSchedulerConfig.nodeResourcesFit.scoringStrategy.type',
    module: 'none',
    ...notClassic,
  },
  {
    name: 'controlPlane.rollbackTimeout',
    ask: (cluster) => cluster.controlPlane.rollbackTimeout,
    is: 180,
    at: 'RollbackConfig.TimeoutMinutes',
    else: 720,
    eksctl: 'metadata.rollbackConfig.timeoutMinutes',
    module: 'none',
    terraform: 'none',
    upbound: 'none',
    ack: 'none',
    ...notClassic,
  },
  {
    name: 'controlPlane.forceUpdate',
    ask: (cluster) => cluster.controlPlane.forceUpdate,
    is: true,
    at: 'Force',
    else: false,
    terraform: 'force_update_version',
    eksctl: 'metadata.forceUpdateVersion',
    module: ['cluster_force_update_version', 'force_update_version'],
    ack: 'none',
    ...notClassic,
  },
  {
    name: 'creatorAdmin',
    ask: (cluster) => cluster.creatorAdmin,
    is: false,
    at: 'AccessConfig.BootstrapClusterCreatorAdminPermissions',
    else: true,
    eksctl: 'accessConfig.bootstrapClusterCreatorAdminPermissions',
    module: { at: 'enable_cluster_creator_admin_permissions', else: false },
    capi: 'spec.accessConfig.bootstrapClusterCreatorAdminPermissions',
    answers: { at: 'accessConfig.bootstrapClusterCreatorAdminPermissions', else: undefined, leftOut: 'unknown' },
  },
  {
    name: 'nodePools',
    ask: (cluster) => cluster.nodePools,
    is: ['system'],
    at: 'ComputeConfig.NodePools',
    else: [],
    eksctl: 'autoModeConfig.nodePools',
    module: ['cluster_compute_config.node_pools', 'compute_config.node_pools'],
    ...notClassic,
  },
  {
    name: 'nodePoolRoleArn',
    ask: (cluster) => cluster.nodePoolRoleArn,
    is: 'arn:aws:iam::111122223333:role/nodes',
    at: 'ComputeConfig.NodeRoleArn',
    eksctl: 'autoModeConfig.nodeRoleARN',
    module: ['cluster_compute_config.node_role_arn', 'compute_config.node_role_arn'],
    ack: 'computeConfig.nodeRoleARN',
    ...notClassic,
  },
];

const ofGroup: readonly Regular[] = [
  { name: 'group.health.status', ask: (_, group) => group.health.status, is: 'DEGRADED', at: 'Status', ...running },
  {
    name: 'group.health.issues',
    ask: (_, group) => first(group.health.issues.items, ({ code }) => code),
    is: 'AccessDenied',
    at: 'Health.Issues.0.Code',
    ...running,
  },
  {
    name: 'group.tags',
    ask: (_, group) => group.tags.map(({ value }) => value),
    is: ['dev'],
    at: 'Tags',
    value: { team: 'dev' },
    else: [],
    eksctl: 'tags',
    module: 'tags',
    capi: 'spec.additionalTags',
  },
  {
    name: 'group.roleArn',
    ask: (_, group) => group.roleArn,
    is: 'arn:aws:iam::111122223333:role/n',
    at: 'NodeRole',
    else: undefined,
    eksctl: 'none', // eksctl creates a role if none is set
    module: 'none',
    terraform: 'node_role_arn',
  },
  {
    name: 'group.scaling.min',
    ask: (_, group) => group.scaling.min,
    is: 5,
    at: 'ScalingConfig.MinSize',
    eksctl: 'minSize',
    module: [
      { at: 'min_size', else: 0 },
      { at: 'min_size', else: 1 },
    ],
    terraform: 'scaling_config.min_size',
    capi: 'spec.scaling.minSize',
  },
  {
    name: 'group.scaling.desired',
    ask: (_, group) => group.scaling.desired,
    is: 5,
    at: 'ScalingConfig.DesiredSize',
    eksctl: 'desiredCapacity',
    module: [
      { at: 'desired_size', else: 1 },
      { at: 'desired_size', else: 1 },
    ],
    terraform: 'scaling_config.desired_size',
    capi: { at: 'pool.replicas', place: 'spec.replicas' },
  },
  {
    name: 'group.scaling.max',
    ask: (_, group) => group.scaling.max,
    is: 5,
    at: 'ScalingConfig.MaxSize',
    eksctl: 'maxSize',
    module: [
      { at: 'max_size', else: 3 },
      { at: 'max_size', else: 3 },
    ],
    terraform: 'scaling_config.max_size',
    capi: 'spec.scaling.maxSize',
  },
  {
    name: 'group.update.maxUnavailable',
    ask: (_, group) => group.update.maxUnavailable,
    is: 2,
    at: 'UpdateConfig.MaxUnavailable',
    eksctl: 'updateConfig.maxUnavailable',
    module: 'update_config.max_unavailable',
    capi: 'spec.updateConfig.maxUnavailable',
  },
  {
    name: 'group.update.maxUnavailablePercentage',
    ask: (_, group) => group.update.maxUnavailablePercentage,
    is: 20,
    at: 'UpdateConfig.MaxUnavailablePercentage',
    eksctl: 'updateConfig.maxUnavailablePercentage',
    module: { at: 'update_config.max_unavailable_percentage', else: 33 },
    capi: 'spec.updateConfig.maxUnavailablePercentage',
  },
  {
    name: 'group.update.strategy',
    ask: (_, group) => group.update.strategy,
    is: 'MINIMAL',
    at: 'UpdateConfig.UpdateStrategy',
    else: 'DEFAULT',
    eksctl: 'none',
    module: 'update_config.update_strategy',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'group.update.force',
    ask: (_, group) => group.update.force,
    is: true,
    at: 'ForceUpdateEnabled',
    else: false,
    eksctl: 'none',
    module: 'force_update_version',
    terraform: 'force_update_version',
    ack: 'none',
    classic: 'none',
    answers: 'none',
  },
  {
    name: 'group.taints.effect',
    ask: (_, group) => first(group.taints.items, ({ effect }) => effect),
    is: 'NO_SCHEDULE',
    at: 'Taints.0.Effect',
    eksctl: { at: 'taints.0.effect', value: 'NoSchedule' },
    module: 'taints.a.effect',
    terraform: 'taint.effect',
    upbound: 'taint.0.effect',
    capi: { at: 'spec.taints.0.effect', value: 'no-schedule' },
  },
  {
    name: 'group.labels',
    ask: (_, group) => group.labels.map(({ value }) => value),
    is: ['web'],
    at: 'Labels',
    value: { app: 'web' },
    else: [],
    eksctl: 'labels',
    module: 'labels',
    capi: 'spec.labels',
  },
  {
    name: 'group.diskSize',
    ask: (_, group) => group.diskSize,
    is: 80,
    at: 'DiskSize',
    eksctl: 'none',
    module: 'disk_size',
    capi: 'spec.diskSize',
  },
  {
    name: 'group.releaseVersion',
    ask: (_, group) => group.releaseVersion,
    is: '1.33.3-20250829',
    at: 'ReleaseVersion',
    eksctl: 'releaseVersion',
    module: 'ami_release_version',
    capi: 'spec.amiVersion',
  },
  {
    name: 'group.repair.enabled',
    ask: (_, group) => group.repair.enabled,
    is: true,
    at: 'NodeRepairConfig.Enabled',
    else: false,
    eksctl: 'nodeRepairConfig.enabled',
    module: 'node_repair_config.enabled',
    ack: 'none',
    classic: 'none',
    capi: 'spec.nodeRepairConfig.enabled',
  },
  {
    name: 'group.repair.parallelCount',
    ask: (_, group) => group.repair.parallelCount,
    is: 2,
    at: 'NodeRepairConfig.MaxParallelNodesRepairedCount',
    eksctl: 'nodeRepairConfig.maxParallelNodesRepairedCount',
    module: 'node_repair_config.max_parallel_nodes_repaired_count',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'group.repair.unhealthyCount',
    ask: (_, group) => group.repair.unhealthyCount,
    is: 2,
    at: 'NodeRepairConfig.MaxUnhealthyNodeThresholdCount',
    eksctl: 'nodeRepairConfig.maxUnhealthyNodeThresholdCount',
    module: 'node_repair_config.max_unhealthy_node_threshold_count',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'group.repair.unhealthyPercentage',
    ask: (_, group) => group.repair.unhealthyPercentage,
    is: 2,
    at: 'NodeRepairConfig.MaxUnhealthyNodeThresholdPercentage',
    eksctl: 'nodeRepairConfig.maxUnhealthyNodeThresholdPercentage',
    module: 'node_repair_config.max_unhealthy_node_threshold_percentage',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'group.repair.parallelPercentage',
    ask: (_, group) => group.repair.parallelPercentage,
    is: 2,
    at: 'NodeRepairConfig.MaxParallelNodesRepairedPercentage',
    eksctl: 'nodeRepairConfig.maxParallelNodesRepairedPercentage',
    module: 'node_repair_config.max_parallel_nodes_repaired_percentage',
    ack: 'none',
    classic: 'none',
  },
  {
    name: 'group.repair.overrides',
    ask: (_, group) => first(group.repair.overrides.items, ({ action }) => action),
    is: 'Reboot',
    at: 'NodeRepairConfig.NodeRepairConfigOverrides.0.RepairAction',
    eksctl: 'nodeRepairConfig.nodeRepairConfigOverrides.0.repairAction',
    module: 'none', // a list, which the test writes for resources
    terraform: 'node_repair_config.node_repair_config_overrides.repair_action',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.warmPool.enabled',
    ask: (_, group) => group.warmPool.enabled,
    is: true,
    else: false,
    at: 'WarmPoolConfig.Enabled',
    terraform: { at: 'warm_pool_config.min_size', value: 1, place: 'warm_pool_config', hidden: 'set' }, // the block
    eksctl: 'none',
    module: 'none',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.warmPool.minSize',
    ask: (_, group) => group.warmPool.minSize,
    is: 1,
    at: 'WarmPoolConfig.MinSize',
    eksctl: 'none',
    module: 'none',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.warmPool.maxPrepared',
    ask: (_, group) => group.warmPool.maxPrepared,
    is: 1,
    at: 'WarmPoolConfig.MaxGroupPreparedCapacity',
    eksctl: 'none',
    module: 'none',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.warmPool.reuse',
    ask: (_, group) => group.warmPool.reuse,
    is: true,
    else: false,
    at: 'WarmPoolConfig.ReuseOnScaleIn',
    eksctl: 'none',
    module: 'none',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.warmPool.state',
    ask: (_, group) => group.warmPool.state,
    is: 'HIBERNATED',
    at: 'WarmPoolConfig.PoolState',
    else: 'STOPPED',
    eksctl: 'none',
    module: 'none',
    ack: 'none',
    classic: 'none',
    upbound: 'none',
  },
  {
    name: 'group.templateVersion',
    ask: (_, group) => group.templateVersion,
    is: '3',
    at: 'LaunchTemplate.Version',
    eksctl: 'launchTemplate.version',
    module: 'launch_template_version',
    classic: 'none',
    ack: 'none',
    upbound: 'none',
    answers: 'none',
  },
  {
    name: 'group.template.maxPods',
    ask: (_, group) => group.template.maxPods,
    is: 20,
    at: 'MaxPods',
    eksctl: 'maxPodsPerNode',
    ...onlyTool,
  },
  {
    name: 'group.template.addonPolicies',
    ask: (_, group) => group.template.addonPolicies,
    is: true,
    else: false,
    at: 'AddonPolicies',
    eksctl: 'iam.withAddonPolicies.ebs',
    ...onlyTool,
  },
  {
    name: 'template.market',
    ask: (_, group) => group.template.market,
    is: 'spot',
    at: 'template.InstanceMarketOptions.MarketType',
    eksctl: 'instanceMarketOptions.marketType',
    module: 'instance_market_options.market_type',
    capi: {
      at: `spec.awsLaunchTemplate.spotMarketOptions.maxPrice`,
      value: '0.1',
      place: 'spotMarketOptions',
      hidden: 'set',
    },
  },
  {
    name: 'template.interfaces.publicIp',
    ask: (_, group) => first(group.template.interfaces.items, ({ publicIp }) => publicIp),
    is: true,
    at: 'template.NetworkInterfaces.0.AssociatePublicIpAddress',
    eksctl: 'none',
    module: 'network_interfaces.0.associate_public_ip_address',
    terraform: 'template.network_interfaces.associate_public_ip_address',
    ack: 'template.networkInterfaces.0.associatePublicIPAddress',
    upbound: 'template.networkInterfaces.0.associatePublicIpAddress',
  },
  {
    name: 'template.interfaces.type',
    ask: (_, group) => first(group.template.interfaces.items, ({ type }) => type),
    is: 'efa',
    at: 'template.NetworkInterfaces.0.InterfaceType',
    eksctl: 'none',
    module: 'network_interfaces.0.interface_type',
    terraform: 'template.network_interfaces.interface_type',
    upbound: 'template.networkInterfaces.0.interfaceType',
  },
  {
    name: 'template.userData',
    ask: (_, group) => group.template.userData,
    is: 'echo hello',
    at: 'template.UserData',
    eksctl: 'overrideBootstrapCommand',
    module: 'pre_bootstrap_user_data',
  },
  {
    name: 'template.monitoring',
    ask: (_, group) => group.template.monitoring,
    is: true,
    at: 'template.Monitoring.Enabled',
    else: false,
    eksctl: 'enableDetailedMonitoring',
    module: [
      { at: 'enable_monitoring', else: true },
      { at: 'enable_monitoring', else: false },
    ],
  },
  {
    name: 'template.imageId',
    ask: (_, group) => group.template.imageId,
    is: 'ami-1',
    at: 'template.ImageId',
    hidden: 'set',
    eksctl: 'none',
    module: 'none',
    ack: 'template.imageID',
    capi: 'spec.awsLaunchTemplate.ami.id',
  },
  {
    name: 'template.instanceProfile',
    ask: (_, group) => group.template.instanceProfile,
    is: 'nodes',
    at: 'template.IamInstanceProfile.Name',
    hidden: 'set',
    eksctl: 'none',
    module: 'none',
    ack: 'template.iamInstanceProfile.name',
    capi: 'spec.awsLaunchTemplate.iamInstanceProfile',
  },
  {
    name: 'template.volumes.type',
    ask: (_, group) => first(group.template.volumes.items, ({ type }) => type),
    is: 'gp3',
    at: 'template.BlockDeviceMappings.0.Ebs.VolumeType',
    eksctl: 'volumeType',
    module: 'block_device_mappings.xvda.ebs.volume_type',
    terraform: 'template.block_device_mappings.ebs.volume_type',
    upbound: 'template.blockDeviceMappings.0.ebs.0.volumeType',
  },
  {
    name: 'template.volumes.size',
    ask: (_, group) => first(group.template.volumes.items, ({ size }) => size),
    is: 50,
    at: 'template.BlockDeviceMappings.0.Ebs.VolumeSize',
    eksctl: 'volumeSize',
    module: 'block_device_mappings.xvda.ebs.volume_size',
    terraform: 'template.block_device_mappings.ebs.volume_size',
    upbound: 'template.blockDeviceMappings.0.ebs.0.volumeSize',
  },
  {
    name: 'template.volumes.key',
    ask: (_, group) => first(group.template.volumes.items, ({ key }) => key),
    is: 'arn:aws:kms:k',
    at: 'template.BlockDeviceMappings.0.Ebs.KmsKeyId',
    hidden: 'set',
    eksctl: 'volumeKmsKeyID',
    module: 'block_device_mappings.xvda.ebs.kms_key_id',
    ack: 'template.blockDeviceMappings.0.ebs.kmsKeyID',
    terraform: 'template.block_device_mappings.ebs.kms_key_id',
    upbound: 'template.blockDeviceMappings.0.ebs.0.kmsKeyId',
  },
];

export const regularCluster = ofCluster.map(caseOf);
export const regularGroup = ofGroup.map(caseOf);
export const regularMore: Readonly<Record<string, More>> = Object.fromEntries(
  [...ofCluster, ...ofGroup].map((one) => [one.name, moreOf(one, one.name.startsWith('template.'))]),
);
/** The first of a list, as a fact; nothing if there is none. */
export const first = <T>(items: readonly T[], ask: (item: T) => Value<unknown>): Value<unknown> => {
  const [one] = items;
  return one === undefined
    ? Value.default<unknown>(undefined, () => {
        throw new Error('nothing has no place');
      })
    : ask(one);
};
