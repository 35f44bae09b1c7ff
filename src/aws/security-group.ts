import type { Opening } from '#model/cluster.ts';
import type { SecurityGroup, SecurityRule } from '#model/network.ts';
import { Answer, Collection, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { partOf } from './part.ts';
import { usersOf } from './users.ts';

/** One rule of a security group that allows inbound traffic. */
interface Ingress {
  readonly protocol: Value<string>;
  readonly from: Value<number>;
  readonly to: Value<number>;
  readonly cidrs: readonly Value<string>[];
}

function readRule(rule: Property): Ingress {
  const cidrs = ['CidrIp', 'CidrIpv6'].flatMap((name) => {
    const list = rule.path(name);
    if (list.absent) return [];
    if (typeof list.field.value === 'string') return [list.text()];
    const { items, complete, why } = list.texts();
    // A rule from a list that is not fully known may be any rule.
    return complete ? items : [...items, Value.unknown<string>(why ?? 'the list is not known', list.at)];
  });
  return {
    protocol: rule.path('IpProtocol').text(),
    from: rule.path('FromPort').number(),
    to: rule.path('ToPort').number(),
    cidrs,
  };
}

/** The login ports, SSH and RDP, that a rule covers; undefined if that is not known. */
function loginPorts({ protocol, from, to }: Ingress): readonly number[] | undefined {
  const ports = [22, 3389];
  if (protocol.value === '-1' || protocol.value === 'all') return ports;
  if (protocol.value !== undefined && protocol.value !== 'tcp' && protocol.value !== '6') return [];
  const [low, high] = [from.value, to.value];
  if (protocol.value === undefined || low === undefined || high === undefined) return undefined;
  return low === -1 ? ports : ports.filter((port) => low <= port && port <= high);
}

/** The sources from which a security group allows logins to its members; `why`: why there may be more rules. */
export interface Logins {
  readonly items: readonly Opening[];
  readonly why: string | undefined;
}

/** Rules of a security group, including separate resources. */
export function readLogins(group: AwsResource, description: Description): Logins {
  return description.once('logins', group, () => {
    const inline = group.body.path('SecurityGroupIngress');
    const added = beside(group, description, 'AWS::EC2::SecurityGroupIngress', 'GroupId');
    const rules = [...inline.items(), ...added.map(({ resource }) => resource.body)].map(readRule);
    const items = rules.flatMap((rule): Opening[] => {
      const ports = loginPorts(rule);
      if (ports) return ports.length === 0 ? [] : rule.cidrs.map((cidr) => ({ cidr, port: ports.join(' and ') }));
      return rule.cidrs.map((cidr) => ({
        cidr: Value.unknown<string>('the ports of the rule are not known', () => cidr.at),
        port: '22 or 3389',
      }));
    });
    const unclear = description.unclear('AWS::EC2::SecurityGroupIngress', 'GroupId', 'AWS::EC2::SecurityGroup');
    return { items, why: inline.rest ?? unclear };
  });
}

/** A string or a list of strings, from whichever of several properties is set. */
function gather(rule: Property, names: readonly string[]): Collection<Value<string>> {
  const lists = names.map((name) => rule.path(name)).filter((one) => !one.absent);
  const items = lists.flatMap((list) =>
    Array.isArray(list.field.value) ? [...list.texts()] : [list.field.why === undefined ? list.text() : list.given()],
  );
  return new Collection(items, {
    at: (lists[0] ?? rule).at,
    state: lists.length === 0 ? 'default' : 'set',
    why: lists.find(({ rest }) => rest !== undefined)?.rest,
  });
}

const directions = {
  ingress: { type: 'AWS::EC2::SecurityGroupIngress', list: 'SecurityGroupIngress', other: 'SourceSecurityGroupId' },
  egress: { type: 'AWS::EC2::SecurityGroupEgress', list: 'SecurityGroupEgress', other: 'DestinationSecurityGroupId' },
} as const;

/**
 * Whether a property refers to the cluster security group, or to one that is attached to the control plane or nodes.
 */
function isOfCluster(groups: Property, description: Description): Answer {
  return groups
    .each()
    .map((one): Answer => {
      if (description.refersTo(one, 'AWS::EKS::Cluster')) return Answer.yes;
      const link = description.linked(one, 'AWS::EC2::SecurityGroup');
      if (link.state === 'none') return Answer.no;
      return link.state === 'here' ? Answer.of(usersOf(link.resource).length > 0) : Answer.unknown(link.why);
    })
    .reduce((all, one) => all.or(one), Answer.no);
}

function readRules(
  group: AwsResource,
  description: Description,
  { type, list, other }: (typeof directions)[keyof typeof directions],
): Collection<SecurityRule> {
  const inline = group.body.path(list);
  const all = [
    ...inline.items().map((rule) => ({ rule, home: description })),
    ...beside(group, description, type, 'GroupId').map(({ resource, home }) => ({ rule: resource.body, home })),
  ];
  const rules = all.map(({ rule, home }): SecurityRule => ({
    protocol: rule.path('IpProtocol').text(),
    from: rule.path('FromPort').number(),
    to: rule.path('ToPort').number(),
    cidrs: gather(rule, ['CidrIp', 'CidrIpv6']),
    groups: gather(rule, [other]),
    get ofCluster() {
      return isOfCluster(rule.path(other), home);
    },
    get at() {
      return rule.at();
    },
  }));
  const unclear = inline.rest ?? description.unclear(type, 'GroupId', 'AWS::EC2::SecurityGroup');
  return new Collection(rules, { at: inline.at, why: unclear ?? description.more });
}

/** The facts of a security group, including rules in separate resources. */
export function readSecurityGroup(resource: AwsResource, description: Description): SecurityGroup {
  return description.once('securityGroup', resource, () => {
    const name = resource.body.path('GroupName').text();
    return partOf('securityGroup', description.input, resource, name, {
      name,
      get ingress() {
        return readRules(resource, description, directions.ingress);
      },
      get egress() {
        return readRules(resource, description, directions.egress);
      },
      users: usersOf(resource),
    });
  });
}
