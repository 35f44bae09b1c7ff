import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { Value } from '#model/value.ts';
import type { Fact, FactCase, Spelled } from './facts.ts';
import type { More } from './more-facts.ts';

/*
 * Facts that most formats spell by rule. CloudFormation's path is checked against the specification of AWS (test/aws/names.test.ts);
 * what the others write follows from it by the convention of each, and what differs is written out.
 */

type Written = string | (Pick<Spelled, 'at'> & Partial<Spelled>) | 'none';
interface Regular {
  readonly name: string;
  readonly ask: (cluster: Cluster, group: Nodegroup) => Fact;
  readonly is: unknown;
  /** CloudFormation's path, and what it writes where that is not what the fact is. */
  readonly at: string;
  readonly value?: unknown;
  /** The default of the API. */
  readonly else?: unknown;
  readonly hidden?: 'set';
  readonly eksctl: Written;
  /** Of terraform-aws-modules/eks: both versions, or the older and the newer one. */
  readonly module: Written | readonly [Written, Written];
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
/** Blocks are lists of one in Crossplane's objects. */
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
    cloudformation: fill(one, undefined, one.at) as Spelled,
    terraform: fill(one, one.terraform, steps(one.at, snake)) as Spelled,
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

const ofCluster: readonly Regular[] = [
  {
    name: 'roleArn',
    ask: (cluster) => cluster.roleArn,
    is: 'arn:aws:iam::111122223333:role/eks',
    at: 'RoleArn',
    eksctl: 'iam.serviceRoleARN',
    module: 'none', // the module makes a role unless create_iam_role is false
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

const ofGroup: readonly Regular[] = [];

export const regularCluster = ofCluster.map(caseOf);
export const regularGroup = ofGroup.map(caseOf);
export const regularMore: Readonly<Record<string, More>> = Object.fromEntries(
  [...ofCluster, ...ofGroup].map((one) => [one.name, moreOf(one, one.name.startsWith('template.'))]),
);
/** The first of a list, as a fact; nothing where there is none. */
export const first = <T>(items: readonly T[], ask: (item: T) => Value<unknown>): Value<unknown> => {
  const [one] = items;
  return one === undefined
    ? Value.default<unknown>(undefined, () => {
        throw new Error('nothing has no place');
      })
    : ask(one);
};
