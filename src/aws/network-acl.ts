import type { AclEntry, NetworkAcl } from '#model/network.ts';
import { Collection, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { readVpc } from './network.ts';
import { nameOf, partOf, refOf } from './part.ts';
import { usersOf } from './users.ts';

const aclType = 'AWS::EC2::NetworkAcl';
const subnetType = 'AWS::EC2::Subnet';

function readEntry(entry: Property, egress?: boolean): AclEntry {
  const ports = entry.path('PortRange');
  const [v4, v6] = [entry.path('CidrBlock'), entry.path('Ipv6CidrBlock')];
  return {
    number: entry.path('RuleNumber').number(),
    egress: egress === undefined ? entry.path('Egress').bool(false) : Value.set(egress, entry.at),
    action: entry
      .path('RuleAction')
      .text()
      .to((action) => action.toLowerCase()),
    protocol: entry.path('Protocol').text(),
    cidr: (v4.absent ? v6 : v4).text(),
    from: ports.path('From').number(),
    to: ports.path('To').number(),
    get at() {
      return entry.at();
    },
  };
}

/**
 * The facts of a network ACL. Terraform can write rules and subnets into it; CloudFormation uses separate resources.
 */
function readAcl(resource: AwsResource, description: Description): NetworkAcl {
  const { body, whole } = resource;
  const [ingress, egress, inline] = [body.path('Ingress'), body.path('Egress'), body.path('SubnetIds')];
  const added = beside(resource, description, 'AWS::EC2::NetworkAclEntry', 'NetworkAclId');
  const entries = [
    ...ingress.items().map((one) => readEntry(one, false)),
    ...egress.items().map((one) => readEntry(one, true)),
    ...added.map((one) => readEntry(one.resource.body)),
  ];
  const associations = beside(resource, description, 'AWS::EC2::SubnetNetworkAclAssociation', 'NetworkAclId');
  const named = [
    ...inline.items().map((one) => ({ one, home: description })),
    ...associations.map((other) => ({ one: other.resource.body.path('SubnetId'), home: other.home })),
  ];
  const subnets = named.flatMap(({ one, home }) => {
    const link = home.linked(one, subnetType);
    return link.state === 'here' ? [link.resource] : [];
  });
  const unclear = description.unclear('AWS::EC2::NetworkAclEntry', 'NetworkAclId', aclType);
  // Terraform removes rules that an inline list does not contain (AWS provider, aws_network_acl).
  const isWhole = !ingress.absent || !egress.absent;
  return partOf('networkAcl', description.input, resource, nameOf(resource), {
    vpc: refOf(description.linked(body.path('VpcId'), 'AWS::EC2::VPC'), 'none is set', readVpc),
    entries: new Collection(entries, {
      at: whole.at,
      state: entries.length > 0 ? 'set' : 'default',
      why: ingress.rest ?? egress.rest ?? unclear ?? (isWhole ? undefined : description.unread),
    }),
    users: [...new Set(subnets.flatMap(usersOf))],
  });
}

export const readAcls = (description: Description): NetworkAcl[] =>
  description.of(aclType).map((one) => readAcl(one, description));
