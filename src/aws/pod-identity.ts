import type { PodIdentity } from '#model/aws.ts';
import type { Cluster } from '#model/cluster.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';
import { roleAt } from './role.ts';

/** The facts of an association (EKS API reference, CreatePodIdentityAssociation). */
export function readPodIdentity(resource: AwsResource, description: Description, cluster: Ref<Cluster>): PodIdentity {
  const { body } = resource;
  const serviceAccount = body.path('ServiceAccount').text();
  const { arn, role } = roleAt(body.path('RoleArn'), description);
  return partOf('podIdentity', description.input, resource, serviceAccount, {
    cluster,
    namespace: body.path('Namespace').text(),
    serviceAccount,
    roleArn: arn,
    role,
    targetRoleArn: roleAt(body.path('TargetRoleArn'), description).arn,
    policy: body.path('Policy').given(),
    disableSessionTags: body.path('DisableSessionTags').bool(false),
  });
}
