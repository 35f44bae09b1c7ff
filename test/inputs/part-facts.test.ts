import { describe, expect, it } from 'vitest';
import { Answer, Ref, Value } from '#model/value.ts';
import { kinds as ackKinds } from '#inputs/kubernetes-aws/ack.ts';
import { kinds as upboundKinds } from '#inputs/kubernetes-aws/upbound.ts';
import { cloudControlName, provider } from '#inputs/terraform/spelling.ts';
import { askedProperties } from '../aws/asked.ts';
import { elsewhere, otherResources } from './part-facts-elsewhere.ts';
import { linkedGroups } from './part-facts-linked.ts';
import {
  type Fact,
  type Format,
  formats,
  type Group,
  groups as plainGroups,
  type Kind,
  type Known,
  type Of,
  type Part,
  terraformFormats,
} from './part-facts.ts';
import { read } from './read.ts';
import { hcl, hidden, json, nest, planOf, type Tree, Written } from './written.ts';

const groups = [...plainGroups, ...linkedGroups] as unknown as readonly Group<Kind>[];

/* Facts of the parts around a cluster, in each format that has them: written, left out and hidden. */

const by = (path: string, name: (step: string) => string): string =>
  path
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? step : name(step)))
    .join('.');
const snake = (step: string): string =>
  step
    .replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`)
    .replace(/(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => `_${letter}`)
    .toLowerCase();
const camel = (step: string): string => step.slice(0, 1).toLowerCase() + step.slice(1);
/** Blocks are written once; in Crossplane objects they are lists. */
const withoutItems = (path: string): string => path.replace(/\.0(?=\.)/g, '');
const camelOf = (path: string): string => path.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
const inLists = (path: string): string => camelOf(path).replace(/\./g, '.0.');

/** ACK writes initialisms in uppercase. */
const capital = (step: string): string =>
  camel(step).replace(/(?<=[a-z\d])(?:Id|Arn|Cidr|Vpc|Ip)(?=s?(?:[A-Z]|$))/g, (word) => word.toUpperCase());

const isMap = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Written);
/** Two maps as one; items of lists by their index. */
function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other))
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) =>
      index in other
        ? index in one
          ? joined(one[index], other[index])
          : (other[index] as unknown)
        : (one[index] as unknown),
    );
  if (!isMap(one) || !isMap(other) || 'Ref' in other) return other;
  const all: Tree = { ...one };
  for (const [key, value] of Object.entries(other)) all[key] = key in one ? joined(one[key], value) : value;
  return all;
}
const join = (one: Tree | undefined, other: Tree): Tree => joined(one ?? {}, other) as Tree;

/** The object that a reference of CloudFormation or Terraform stands for. */
const named = (value: unknown): string | undefined =>
  value instanceof Written
    ? value.text.split('.')[1]
    : isMap(value) && typeof value['Ref'] === 'string'
      ? value['Ref'].toLowerCase()
      : undefined;
/** An entry as objects write it: a reference to other objects is a field of its own. */
function referring(format: Format, key: string, value: unknown): readonly [string, unknown] {
  const isAck = format === 'ack';
  const stem = isAck ? key.replace(/(?:ID|ARN|Name)?(s?)$/, '') : key.replace(/s$/, '');
  const reference = (name: string): Tree => (isAck ? { from: { name } } : { name });
  const one = named(value);
  if (one !== undefined) return [`${isAck ? stem : key}Ref`, reference(one)];
  const all = Array.isArray(value) ? value.map(named).filter((name) => name !== undefined) : [];
  return all.length > 0 ? [`${stem}Refs`, all.map(reference)] : [key, value];
}
/** What CloudFormation or Terraform writes, as an object writes it. */
function inObject(format: Format, tree: Tree): Tree {
  const name = format === 'ack' ? capital : camelOf;
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one: unknown) => (isMap(one) ? inObject(format, one) : one));
    if (!isMap(value)) return value;
    return format === 'upbound' ? [inObject(format, value)] : inObject(format, value);
  };
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      const [at, content] = referring(format, name(key), value);
      if (at !== name(key)) return [at, content];
      return [at, /^tags$/i.test(key) ? value : inner(value)];
    }),
  );
}
/** A path and its value, as a format writes it. */
function tell(format: Format, at: string, value: unknown): Tree {
  if (format !== 'ack' && !isUpbound(format)) return nest(at, value);
  const steps = at.split('.');
  const [key, content] = referring(format, steps.pop() ?? '', value);
  return nest([...steps, key].join('.'), content);
}

const isTerraform = (format: Format): boolean => (terraformFormats as readonly Format[]).includes(format);
const isUpbound = (format: Format): boolean => format.startsWith('upbound');
const ccType = (type: string): string => {
  const [, service = '', name = ''] = type.split('::');
  return `awscc_${service.toLowerCase()}_${cloudControlName(name)}`;
};

/** CloudFormation's data as the provider awscc writes it. */
function inCloudControl(value: unknown, types: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => inCloudControl(one, types));
  if (typeof value !== 'object' || value === null || value instanceof Written) return value;
  if ('Ref' in value) return new Written(`${types[String(value.Ref)]}.${String(value.Ref).toLowerCase()}.id`);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [cloudControlName(key), inCloudControl(one, types)]),
  );
}

/** Whether a format has resources of a group, before what is said of it. */
function hasGroup<K extends Kind>(group: Group<K>, format: Format): boolean {
  if (isTerraform(format)) return group.terraform !== undefined;
  if (isUpbound(format)) return group.upbound !== undefined;
  if (format === 'cloudformation' || format === 'awscc') return group.type.startsWith('AWS::');
  return group[format as 'eksctl'] !== undefined;
}
const has = <K extends Kind>(group: Group<K>, fact: Fact<K>, format: Format): boolean =>
  hasGroup(group, format) && fact.not?.[format] === undefined && group.not?.[format] === undefined;

/** Where a format writes a fact, and what. */
function spelledIn<K extends Kind>(group: Group<K>, fact: Fact<K>, format: Format): readonly [string, unknown] {
  const value = fact.value ?? fact.is;
  const pair = (own: NonNullable<typeof fact.terraform>): readonly [string, unknown] =>
    typeof own === 'string' ? [own, value] : own;
  const regular = pair(fact.terraform ?? by(withoutItems(fact.at), snake));
  if (format === 'cloudformation') return [fact.at, value];
  if (isTerraform(format)) return regular;
  if (isUpbound(format)) {
    if (fact.upbound !== undefined) return pair(fact.upbound);
    return [format === 'upbound' ? inLists(regular[0]) : camelOf(regular[0]), regular[1]];
  }
  const types = Object.fromEntries(
    Object.entries(group.beside?.cloudformation ?? {}).map(([id, { Type }]) => [id, ccType(Type)]),
  );
  if (format === 'awscc') return pair(fact.awscc ?? [by(fact.at, cloudControlName), inCloudControl(value, types)]);
  return pair(
    fact[format as 'eksctl'] ??
      by(fact.at, format === 'module' ? snake : format === 'ack' ? capital : namesOfAnswers(group, format)),
  );
}
const namesOfAnswers = <K extends Kind>(group: Group<K>, format: Format): ((step: string) => string) =>
  format === 'answers' && group.answers && 'list' in group.answers && !group.answers.camel ? (step) => step : camel;

/** Resources by type and label as Terraform files of each form hold them. */
function terraformFiles(
  format: Format,
  resources: Readonly<Record<string, Readonly<Record<string, Tree>>>>,
): Readonly<Record<string, string>> {
  const all = Object.entries(resources).flatMap(([type, labels]) =>
    Object.entries(labels).map(([label, body]) => ({ type, label, body })),
  );
  if (format === 'terraform JSON') return { 'main.tf.json': json({ resource: resources }, '${var.hidden}') };
  if (format === 'plan')
    return { 'plan.json': planOf(Object.fromEntries(all.map(({ type, label, body }) => [`${type}.${label}`, body]))) };
  const text = all.map(
    ({ type, label, body }) => `resource "${type}" "${label}" {\n${hcl(body, format === 'terraform')}}\n`,
  );
  return { 'main.tf': text.join('') };
}

function write<K extends Kind>(group: Group<K>, format: Format, body: Tree): Readonly<Record<string, string>> {
  const object = (apiVersion: string, kind: string, spec: Tree, name = 'p'): Readonly<Record<string, string>> => ({
    [`${kind}-${name}.yaml`]: json({ apiVersion, kind, metadata: { name, namespace: 'n' }, spec }, '${HIDDEN}'),
  });
  const beside = group.beside?.cloudformation ?? {};
  switch (format) {
    case 'cloudformation':
      return {
        't.json': json(
          {
            Parameters: { Hidden: { Type: 'String' } },
            Resources: { P: { Type: group.type, Properties: join(group.with?.cloudformation, body) }, ...beside },
          },
          { Ref: 'Hidden' },
        ),
      };
    case 'terraform':
    case 'terraform JSON':
    case 'plan': {
      const { terraform = '', with: given } = group;
      const others = group.beside?.terraform ?? {};
      const own = { ...others[terraform], p: join(given?.terraform, body) };
      return terraformFiles(format, { ...others, [terraform]: own });
    }
    case 'awscc': {
      const types = Object.fromEntries(
        [...Object.entries(beside), ['P', { Type: group.type }] as const].map(([id, { Type }]) => [id, ccType(Type)]),
      );
      const whole = inCloudControl(group.with?.cloudformation ?? {}, types) as Tree;
      const made: Record<string, Record<string, Tree>> = { [ccType(group.type)]: { p: join(whole, body) } };
      for (const [id, { Type, Properties }] of Object.entries(beside))
        made[ccType(Type)] = {
          ...made[ccType(Type)],
          [id.toLowerCase()]: inCloudControl(Properties, types) as Tree,
        };
      return terraformFiles(format, made);
    }
    case 'module':
      return {
        'main.tf': `module "eks" {\n${hcl(
          { source: 'terraform-aws-modules/eks/aws', version: '21.8.0', [group.module ?? '']: { p: body } },
          false,
        )}}\n`,
      };
    case 'eksctl':
      return {
        'c.yaml': json(
          {
            apiVersion: 'eksctl.io/v1alpha5',
            kind: 'ClusterConfig',
            metadata: { name: 'c', region: 'eu-west-1', version: '1.35' },
            ...nest(`${group.eksctl}.0`, body),
          },
          '${HIDDEN}',
        ),
      };
    case 'ack': {
      const [version = '', kind = ''] = group.ack ?? [];
      const others = Object.entries(beside).flatMap(([id, { Type, Properties }]) => {
        const [known] = Object.entries(ackKinds).find(([, type]) => type === Type) ?? [];
        const [of, other = ''] = known?.split(' ') ?? [];
        return of === undefined
          ? []
          : [object(`${of}/v1alpha1`, other, inObject(format, Properties), id.toLowerCase())];
      });
      const whole = join(
        { clusterName: 'c', ...(group.with?.ack ?? inObject(format, group.with?.cloudformation ?? {})) },
        body,
      );
      return Object.assign({}, object(version, kind, whole), ...others) as Readonly<Record<string, string>>;
    }
    case 'upbound':
    case 'upbound, blocks as maps': {
      const [version = '', kind = ''] = group.upbound ?? [];
      const apiVersion = format === 'upbound' ? version : version.replace('v1beta1', 'v1beta2');
      const others = Object.entries(group.beside?.terraform ?? {}).flatMap(([type, labels]) => {
        const [known] = Object.entries(upboundKinds).find(([, one]) => one === type) ?? [];
        const [of, other = ''] = known?.split(' ') ?? [];
        return Object.entries(of === undefined ? {} : labels).map(([label, content]) =>
          object(
            `${of}.aws.upbound.io/${format === 'upbound' ? 'v1beta1' : 'v1beta2'}`,
            other,
            { forProvider: inObject(format, content) },
            label,
          ),
        );
      });
      const given = inObject(format, { cluster_name: 'c', ...group.with?.terraform });
      const whole = { forProvider: join(given, body) };
      return Object.assign({}, object(apiVersion, kind, whole), ...others) as Readonly<Record<string, string>>;
    }
    case 'capi':
      return object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', nest(`${group.capi}.0`, body));
    case 'answers': {
      if (group.answers && 'list' in group.answers) {
        const { list, id } = group.answers;
        return {
          'a.json': json({ [list]: [{ [id]: 'p', ...group.with?.answers, ...body }] }, ''),
          ...Object.fromEntries(
            Object.entries(group.beside?.answers ?? {}).map(([key, items]) => [
              `${key}.json`,
              json({ [key]: items }, ''),
            ]),
          ),
        };
      }
      const [key = '', arn = ''] = group.answers ?? [];
      const told = { [arn]: 'arn:aws:eks:eu-west-1:111122223333:x/c/p/1', clusterName: 'c', ...body };
      return { 'a.json': json({ [key]: told }, '') };
    }
  }
}

/** The only part of a kind that files describe. */
function find<K extends Kind>(kind: K, files: Readonly<Record<string, string>>): Of<K> {
  const { clusters, loose, aws } = read(files);
  const all: readonly Part[] = [
    ...clusters.flatMap((one) => [
      ...one.nodegroups,
      ...one.addons,
      ...one.podIdentities,
      ...one.fargateProfiles,
      ...one.accessEntries,
      ...one.identityProviders,
      ...one.capabilities,
    ]),
    ...loose,
    ...aws,
  ];
  const found = all.filter((one): one is Of<K> => one.kind === kind);
  expect(found.length).toBe(1);
  return found[0] as Of<K>;
}

/** How a fact is known, and what it is: a part that is named by its kind. */
function told(fact: Known): readonly [string, unknown] {
  if (fact instanceof Answer)
    return [fact.state === 'unknown' ? 'unknown' : fact.state === 'yes' ? 'set' : 'default', fact.state];
  if (fact instanceof Ref) {
    const { part, why } = fact as Ref<Part>;
    if (part) return ['set', part.kind];
    return [/^(?:none|no \w+) is set$/.test(why ?? '') ? 'default' : 'unknown', undefined];
  }
  if (fact instanceof Value) return [fact.state, fact.value];
  const isKnown = fact.complete && fact.items.every(({ state }) => state !== 'unknown');
  return [isKnown ? fact.state : 'unknown', fact.items.map(({ value }) => value)];
}

function check<K extends Kind>(one: Group<K>): void {
  for (const fact of one.facts)
    describe(`${one.kind}.${fact.name} (${one.type}${one.terraform === undefined ? '' : `, ${one.terraform}`})`, () => {
      for (const format of formats) {
        if (!has(one, fact, format)) continue;
        const [at, value] = spelledIn(one, fact, format);
        // Blocks that may be repeated are lists in every version.
        if (format === 'upbound, blocks as maps' && (!at.includes('.') || fact.at.includes('.0.'))) continue;
        const look = (body: Tree): Known => fact.ask(find(one.kind, write(one, format, body)));
        it(`${format}: written`, () => {
          const found = look(tell(format, at, value));
          expect(told(found)).toEqual([fact.written ?? 'set', fact.is]);
          // Places of a plan are those of the files that it was made of.
          if (format === 'plan' || fact.linked || found instanceof Answer || found instanceof Ref) return;
          if (format === 'answers' && one.answers && 'list' in one.answers) {
            // What is gathered of several items stands at their list.
            const whole = `${one.answers.list}[0].${at.replace(/\.(\d+)/g, '[$1]')}`;
            expect([
              whole,
              whole.startsWith(found.at.path),
              found.at.path.length > one.answers.list.length + 3,
            ]).toEqual([whole, true, true]);
            return;
          }
          const item = at.replace(/\.(\d+)/g, '[$1]');
          // ACK gathers the ranges of a rule: they stand at their list.
          const keys = format === 'ack' ? item.replace(/(Ranges|Pairs)\[0\]\.\w+$/, '$1') : item;
          expect(found.at.path.endsWith(keys), `${found.at.path} ends with ${keys}`).toBe(true);
        });
        if (!fact.always?.includes(format))
          it(`${format}: left out`, () => {
            const found = look({});
            const expected = fact.otherwise?.[format] ?? (found instanceof Answer ? 'no' : fact.else);
            if (fact.leftOut === 'unknown') expect(told(found)[0]).toBe('unknown');
            else expect(told(found)).toEqual(['default', expected]);
          });
        if (format !== 'answers')
          it(`${format}: hidden`, () => {
            const known = typeof fact.hidden === 'object' ? fact.hidden[format] : fact.hidden;
            expect(told(look(nest(at, hidden)))[0]).toBe(known ?? 'unknown');
          });
      }
    });
}
for (const one of groups) check(one);

/** Properties of CloudFormation that the matrix writes, by type: `AWS::EC2::Subnet CidrBlock`. */
const written = new Set(
  groups.flatMap(({ type, facts }) => facts.map(({ at }) => `${type} ${at.replaceAll('.0', '[]')}`)),
);

describe('the matrix is complete', () => {
  // Facts of these are those of test/inputs/generated-facts.test.ts.
  const ofClusters = /^AWS::(?:EKS::(?:Cluster|Nodegroup)|EC2::LaunchTemplate) /;
  const asked = [...askedProperties()].filter((one) => !ofClusters.test(one));
  // What holds others is written with them.
  const leaves = asked.filter(
    (one) => !asked.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );
  it.each(leaves)('%s is written, or tested elsewhere', (property) => {
    const ways = [written.has(property), Object.hasOwn(elsewhere, property)];
    expect([property, ways.filter(Boolean).length]).toEqual([property, 1]);
  });
  it('everything that is tested elsewhere is asked for', () => {
    expect(Object.keys(elsewhere).filter((one) => !asked.includes(one))).toEqual([]);
  });

  const testedIn = (format: Format, of: (one: Group<Kind>) => string | undefined): ReadonlySet<string | undefined> =>
    new Set(groups.filter((one) => one.facts.some((fact) => has(one, fact, format))).map(of));
  const tested = {
    terraform: testedIn('terraform', ({ terraform }) => terraform),
    ack: testedIn('ack', ({ ack }) => ack?.[1]),
    upbound: testedIn('upbound', ({ upbound }) => upbound?.[1]),
  };
  const known = [
    ...Object.keys(provider)
      .filter((type) => !type.startsWith('awscc_'))
      .map((type) => ['terraform', type] as const),
    ...Object.keys(ackKinds).map((one) => ['ack', one.split(' ')[1] ?? ''] as const),
    ...Object.keys(upboundKinds).map((one) => ['upbound', one.split(' ')[1] ?? ''] as const),
  ];
  it.each(known)('%s: %s is written, or tested elsewhere', (format, type) => {
    const ways = [tested[format].has(type), Object.hasOwn(otherResources, `${format} ${type}`)];
    expect([type, ways.filter(Boolean).length]).toEqual([type, 1]);
  });
  it('a group is of types that are read', () => {
    expect([...tested.terraform].filter((type) => type !== undefined && !Object.hasOwn(provider, type))).toEqual([]);
  });
});
