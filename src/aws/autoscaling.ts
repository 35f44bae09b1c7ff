import { attributesDecide, tagUnknown, userDataDecides } from '#model/hidden.ts';
import type { Field } from '#spelling/field.ts';
import { type Content, madeBody } from '#spelling/made.ts';
import { marketOf } from '#spelling/market.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { dataOf, templateOf } from './node-template.ts';

/* Node groups that EKS does not manage: Auto Scaling groups whose instances join a cluster. */

/** The tag of nodes: `kubernetes.io/cluster/<name>` (EKS User Guide, Create self-managed Amazon Linux nodes). */
const clusterTag = /kubernetes\.io\/cluster\//;
/**
 * Tags of clusters created by kops, which are not EKS clusters (kops documentation, Labels), and of groups that EKS
 * creates for managed node groups.
 */
const otherTag = /kops\.k8s\.io|k8s\.io\/role\/|^eks:nodegroup-name$/;
/** What starts the kubelet on an EKS node (amazon-eks-ami, bootstrap.sh and nodeadm). */
const joins = /\/etc\/eks\/bootstrap|node\.eks\.aws|nodeadm/;

const wordsOf = ({ found }: Field): string => (typeof found === 'string' ? found : (JSON.stringify(found) ?? ''));

/** The name of the cluster that an Auto Scaling group joins; undefined if it joins no EKS cluster that is known. */
function clusterOf(group: AwsResource, description: Description): Field | undefined {
  const keys = group.body
    .path('Tags')
    .items()
    .map((tag) => tag.path('Key').field);
  if (keys.some((key) => otherTag.test(wordsOf(key)))) return undefined;
  const key = keys.find((one) => clusterTag.test(wordsOf(one)));
  if (key) {
    const { value } = key;
    if (typeof value !== 'string') return key;
    const name = /^kubernetes\.io\/cluster\/(.*)/.exec(value)?.[1];
    // A computed Terraform key is kept as written, in parentheses.
    return name === undefined ? key.doubted(tagUnknown) : key.as(name);
  }
  const data = dataOf(templateOf(nodegroupOf(group), description))?.path('UserData').field;
  return data && namesEks(wordsOf(data)) ? data.doubted(userDataDecides) : undefined;
}
/** User data is base64, or the argument of a function that encodes it. */
const namesEks = (text: string): boolean =>
  joins.test(text) || joins.test(Buffer.from(text, 'base64').toString('utf8'));

/** Tags in the words of CloudFormation: those of a group say as well whether its instances get them. */
const tagsOf = (tags: AwsResource['body']): Content =>
  tags.absent || tags.why !== undefined
    ? tags.field
    : tags.rest !== undefined
      ? tags.field.doubted(tags.rest)
      : tags.items().map((tag) => ({ Key: tag.path('Key').field, Value: tag.path('Value').field }));

/** The instance type of an override, which may list attributes instead. */
function typeOf(override: AwsResource['body']): Field {
  const attributes = override.path('InstanceRequirements');
  return attributes.absent ? override.path('InstanceType').field : attributes.field.doubted(attributesDecide);
}

const marketAt = (distribution: AwsResource['body']): Field =>
  marketOf(
    distribution.field,
    distribution.path('OnDemandBaseCapacity').field,
    distribution.path('OnDemandPercentageAboveBaseCapacity').field,
  );

/** An Auto Scaling group in the words of a node group. */
function nodegroupOf({ body, whole }: AwsResource, cluster?: Field): AwsResource['body'] {
  const policy = body.path('MixedInstancesPolicy');
  const mixed = policy.path('LaunchTemplate');
  const specification = mixed.path('LaunchTemplateSpecification');
  const use = specification.absent ? body.path('LaunchTemplate') : specification;
  const configuration = body.path('LaunchConfigurationName');
  const overrides = mixed.path('Overrides').items();
  return madeBody(whole, {
    NodegroupName: body.path('AutoScalingGroupName').field,
    ...(cluster ? { ClusterName: cluster } : {}),
    ...(configuration.absent ? {} : { LaunchConfigurationName: configuration.field }),
    ...(overrides.length > 0 ? { InstanceTypes: overrides.map(typeOf) } : {}),
    ...(policy.absent ? {} : { CapacityType: marketAt(policy.path('InstancesDistribution')) }),
    ScalingConfig: {
      MinSize: body.path('MinSize').field,
      MaxSize: body.path('MaxSize').field,
      DesiredSize: body.path('DesiredCapacity').field,
    },
    Subnets: body.path('VPCZoneIdentifier').field,
    Tags: tagsOf(body.path('Tags')),
    ...(use.absent
      ? {}
      : {
          LaunchTemplate: {
            Id: use.path('LaunchTemplateId').field,
            Name: use.path('LaunchTemplateName').field,
            Version: use.path('Version').field,
          },
        }),
  });
}

/** The Auto Scaling groups of a description that join a cluster, as node groups. */
export const selfManaged = (description: Description): readonly AwsResource[] =>
  description.of('AWS::AutoScaling::AutoScalingGroup').flatMap((group): AwsResource[] => {
    const cluster = clusterOf(group, description);
    return cluster ? [{ ...group, body: nodegroupOf(group, cluster) }] : [];
  });
