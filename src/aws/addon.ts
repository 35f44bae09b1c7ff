import type { Addon, Cluster } from '#model/cluster.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

export function readAddon(resource: AwsResource, { input }: Description, cluster: Ref<Cluster>): Addon {
  const { body } = resource;
  const name = body.path('AddonName').text();
  return partOf('addon', input, resource, name, {
    name,
    cluster,
    version: body.path('AddonVersion').text(),
    podIdentity: body.path('PodIdentityAssociations').exists(),
  });
}
