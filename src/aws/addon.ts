import type { Addon } from '#model/cluster.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

export function readAddon(resource: AwsResource, { input }: Description): Addon {
  const { body } = resource;
  const name = body.path('AddonName').text();
  return partOf('addon', input, resource, name, { name, version: body.path('AddonVersion').text() });
}
