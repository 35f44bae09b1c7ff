import type { FlowLog, NatGateway, NetworkPart, Route, Subnet, Vpc, VpcEndpoint } from '#model/network.ts';
import { Collection } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { nameOf, partOf, readTags, refOf } from './part.ts';
import { isPublic, tablesOf } from './routes.ts';
import { readSecurityGroup } from './security-group.ts';
import { belongingsOf, usersOf, vpcType, whyUnclear } from './users.ts';

const subnetType = 'AWS::EC2::Subnet';

/** The facts of a VPC. Fallbacks are the defaults of the EC2 API (CreateVpc, ModifyVpcAttribute). */
export function readVpc(resource: AwsResource, description: Description): Vpc {
  return description.once('vpc', resource, () => {
    const { body, whole } = resource;
    const collect = <T>(
      type: Parameters<typeof belongingsOf>[1],
      read: (one: AwsResource, home: Description) => T,
    ): Collection<T> => {
      const items = belongingsOf(resource, type).map((one) => read(one.resource, one.home));
      const state = items.length > 0 ? 'set' : 'default';
      const unread = description.whyUnread(type) ?? resource.lists?.[type]?.[0]?.why;
      const why = whyUnclear(description, type) ?? description.more;
      return new Collection(items, { at: whole.at, state, why, unread });
    };
    return partOf('vpc', description.input, resource, nameOf(resource), {
      cidr: body.path('CidrBlock').text(),
      otherCidrs: collect('AWS::EC2::VPCCidrBlock', (one) => one.body.path('CidrBlock').text()),
      dnsSupport: body.path('EnableDnsSupport').bool(true),
      dnsHostnames: body.path('EnableDnsHostnames').bool(false),
      flowLogs: collect('AWS::EC2::FlowLog', readFlowLog),
      endpoints: collect('AWS::EC2::VPCEndpoint', readEndpoint),
      tags: readTags(body.path('Tags')),
      users: usersOf(resource),
    });
  });
}

const readFlowLog = (resource: AwsResource, description: Description): FlowLog =>
  description.once('flowLog', resource, () =>
    partOf('flowLog', description.input, resource, nameOf(resource), {
      trafficType: resource.body.path('TrafficType').text(),
    }),
  );

const readEndpoint = (resource: AwsResource, description: Description): VpcEndpoint =>
  description.once('endpoint', resource, () => {
    const { body } = resource;
    return partOf('vpcEndpoint', description.input, resource, nameOf(resource), {
      service: body.path('ServiceName').text(),
      type: body.path('VpcEndpointType').text('Gateway'),
      privateDns: body.path('PrivateDnsEnabled').bool(false),
    });
  });

function readRoute(route: Property): Route {
  const written = (name: string): boolean => !route.path(name).absent;
  const v4 = route.path('DestinationCidrBlock');
  const target =
    written('GatewayId') || written('EgressOnlyInternetGatewayId')
      ? 'internet'
      : written('NatGatewayId')
        ? 'nat'
        : written('VpcEndpointId')
          ? 'endpoint'
          : 'other';
  return {
    destination: (v4.absent ? route.path('DestinationIpv6CidrBlock') : v4).text(),
    target,
    get at() {
      return route.at();
    },
  };
}

/** The routes of a subnet, as far as its route tables are defined. */
function readRoutes(resource: AwsResource, description: Description): Collection<Route> {
  const { at } = resource.whole;
  const { tables, why } = tablesOf(resource, description);
  let rest = why;
  const routes = tables.flatMap(({ table, home }) => {
    const inline = table.body.path('Routes');
    rest ??= inline.rest ?? home.unclear('AWS::EC2::Route', 'RouteTableId', 'AWS::EC2::RouteTable');
    const added = beside(table, home, 'AWS::EC2::Route', 'RouteTableId');
    return [...inline.items(), ...added.map(({ resource: { body } }) => body)].map(readRoute);
  });
  return new Collection(routes, {
    at,
    state: rest !== undefined && routes.length === 0 ? 'unknown' : 'set',
    why: rest,
  });
}

export function readSubnet(resource: AwsResource, description: Description): Subnet {
  return description.once('subnet', resource, () => {
    const { body } = resource;
    return partOf('subnet', description.input, resource, nameOf(resource), {
      vpc: refOf(description.linked(body.path('VpcId'), vpcType), 'none is set', readVpc),
      zone: body.path('AvailabilityZone').text(),
      cidr: body.path('CidrBlock').text(),
      ipv6Cidr: body.path('Ipv6CidrBlock').text(),
      outpostArn: body.path('OutpostArn').text(),
      get isPublic() {
        return isPublic(resource, description);
      },
      get routes() {
        return readRoutes(resource, description);
      },
      freeAddresses: body.path('AvailableIpAddressCount').number(),
      tags: readTags(body.path('Tags')),
    });
  });
}

const readNat = (resource: AwsResource, description: Description): NatGateway => {
  const { body } = resource;
  return partOf('natGateway', description.input, resource, nameOf(resource), {
    subnet: refOf(description.linked(body.path('SubnetId'), subnetType), 'none is set', readSubnet),
    connectivity: body.path('ConnectivityType').text('public'),
    allocationId: body.path('AllocationId').given(),
  });
};

/** If a tool only says whether several subnets are public, they are not one subnet. */
const isOne = ({ body }: AwsResource): boolean => body.path('IsPublic').absent || !body.path('CidrBlock').absent;

/** The networks of a description. */
export const readNetworks = (description: Description): NetworkPart[] => [
  ...description.of(vpcType).map((one) => readVpc(one, description)),
  ...description
    .of(subnetType)
    .filter(isOne)
    .map((one) => readSubnet(one, description)),
  ...description.of('AWS::EC2::NatGateway').map((one) => readNat(one, description)),
  ...description.of('AWS::EC2::VPCEndpoint').map((one) => readEndpoint(one, description)),
  ...description.of('AWS::EC2::FlowLog').map((one) => readFlowLog(one, description)),
  ...description.of('AWS::EC2::SecurityGroup').map((one) => readSecurityGroup(one, description)),
];
