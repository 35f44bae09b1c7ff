import type { AwsResource, Described, Description } from '#spelling/resource.ts';
import type { Property } from '#spelling/property.ts';
import { push } from '#model/selector.ts';
import { selectedBy } from './selected.ts';

/* The resources of clusters that use a network or a security group, for messages. */

/** The name of a resource in quotes; the default of a variable may be an empty name. */
export const named = ({ body, title }: AwsResource, name: string): string =>
  `"${body.path(name).text().value || title}"`;

/** The properties that name networks or security groups for a cluster, with the role of what they name. */
const users: readonly {
  readonly type: string;
  readonly lists: (body: Property) => readonly Property[];
  readonly words: (resource: AwsResource) => string;
}[] = [
  {
    type: 'AWS::EKS::Cluster',
    // The API returns the security group that EKS created for the cluster, and the VPC itself.
    lists: (body) =>
      ['SubnetIds', 'SecurityGroupIds', 'ClusterSecurityGroupId', 'VpcId'].map((name) =>
        body.path('ResourcesVpcConfig', name),
      ),
    words: (one) => `cluster ${named(one, 'Name')}`,
  },
  ...['AWS::EKS::Nodegroup', 'EKS::SelfManagedNodegroup'].map((type) => ({
    type,
    lists: (body: Property) => [body.path('Subnets'), body.path('Resources', 'RemoteAccessSecurityGroup')],
    words: (one: AwsResource) => `node group ${named(one, 'NodegroupName')}`,
  })),
  {
    type: 'AWS::EKS::FargateProfile',
    lists: (body) => [body.path('Subnets')],
    words: (one) => `Fargate profile ${named(one, 'FargateProfileName')}`,
  },
  {
    type: 'AWS::EC2::LaunchTemplate',
    lists: (body) => [
      body.path('LaunchTemplateData', 'SecurityGroupIds'),
      ...body
        .path('LaunchTemplateData', 'NetworkInterfaces')
        .items()
        .map((one) => one.path('Groups')),
    ],
    words: (one) => `launch template ${named(one, 'LaunchTemplateName')}`,
  },
  {
    type: 'AWS::AutoScaling::LaunchConfiguration',
    lists: (body) => [body.path('SecurityGroups')],
    words: (one) => `launch configuration ${named(one, 'LaunchConfigurationName')}`,
  },
];

/**
 * What an item of a list refers to: one resource, or everything that it names if an expression picks some of several.
 */
function targetsOf(item: Property, description: Description): readonly Described[] {
  for (const type of ['AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup', vpcType]) {
    const link = description.linked(item, type);
    if (link.state === 'here') return [link];
  }
  return description.mentions(item.field).flatMap(({ resource, home }) => (resource ? [{ resource, home }] : []));
}

/** Types of resources that belong to a VPC, and the property that names it. */
const belongings = {
  'AWS::EC2::VPCCidrBlock': 'VpcId',
  'AWS::EC2::FlowLog': 'ResourceId',
  'AWS::EC2::VPCEndpoint': 'VpcId',
} as const;
type Belonging = keyof typeof belongings;
export const vpcType = 'AWS::EC2::VPC';

const userWords = new WeakMap<AwsResource, Set<string>>();
const besides = new WeakMap<AwsResource, Map<string, Described[]>>();

/**
 * Records for all networks of a run who uses them and what belongs to them: a network is often defined in another
 * module.
 */
export function indexNetworks(descriptions: readonly Description[]): void {
  const note = (resource: AwsResource, words: string): void => {
    const all = userWords.get(resource) ?? new Set();
    userWords.set(resource, all.add(words));
  };
  const noteNetwork = ({ resource, home }: Described, words: string): void => {
    note(resource, words);
    const vpc = home.linked(resource.body.path('VpcId'), vpcType);
    if (resource.type === 'AWS::EC2::Subnet' && vpc.state === 'here') note(vpc.resource, words);
  };
  for (const { resource, home, classes } of selectedBy(descriptions))
    for (const one of classes) noteNetwork({ resource, home }, `node class ${named(one, 'NodegroupName')}`);
  for (const description of descriptions) {
    for (const { type, lists, words } of users)
      for (const user of description.of(type))
        for (const list of lists(user.body)) {
          const items = Array.isArray(list.field.value) ? list.items() : list.absent ? [] : [list];
          for (const found of items.flatMap((item) => targetsOf(item, description))) noteNetwork(found, words(user));
        }
    for (const [type, property] of Object.entries(belongings))
      for (const resource of description.of(type)) {
        const vpc = description.linked(resource.body.path(property), vpcType);
        if (vpc.state !== 'here') continue;
        const all = besides.get(vpc.resource) ?? new Map<string, Described[]>();
        besides.set(vpc.resource, all);
        push(all, type, { resource, home: description });
      }
  }
}

/** Clusters, groups and templates that use a network or a security group. */
export const usersOf = (resource: AwsResource): readonly string[] => [...(userWords.get(resource) ?? [])];
/** Resources of a type that belong to a VPC, wherever they are defined. */
export const belongingsOf = (vpc: AwsResource, type: Belonging): readonly Described[] =>
  besides.get(vpc)?.get(type) ?? [];
/** Why a resource of a type may belong to any VPC. */
export const whyUnclear = (description: Description, type: Belonging): string | undefined =>
  description.unclear(type, belongings[type], vpcType);
