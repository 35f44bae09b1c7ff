import type { Part, Tag } from './cluster.ts';
import type { Location } from '#syntax/tree.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/* Networks of clusters. Names follow CloudFormation's EC2 types. */

export interface Vpc extends Part {
  readonly kind: 'vpc';
  readonly cidr: Value<string>;
  /** Additional CIDR blocks. */
  readonly otherCidrs: Collection<Value<string>>;
  readonly dnsSupport: Value<boolean>;
  readonly dnsHostnames: Value<boolean>;
  readonly flowLogs: Collection<FlowLog>;
  readonly endpoints: Collection<VpcEndpoint>;
  readonly tags: Collection<Tag>;
  /** The clusters whose control plane or nodes are in it, for messages: `cluster "prod"`. */
  readonly users: readonly string[];
}

export interface Subnet extends Part {
  readonly kind: 'subnet';
  readonly vpc: Ref<Vpc>;
  readonly zone: Value<string>;
  readonly cidr: Value<string>;
  readonly ipv6Cidr: Value<string>;
  readonly outpostArn: Value<string>;
  /** Resources in it get public addresses, or have a route to an internet gateway without NAT. */
  readonly isPublic: Answer;
  /** The routes that apply to it, if its route table is known. */
  readonly routes: Collection<Route>;
  /** Free addresses, in a running network. */
  readonly freeAddresses: Value<number>;
  readonly tags: Collection<Tag>;
}

export interface Route {
  /** A CIDR block of either family. */
  readonly destination: Value<string>;
  readonly target: 'internet' | 'nat' | 'endpoint' | 'other';
  readonly at: Location;
}

export interface NatGateway extends Part {
  readonly kind: 'natGateway';
  readonly subnet: Ref<Subnet>;
  /** public or private. */
  readonly connectivity: Value<string>;
  readonly allocationId: Value<string>;
}

export interface VpcEndpoint extends Part {
  readonly kind: 'vpcEndpoint';
  /** com.amazonaws.eu-west-1.s3 */
  readonly service: Value<string>;
  /** Gateway, Interface, GatewayLoadBalancer. */
  readonly type: Value<string>;
  readonly privateDns: Value<boolean>;
}

export interface FlowLog extends Part {
  readonly kind: 'flowLog';
  /** ACCEPT, REJECT or ALL. */
  readonly trafficType: Value<string>;
}

export interface SecurityGroup extends Part {
  readonly kind: 'securityGroup';
  readonly name: Value<string>;
  readonly ingress: Collection<SecurityRule>;
  readonly egress: Collection<SecurityRule>;
  /** The resources of clusters that it is attached to, for messages: `the control plane of cluster "prod"`. */
  readonly users: readonly string[];
}

/** One rule of a security group. */
export interface SecurityRule {
  /** tcp, udp, icmp, a number, or -1 for all. */
  readonly protocol: Value<string>;
  readonly from: Value<number>;
  readonly to: Value<number>;
  /** CIDR blocks of both families. */
  readonly cidrs: Collection<Value<string>>;
  /** Security groups at the other end. */
  readonly groups: Collection<Value<string>>;
  /** Whether one of these is a group of a cluster or of its nodes. */
  readonly ofCluster: Answer;
  readonly at: Location;
}

/** A list of rules for all traffic that enters or leaves some subnets; traffic that no rule allows is denied. */
export interface NetworkAcl extends Part {
  readonly kind: 'networkAcl';
  readonly vpc: Ref<Vpc>;
  readonly entries: Collection<AclEntry>;
  /** The resources of clusters in its subnets, for messages. */
  readonly users: readonly string[];
}
/** Of the matching rules, the one with the lowest number decides. */
export interface AclEntry {
  readonly number: Value<number>;
  readonly egress: Value<boolean>;
  /** allow or deny. */
  readonly action: Value<string>;
  /** tcp, udp, icmp, a number, or -1 for all. */
  readonly protocol: Value<string>;
  readonly cidr: Value<string>;
  readonly from: Value<number>;
  readonly to: Value<number>;
  readonly at: Location;
}

export type NetworkPart = Vpc | Subnet | NatGateway | VpcEndpoint | FlowLog | SecurityGroup | NetworkAcl;
