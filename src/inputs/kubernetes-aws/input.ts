import type { AnyResource } from '#model/workspace.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import type { Parts } from '../input.ts';
import { readAck, readClassic } from './ack.ts';
import { readClusterApi } from './cluster-api.ts';
import { readClass } from './karpenter.ts';
import { fieldOf, type Given, Index, type Reader } from './objects.ts';
import { readUpbound } from './upbound.ts';

/* Kubernetes objects that describe AWS resources. They stay objects, which the rules about objects judge as well. */

const readers: readonly Reader[] = [readClass, readAck, readClassic, readUpbound, readClusterApi];

/** The resources of objects that are applied together. */
function describe(objects: readonly AnyResource[]): Description | undefined {
  const given = objects.map((resource, index): Given => ({
    resource,
    whole: fieldOf(resource),
    id: `object/${index}`,
  }));
  const all = new Index(given);
  const resources = given.flatMap((one): AwsResource[] => {
    const described = readers.map((read) => read(one, all)).find((found) => found !== undefined);
    if (!described) return [];
    const { whole, resource, id } = one;
    const title = resource.name;
    const { object, subject } = resource;
    const { parts = [], ...rest } = described;
    return [
      { id, title, whole, object, ...(described.type === 'EKS::NodeClass' ? { subject } : {}), ...rest },
      ...parts.map((part) => ({ title, ...(part.whole === whole ? { object } : {}), ...part })),
    ];
  });
  if (resources.length === 0) return undefined;
  return new Description({
    input: 'kubernetes',
    resources,
    refer: () => undefined,
    expression: () => undefined,
    variant: objects.find(({ variant }) => variant !== undefined)?.variant,
    more: 'other files may add more',
  });
}

export function read(objects: readonly AnyResource[]): Parts {
  const units = new Map<string, AnyResource[]>();
  for (const object of new Set(objects)) {
    const { unit } = object.belonging;
    const alike = units.get(unit);
    if (alike) alike.push(object);
    else units.set(unit, [object]);
  }
  const descriptions = [...units.values()].map(describe).filter((one) => one !== undefined);
  return { resources: [], clusters: [], notes: [], descriptions };
}
