import type { Addon, Cluster } from '#model/cluster.ts';
import { Collection, type Ref, type Value } from '#model/value.ts';
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
    offered: readOffered(name, resource, description),
  });
}

/**
 * The versions of an add-on that the service offers for the cluster's version (EKS API reference,
 * DescribeAddonVersions).
 */
function readOffered(name: Value<string>, { whole }: AwsResource, description: Description): Addon['offered'] {
  const type = 'EKS::AddonVersions';
  const [answer] = description
    .of(type)
    .filter(({ body }) => name.value !== undefined && body.path('AddonName').text().value === name.value);
  const why = description.whyUnread(type);
  if (answer) {
    const versions = answer.body.path('AddonVersions');
    return new Collection(
      versions.items().map((one) => one.path('AddonVersion').text()),
      { at: versions.at, why: versions.rest },
    );
  }
  return why === undefined ? undefined : Collection.unread(why, whole.at);
}
