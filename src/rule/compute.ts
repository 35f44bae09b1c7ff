import { dig, digList, digRecord } from '#model/dig.ts';
import { parseQuantity } from '#model/quantity.ts';
import type { PodContainer, Workload } from '#model/resource.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Family } from './define.ts';
import { isHelmTest, isSparkContainer, isSparkTemplate } from './pod.ts';
import { holdsRoom } from './replicas.ts';

export { parseQuantity } from '#model/quantity.ts';

type Compute = 'cpu' | 'memory';

/** What a container lacks, and the map and key to report: a value of 0, or where a value is missing. */
interface Shortfall {
  readonly zero: boolean;
  readonly on: object;
  readonly key: string;
}

const given = (value: unknown): boolean => value !== undefined && value !== null;
const isZero = (value: unknown): boolean => given(value) && parseQuantity(value) === 0;
/** Set to a value other than 0. */
const provided = (value: unknown): boolean => given(value) && !isZero(value);

/**
 * Fields of a LimitRange item that become the default: the first that is set counts (Kubernetes API defaults,
 * LimitRangeItem).
 */
const rangeFields = { requests: ['defaultRequest', 'default', 'max', 'min'], limits: ['default', 'max'] } as const;

const hasDefault = (range: AnyResource, compute: Compute, bound: 'requests' | 'limits'): boolean => {
  return digList(range.object, 'spec', 'limits').some(
    (item) =>
      dig(item, 'type') === 'Container' &&
      provided(rangeFields[bound].map((field) => dig(item, field, compute)).find(given)),
  );
};

const defaults = {
  requests: {
    cpu: (range: AnyResource) => hasDefault(range, 'cpu', 'requests'),
    memory: (range: AnyResource) => hasDefault(range, 'memory', 'requests'),
  },
  limits: {
    cpu: (range: AnyResource) => hasDefault(range, 'cpu', 'limits'),
    memory: (range: AnyResource) => hasDefault(range, 'memory', 'limits'),
  },
} as const;

/** The option of the rules about requests and limits that includes init containers. Sidecars always count. */
export const initContainers = {
  type: 'boolean',
  default: false,
  description: 'Also check ordinary init containers.',
} as const;

/** The containers of a workload that lack a request or limit. */
export function shortfallsOf(
  workload: Workload,
  compute: Compute,
  bound: 'requests' | 'limits',
  { workspace, options }: { readonly workspace: Workspace; readonly options: { readonly initContainers: boolean } },
): readonly (Shortfall & { readonly container: PodContainer })[] {
  // A pod that only reserves capacity uses almost nothing.
  if (holdsRoom(workload) || isHelmTest(workload)) return [];
  return workload.containers
    .filter((one) => one.longRunning || (options.initContainers && one.role === 'init'))
    .filter((one) => !(isSparkContainer(one) && isSparkTemplate(workload)))
    .flatMap((container) => {
      const shortfall = shortfallOf(container, workload, compute, bound, workspace);
      return shortfall ? [{ ...shortfall, container }] : [];
    });
}

/**
 * What a container lacks of a request or limit after the defaults of its pod and of LimitRanges. A limit is also a
 * request if there is none: the API server copies it, even a limit of 0.
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
  // A limit of the pod is also its request, unless a container has a request or limit of its own.
  const limited = (one: unknown) => provided(dig(one, 'limits', compute));
  if (
    bound === 'requests' &&
    limited(shared) &&
    !workload.containers.some(
      (one) => provided(dig(one.object, 'resources', 'requests', compute)) || limited(one.object.resources),
    )
  )
    return undefined;
  // LimitRanges set a default for missing values, not for 0.
  if (counting && isZero(counting[compute])) return { zero: true, on: counting, key: compute };
  if (workspace.unit(workload).some('LimitRange', defaults[bound][compute])) return undefined;
  // A string instead of a map is a template, which the engine recognizes at the reported location.
  const text = (bound === 'requests' ? ['requests', 'limits'] : ['limits']).find(
    (key) => typeof resources?.[key] === 'string',
  );
  return resources && text !== undefined
    ? { zero: false, on: resources, key: text }
    : { zero: false, on: container.object, key: 'resources' };
}

/** What a container may lack of its `resources`. */
export const containerResources: Family = {
  message:
    'Container "{container}" of {workload} has no {parts}, so it suffers first when the node runs short of resources',
  help: 'Set what is missing in resources of the container, e.g. requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}',
};

/** Probes that a container may lack. */
export const containerProbes: Family = {
  message:
    'Container "{container}" of {workload} has no {parts}, so Kubernetes cannot tell when it fails or is not ready',
  help: 'Add the probes to the container, e.g. readinessProbe: {httpGet: {path: /ready, port: 8080}}',
};
