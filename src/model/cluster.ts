import type { Location, Tree } from '#syntax/tree.ts';
import type { SubjectName } from './finding.ts';
import type { AccessEntry, IdentityProvider, KeyReference, PodIdentity } from './aws.ts';
import type { EksVersion } from './calendar.ts';
import type { IamRole } from './iam.ts';
import type { Insight } from './insight.ts';
import type { Kubelet } from './kubelet.ts';
import type { Subnet } from './network.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/** The input that an EKS description was read from. */
export type ClusterInput = 'eksctl' | 'cloudformation' | 'terraform' | 'kubernetes' | 'aws';

/** What every part of an EKS description has. */
export interface Part {
  readonly input: ClusterInput;
  readonly at: Location;
  readonly subject: SubjectName;
  /** The document it was read from, if there is one. */
  readonly tree: Tree | undefined;
  /** The map in the document that defines it: fixes edit it. */
  readonly object: object | undefined;
}

/*
 * Field names follow the EKS API (DescribeCluster and related calls); catalog terms map onto them one to one. No field
 * is optional: an adapter that cannot know a value must say so, and a new field breaks the build in exactly the
 * adapters that need to support it.
 */

/** An EKS cluster, in one shape for every format. */
export interface Cluster extends Part {
  readonly kind: 'cluster';
  readonly name: Value<string>;
  readonly identity: Identity;
  readonly health: Health;
  /** How a cluster that runs elsewhere is connected to EKS. */
  readonly connector: Connector;
  /** The platform version of a running cluster, e.g. eks.12. */
  readonly platformVersion: Value<string>;
  /** The URL of the OIDC issuer of a running cluster. */
  readonly issuer: Value<string>;
  /** `1.33` */
  readonly version: Value<string>;
  /** The role that the control plane runs with. */
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  readonly endpoint: {
    readonly public: Value<boolean>;
    readonly private: Value<boolean>;
    readonly publicCidrs: Collection<Value<string>>;
  };
  /** Subnets that contain the network interfaces of the control plane. */
  readonly subnets: Collection<SubnetUse>;
  readonly securityGroups: Collection<Value<string>>;
  /** AWS_MANAGED, CUSTOMER_ROUTED or CUSTOMER_ISOLATED. */
  readonly egressMode: Value<string>;
  readonly network: {
    /** ipv4 or ipv6. */
    readonly ipFamily: Value<string>;
    /** The CIDR of Services; absent = EKS picks it. */
    readonly serviceCidr: Value<string>;
    /** Networks of hybrid nodes and of their pods. */
    readonly remoteNodes: Collection<Value<string>>;
    readonly remotePods: Collection<Value<string>>;
  };
  readonly zonalShift: Value<boolean>;
  readonly controlPlane: ControlPlane;
  /** Types of control-plane logs that are enabled: api, audit, authenticator, controllerManager, scheduler. */
  readonly logging: Collection<Value<string>>;
  /** Secrets are encrypted with this KMS key; absent = no customer key. */
  readonly secretsKey: Value<string>;
  /** How it is named; undefined if there is none. */
  readonly secretsKeyReference: KeyReference | undefined;
  /** EXTENDED or STANDARD. */
  readonly supportType: Value<string>;
  /** API, API_AND_CONFIG_MAP or CONFIG_MAP. */
  readonly authenticationMode: Value<string>;
  /** The creator of the cluster becomes its administrator. */
  readonly creatorAdmin: Value<boolean>;
  readonly deletionProtection: Value<boolean>;
  readonly autoMode: Value<boolean>;
  /** The other two settings of Auto Mode, if they differ from the first. */
  readonly autoModeStorage: Value<boolean>;
  readonly autoModeLoadBalancing: Value<boolean>;
  /** Built-in node pools of Auto Mode: general-purpose, system. */
  readonly nodePools: Collection<Value<string>>;
  readonly nodePoolRoleArn: Value<string>;
  /** EKS installs the default networking add-ons without managing them. */
  readonly bootstrapSelfManagedAddons: Value<boolean>;
  readonly tags: Collection<Tag>;
  /** A local cluster on AWS Outposts. */
  readonly outpost: Value<boolean>;
  readonly nodegroups: Collection<Nodegroup>;
  /**
   * Complete if the cluster is defined here and nothing unread may add more: users who manage add-ons as code list
   * them.
   */
  readonly addons: Collection<Addon>;
  readonly podIdentities: Collection<PodIdentity>;
  readonly fargateProfiles: Collection<FargateProfile>;
  readonly accessEntries: Collection<AccessEntry>;
  readonly identityProviders: Collection<IdentityProvider>;
  readonly capabilities: Collection<Capability>;
  /** Cluster insights of EKS; only the API has them. */
  readonly insights: Collection<Insight>;
  /** The versions that EKS offers and their dates: those from the service, otherwise those in this release. */
  readonly calendar: Collection<EksVersion>;
}

/** The state of a running resource; files do not contain it. */
export interface Health {
  /** ACTIVE, DEGRADED, FAILED, CREATE_FAILED, ... */
  readonly status: Value<string>;
  readonly issues: Collection<{ readonly code: Value<string>; readonly message: Value<string> }>;
}

/** EKS Connector: an agent in a cluster that EKS does not run, which shows it in the console. */
export interface Connector {
  /** Whether the cluster is one that runs elsewhere. */
  readonly written: Value<boolean>;
  /** The day on which its registration expires if the agent has not connected: `2026-11-21`. */
  readonly expiry: Value<string>;
  /** The role of the agent. */
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
}

/** What identifies a cluster; unknown if these files do not define it. */
export interface Identity {
  readonly account: Value<string>;
  readonly region: Value<string>;
  /** aws, aws-cn, aws-us-gov. */
  readonly partition: Value<string>;
}

/** The configuration of control plane components. */
export interface ControlPlane {
  /** standard, or a provisioned tier: tier-xl, tier-2xl, ... */
  readonly tier: Value<string>;
  readonly eventTtl: Value<string>;
  readonly nodePorts: { readonly from: Value<number>; readonly to: Value<number> };
  /** How often HorizontalPodAutoscalers are evaluated. */
  readonly autoscalerSyncPeriod: Value<string>;
  /** Terminated pods that are kept before the oldest are deleted. */
  readonly terminatedPods: Value<number>;
  /** LeastAllocated or MostAllocated. */
  readonly scoringStrategy: Value<string>;
  readonly scoringWeights: Collection<Value<number>>;
  /** Minutes within which a version can be rolled back; an argument of updates. */
  readonly rollbackTimeout: Value<number>;
  /** An upgrade ignores failing upgrade insights. */
  readonly forceUpdate: Value<boolean>;
}

export interface Tag {
  readonly key: Value<string>;
  readonly value: Value<string>;
}

/** The configuration of nodes: a launch template as a node group uses it, or a node class (EC2NodeClass, NodeClass). */
export interface NodeTemplate extends Part {
  readonly kind: 'nodeTemplate';
  /** Like that of a node group; absent if nothing sets it. */
  readonly amiType: Value<string>;
  readonly imds: {
    /** required or optional; absent = the AMI decides. */
    readonly httpTokens: Value<string>;
    readonly hopLimit: Value<number>;
    readonly endpointEnabled: Value<boolean>;
  };
  /** The AMI that it names; absent if EKS or the tool picks one. */
  readonly imageId: Value<string>;
  /** The user data of nodes, as plain text. It may contain secrets: messages never quote it. */
  readonly userData: Value<string>;
  /** Detailed monitoring: metrics every minute. */
  readonly monitoring: Value<boolean>;
  /** The name or ARN of the instance profile. */
  readonly instanceProfile: Value<string>;
  /** `spot` if the template requests spot instances. */
  readonly market: Value<string>;
  /** The maximum number of pods per node, if a field sets it; user data may set it as well. */
  readonly maxPods: Value<number>;
  readonly kubelet: Kubelet;
  readonly interfaces: Collection<NetworkInterface>;
  /** Volumes that the template describes; the rest comes from the AMI. */
  readonly volumes: Collection<Volume>;
  /** eksctl iam.withAddonPolicies gives permissions to the node role, for which pods then need IMDS. */
  readonly addonPolicies: Value<boolean>;
}

/** An EBS volume of a node. */
export interface Volume {
  readonly device: Value<string>;
  readonly encrypted: Value<boolean>;
  /** gp2, gp3, io1, io2, st1, sc1, standard. */
  readonly type: Value<string>;
  /** GiB. */
  readonly size: Value<number>;
  readonly iops: Value<number>;
  readonly throughput: Value<number>;
  readonly key: Value<string>;
}

/** A network interface that a launch template describes. */
export interface NetworkInterface {
  readonly publicIp: Value<boolean>;
  readonly subnet: Value<string>;
  /** interface, efa, efa-only. */
  readonly type: Value<string>;
}

/** A taint of the nodes of a group. */
export interface Taint {
  readonly key: Value<string>;
  readonly value: Value<string>;
  /** NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE. */
  readonly effect: Value<string>;
}

/** How unhealthy nodes are replaced. */
export interface Repair {
  readonly enabled: Value<boolean>;
  readonly unhealthyCount: Value<number>;
  readonly unhealthyPercentage: Value<number>;
  readonly parallelCount: Value<number>;
  readonly parallelPercentage: Value<number>;
  readonly overrides: Collection<{
    readonly condition: Value<string>;
    readonly reason: Value<string>;
    readonly waitMinutes: Value<number>;
    /** Replace, Reboot or NoAction. */
    readonly action: Value<string>;
  }>;
}

/** Stopped or hibernated instances that a group keeps ready. */
export interface WarmPool {
  readonly enabled: Value<boolean>;
  readonly minSize: Value<number>;
  readonly maxPrepared: Value<number>;
  /** STOPPED, RUNNING or HIBERNATED. */
  readonly state: Value<string>;
  readonly reuse: Value<boolean>;
}

/** The sources from which a login port can be reached. */
export interface Opening {
  readonly cidr: Value<string>;
  /** `22`, `3389` or `22 and 3389`. */
  readonly port: string;
}

/** A subnet in which something runs. */
export interface SubnetUse {
  readonly at: Location;
  /** Nodes there get public addresses, or have a route to an internet gateway without NAT. */
  readonly isPublic: Answer;
  readonly subnet: Ref<Subnet>;
}

/** A managed or self-managed node group with the launch template that it uses. */
export interface Nodegroup extends Part {
  readonly kind: 'nodegroup';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  readonly managed: boolean;
  readonly health: Health;
  /** Absent = that of the cluster. */
  readonly version: Value<string>;
  /** AL2_x86_64, AL2023_x86_64_STANDARD, BOTTLEROCKET_x86_64, WINDOWS_..., CUSTOM. */
  readonly amiType: Value<string>;
  readonly instanceTypes: Collection<Value<string>>;
  /** ON_DEMAND or SPOT. */
  readonly capacityType: Value<string>;
  readonly template: NodeTemplate;
  /** The version of the launch template: a number, $Latest or $Default. */
  readonly templateVersion: Value<string>;
  /** Whether the group has a launch template that the user wrote. */
  readonly ownTemplate: Value<boolean>;
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  readonly scaling: { readonly min: Value<number>; readonly desired: Value<number>; readonly max: Value<number> };
  readonly update: {
    readonly maxUnavailable: Value<number>;
    readonly maxUnavailablePercentage: Value<number>;
    /** DEFAULT or MINIMAL. */
    readonly strategy: Value<string>;
    /** Pods are deleted even if budgets forbid it. */
    readonly force: Value<boolean>;
  };
  readonly taints: Collection<Taint>;
  readonly labels: Collection<Tag>;
  readonly tags: Collection<Tag>;
  /** GiB; for groups without a launch template. */
  readonly diskSize: Value<number>;
  /** The version of the AMI: 1.33.3-20250829. */
  readonly releaseVersion: Value<string>;
  readonly repair: Repair;
  readonly warmPool: WarmPool;
  readonly subnets: Collection<SubnetUse>;
  /** Nodes get public addresses, whatever their subnets say. */
  readonly publicIp: Value<boolean>;
  readonly remoteAccess: {
    /** SSH is set up: a key or eksctl's ssh.allow. */
    readonly enabled: Value<boolean>;
    readonly sourceSecurityGroups: Collection<Value<string>>;
    /** The inbound traffic to port 22 or 3389 that security groups of the nodes allow. */
    readonly openings: Collection<Opening>;
  };
}

/** An EKS add-on. */
export interface Addon extends Part {
  readonly kind: 'addon';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  readonly version: Value<string>;
  /** It creates EKS Pod Identity associations. */
  readonly podIdentity: Value<boolean>;
  readonly health: Health;
  readonly settings: Settings;
  /** What an update does with fields that users have changed: NONE, OVERWRITE or PRESERVE. */
  readonly resolveConflicts: Value<string>;
  /** The role of its service account through IRSA. */
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  /** The namespace, if it is not the default one. */
  readonly namespace: Value<string>;
  /** Deleting the add-on leaves its objects in the cluster. */
  readonly preserve: Value<boolean>;
  readonly tags: Collection<Tag>;
  /** Its versions that fit the version of the cluster, newest first; undefined if unknown, as in files. */
  readonly offered: Collection<Value<string>> | undefined;
}

/** The configuration values of an add-on, which are a string of JSON or YAML. */
export interface Settings {
  readonly at: Location;
  /** Whether there are any. */
  readonly written: Answer;
  /** Whether they are a map, as EKS requires. */
  readonly valid: Answer;
  /** A value by its keys: `text('env', 'WARM_IP_TARGET')`. Numbers and booleans are read as strings. */
  text(...keys: readonly string[]): Value<string>;
  /** Whether a value is written as a string, not as a number or a boolean. */
  isText(...keys: readonly string[]): Answer;
  /** The keys of a nested map. */
  keys(...keys: readonly string[]): Collection<Value<string>>;
}

/** Pods that run on AWS Fargate. */
export interface FargateProfile extends Part {
  readonly kind: 'fargateProfile';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  readonly selectors: Collection<FargateSelector>;
  readonly subnets: Collection<SubnetUse>;
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  readonly tags: Collection<Tag>;
}
/** Pods of a namespace that have all labels; `*` and `?` stand for any characters. */
export interface FargateSelector {
  readonly namespace: Value<string>;
  readonly labels: Collection<Tag>;
  readonly at: Location;
}

/** A tool that EKS runs for a cluster, outside of it. */
export interface Capability extends Part {
  readonly kind: 'capability';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  /** ACK, ARGOCD or KRO. */
  readonly type: Value<string>;
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  readonly deletePropagationPolicy: Value<string>;
  readonly argoCd: {
    readonly written: Value<boolean>;
    readonly identityCenter: Value<string>;
    readonly vpcEndpoints: Collection<Value<string>>;
    /** ADMIN, EDITOR, VIEWER. */
    readonly roles: Collection<Value<string>>;
  };
}

/** What belongs to a cluster. */
export type ClusterPart =
  | Nodegroup
  | Addon
  | PodIdentity
  | NodeTemplate
  | FargateProfile
  | AccessEntry
  | IdentityProvider
  | Capability
  | Insight;

export const membersOf = (cluster: Cluster): readonly ClusterPart[] => [
  ...cluster.nodegroups.known,
  ...cluster.addons.known,
  ...cluster.podIdentities.known,
  ...cluster.fargateProfiles.known,
  ...cluster.accessEntries.known,
  ...cluster.identityProviders.known,
  ...cluster.capabilities.known,
  ...cluster.insights.known,
];
