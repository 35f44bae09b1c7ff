import { dig, digRecord } from '#model/dig.ts';
import { parseQuantity } from '#model/quantity.ts';
import type { PodContainer, Workload } from '#model/resource.ts';
import { list } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';

type Compute = 'cpu' | 'memory';

/** What a container lacks, at the map and key to report: a value that is nothing, or where nobody sets one. */
interface Shortfall {
  readonly zero: boolean;
  readonly on: object;
  readonly key: string;
}

const given = (value: unknown): boolean => value !== undefined && value !== null;
const isZero = (value: unknown): boolean => given(value) && parseQuantity(value) === 0;
/** Set, and not to nothing. */
const provided = (value: unknown): boolean => given(value) && !isZero(value);

/** Fields of a LimitRange item that end up as a default: one that is not set is taken from the next (Kubernetes API defaults, LimitRangeItem). */
const rangeFields = { requests: ['defaultRequest', 'default', 'max', 'min'], limits: ['default', 'max'] } as const;

const hasDefault = (range: AnyResource, compute: Compute, bound: 'requests' | 'limits'): boolean => {
  const items = dig(range.object, 'spec', 'limits');
  return list(Array.isArray(items) ? items : []).some(
    (item) =>
      dig(item, 'type') === 'Container' &&
      provided(rangeFields[bound].map((field) => dig(item, field, compute)).find(given)),
  );
};

/** The option by which the rules about requests and limits take in init containers; sidecars always count. */
export const initContainers = {
  type: 'boolean',
  default: false,
  description: 'Ask ordinary init containers too.',
} as const;

/** The containers of a workload that lack a request or limit. */
export function shortfallsOf(
  workload: Workload,
  compute: Compute,
  bound: 'requests' | 'limits',
  { workspace, options }: { readonly workspace: Workspace; readonly options: { readonly initContainers: boolean } },
): readonly (Shortfall & { readonly container: PodContainer })[] {
  return workload.containers
    .filter((one) => one.longRunning || (options.initContainers && one.role === 'init'))
    .flatMap((container) => {
      const shortfall = shortfallOf(container, workload, compute, bound, workspace);
      return shortfall ? [{ ...shortfall, container }] : [];
    });
}

/**
 * What a container lacks of a request or limit, once its pod and the LimitRanges around it have filled in theirs. A limit alone is also
 * a request: the API server copies it, and a limit of 0 is copied too.
 */
function shortfallOf(
  container: PodContainer,
  workload: Workload,
  compute: Compute,
  bound: 'requests' | 'limits',
  workspace: Workspace,
): Shortfall | undefined {
  const resources = digRecord(container.object, 'resources');
  const own = digRecord(resources, bound);
  const limits = digRecord(resources, 'limits');
  const counting = given(own?.[compute]) || bound === 'limits' ? own : limits;
  if (provided(counting?.[compute])) return undefined;
  const shared = dig(workload.pod, 'resources');
  if (provided(dig(shared, bound, compute))) return undefined;
  // A limit of the pod is its request only where no container has one of its own.
  const limited = (one: unknown) => provided(dig(one, 'limits', compute));
  if (
    bound === 'requests' &&
    limited(shared) &&
    !workload.containers.some(
      (one) => provided(dig(one.object, 'resources', 'requests', compute)) || limited(one.object.resources),
    )
  )
    return undefined;
  // LimitRanges fill in what is absent, not what is zero.
  if (counting && isZero(counting[compute])) return { zero: true, on: counting, key: compute };
  if (
    workspace
      .unit(workload)
      .all('LimitRange')
      .some((range) => hasDefault(range, compute, bound))
  )
    return undefined;
  // A whole map that is one text is a template, which the engine sees where it is reported.
  const text = (bound === 'requests' ? ['requests', 'limits'] : ['limits']).find(
    (key) => typeof resources?.[key] === 'string',
  );
  return resources && text !== undefined
    ? { zero: false, on: resources, key: text }
    : { zero: false, on: container.object, key: 'resources' };
}
