import { type AnyResource, defineRule, type Neighbours, type PodContainer } from '#rule';
import { parseQuantity, shortfallsOf } from '#rule/compute';
import { push } from '#rule/selector';
import { dig, digList, digRecord } from '#rule/shape';

type Compute = 'cpu' | 'memory';
type Bound = 'requests' | 'limits';

/**
 * What a quota requires of each container, by its names in `spec.hard` (Kubernetes documentation, Resource Quotas,
 * Requests compared to Limits).
 */
const demands: readonly { readonly names: readonly string[]; readonly compute: Compute; readonly bound: Bound }[] = [
  { names: ['requests.cpu', 'cpu'], compute: 'cpu', bound: 'requests' },
  { names: ['requests.memory', 'memory'], compute: 'memory', bound: 'requests' },
  { names: ['limits.cpu'], compute: 'cpu', bound: 'limits' },
  { names: ['limits.memory'], compute: 'memory', bound: 'limits' },
];

/** The quotas by namespace. A quota with a scope applies only to some pods, and is skipped. */
function quotasOf(bundle: Neighbours): ReadonlyMap<string, readonly AnyResource[]> {
  const found = new Map<string, AnyResource[]>();
  for (const quota of bundle.all('ResourceQuota', '*')) {
    const isScoped = ['scopes', 'scopeSelector'].some(
      (key) => (dig(quota.object, 'spec', key) ?? undefined) !== undefined,
    );
    if (!isScoped) push(found, quota.namespace, quota);
  }
  return found;
}

interface Range {
  readonly range: AnyResource;
  readonly items: readonly object[];
}

/** The LimitRanges with items for containers by namespace. */
function rangesOf(bundle: Neighbours): ReadonlyMap<string, readonly Range[]> {
  const found = new Map<string, Range[]>();
  for (const range of bundle.all('LimitRange', '*')) {
    const items = digList(range.object, 'spec', 'limits').filter((item) => item['type'] === 'Container');
    if (items.length > 0) push(found, range.namespace, { range, items });
  }
  return found;
}

/** A value of a container that a LimitRange does not allow. */
interface Breach {
  readonly on: object;
  readonly bound: Bound;
  readonly value: string;
  readonly rule: string;
}

/** The values of a container that an item of a LimitRange rejects (Kubernetes documentation, Limit Ranges). */
function breachOf(item: object, container: PodContainer, compute: Compute): Breach | undefined {
  const own = (bound: Bound) => {
    const on = digRecord(container.object, 'resources', bound);
    return { on, value: on?.[compute], amount: parseQuantity(on?.[compute]) };
  };
  const [request, limit] = [own('requests'), own('limits')];
  const bounds = [
    { ...request, bound: 'requests' as const },
    { ...limit, bound: 'limits' as const },
  ];
  const border = (field: string) => {
    const amount = parseQuantity(dig(item, field, compute));
    return { amount, text: amount === undefined ? '' : String(dig(item, field, compute)) };
  };
  const [least, most, ratio, standard] = [
    border('min'),
    border('max'),
    border('maxLimitRequestRatio'),
    border('default'),
  ];
  for (const { on, bound, value, amount } of bounds) {
    if (!on || amount === undefined) continue;
    const breach = (rule: string): Breach => ({ on, bound, value: String(value), rule });
    if (least.amount !== undefined && amount < least.amount) return breach(`min ${least.text}`);
    if (most.amount !== undefined && amount > most.amount) return breach(`max ${most.text}`);
  }
  if (limit.on && limit.amount !== undefined && request.amount && ratio.amount !== undefined)
    if (limit.amount / request.amount > ratio.amount * (1 + 1e-9))
      return {
        on: limit.on,
        bound: 'limits',
        value: String(limit.value),
        rule: `maxLimitRequestRatio ${ratio.text}`,
      };
  // The default limit of a container without a limit may be below its request.
  if (request.on && request.amount !== undefined && limit.value === undefined && standard.amount !== undefined)
    if (request.amount > standard.amount)
      return {
        on: request.on,
        bound: 'requests',
        value: String(request.value),
        rule: `default limit ${standard.text}`,
      };
  return undefined;
}

export default defineRule({
  title: 'Workload must meet the quota and LimitRange of its namespace',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hard', 'min', 'max', 'maxLimitRequestRatio', 'default'],
  scope: 'workspace',
  messages: {
    unset: 'Container "{container}" of {workload} sets no {bounds}, which {quota} counts, so its pods are rejected',
    outside:
      'Container "{container}" of {workload} sets {bound} to {value}, outside {rule} of {range}, so its pods are rejected',
  },
  help: {
    unset: 'Set {bounds} in resources of the container, or add a LimitRange with defaults to the namespace',
    outside: 'Change {bound} in resources of the container, or {rule} in the LimitRange',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Resource Quotas'],
  check(workload, { report, workspace }) {
    // Operators may add to the pods of a custom resource.
    if (workload.byShape) return;
    const bundle = workspace.bundle(workload);
    const lacking = new Map<PodContainer, { readonly quota: AnyResource; readonly bounds: string[] }>();
    for (const quota of bundle.once(quotasOf).get(workload.namespace) ?? []) {
      const hard = digRecord(quota.object, 'spec', 'hard') ?? {};
      for (const { names, compute, bound } of demands) {
        if (!names.some((name) => hard[name] !== undefined)) continue;
        const scope = { workspace, options: { initContainers: true } };
        for (const { container, zero } of shortfallsOf(workload, compute, bound, scope)) {
          // For a quota, zero counts as a value.
          if (zero) continue;
          const known = lacking.get(container) ?? { quota, bounds: [] };
          lacking.set(container, known);
          if (!known.bounds.includes(`${bound}.${compute}`)) known.bounds.push(`${bound}.${compute}`);
        }
      }
    }
    for (const [container, { quota, bounds }] of lacking)
      report({
        message: 'unset',
        data: {
          container: container.name,
          workload: workload.title,
          bounds: bounds.join(', '),
          quota: quota.title,
        },
        on: container.object,
        key: 'resources',
        related: [quota.at],
      });
    for (const { range, items } of bundle.once(rangesOf).get(workload.namespace) ?? [])
      for (const item of items)
        for (const container of workload.containers)
          for (const compute of ['cpu', 'memory'] as const) {
            const breach = container.role === 'ephemeral' ? undefined : breachOf(item, container, compute);
            if (breach)
              report({
                message: 'outside',
                data: {
                  container: container.name,
                  workload: workload.title,
                  bound: `${breach.bound}.${compute}`,
                  value: breach.value,
                  rule: breach.rule,
                  range: range.title,
                },
                on: breach.on,
                key: compute,
                related: [range.at],
              });
          }
  },
});
