import type { Field } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows, Unsure } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { merged } from './merged.ts';
import { majorsOf, type Since, sinceIn } from './version.ts';

/*
 * What calls of terraform-aws-modules/vpc create. Arguments and defaults: variables.tf, main.tf and vpc-flow-logs.tf of
 * versions 2 to 6.
 */

/** More gateways than any network has. */
const mostGateways = 64;

type Kind = 'public' | 'private' | 'intra';
const kinds = ['public', 'private', 'intra'] as const;

const resource = (type: string, id: string, rows: Rows, whole: Field, body = whole): AwsResource => ({
  type,
  id,
  title: id,
  whole,
  body: new Property(spell(rows), body),
});
/** A boolean; undefined if unknown. */
const isOn = (call: Field, key: string, fallback: boolean): boolean | undefined => call.get(key).bool(fallback).value;
/** The number of items in a list; undefined if unknown. */
function lengthOf(list: Field): number | undefined {
  if (list.absent) return 0;
  return list.why === undefined && list.rest === undefined && Array.isArray(list.value)
    ? list.items().length
    : undefined;
}

/** The network itself, and what belongs to it. */
function network(id: string, call: Field, since: Since): AwsResource[] {
  const vpc: Row = (one) => one.naming(`${id}.vpc_id`);
  const rows: Rows = {
    CidrBlock(one) {
      const pool = one.get('use_ipam_pool');
      if (pool.bool(false).value !== false) return pool.doubted(pool.why ?? 'a pool of addresses decides');
      const cidr = one.get('cidr');
      const fallback = since({ 0: '0.0.0.0/0', 4: '10.0.0.0/16' });
      if (!cidr.absent) return cidr;
      return fallback instanceof Unsure ? cidr.doubted(fallback.why, true) : cidr.filled(fallback);
    },
    EnableDnsHostnames: { at: 'enable_dns_hostnames', else: since({ 0: false, 4: true }) },
  };
  const on = call.get('enable_flow_log');
  const logs = on.bool(false).value;
  const traffic: Row = (one) => {
    if (logs === undefined) return on.doubted(on.why ?? 'it is not known whether there is a flow log');
    const type = one.get('flow_log_traffic_type');
    return type.absent ? type.filled('ALL') : type;
  };
  return [
    resource('AWS::EC2::VPC', `${id}.vpc_id`, rows, call),
    ...call
      .get('secondary_cidr_blocks')
      .items()
      .map((cidr, index) =>
        resource('AWS::EC2::VPCCidrBlock', `${id}.cidr[${index}]`, { VpcId: vpc, CidrBlock: () => cidr }, call),
      ),
    ...(logs === false
      ? []
      : [resource('AWS::EC2::FlowLog', `${id}.flow_log`, { ResourceId: vpc, TrafficType: traffic }, call)]),
  ];
}

/** Subnets of one kind, together and one by one, and their routes. */
function subnets(id: string, call: Field, kind: Kind, since: Since): AwsResource[] {
  const own = `${id}.${kind}_subnets`;
  const table = `${id}.${kind}_route_table_ids`;
  const list = call.get(`${kind}_subnets`);
  const zones = call.get('azs').items();
  const isPublic: Row = (one) => {
    const gateway = one.get('create_igw');
    if (kind !== 'public') return one.filled(false);
    return gateway.absent ? one.filled(true) : gateway;
  };
  const tags: Row = (one) => merged(one.get('tags'), one.get(`${kind}_subnet_tags`));
  const rows: Rows = {
    IsPublic: isPublic,
    VpcId: (one) => one.naming(`${id}.vpc_id`),
    Tags: tags,
    OutpostArn: none,
    Ipv6CidrBlock: none,
  };
  const association = (subnet: string): AwsResource =>
    resource(
      'AWS::EC2::SubnetRouteTableAssociation',
      `${subnet}.association`,
      { SubnetId: (one) => one.naming(subnet), RouteTableId: (one) => one.naming(table) },
      call,
    );
  const routes: Row = (one) => {
    const [switched, target] = {
      public: [isOn(one, 'create_igw', true), { destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw' }] as const,
      private: [
        isOn(one, 'enable_nat_gateway', false),
        { destination_cidr_block: '0.0.0.0/0', nat_gateway_id: 'nat' },
      ] as const,
      intra: [false, {}] as const,
    }[kind];
    if (switched === undefined) return one.doubted('it is not known which gateways there are');
    return made(one, switched ? [target] : []);
  };
  const launch: Row = {
    at: 'map_public_ip_on_launch',
    else: since({ 0: true, 4: false }),
  };
  return [
    resource('AWS::EC2::Subnet', own, rows, call),
    resource('AWS::EC2::RouteTable', table, { Routes: routes }, call),
    association(own),
    ...list.items().flatMap((cidr, index) => {
      const one = `${own}[${index}]`;
      const zone = zones.length === 0 ? call.get('azs') : (zones[index % zones.length] as Field);
      const more: Rows = {
        CidrBlock: () => cidr,
        AvailabilityZone: () =>
          zones.length === 0 && !zone.absent ? zone.doubted(zone.why ?? 'no zone is set') : zone,
        MapPublicIpOnLaunch: kind === 'public' ? launch : (call) => call.filled(false),
      };
      return [resource('AWS::EC2::Subnet', one, { ...rows, ...more }, call), association(one)];
    }),
  ];
}

/** One gateway for all, one for each zone, or one for each subnet of the longest list. */
function gateways(id: string, call: Field): AwsResource[] {
  if (isOn(call, 'enable_nat_gateway', false) !== true) return [];
  const [single, perZone] = [isOn(call, 'single_nat_gateway', false), isOn(call, 'one_nat_gateway_per_az', false)];
  const lengths = ['public', 'private', 'elasticache', 'database', 'redshift'].map((kind) =>
    lengthOf(call.get(`${kind}_subnets`)),
  );
  const longest = lengths.includes(undefined) ? undefined : Math.max(...(lengths as number[]));
  const count =
    single === undefined || (!single && perZone === undefined)
      ? undefined
      : single
        ? 1
        : perZone
          ? lengthOf(call.get('azs'))
          : longest;
  const publics = lengthOf(call.get('public_subnets'));
  return Array.from({ length: Math.min(count ?? 0, mostGateways) }, (_, index) =>
    resource(
      'AWS::EC2::NatGateway',
      `${id}.natgw_ids[${index}]`,
      {
        SubnetId: (one) =>
          publics === undefined || publics === 0
            ? one.naming(`${id}.public_subnets`)
            : one.naming(`${id}.public_subnets[${index % publics}]`),
      },
      call,
    ),
  );
}

/** A network, unless the call turns it off. */
export function expandNetwork(label: string, call: Field): AwsResource[] {
  const id = `module.${label}`;
  if (call.get('create_vpc').value === false) return [];
  const since = sinceIn(majorsOf(call, [2, 6]));
  return [
    ...network(id, call, since),
    ...kinds.flatMap((kind) => subnets(id, call, kind, since)),
    ...gateways(id, call),
  ];
}

/** Endpoints of the `vpc-endpoints` submodule, each under a key that the caller chooses. */
export function expandEndpoints(label: string, call: Field, region: Field | undefined): AwsResource[] {
  const own = call.get('region');
  const place = own.absent ? region : own;
  return call
    .get('endpoints')
    .entries()
    .filter(([, one]) => one.map && one.get('create').value !== false)
    .map(([key, endpoint]) =>
      resource(
        'AWS::EC2::VPCEndpoint',
        `module.${label}.endpoints.${key}`,
        {
          VpcId: () => call.get('vpc_id'),
          ServiceName(one) {
            const [whole, full, short] = ['service_endpoint', 'service_name', 'service'].map((name) => one.get(name));
            const written = whole?.written ? whole : full;
            if (written?.written) return written;
            if (typeof short?.value !== 'string') return short ?? one.nothing();
            return typeof place?.value === 'string'
              ? short.worth(`com.amazonaws.${place.value}.${short.value}`)
              : short.doubted(place?.why ?? 'the region is not known');
          },
          VpcEndpointType: { at: 'service_type', else: 'Interface' },
          PrivateDnsEnabled: { at: 'private_dns_enabled', else: false },
        },
        endpoint,
      ),
    );
}

/** The flow log of the `flow-log` submodule. */
export const expandFlowLog = (label: string, call: Field): AwsResource[] => [
  resource(
    'AWS::EC2::FlowLog',
    `module.${label}`,
    { ResourceId: 'vpc_id', TrafficType: { at: 'traffic_type', else: 'ALL' } },
    call,
  ),
];
