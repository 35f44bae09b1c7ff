import { describe, expect, it } from 'vitest';
import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { Collection, Value } from '#model/value.ts';
import { clusterFacts, type Fact, type FactCase, groupFacts, type Spelled } from './facts.ts';
import { moreFacts, moreFormats } from './more-facts.ts';
import { regularCluster, regularGroup, regularMore } from './regular-facts.ts';
import { cloudControlName } from '#inputs/terraform/spelling.ts';
import { read } from './read.ts';
import { hcl, hidden, json, merge, nest, planOf, type Tree, Written } from './written.ts';

const formats = [
  'eksctl',
  'cloudformation',
  'terraform',
  'awscc',
  'plan',
  'module20',
  'module21',
  ...moreFormats,
] as const;
type Format = (typeof formats)[number];

/** Ways to write a value in HCL, and the other files that it needs. */
const ways: readonly {
  readonly name: string;
  readonly expression: (value: string) => string;
  readonly more?: (value: string) => Readonly<Record<string, string>>;
}[] = [
  { name: 'a local', expression: () => 'local.w', more: (value) => ({ 'locals.tf': `locals {\n  w = ${value}\n}\n` }) },
  {
    name: 'the default of a variable',
    expression: () => 'var.w',
    more: (value) => ({ 'variables.tf': `variable "w" {\n  default = ${value}\n}\n` }),
  },
  {
    name: 'a file of values',
    expression: () => 'var.w',
    more: (value) => ({ 'variables.tf': 'variable "w" {}\n', 'terraform.tfvars': `w = ${value}\n` }),
  },
  {
    name: 'an attribute that a type makes optional',
    expression: () => 'var.o.w',
    more: (value) => ({
      'variables.tf': `variable "o" {\n  type = object({ w = optional(any, ${value}) })\n  default = {}\n}\n`,
    }),
  },
  { name: 'a conditional', expression: (value) => `length("a") == 1 ? ${value} : null` },
  { name: 'an entry', expression: (value) => `{ a = ${value} }["a"]` },
  { name: 'a for expression', expression: (value) => `[for x in [${value}] : x][0]` },
  { name: 'a splat', expression: (value) => `one([{ w = ${value} }][*].w)` },
  { name: 'merge', expression: (value) => `merge({ w = null }, { w = ${value} }).w` },
  { name: 'lookup', expression: (value) => `lookup({ a = 1 }, "b", ${value})` },
  {
    name: 'try',
    expression: (value) => `try(local.none.w, ${value})`,
    more: () => ({ 'none.tf': 'locals {\n  none = {}\n}\n' }),
  },
  { name: 'JSON', expression: (value) => `jsondecode(jsonencode(${value}))` },
  {
    name: 'an output',
    expression: () => 'module.w.out',
    more: (value) => ({
      'call.tf': `module "w" {\n  source = "./w"\n  in = ${value}\n}\n`,
      'w/main.tf': 'variable "in" {}\noutput "out" {\n  value = var.in\n}\n',
    }),
  },
];

/** Kubernetes objects: group and version, kind, name, and the rest. */
function objects(all: readonly (readonly [string, string, string, Tree])[]): Record<string, string> {
  return Object.fromEntries(
    all.map(([apiVersion, kind, name, more]) => [
      `${kind.toLowerCase()}.yaml`,
      json(merge({ apiVersion, kind, metadata: { name } }, more), '${HIDDEN}'),
    ]),
  );
}

/** A file with a cluster and a group that write these facts. */
function write(format: Format, cluster: Tree, group: Tree): Readonly<Record<string, string>> {
  const { template, ...rest } = group;
  switch (format) {
    case 'eksctl':
      return {
        'c.yaml': json(
          merge(
            {
              apiVersion: 'eksctl.io/v1alpha5',
              kind: 'ClusterConfig',
              metadata: { region: 'eu-west-1' },
              managedNodeGroups: [group],
            },
            cluster,
          ),
          '${HIDDEN}',
        ),
      };
    case 'cloudformation':
      return {
        't.json': json(
          {
            Parameters: { Hidden: { Type: 'String' } },
            Resources: {
              Cluster: { Type: 'AWS::EKS::Cluster', Properties: cluster },
              ...(template
                ? { Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: template } } }
                : {}),
              Group: {
                Type: 'AWS::EKS::Nodegroup',
                Properties: {
                  ClusterName: { Ref: 'Cluster' },
                  ...(template ? { LaunchTemplate: { Id: { Ref: 'Template' } } } : {}),
                  ...rest,
                },
              },
            },
          },
          { Ref: 'Hidden' },
        ),
      };
    case 'plan':
      return {
        'plan.json': planOf({
          'aws_eks_cluster.c': cluster,
          'aws_eks_node_group.g': {
            cluster_name: new Written('aws_eks_cluster.c.name'),
            ...rest,
            ...(template ? { launch_template: { id: new Written('aws_launch_template.t.id') } } : {}),
          },
          ...(template ? { 'aws_launch_template.t': template as Tree } : {}),
        }),
      };
    case 'terraform':
      return {
        'main.tf': `resource "aws_eks_cluster" "c" {\n${hcl(cluster, true)}}\nresource "aws_eks_node_group" "g" {\n${hcl(
          {
            cluster_name: 'aws_eks_cluster.c.name',
            ...rest,
            ...(template ? { launch_template: { id: 'aws_launch_template.t.id' } } : {}),
          },
          true,
        )}}\n${template ? `resource "aws_launch_template" "t" {\n${hcl(template as Tree, true)}}\n` : ''}`,
      };
    case 'awscc':
      return {
        'main.tf': `resource "awscc_eks_cluster" "c" {\n${hcl(cluster, false)}}\nresource "awscc_eks_nodegroup" "g" {\n${hcl(
          {
            cluster_name: new Written('awscc_eks_cluster.c.name'),
            ...rest,
            ...(template
              ? { launch_template: { id: new Written('awscc_ec2_launch_template.t.launch_template_id') } }
              : {}),
          },
          false,
        )}}\n${template ? `resource "awscc_ec2_launch_template" "t" {\n${hcl({ launch_template_data: template }, false)}}\n` : ''}`,
      };
    case 'cdk':
      return {
        't.json': json(
          {
            Parameters: { Hidden: { Type: 'String' } },
            Resources: {
              Cluster: { Type: 'Custom::AWSCDK-EKS-Cluster', Properties: { Config: cluster } },
              Group: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: { Ref: 'Cluster' } } },
            },
          },
          { Ref: 'Hidden' },
        ),
      };
    case 'ack':
      return objects([
        ['eks.services.k8s.aws/v1alpha1', 'Cluster', 'c', { spec: cluster }],
        [
          'eks.services.k8s.aws/v1alpha1',
          'Nodegroup',
          'g',
          {
            spec: {
              clusterRef: { from: { name: 'c' } },
              ...(template ? { launchTemplate: { name: 't' } } : {}),
              ...rest,
            },
          },
        ],
        ...(template
          ? ([
              ['ec2.services.k8s.aws/v1alpha1', 'LaunchTemplate', 't', { spec: { name: 't', data: template } }],
            ] as const)
          : []),
      ]);
    case 'classic':
      return objects([
        ['eks.aws.crossplane.io/v1beta1', 'Cluster', 'c', { spec: { forProvider: cluster } }],
        [
          'eks.aws.crossplane.io/v1alpha1',
          'NodeGroup',
          'g',
          { spec: { forProvider: { clusterNameRef: { name: 'c' }, ...rest } } },
        ],
      ]);
    case 'upbound':
      return objects([
        ['eks.aws.upbound.io/v1beta1', 'Cluster', 'c', { spec: { forProvider: cluster } }],
        [
          'eks.aws.upbound.io/v1beta1',
          'NodeGroup',
          'g',
          {
            spec: {
              forProvider: {
                clusterNameRef: { name: 'c' },
                ...(template ? { launchTemplate: [{ name: 't' }] } : {}),
                ...rest,
              },
            },
          },
        ],
        ...(template
          ? ([
              [
                'ec2.aws.upbound.io/v1beta1',
                'LaunchTemplate',
                't',
                { spec: { forProvider: { name: 't', ...template } } },
              ],
            ] as const)
          : []),
      ]);
    case 'capi':
      return objects([
        ['cluster.x-k8s.io/v1beta1', 'Cluster', 'c', { spec: { controlPlaneRef: { name: 'c' } } }],
        [
          'controlplane.cluster.x-k8s.io/v1beta2',
          'AWSManagedControlPlane',
          'c',
          merge({ metadata: { namespace: 'n' } }, cluster),
        ],
        [
          'cluster.x-k8s.io/v1beta1',
          'MachinePool',
          'g',
          {
            spec: merge(
              {
                clusterName: 'c',
                template: { spec: { infrastructureRef: { kind: 'AWSManagedMachinePool', name: 'g' } } },
              },
              (rest['pool'] ?? {}) as Tree,
            ),
          },
        ],
        [
          'infrastructure.cluster.x-k8s.io/v1beta2',
          'AWSManagedMachinePool',
          'g',
          merge({ metadata: { namespace: 'n' } }, rest['pool'] ? {} : rest),
        ],
      ]);
    case 'answers':
      return {
        'c.json': json({ cluster: { arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/c', name: 'c', ...cluster } }, ''),
        'g.json': json(
          {
            nodegroup: {
              nodegroupArn: 'arn:aws:eks:eu-west-1:111122223333:nodegroup/c/g/1',
              nodegroupName: 'g',
              clusterName: 'c',
              ...(template ? { launchTemplate: { id: 'lt-1', version: '2' } } : {}),
              ...rest,
            },
          },
          '',
        ),
        ...(template
          ? {
              't.json': json(
                {
                  LaunchTemplateVersions: [
                    { LaunchTemplateId: 'lt-1', VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: {} },
                    { LaunchTemplateId: 'lt-1', VersionNumber: 2, LaunchTemplateData: template },
                  ],
                },
                '',
              ),
            }
          : {}),
      };
    default: {
      const version = format === 'module20' ? '20.31.0' : '21.1.0';
      const call = {
        source: 'terraform-aws-modules/eks/aws',
        version,
        ...cluster,
        // A key that a call names counts if the module creates none.
        ...('encryption_config' in cluster || 'cluster_encryption_config' in cluster ? { create_kms_key: false } : {}),
        eks_managed_node_groups: { g: group },
      };
      return { 'main.tf': `module "eks" {\n${hcl(call, false)}}\n` };
    }
  }
}

const isMore = (format: Format): format is (typeof moreFormats)[number] =>
  (moreFormats as readonly string[]).includes(format);

/** The names in the provider awscc follow from CloudFormation alone. */
function inCloudControl(spelled: Spelled | 'none'): Spelled | 'none' {
  if (spelled === 'none') return spelled;
  const path = (at: string): string =>
    at
      .split('.')
      .map((step) => (/^\d+$/.test(step) ? step : cloudControlName(step)))
      .join('.');
  const keys = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((one: unknown) => keys(one))
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [cloudControlName(key), keys(one)]))
        : value;
  // The user chooses the names of labels.
  const isMap = typeof spelled.value === 'object' && !Array.isArray(spelled.value);
  return {
    ...spelled,
    at: path(spelled.at),
    value: isMap ? spelled.value : keys(spelled.value),
    ...(spelled.place === undefined ? {} : { place: path(spelled.place) }),
  };
}

const plain = (fact: Fact): unknown => ('items' in fact ? fact.items.map(({ value }) => value) : fact.value);

/** The result for a fact in a file. */
function look(
  one: FactCase,
  ofGroup: boolean,
  format: Format,
  at: string,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): Fact {
  const told = value === undefined ? {} : nest(at, value);
  const base = ofGroup && at.startsWith('template.') ? { template: {} } : {};
  // A group needs only its location; the key of a launch template without options is a name.
  if (base.template) Object.assign(base.template, format === 'terraform' ? { name: 't' } : {});
  const files = write(format, ofGroup ? {} : told, ofGroup ? merge(base, told) : {});
  const { clusters } = read({ ...files, ...more });
  const [cluster] = clusters as [Cluster];
  expect(clusters.length).toBe(1);
  const [group] = cluster.nodegroups.items as [Nodegroup];
  expect(cluster.nodegroups.items.length).toBe(1);
  return one.ask(cluster, group);
}

for (const [ofGroup, facts] of [
  [false, [...clusterFacts, ...regularCluster]],
  [true, [...groupFacts, ...regularGroup]],
] as const)
  for (const fact of facts)
    describe(fact.name, () => {
      for (const format of formats) {
        const spelled = isMore(format)
          ? (moreFacts[fact.name] ?? regularMore[fact.name])?.[format]
          : format === 'awscc'
            ? inCloudControl(fact.cloudformation)
            : fact[format === 'plan' ? 'terraform' : format];
        if (spelled === undefined) {
          it(`${format}: is spelled or has none`, () =>
            expect.fail(`add it to ${isMore(format) ? 'more-' : ''}facts.ts`));
          continue;
        }
        if (spelled === 'none') continue;
        it(`${format}: written`, () => {
          const found = look(fact, ofGroup, format, spelled.at, spelled.value);
          expect([found.state, plain(found)]).toEqual(['set', fact.is]);
          if (format === 'plan') return; // its locations are in the files from which it was created
          const keys = (spelled.place ?? spelled.at.replace(/^template\./, '')).replace(/\.(\d+)/g, '[$1]');
          expect(found.at.path.endsWith(keys), `${found.at.path} ends with ${keys}`).toBe(true);
        });
        // Blocks of a resource are not values.
        const isBlock = typeof spelled.value === 'object' && !Array.isArray(spelled.value) && spelled.at !== 'tags';
        if (/^(terraform|awscc|module)/.test(format) && !isBlock)
          it.each(ways.map((way) => [way.name, way] as const))(`${format}: %s`, (_, { expression, more }) => {
            const value = JSON.stringify(spelled.value);
            const written = new Written(expression(value));
            const found = look(fact, ofGroup, format, spelled.at, written, more?.(value));
            expect([found.state, plain(found)]).toEqual(['set', fact.is]);
          });
        it(`${format}: left out`, () => {
          const found = look(fact, ofGroup, format, spelled.at, undefined);
          const byKey = fact.name === 'group.name' && format.startsWith('module');
          expect([found.state, plain(found)]).toEqual([byKey ? 'set' : (spelled.leftOut ?? 'default'), spelled.else]);
        });
        // Answers hide nothing.
        if (format !== 'answers')
          it(`${format}: hidden`, () => {
            expect(look(fact, ofGroup, format, spelled.at, hidden).state).toBe(spelled.hidden ?? 'unknown');
          });
      }
    });

/** Facts without a case above: the facts from which they are computed have their own tests. */
const elsewhere: Readonly<Record<string, string>> = {
  'identity.account': 'test/aws/identity.test.ts',
  'identity.region': 'test/aws/identity.test.ts',
  'identity.partition': 'test/aws/identity.test.ts',
  'connector.written': 'test/inputs/aws-answers.test.ts',
  subnets: 'links: test/inputs/nodes.test.ts and written-facts.test.ts',
  'controlPlane.nodePorts.to': 'read of one text with nodePorts.from',
  'controlPlane.scoringWeights': 'plugins of the scheduler',
  nodegroups: 'parts',
  addons: 'parts',
  podIdentities: 'parts',
  fargateProfiles: 'parts',
  accessEntries: 'parts',
  identityProviders: 'parts',
  capabilities: 'parts',
  insights: 'parts',
  calendar: 'what the service says of versions',
  'group.ownTemplate': 'worked out of the launch template',
  'group.subnets': 'links: test/inputs/nodes.test.ts and written-facts.test.ts',
  'group.publicIp': 'worked out of subnets and interfaces',
  'group.remoteAccess.openings': 'worked out of security groups: test/inputs/nodes.test.ts',
  'group.template.kubelet.flags': 'user data: test/aws/kubelet.test.ts',
  'group.template.kubelet.gates': 'user data: test/aws/kubelet.test.ts',
};

describe('the facts of the model', () => {
  const isFact = (value: unknown): boolean => value instanceof Value || value instanceof Collection;
  const isNested = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  const namesOf = (root: object, path: string): string[] =>
    Object.entries(root).flatMap(([key, value]: [string, unknown]) =>
      isFact(value) ? [path + key] : isNested(value) ? namesOf(value, `${path}${key}.`) : [],
    );
  /** The same part, which records what is read from it. */
  const watched = <T extends object>(root: T, path: string, asked: Set<string>): T =>
    new Proxy(root, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        const at = path + String(key);
        asked.add(at);
        return isNested(value) ? watched(value, `${at}.`, asked) : value;
      },
    });
  const { clusters } = read(write('terraform', {}, {}));
  const [cluster] = clusters as [Cluster];
  const [group] = cluster.nodegroups.items as [Nodegroup];
  const asked = new Set<string>();
  for (const { ask } of [...clusterFacts, ...regularCluster, ...groupFacts, ...regularGroup])
    ask(watched(cluster, '', asked), watched(group, 'group.', asked));
  it.each([...namesOf(cluster, ''), ...namesOf(group, 'group.')])('%s has a case, or tests elsewhere', (name) => {
    const others = [Object.hasOwn(elsewhere, name), asked.has(name)];
    expect([name, others.filter(Boolean).length]).toEqual([name, 1]);
  });
});
