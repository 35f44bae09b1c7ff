import { tableElsewhere } from '#model/hidden.ts';
import { Answer, Collection } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { vpcType } from './users.ts';

/* The routes from subnets to the internet. */

const subnetType = 'AWS::EC2::Subnet';
const tableType = 'AWS::EC2::RouteTable';

/** Whether a route targets an internet gateway. */
function leadsOut(route: Property, description: Description): Answer {
  const gateway = route.path('GatewayId');
  if (gateway.absent) return Answer.no;
  if (description.refersTo(gateway, 'AWS::EC2::InternetGateway')) return Answer.yes;
  return gateway.text().where((id) => id.startsWith('igw-'));
}

/** Whether the routes of a table target an internet gateway, including routes in separate resources. */
function isOpen(table: AwsResource, description: Description): Answer {
  const inline = table.body.path('Routes');
  const added = beside(table, description, 'AWS::EC2::Route', 'RouteTableId');
  const all = [
    ...inline.items().map((route) => ({ route, home: description })),
    ...added.map(({ resource, home }) => ({ route: resource.body, home })),
  ];
  const routes = new Collection(all, {
    at: inline.at,
    why: inline.rest ?? description.unclear('AWS::EC2::Route', 'RouteTableId', tableType),
  });
  return routes.has(({ route, home }) => leadsOut(route, home));
}

/** The subnets that an association refers to. If an index picks one of several, there is one association for each. */
function subnetsOf(id: Property, description: Description): readonly (AwsResource | undefined)[] {
  const link = description.linked(id, subnetType);
  if (link.state === 'here') return [link.home === description ? link.resource : undefined];
  const all = description
    .mentions(id.field)
    .flatMap(({ resource, home }) => (resource?.type === subnetType && home === description ? [resource] : []));
  return all.length > 0 ? all : [undefined];
}

/** The defined route tables of a subnet; `why`: why there may be others. */
export function tablesOf(
  subnet: AwsResource,
  description: Description,
): {
  readonly tables: readonly { readonly table: AwsResource; readonly home: Description }[];
  readonly why: string | undefined;
} {
  const associationType = 'AWS::EC2::SubnetRouteTableAssociation';
  const own =
    description
      .naming(associationType, 'SubnetId', subnetType, (one) => subnetsOf(one.body.path('SubnetId'), description))
      .get(subnet) ?? [];
  const links = [
    ...own.map((resource) => ({ resource, home: description })),
    ...beside(subnet, description, associationType, 'SubnetId').filter(({ home }) => home !== description),
  ];
  const tables = links.flatMap(({ resource: { body }, home }) => {
    const table = home.linked(body.path('RouteTableId'), tableType);
    return table.state === 'here' ? [{ table: table.resource, home: table.home }] : [];
  });
  // A subnet without an association uses the main table of its network (VPC User Guide, Subnet route tables).
  const vpc = links.length === 0 ? description.linked(subnet.body.path('VpcId'), vpcType) : undefined;
  if (vpc?.state === 'here' && description.unclear(associationType, 'SubnetId', subnetType) === undefined) {
    const [main] = vpc.home.naming(tableType, 'MainOf', vpcType).get(vpc.resource) ?? [];
    if (main) return { tables: [{ table: main, home: vpc.home }], why: undefined };
  }
  const isWhole = links.length > 0 && tables.length === links.length;
  const unread = description.whyUnread(tableType) ?? tableElsewhere;
  return { tables, why: isWhole ? undefined : unread };
}

/**
 * Whether instances in a subnet get a public address, or the subnet has a route to an internet gateway (VPC User Guide,
 * Subnet types).
 */
export function isPublic(subnet: AwsResource, description: Description): Answer {
  return description.once('public', subnet, () => {
    // Tools create subnets and only say whether they are public, a property that CloudFormation does not have.
    const told = subnet.body.path('IsPublic');
    if (!told.absent) return told.bool().is(true);
    const assigns = subnet.body.path('MapPublicIpOnLaunch').bool(false).is(true);
    const { tables, why } = tablesOf(subnet, description);
    const routed = tables.reduce(
      (any, { table, home }) => any.or(isOpen(table, home)),
      why === undefined ? Answer.no : Answer.unknown(why),
    );
    return assigns.or(routed);
  });
}
