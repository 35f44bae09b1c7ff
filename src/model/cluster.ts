import type { Location, Tree } from '#syntax/tree.ts';
import type { SubjectName } from './finding.ts';
import type { AccessEntry, IdentityProvider, KeyReference, PodIdentity } from './aws.ts';
import type { EksVersion } from './calendar.ts';
import type { IamRole } from './iam.ts';
import type { Insight } from './insight.ts';
import type { Kubelet } from './kubelet.ts';
import type { Subnet } from './network.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/** The input an EKS description was read from. */
export type ClusterInput = 'eksctl' | 'cloudformation' | 'terraform' | 'kubernetes' | 'aws';

/** What every part of an EKS description has. */
export interface Part {
  readonly input: ClusterInput;
  readonly at: Location;
  readonly subject: SubjectName;
  /** The document it was read from, where there is one. */
  readonly tree: Tree | undefined;
  /** The map of the document that describes it: fixes edit it. */
  readonly object: object | undefined;
}

/*
 * Field names follow the EKS API (DescribeCluster and related calls); catalog terms map onto them one to one. No field is optional: an
 * adapter that cannot know must say so, and a new field breaks the build in exactly the adapters that have to be taught it.
 */

/** An EKS cluster, in one shape whatever it was read from. */
export interface Cluster extends Part {
  readonly kind: 'cluster';
  readonly name: Value<string>;
  readonly identity: Identity;
  readonly health: Health;
  /** How a cluster that runs elsewhere is connected to EKS. */
  readonly connector: Connector;
  /** eks.12, of a running cluster. */
  readonly platformVersion: Value<string>;
  /** The URL of the OIDC issuer, of a running cluster. */
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
  /** Subnets that hold the network interfaces of the control plane. */
  readonly subnets: Collection<SubnetUse>;
  readonly securityGroups: Collection<Value<string>>;
  /** AWS_MANAGED, CUSTOMER_ROUTED or CUSTOMER_ISOLATED. */
  readonly egressMode: Value<string>;
  readonly network: {
    /** ipv4 or ipv6. */
    readonly ipFamily: Value<string>;
    /** The addresses of Services; absent = EKS picks them. */
    readonly serviceCidr: Value<string>;
    /** Networks of hybrid nodes and of their pods. */
    readonly remoteNodes: Collection<Value<string>>;
    readonly remotePods: Collection<Value<string>>;
  };
  readonly zonalShift: Value<boolean>;
  readonly controlPlane: ControlPlane;
  /** Types of control-plane logs that are on: api, audit, authenticator, controllerManager, scheduler. */
  readonly logging: Collection<Value<string>>;
  /** Secrets are encrypted with this KMS key; absent = no customer key. */
  readonly secretsKey: Value<string>;
  /** How it is named; undefined where there is none. */
  readonly secretsKeyReference: KeyReference | undefined;
  /** EXTENDED or STANDARD. */
  readonly supportType: Value<string>;
  /** API, API_AND_CONFIG_MAP or CONFIG_MAP. */
  readonly authenticationMode: Value<string>;
  /** Who creates the cluster is made an administrator of it. */
  readonly creatorAdmin: Value<boolean>;
  readonly deletionProtection: Value<boolean>;
  readonly autoMode: Value<boolean>;
  /** The other two switches of Auto Mode, where they are not the same as the first. */
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
  /** Complete where the cluster is described and nothing that is not read may add more: who manages add-ons as code lists them. */
  readonly addons: Collection<Addon>;
  readonly podIdentities: Collection<PodIdentity>;
  readonly fargateProfiles: Collection<FargateProfile>;
  readonly accessEntries: Collection<AccessEntry>;
  readonly identityProviders: Collection<IdentityProvider>;
  readonly capabilities: Collection<Capability>;
  /** What EKS finds out about it; only the API tells. */
  readonly insights: Collection<Insight>;
  /** The versions that EKS offers and their dates: those that the service tells, else those that this release knows. */
  readonly calendar: Collection<EksVersion>;
}

/** How something that runs is; files do not tell. */
export interface Health {
  /** ACTIVE, DEGRADED, FAILED, CREATE_FAILED, ... */
  readonly status: Value<string>;
  readonly issues: Collection<{ readonly code: Value<string>; readonly message: Value<string> }>;
}

/** EKS Connector: an agent in a cluster that EKS does not run, which shows it in the console. */
export interface Connector {
  /** Whether the cluster is one that runs elsewhere. */
  readonly written: Value<boolean>;
  /** The day on which its registration ends unless the agent has connected: `2026-11-21`. */
  readonly expiry: Value<string>;
  /** The role of the agent. */
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
}

/** What tells a cluster from others; unknown as far as these files do not tell. */
export interface Identity {
  readonly account: Value<string>;
  readonly region: Value<string>;
  /** aws, aws-cn, aws-us-gov. */
  readonly partition: Value<string>;
}

/** How the parts of the control plane run. */
export interface ControlPlane {
  /** standard, or a provisioned tier: tier-xl, tier-2xl, ... */
  readonly tier: Value<string>;
  readonly eventTtl: Value<string>;
  readonly nodePorts: { readonly from: Value<number>; readonly to: Value<number> };
  /** How often the HorizontalPodAutoscalers are looked at. */
  readonly autoscalerSyncPeriod: Value<string>;
  /** Terminated pods that are kept before the oldest are deleted. */
  readonly terminatedPods: Value<number>;
  /** LeastAllocated or MostAllocated. */
  readonly scoringStrategy: Value<string>;
  readonly scoringWeights: Collection<Value<number>>;
  /** Minutes that a rollback of a version may take; arguments of an update. */
  readonly rollbackTimeout: Value<number>;
  /** An upgrade ignores what speaks against it. */
  readonly forceUpdate: Value<boolean>;
}

export interface Tag {
  readonly key: Value<string>;
  readonly value: Value<string>;
}

/** What decides how nodes are made: a launch template as a node group uses it, or a class of nodes (EC2NodeClass, NodeClass). */
export interface NodeTemplate extends Part {
  readonly kind: 'nodeTemplate';
  /** Like that of a node group; absent where nothing tells. */
  readonly amiType: Value<string>;
  readonly imds: {
    /** required or optional; absent = the AMI decides. */
    readonly httpTokens: Value<string>;
    readonly hopLimit: Value<number>;
    readonly endpointEnabled: Value<boolean>;
  };
  /** The AMI that it names; absent where EKS or the tool picks one. */
  readonly imageId: Value<string>;
  /** What nodes run when they start, as plain text. It may hold secrets: messages never quote it. */
  readonly userData: Value<string>;
  /** Metrics every minute. */
  readonly monitoring: Value<boolean>;
  /** The name or ARN of the instance profile. */
  readonly instanceProfile: Value<string>;
  /** `spot` where the template buys spot instances. */
  readonly market: Value<string>;
  /** The most pods of a node, where a field says it; user data may say it as well. */
  readonly maxPods: Value<number>;
  readonly kubelet: Kubelet;
  readonly interfaces: Collection<NetworkInterface>;
  /** Volumes that the template describes; what it does not describe comes from the AMI. */
  readonly volumes: Collection<Volume>;
  /** eksctl iam.withAddonPolicies gives rights to the node role, which pods then need IMDS for. */
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

/** How nodes that are not healthy are replaced. */
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

/** From where a port for logins can be reached. */
export interface Opening {
  readonly cidr: Value<string>;
  /** `22`, `3389` or `22 and 3389`. */
  readonly port: string;
}

/** A subnet that something runs in. */
export interface SubnetUse {
  readonly at: Location;
  /** Nodes there get public addresses, or reach an internet gateway without NAT. */
  readonly isPublic: Answer;
  readonly subnet: Ref<Subnet>;
}

/** A managed or self-managed group of nodes with the launch template that it uses. */
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
  /** Whether the group has a launch template that somebody wrote. */
  readonly ownTemplate: Value<boolean>;
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  readonly scaling: { readonly min: Value<number>; readonly desired: Value<number>; readonly max: Value<number> };
  readonly update: {
    readonly maxUnavailable: Value<number>;
    readonly maxUnavailablePercentage: Value<number>;
    /** DEFAULT or MINIMAL. */
    readonly strategy: Value<string>;
    /** Pods are deleted though budgets forbid it. */
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
    /** What security groups of the nodes let in to port 22 or 3389. */
    readonly openings: Collection<Opening>;
  };
}

/** An EKS add-on. */
export interface Addon extends Part {
  readonly kind: 'addon';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  readonly version: Value<string>;
  /** It brings associations of EKS Pod Identity along. */
  readonly podIdentity: Value<boolean>;
  readonly health: Health;
  readonly settings: Settings;
  /** What an update does with fields that somebody changed: NONE, OVERWRITE or PRESERVE. */
  readonly resolveConflicts: Value<string>;
  /** The role of its service account by IRSA. */
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  /** Where it is installed, if not in its own namespace. */
  readonly namespace: Value<string>;
  /** Deleting the add-on leaves its objects in the cluster. */
  readonly preserve: Value<boolean>;
  readonly tags: Collection<Tag>;
  /** Its versions that fit the version of the cluster, newest first; undefined where nobody told, as in files. */
  readonly offered: Collection<Value<string>> | undefined;
}

/** The configuration values of an add-on, which are one text of JSON or YAML. */
export interface Settings {
  readonly at: Location;
  /** Whether there are any. */
  readonly written: Answer;
  /** Whether they are a map, as EKS demands. */
  readonly valid: Answer;
  /** A value by its keys: `text('env', 'WARM_IP_TARGET')`. Numbers and booleans are read as texts. */
  text(...keys: readonly string[]): Value<string>;
  /** Whether a value is written as a text, not as a number or a boolean. */
  isText(...keys: readonly string[]): Answer;
  /** The keys of a map within. */
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

/** A tool that EKS runs for a cluster outside of it. */
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
