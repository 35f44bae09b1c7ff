import type { SubnetUse } from '#model/cluster.ts';
import { Answer, Collection } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';

const subnetType = 'AWS::EC2::Subnet';
const tableType = 'AWS::EC2::RouteTable';

/** Whether a route leads to an internet gateway. */
function leadsOut(route: Property, description: Description): Answer {
  const gateway = route.path('GatewayId');
  if (gateway.absent) return Answer.no;
  if (description.refersTo(gateway, 'AWS::EC2::InternetGateway')) return Answer.yes;
  return gateway.text().where((id) => id.startsWith('igw-'));
}

/** Whether the routes of a table lead to an internet gateway, those beside it included. */
function isOpen(table: AwsResource, description: Description): Answer {
  const inline = table.body.path('Routes');
  const beside = description.naming('AWS::EC2::Route', 'RouteTableId', tableType).get(table) ?? [];
  const routes = new Collection([...inline.items(), ...beside.map(({ body }) => body)], {
    at: inline.at,
    why: inline.rest,
  });
  return routes.has((route) => leadsOut(route, description));
}

/** The subnets that an association is of: where an index chooses one of several, there is one for each. */
function subnetsOf(id: Property, description: Description): readonly (AwsResource | undefined)[] {
  const link = description.linked(id, subnetType);
  if (link.state === 'here') return [link.home === description ? link.resource : undefined];
  const all = description
    .mentions(id.field)
    .flatMap(({ resource, home }) => (resource?.type === subnetType && home === description ? [resource] : []));
  return all.length > 0 ? all : [undefined];
}

/** Whether what runs in a subnet gets a public address, or has a route to an internet gateway (VPC User Guide, Subnet types). */
function isPublic(subnet: AwsResource, description: Description): Answer {
  return description.once('public', subnet, () => {
    // Tools make subnets of which they only say this: a property that CloudFormation does not have.
    const told = subnet.body.path('IsPublic');
    if (!told.absent) return told.bool().is(true);
    const assigns = subnet.body.path('MapPublicIpOnLaunch').bool(false).is(true);
    const tables =
      description
        .naming('AWS::EC2::SubnetRouteTableAssociation', 'SubnetId', subnetType, (one) =>
          subnetsOf(one.body.path('SubnetId'), description),
        )
        .get(subnet) ?? [];
    const unread = description.whyUnread(tableType) ?? 'the route table of a subnet is not described in these files';
    let routed = tables.length === 0 ? Answer.unknown(unread) : Answer.no;
    for (const { body } of tables) {
      const table = description.linked(body.path('RouteTableId'), tableType);
      routed = routed.or(table.state === 'here' ? isOpen(table.resource, table.home) : Answer.unknown(unread));
    }
    return assigns.or(routed);
  });
}

/** An expression that picks some of several subnets, all of which are alike: `slice(module.vpc.private_subnets, 0, 2)`. */
function pickedFrom({ field }: Property, description: Description): Answer {
  const unknown = Answer.unknown(
    field.why ?? description.whyUnread(subnetType) ?? 'a subnet is not described in these files',
  );
  if (field.why === undefined) return unknown;
  const answers = description
    .mentions(field)
    .flatMap(({ resource, home }) => (resource?.type === subnetType ? [isPublic(resource, home)] : []));
  const [first] = answers;
  return first && answers.every(({ state }) => state === first.state) ? first : unknown;
}

/** The subnets that a property lists, or leads to together. */
export function readSubnets(list: Property, description: Description): Collection<SubnetUse> {
  const items = list.why === undefined ? list.items() : [list];
  const uses = items.map((item): SubnetUse => {
    const link = description.linked(item, subnetType);
    const answer = link.state === 'here' ? isPublic(link.resource, link.home) : pickedFrom(item, description);
    return Object.defineProperty({ isPublic: answer }, 'at', { get: item.at, enumerable: true }) as {
      isPublic: Answer;
    } & SubnetUse;
  });
  return new Collection(uses, {
    at: list.at,
    state: list.absent ? 'default' : 'set',
    why: list.why === undefined ? list.rest : undefined,
  });
}
