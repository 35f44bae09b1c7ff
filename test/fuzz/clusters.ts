import fc from 'fast-check';
import { clusterFacts, type CommonCase, groupFacts } from '../inputs/facts.ts';
import { compare, type Result, run } from './invariants.ts';
import type { Files } from './seeds.ts';

/*
 * Descriptions of one cluster with a group of nodes, written for Terraform and for CloudFormation: as literals, as
 * references, as references to unset names, inside a module. The findings must not depend on the way it is written.
 */

/** Other values of facts than those in the test of all facts, as CloudFormation and Terraform spell them. */
const others: Readonly<Record<string, readonly unknown[]>> = {
  version: ['1.30', '1.36'],
  'endpoint.public': [true],
  'endpoint.private': [false],
  'endpoint.publicCidrs': [['0.0.0.0/0'], ['203.0.113.0/24', '0.0.0.0/0'], ['10.0.0.0/8']],
  supportType: ['EXTENDED'],
  authenticationMode: ['CONFIG_MAP', 'API_AND_CONFIG_MAP'],
  deletionProtection: [false],
  autoMode: [false],
  autoModeStorage: [false],
  autoModeLoadBalancing: [false],
  bootstrapSelfManagedAddons: [true],
  // An unknown version is assumed to be one that EKS still runs.
  'group.version': ['1.30', '1.36'],
  'group.instanceTypes': [['g5.xlarge'], ['m7g.large', 'm7i.large']],
  'group.amiType': ['AL2_x86_64', 'AL2023_x86_64_STANDARD', 'WINDOWS_CORE_2022_x86_64', 'CUSTOM'],
  'group.capacityType': ['ON_DEMAND'],
  'template.httpTokens': ['required'],
  'template.hopLimit': [2, 64],
  'template.endpointEnabled': ['enabled'],
};

/** How a value is written; an unset name is hidden. */
const ways = ['plain', 'local', 'default', 'hidden'] as const;
type Way = (typeof ways)[number];

interface Written {
  readonly fact: CommonCase;
  /** The index of its value: the first is that of the fact. */
  readonly value: number;
  readonly named: boolean;
}
export interface Described {
  readonly cluster: readonly Written[];
  readonly group: readonly Written[];
  readonly ingress: readonly { readonly port: number; readonly cidr: string }[];
  readonly addons: readonly string[];
}

const written = (facts: readonly CommonCase[]): fc.Arbitrary<Written[]> =>
  fc.uniqueArray(
    fc.record({ fact: fc.constantFrom(...facts), value: fc.nat({ max: 3 }), named: fc.boolean() }),
    // Of two facts for one argument, one is enough.
    { maxLength: 8, selector: ({ fact }) => fact.cloudformation.at.replace(/\.Provider.*/, '') },
  );
export const described: fc.Arbitrary<Described> = fc.record({
  cluster: written(clusterFacts),
  group: written(groupFacts),
  ingress: fc.array(
    fc.record({ port: fc.constantFrom(22, 443, 3389), cidr: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8') }),
    { maxLength: 2 },
  ),
  addons: fc.uniqueArray(fc.constantFrom('vpc-cni', 'coredns', 'aws-ebs-csi-driver'), { maxLength: 2 }),
});

export type Data = { [key: string]: unknown };
/** A value behind a name, and one that refers to another resource. */
class Named {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
export class Reference {
  readonly id: string;
  readonly attribute: string;
  constructor(id: string, attribute: string) {
    this.id = id;
    this.attribute = attribute;
  }
}

/** Puts a value at a path of keys; a numeric step is an item of a list. */
function put(into: Data, path: string, value: unknown): void {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) into[key] = value;
  else if (rest[0] === '0') {
    const item: Data = {};
    into[key] = [item];
    put(item, rest.slice(1).join('.'), value);
  } else put((into[key] ??= {}) as Data, rest.join('.'), value);
}

type Format = 'terraform' | 'cloudformation';
const valueOf = ({ fact, value }: Written, format: Format): unknown =>
  [fact[format].value, ...(others[fact.name] ?? [])][value % (1 + (others[fact.name]?.length ?? 0))];

/** Only what one name can stand for: a scalar, or a list of strings. */
const mayHide = (value: unknown): boolean =>
  typeof value !== 'object' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

interface Body {
  readonly cluster: Data;
  readonly group: Data;
  readonly template: Data | undefined;
  readonly names: ReadonlyMap<string, unknown>;
}
export function bodyOf(one: Described, format: Format, way: Way, prefix: string): Body {
  const names = new Map<string, unknown>();
  const fill = (all: readonly Written[]): Data => {
    const data: Data = {};
    for (const each of all) {
      const value = valueOf(each, format);
      const isNamed = way !== 'plain' && each.named && mayHide(value);
      const name = `${prefix}${names.size}`;
      if (isNamed) names.set(name, value);
      put(data, each.fact[format].at, isNamed ? new Named(name) : value);
    }
    return data;
  };
  const cluster = fill(one.cluster);
  const { template, ...group } = fill(one.group);
  const isNeeded = template !== undefined || one.ingress.length > 0;
  return { cluster, group, template: isNeeded ? ((template ?? {}) as Data) : undefined, names };
}

/** The text of a value in HCL. */
const literal = (value: unknown, nameOf: (name: string) => string): string =>
  value instanceof Named
    ? nameOf(value.name)
    : value instanceof Reference
      ? `${value.id}.${value.attribute}`
      : Array.isArray(value)
        ? `[${value.map((item) => literal(item, nameOf)).join(', ')}]`
        : JSON.stringify(value);

function hcl(map: Data, nameOf: (name: string) => string, indent = '  '): string {
  return Object.entries(map)
    .map(([key, value]) => {
      const isBlock =
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Named) &&
        !(value instanceof Reference) &&
        key !== 'tags';
      if (key === 'tags') return `${indent}tags = ${JSON.stringify(value)}\n`;
      return isBlock
        ? `${indent}${key} {\n${hcl(value as Data, nameOf, `${indent}  `)}${indent}}\n`
        : `${indent}${key} = ${literal(value, nameOf)}\n`;
    })
    .join('');
}
/** The same in the JSON syntax, where an expression is a string with marks. */
function tfJson(value: unknown, nameOf: (name: string) => string): unknown {
  if (value instanceof Named) return `\${${nameOf(value.name)}}`;
  if (value instanceof Reference) return `\${${value.id}.${value.attribute}}`;
  if (Array.isArray(value)) return value.map((item) => tfJson(item, nameOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tfJson(item, nameOf)]));
}

/** The resources of Terraform by type and label, in the order of the file. */
export function resourcesOf(one: Described, { cluster, group, template }: Body): (readonly [string, string, Data])[] {
  const rules = one.ingress.map(({ port, cidr }) => ({
    protocol: 'tcp',
    from_port: port,
    to_port: port,
    cidr_blocks: [cidr],
  }));
  return [
    ['aws_eks_cluster', 'c', cluster],
    ...(rules.length === 0
      ? []
      : [['aws_security_group', 's', rules.length === 1 ? { ingress: rules[0] } : { ingress: rules }] as const]),
    ...(template
      ? [
          [
            'aws_launch_template',
            't',
            {
              ...template,
              ...(rules.length > 0 ? { vpc_security_group_ids: [new Reference('aws_security_group.s', 'id')] } : {}),
            },
          ] as const,
        ]
      : []),
    [
      'aws_eks_node_group',
      'g',
      {
        cluster_name: new Reference('aws_eks_cluster.c', 'name'),
        ...group,
        ...(template ? { launch_template: { id: new Reference('aws_launch_template.t', 'id') } } : {}),
      },
    ],
    ...one.addons.map(
      (name, index) =>
        [
          'aws_eks_addon',
          `a${index}`,
          { cluster_name: new Reference('aws_eks_cluster.c', 'name'), addon_name: name },
        ] as const,
    ),
  ];
}

const blockText = (type: string, label: string, body: Data, nameOf: (name: string) => string): string =>
  `resource "${type}" "${label}" {\n${Array.isArray(body['ingress']) ? body['ingress'].map((rule: Data) => hcl({ ingress: rule }, nameOf)).join('') : hcl(body, nameOf)}}\n`;

const nameIn: Readonly<Record<Way, (name: string) => string>> = {
  plain: (name) => name,
  local: (name) => `local.${name}`,
  default: (name) => `var.${name}`,
  hidden: (name) => `var.${name}`,
};
const variables = (names: ReadonlyMap<string, unknown>, way: Way): string =>
  way === 'local'
    ? `locals {\n${[...names].map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`).join('')}}\n`
    : [...names]
        .map(
          ([name, value]) =>
            `variable "${name}" {\n${way === 'default' ? `  default = ${JSON.stringify(value)}\n` : ''}}\n`,
        )
        .join('');

export function terraform(one: Described, way: Way, prefix = 'v'): Record<string, string> {
  const body = bodyOf(one, 'terraform', way, prefix);
  const blocks = resourcesOf(one, body).map(([type, label, data]) => blockText(type, label, data, nameIn[way]));
  return { 'main.tf': blocks.join('\n'), 'names.tf': body.names.size === 0 ? '' : variables(body.names, way) };
}

/** Everything in one folder, which another calls; values of names are arguments of the call. */
function asModule(one: Described, way: 'plain' | 'default'): Files {
  const body = bodyOf(one, 'terraform', way, 'v');
  const files = terraform(one, way === 'plain' ? 'plain' : 'hidden');
  const given = [...body.names].map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`).join('');
  return {
    'main.tf': `module "m" {\n  source = "./m"\n${given}}\n`,
    'm/main.tf': files['main.tf'] ?? '',
    'm/names.tf': files['names.tf'] ?? '',
  };
}

function asJson(one: Described): Files {
  const body = bodyOf(one, 'terraform', 'plain', 'v');
  const resource: Record<string, Data> = {};
  for (const [type, label, data] of resourcesOf(one, body)) (resource[type] ??= {})[label] = tfJson(data, nameIn.plain);
  return { 'main.tf.json': JSON.stringify({ resource }, null, 2) };
}

/** Each block in a separate file. */
function apart(one: Described): Files {
  const body = bodyOf(one, 'terraform', 'plain', 'v');
  return Object.fromEntries(
    resourcesOf(one, body).map(([type, label, data]) => [
      `${type}-${label}.tf`,
      blockText(type, label, data, nameIn.plain),
    ]),
  );
}

interface Template {
  readonly way?: Way;
  readonly ids?: string;
  readonly turned?: boolean;
  readonly names?: string;
  /** Values as branches of a condition that is certainly true, or unknown. */
  readonly branch?: 'certain' | 'unknown';
}
export function cloudformation(
  one: Described,
  { way = 'plain', ids = '', turned, names = 'V', branch }: Template,
): string {
  const isBranched = branch !== undefined;
  const body = bodyOf(one, 'cloudformation', isBranched ? 'hidden' : way, names);
  const convert = (value: unknown): unknown => {
    if (value instanceof Named)
      return isBranched
        ? { 'Fn::If': ['Chosen', body.names.get(value.name), { Ref: 'AWS::NoValue' }] }
        : { Ref: value.name };
    if (value instanceof Reference)
      return value.attribute === '' ? { Ref: value.id } : { 'Fn::GetAtt': [value.id, value.attribute] };
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, convert(item)]);
    return Object.fromEntries(turned ? entries.toReversed() : entries);
  };
  const [cluster, template, group, groups] = ['Cluster', 'Template', 'Group', 'Groups'].map((id) => id + ids) as [
    string,
    string,
    string,
    string,
  ];
  const all: [string, string, Data][] = [
    [cluster, 'AWS::EKS::Cluster', body.cluster],
    ...(one.ingress.length === 0
      ? []
      : [
          [
            groups,
            'AWS::EC2::SecurityGroup',
            {
              SecurityGroupIngress: one.ingress.map(({ port, cidr }) => ({
                IpProtocol: 'tcp',
                FromPort: port,
                ToPort: port,
                CidrIp: cidr,
              })),
            },
          ] as [string, string, Data],
        ]),
    ...(body.template
      ? [
          [
            template,
            'AWS::EC2::LaunchTemplate',
            {
              LaunchTemplateData: {
                ...body.template,
                ...(one.ingress.length > 0 ? { SecurityGroupIds: [new Reference(groups, 'GroupId')] } : {}),
              },
            },
          ] as [string, string, Data],
        ]
      : []),
    [
      group,
      'AWS::EKS::Nodegroup',
      {
        ClusterName: new Reference(cluster, ''),
        ...body.group,
        ...(body.template ? { LaunchTemplate: { Id: new Reference(template, '') } } : {}),
      },
    ],
    ...one.addons.map((name, index): [string, string, Data] => [
      `Addon${ids}${index}`,
      'AWS::EKS::Addon',
      { ClusterName: new Reference(cluster, ''), AddonName: name },
    ]),
  ];
  const parameter = (value: unknown): Data => ({
    Type: Array.isArray(value) ? 'CommaDelimitedList' : typeof value === 'number' ? 'Number' : 'String',
    ...(way === 'default' ? { Default: Array.isArray(value) ? value.join(',') : String(value) } : {}),
  });
  const conditions = {
    certain: { 'Fn::Equals': ['a', 'a'] },
    unknown: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
  };
  return JSON.stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      ...(isBranched
        ? { Parameters: { Stage: { Type: 'String' } }, Conditions: { Chosen: conditions[branch] } }
        : { Parameters: Object.fromEntries([...body.names].map(([name, value]) => [name, parameter(value)])) }),
      Resources: Object.fromEntries(
        (turned ? all.toReversed() : all).map(([id, type, properties]) => [
          id,
          { Type: type, Properties: convert(properties) },
        ]),
      ),
    },
    null,
    2,
  );
}

/** Which rules report which kind of thing; not where, and not the wording. */
export const found = ({ findings }: Result): string[] =>
  findings.map(({ rule, messageId, subject }) => `${rule} ${messageId} ${subject.kind}`).sort();
const left = ({ undetermined }: Result): string[] =>
  undetermined.map(({ rule, subject }) => `${rule} ${subject.kind}`).sort();
const places = ({ findings }: Result): string[] =>
  findings.map(({ rule, messageId, at }) => `${rule} ${messageId} ${at.source} ${JSON.stringify([at.start, at.end])}`);

/** A value behind an unset name is never judged differently than with some value, and never skipped. */
function checkHidden(name: string, plain: Result, hidden: Result): void {
  const unclear = new Set(left(hidden));
  const ruleOf = (what: string): string => what.replace(/ [^ ]+ ([^ ]+)$/, ' $1');
  const stated = new Set(found(hidden).map(ruleOf));
  compare(
    `${name}: what is hidden does not pass`,
    found(plain)
      .map(ruleOf)
      .filter((what) => !stated.has(what) && !unclear.has(what)),
    [],
  );
  const before = new Set(found(plain).map(ruleOf));
  compare(
    `${name}: what fails without a value fails with each`,
    [...stated].filter((what) => !before.has(what)),
    [],
  );
}

function same(name: string, a: Result, b: Result): void {
  compare(name, found(a), found(b));
  compare(`${name} (not judged)`, left(a), left(b));
}

async function checkTerraform(one: Described): Promise<Result> {
  const plain = await run(terraform(one, 'plain'));
  const [local, renamed] = [await run(terraform(one, 'local')), await run(terraform(one, 'local', 'w'))];
  same('a local changes nothing', plain, local);
  compare('the name of a local changes nothing', places(local), places(renamed));
  const variable = await run(terraform(one, 'default'));
  compare('a variable with a default changes no finding', found(plain), found(variable));
  compare(
    'the name of a variable changes nothing',
    places(variable),
    places(await run(terraform(one, 'default', 'w'))),
  );
  checkHidden('Terraform', plain, await run(terraform(one, 'hidden')));
  same('a module changes nothing', plain, await run(asModule(one, 'plain')));
  same('an argument of a module changes nothing', plain, await run(asModule(one, 'default')));
  same('the syntax changes nothing', plain, await run(asJson(one)));
  same('a file for each block changes nothing', plain, await run(apart(one)));
  return plain;
}

async function checkCloudFormation(one: Described): Promise<Result> {
  const of = (template: Template) => run({ 'template.json': cloudformation(one, template) });
  const plain = await of({});
  same('the order of resources changes nothing', plain, await of({ turned: true }));
  same('the names of resources change nothing', plain, await of({ ids: 'X' }));
  const parameter = await of({ way: 'default' });
  compare('a parameter with a default changes no finding', found(plain), found(parameter));
  compare(
    'the name of a parameter changes nothing',
    places(parameter),
    places(await of({ way: 'default', names: 'W' })),
  );
  same('a condition that is true changes nothing', plain, await of({ branch: 'certain' }));
  checkHidden('CloudFormation', plain, await of({ way: 'hidden' }));
  checkHidden('CloudFormation, a condition', plain, await of({ branch: 'unknown' }));
  return plain;
}

export const clusters = {
  arbitrary: described,
  async check(one: Described): Promise<{ readonly documents: number; readonly findings: number }> {
    const [terraformed, formed] = [await checkTerraform(one), await checkCloudFormation(one)];
    compare('both formats say the same', found(terraformed), found(formed));
    return { documents: 2, findings: terraformed.findings.length + formed.findings.length };
  },
};
