import type { Opening } from '#model/cluster.ts';
import { Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';

/** One rule of a security group that lets traffic in. */
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
    // One of those of a list that is not known in full may be any.
    return complete ? items : [...items, Value.unknown<string>(why ?? 'the list is not known', list.at)];
  });
  return {
    protocol: rule.path('IpProtocol').text(),
    from: rule.path('FromPort').number(),
    to: rule.path('ToPort').number(),
    cidrs,
  };
}

/** The ports for logins, SSH and RDP, that a rule covers; undefined where that is not known. */
function loginPorts({ protocol, from, to }: Ingress): readonly number[] | undefined {
  const ports = [22, 3389];
  if (protocol.value === '-1' || protocol.value === 'all') return ports;
  if (protocol.value !== undefined && protocol.value !== 'tcp' && protocol.value !== '6') return [];
  const [low, high] = [from.value, to.value];
  if (protocol.value === undefined || low === undefined || high === undefined) return undefined;
  return low === -1 ? ports : ports.filter((port) => low <= port && port <= high);
}

/** From where a security group lets log in to its members; `why`: there may be more rules. */
export interface Logins {
  readonly items: readonly Opening[];
  readonly why: string | undefined;
}

/** Rules of a security group, those beside it included. */
export function readLogins(group: AwsResource, description: Description): Logins {
  return description.once('logins', group, () => {
    const inline = group.body.path('SecurityGroupIngress');
    const beside = description
      .naming('AWS::EC2::SecurityGroupIngress', 'GroupId', 'AWS::EC2::SecurityGroup')
      .get(group);
    const rules = [...inline.items(), ...(beside ?? []).map((one) => one.body)].map(readRule);
    const items = rules.flatMap((rule): Opening[] => {
      const ports = loginPorts(rule);
      if (ports) return ports.length === 0 ? [] : rule.cidrs.map((cidr) => ({ cidr, port: ports.join(' and ') }));
      return rule.cidrs.map((cidr) => ({
        cidr: Value.unknown<string>('the ports of the rule are not known', () => cidr.at),
        port: '22 or 3389',
      }));
    });
    return { items, why: inline.rest };
  });
}
