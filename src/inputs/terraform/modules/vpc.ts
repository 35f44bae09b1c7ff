import { flowLogUnknown, gatewaysUnknown, poolDecides } from '#model/hidden.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { type Content, made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows, Unsure } from '#spelling/spelling.ts';
import { aclRows, portRows, spell } from '../spelling.ts';
import { merged } from './merged.ts';
import { majorsOf, orElse, type Since, sinceIn } from './version.ts';

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
      if (pool.bool(false).value !== false) return pool.doubted(pool.why ?? poolDecides);
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
    if (logs === undefined) return on.doubted(on.why ?? flowLogUnknown);
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
function subnets(id: string, call: Field, kind: Kind): AwsResource[] {
  const own = `${id}.${kind}_subnets`;
  const table = `${id}.${kind}_route_table_ids`;
  const list = call.get(`${kind}_subnets`);
  const azs = call.get('azs');
  const zones = azs.items();
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
    if (switched === undefined) return one.doubted(gatewaysUnknown);
    return made(one, switched ? [target] : []);
  };
  return [
    resource('AWS::EC2::Subnet', own, rows, call),
    resource('AWS::EC2::RouteTable', table, { Routes: routes }, call),
    association(own),
    ...list.items().flatMap((cidr, index) => {
      const one = `${own}[${index}]`;
      const more: Rows = {
        CidrBlock: () => cidr,
        AvailabilityZone: () =>
          zones[index % zones.length] ?? (azs.absent ? azs : azs.doubted(azs.why ?? 'no zone is set')),
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

/** What the module allows if no rules are written: everything. */
const anywhere = [
  ['cidr_block', '0.0.0.0/0'],
  ['ipv6_cidr_block', '::/0'],
] as const;
/** Rules of a direction, or those of the module; `why`: it is not known whether they apply. */
const rulesOf =
  (key: string, fallback: Content, why: string | undefined): Row =>
  (one) => {
    const own = one.get(key);
    if (why !== undefined) return own.doubted(why);
    return own.absent ? made(one, fallback) : own;
  };

/**
 * The network ACL of the subnets of a kind, and the default one for the rest. The latter counts where its rules are written: without them
 * it lets everything through, as it does where the module leaves it alone.
 */
function acls(id: string, call: Field, since: Since): AwsResource[] {
  const all = kinds.map((kind) => {
    const own = `${id}.${kind}_subnets`;
    const list = call.get(`${kind}_subnets`);
    const subnets =
      list.absent || lengthOf(list) === 0 ? [] : [own, ...list.items().map((_, index) => `${own}[${index}]`)];
    return { kind, subnets, dedicated: call.get(`${kind}_dedicated_network_acl`) };
  });
  const acl = (name: string, subnets: readonly string[], rows: Rows): AwsResource =>
    resource(
      'AWS::EC2::NetworkAcl',
      `${id}.${name}`,
      {
        VpcId: (one) => one.naming(`${id}.vpc_id`),
        SubnetIds: (one) => one.filled(mixedList(subnets.map((subnet) => one.naming(subnet)))),
        ...rows,
      },
      call,
    );
  const dedicated = all.flatMap(({ kind, subnets, dedicated: own }) => {
    if (subnets.length === 0 || own.bool(false).value === false) return [];
    const [[key, cidr]] = anywhere;
    const open = [{ rule_number: 100, rule_action: 'allow', protocol: '-1', from_port: 0, to_port: 0, [key]: cidr }];
    const rows = {
      ...portRows('Ingress'),
      ...portRows('Egress'),
      Ingress: rulesOf(`${kind}_inbound_acl_rules`, open, own.why),
      Egress: rulesOf(`${kind}_outbound_acl_rules`, open, own.why),
    };
    return [acl(`${kind}_network_acl`, subnets, rows)];
  });
  const written = ['ingress', 'egress'].some((way) => !call.get(`default_network_acl_${way}`).absent);
  const managed = orElse(call.get('manage_default_network_acl'), since({ 0: false, 4: true }));
  if (!written || managed.bool().value === false) return dedicated;
  const others = all.filter(({ dedicated }) => dedicated.bool(false).value === false);
  const open = anywhere.map(([key, cidr], index) => ({
    rule_no: 100 + index,
    action: 'allow',
    protocol: '-1',
    from_port: 0,
    to_port: 0,
    [key]: cidr,
  }));
  const rows = {
    ...aclRows('Ingress'),
    ...aclRows('Egress'),
    Ingress: rulesOf('default_network_acl_ingress', open, managed.why),
    Egress: rulesOf('default_network_acl_egress', open, managed.why),
  };
  return [
    ...dedicated,
    acl(
      'default_network_acl_id',
      others.flatMap(({ subnets }) => subnets),
      rows,
    ),
  ];
}

/** A network, unless the call says that it creates none. */
export function expandNetwork(label: string, call: Field): AwsResource[] {
  const id = `module.${label}`;
  if (call.get('create_vpc').value === false) return [];
  const since = sinceIn(majorsOf(call, [2, 6]));
  return [
    ...network(id, call, since),
    ...kinds.flatMap((kind) => subnets(id, call, kind)),
    ...gateways(id, call),
    ...acls(id, call, since),
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
