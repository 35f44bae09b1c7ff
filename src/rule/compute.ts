import { dig, digRecord } from '#model/dig.ts';
import { parseQuantity } from '#model/quantity.ts';
import type { PodContainer, Workload } from '#model/resource.ts';
import { list } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';

type Compute = 'cpu' | 'memory';

/** What a container lacks: `absent` where nobody sets it, else the map that sets it to nothing. */
export type Shortfall = { readonly zero: Readonly<Record<string, unknown>> | undefined } | undefined;

const given = (value: unknown): boolean => value !== undefined && value !== null;

/** Fields of a LimitRange item that end up as a default: one that is not set is taken from the next (Kubernetes API defaults, LimitRangeItem). */
const rangeFields = { requests: ['defaultRequest', 'default', 'max', 'min'], limits: ['default', 'max'] } as const;

const hasDefault = (range: AnyResource, compute: Compute, bound: 'requests' | 'limits'): boolean => {
  const items = dig(range.object, 'spec', 'limits');
  return list(Array.isArray(items) ? items : []).some((item) => dig(item, 'type') === 'Container' && rangeFields[bound].some((field) => given(dig(item, field, compute))));
};

/**
 * What a container lacks of a request or limit, once its pod and the LimitRanges around it have filled in theirs. A limit alone is also
 * a request: the API server copies it.
 */
export function shortfallOf(container: PodContainer, workload: Workload, compute: Compute, bound: 'requests' | 'limits', workspace: Workspace): Shortfall {
  const own = digRecord(container.object, 'resources', bound);
  const value = own?.[compute];
  const zero = given(value) && parseQuantity(value) === 0;
  if (given(value) && !zero) return undefined;
  const limited = (resources: unknown) => given(dig(resources, 'limits', compute));
  if (!zero && bound === 'requests' && limited(container.object.resources)) return undefined;
  const shared = dig(workload.pod, 'resources');
  if (given(dig(shared, bound, compute))) return undefined;
  // A limit of the pod is its request only where no container has one of its own.
  if (bound === 'requests' && limited(shared) && !workload.containers.some((one) => given(dig(one.object, 'resources', 'requests', compute)) || limited(one.object.resources))) return undefined;
  // LimitRanges fill in what is absent, not what is zero.
  if (!zero && workspace.unit(workload).all('LimitRange').some((range) => hasDefault(range, compute, bound))) return undefined;
  return { zero: zero ? own : undefined };
}
