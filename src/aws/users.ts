import type { AwsResource, Description } from '#spelling/resource.ts';
import type { Property } from '#spelling/property.ts';

/* What of clusters uses a network or a security group, in words. */

const named = ({ body, title }: AwsResource, name: string): string => `"${body.path(name).text().value ?? title}"`;

/** What lists subnets or security groups for a cluster: where, and what it is. */
const users: readonly {
  readonly type: string;
  readonly lists: (body: Property) => readonly Property[];
  readonly words: (resource: AwsResource) => string;
}[] = [
  {
    type: 'AWS::EKS::Cluster',
    lists: (body) => ['SubnetIds', 'SecurityGroupIds'].map((name) => body.path('ResourcesVpcConfig', name)),
    words: (one) => `cluster ${named(one, 'Name')}`,
  },
  ...['AWS::EKS::Nodegroup', 'EKS::SelfManagedNodegroup'].map((type) => ({
    type,
    lists: (body: Property) => [body.path('Subnets')],
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
];

/** What an item of a list leads to: one resource, or where an expression picks some of several, all that it names. */
function targetsOf(item: Property, description: Description): readonly { resource: AwsResource; home: Description }[] {
  for (const type of ['AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup']) {
    const link = description.linked(item, type);
    if (link.state === 'here') return [link];
  }
  return description.mentions(item.field).flatMap(({ resource, home }) => (resource ? [{ resource, home }] : []));
}

/** Resources by what their users are called. */
function indexUsers(description: Description): ReadonlyMap<AwsResource, readonly string[]> {
  const found = new Map<AwsResource, Set<string>>();
  const note = (resource: AwsResource, words: string): void => {
    const all = found.get(resource) ?? new Set();
    found.set(resource, all);
    all.add(words);
  };
  for (const { type, lists, words } of users)
    for (const user of description.of(type))
      for (const list of lists(user.body)) {
        const items = list.why === undefined ? list.items() : [list];
        for (const { resource, home } of items.flatMap((item) => targetsOf(item, description))) {
          note(resource, words(user));
          const vpc = home.linked(resource.body.path('VpcId'), 'AWS::EC2::VPC');
          if (resource.type === 'AWS::EC2::Subnet' && vpc.state === 'here') note(vpc.resource, words(user));
        }
      }
  return new Map([...found].map(([resource, words]) => [resource, [...words]]));
}
const indexes = new WeakMap<Description, ReadonlyMap<AwsResource, readonly string[]>>();

/** Clusters, groups and templates that use a network or a security group. */
export function usersOf(resource: AwsResource, description: Description): readonly string[] {
  const index = indexes.get(description) ?? indexUsers(description);
  indexes.set(description, index);
  return index.get(resource) ?? [];
}
