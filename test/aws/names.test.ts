import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, it } from 'vitest';
import { readDescriptions } from '#aws/read.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { asIs, type Row } from '#spelling/spelling.ts';
import { parse, source, touch } from '../inputs/read.ts';

const spec = loadAwsServiceSpecSync();
type Type = NonNullable<ReturnType<typeof propertiesOf>[string]>['type'];

function propertiesOf(type: string) {
  return spec.lookup('resource', 'cloudFormationType', 'equals', type).only().properties;
}

/** The properties of a type of the specification; those of an item for a list. */
function inside(type: Type): ReturnType<typeof propertiesOf> | undefined {
  if (type.type === 'ref') return spec.get('typeDefinition', type.reference).properties;
  if (type.type === 'array') return inside(type.element);
  if (type.type === 'union') return type.types.map(inside).find((one) => one !== undefined);
  return undefined;
}
/** Whether CloudFormation has a property: `SecurityGroupIngress[].CidrIp`. */
function has(type: string, path: string): boolean {
  if (/^Tags\[\]\.(?:Key|Value)$/.test(path)) return 'Tags' in propertiesOf(type);
  const { attributes } = spec.lookup('resource', 'cloudFormationType', 'equals', type).only();
  if (path in attributes) return true;
  let properties: ReturnType<typeof propertiesOf> | undefined = propertiesOf(type);
  for (const name of path.replaceAll('[]', '').split('.')) {
    const found: ReturnType<typeof propertiesOf>[string] | undefined = properties?.[name];
    if (!found) return false;
    properties = inside(found.type);
  }
  return true;
}

/** Names of our own, where CloudFormation has none. */
const own = new Set([
  'AWS::EKS::Cluster Region', // the region of a stack is that of its cluster
  'AWS::EKS::Nodegroup MaxPods', // of tools that write the bootstrap of nodes
  'AWS::EKS::Nodegroup AddonPolicies', // what eksctl gives the node role
  'AWS::EKS::Nodegroup LaunchConfigurationName', // of groups that EKS does not manage
  // Asked of launch templates and launch configurations alike.
  'AWS::AutoScaling::LaunchConfiguration BlockDeviceMappings[].Ebs.KmsKeyId',
  'AWS::AutoScaling::LaunchConfiguration NetworkInterfaces',
  'AWS::AutoScaling::LaunchConfiguration SecurityGroupIds',
]);

const eks = 'AWS::EKS::';
const ec2 = 'AWS::EC2::';
/** Enough of each resource for every list to have an item. */
const resources: Readonly<Record<string, object>> = {
  [`${eks}Cluster`]: {
    Name: 'c',
    EncryptionConfig: [{}],
    Logging: { ClusterLogging: { EnabledTypes: [{}] } },
    Tags: [{}],
  },
  [`${eks}Nodegroup`]: { ClusterName: 'c', LaunchTemplate: { Name: 't' }, RemoteAccess: { Ec2SshKey: 'k' } },
  [`${eks}Addon`]: { ClusterName: 'c' },
  [`${ec2}LaunchTemplate`]: {
    LaunchTemplateName: 't',
    LaunchTemplateData: { NetworkInterfaces: [{ Groups: ['g'] }], BlockDeviceMappings: [{ Ebs: { VolumeSize: 1 } }] },
  },
  [`${ec2}SecurityGroup`]: { GroupName: 'g', SecurityGroupIngress: [{ CidrIp: 'x' }] },
  [`${ec2}SecurityGroupIngress`]: { GroupId: 'g', CidrIp: 'x' },
  'AWS::AutoScaling::AutoScalingGroup': {
    LaunchConfigurationName: 'l',
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'x' }, Overrides: [{}] },
    },
    Tags: [{ Key: 'kubernetes.io/cluster/c' }],
  },
  'AWS::AutoScaling::LaunchConfiguration': {
    LaunchConfigurationName: 'l',
    BlockDeviceMappings: [{ Ebs: { VolumeSize: 1 } }],
  },
};

it('readings ask by the names of CloudFormation', () => {
  const asked = new Set<string>();
  const dialect: Dialect = { converts: true, unknown: () => undefined };
  const [tree] = parse(source('t.json', JSON.stringify(resources)));
  if (!tree) throw new Error('no document');
  const top = Field.of(dialect, tree, tree.root as object);
  const described = Object.keys(resources).map((type): AwsResource => {
    const rows = new Proxy<Record<string, Row>>(
      {},
      {
        get(_, path) {
          // The path of an item itself ends in a dot.
          if (typeof path === 'string' && path !== '' && !path.endsWith('.')) asked.add(`${type} ${path}`);
          return undefined;
        },
      },
    );
    const whole = top.get(type);
    return { type, id: type, title: type, whole, body: new Property({ name: asIs, blocks: false, rows }, whole) };
  });
  const { clusters } = readDescriptions([
    new Description({
      input: 'cloudformation',
      resources: described,
      refer: () => undefined,
      mentions: () => [],
      document: (field) => field,
      expression: () => undefined,
      more: undefined,
    }),
  ]);
  touch(clusters);
  expect(clusters[0]?.nodegroups.items.length).toBe(2);
  expect(asked.size).toBeGreaterThan(60);
  const unknown = [...asked].filter((one) => {
    const [type = '', path = ''] = one.split(' ');
    return !own.has(one) && !has(type, path);
  });
  expect(unknown.join('\n')).toBe('');
});
