import type { Addon, Cluster } from '#model/cluster.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf, readHealth, readTags } from './part.ts';
import { roleAt } from './role.ts';
import { readSettings } from './settings.ts';

/** The facts of an add-on. Fallbacks are the defaults of the EKS API (CreateAddon). */
export function readAddon(resource: AwsResource, description: Description, cluster: Ref<Cluster>): Addon {
  const { body } = resource;
  const name = body.path('AddonName').text();
  const { arn, role } = roleAt(body.path('ServiceAccountRoleArn'), description);
  return partOf('addon', description.input, resource, name, {
    name,
    cluster,
    version: body.path('AddonVersion').text(),
    health: readHealth(body),
    podIdentity: body.path('PodIdentityAssociations').exists(),
    settings: readSettings(body.path('ConfigurationValues'), description),
    resolveConflicts: body
      .path('ResolveConflicts')
      .text('NONE')
      .to((text) => text.toUpperCase()),
    roleArn: arn,
    role,
    namespace: body.path('NamespaceConfig', 'Namespace').text(),
    preserve: body.path('PreserveOnDelete').bool(false),
    tags: readTags(body.path('Tags')),
  });
}
