import type { Addon, Cluster } from '#model/cluster.ts';
import { Collection, type Ref, type Value } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

export function readAddon(resource: AwsResource, description: Description, cluster: Ref<Cluster>): Addon {
  const { body } = resource;
  const name = body.path('AddonName').text();
  return partOf('addon', description.input, resource, name, {
    name,
    cluster,
    version: body.path('AddonVersion').text(),
    podIdentity: body.path('PodIdentityAssociations').exists(),
    offered: readOffered(name, resource, description),
  });
}

/** The versions of an add-on that the service offers for the version of the cluster (EKS API reference, DescribeAddonVersions). */
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
