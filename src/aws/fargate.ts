import type { Cluster, FargateProfile, FargateSelector } from '#model/cluster.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, readList, readTags } from './part.ts';
import { roleAt } from './role.ts';
import { readSubnets } from './subnet.ts';

/** The facts of a Fargate profile (EKS API reference, CreateFargateProfile). */
export function readFargateProfile(
  resource: AwsResource,
  description: Description,
  cluster: Ref<Cluster>,
): FargateProfile {
  const { body } = resource;
  const name = body.path('FargateProfileName').text();
  const { arn, role } = roleAt(body.path('PodExecutionRoleArn'), description);
  return partOf('fargateProfile', description.input, resource, name, {
    name,
    cluster,
    selectors: readList(body.path('Selectors'), (one): FargateSelector => ({
      namespace: one.path('Namespace').text(),
      labels: readTags(one.path('Labels')),
      get at() {
        return one.at();
      },
    })),
    subnets: readSubnets(body.path('Subnets'), description),
    roleArn: arn,
    role,
    tags: readTags(body.path('Tags')),
  });
}
