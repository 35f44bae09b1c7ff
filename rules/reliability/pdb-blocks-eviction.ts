import { defineRule, type Workload, type Workspace } from '#rule';
import { countOf, isListed, leastReplicas } from '#rule/replicas';
import { type Selector, selectorOf } from '#rule/selector';
import { digRecord, isRecord } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

/** A percentage in the form that the API accepts, as a number. */
const percentOf = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,6}%$/.test(value) ? Number.parseInt(value, 10) : undefined;

/** Maximum number of workloads that a finding names. */
const mostRelated = 20;

/** Results of `podsOf`: many budgets may select the same workload. */
const podsKnown = new WeakMap<Workload, number | 'unknown' | undefined>();

/**
 * The minimum number of pods of a workload; 1 for an autoscaler that scales to zero, because it runs one when there is
 * work.
 */
function podsOf(workload: Workload, workspace: Workspace): number | 'unknown' | undefined {
  if (workload.kind === 'Pod') return 1;
  if (!podsKnown.has(workload)) {
    const replicas = leastReplicas(workspace, workload);
    const scaled = replicas === 0 && workspace.unit(workload).scalersOf(workload).length > 0;
    podsKnown.set(workload, scaled ? 1 : replicas);
  }
  return podsKnown.get(workload);
}

const identity = (workload: Workload): string => `${workload.kind}/${workload.name}`;

/** Workloads that a budget selects, and how many pods each of them runs. */
interface Selected {
  /** Those that are certainly applied together with it. */
  readonly certain: readonly Workload[];
  readonly matched: readonly Workload[];
  readonly pods: readonly (number | 'unknown' | undefined)[];
  /** The known number of pods. */
  readonly sum: number;
  readonly isKnown: boolean;
  /** Whether the controllers of all of them can be scaled. */
  readonly isScalable: boolean;
}
/** By the selected pods in the bundle and in the unit: many budgets select the same. */
const selectedKnown = new WeakMap<readonly Workload[], WeakMap<readonly Workload[], Selected>>();
const nothing: readonly Workload[] = [];
const sumOf = (pods: Selected['pods']): number =>
  pods.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);

function selectedBy(
  budget: Parameters<Workspace['unit']>[0],
  chosen: Selector | undefined,
  workspace: Workspace,
): Selected {
  const certain = chosen ? workspace.bundle(budget).selected(chosen) : nothing;
  const all = chosen ? workspace.unit(budget).selected(chosen) : nothing;
  const known = selectedKnown.get(certain) ?? new WeakMap<readonly Workload[], Selected>();
  selectedKnown.set(certain, known);
  const answer = known.get(all);
  if (answer) return answer;
  const names = new Set(certain.map(identity));
  // More pods leave more room, so those in the rest of the unit count; a second copy of a workload adds none.
  const matched = [...certain, ...all.filter((workload) => !names.has(identity(workload)))];
  const pods = matched.map((workload) => podsOf(workload, workspace));
  const found = {
    certain,
    matched,
    pods,
    sum: sumOf(pods),
    isKnown: pods.every((count) => typeof count === 'number'),
    isScalable: matched.every((workload) => workload.replicas !== undefined),
  };
  known.set(all, found);
  return found;
}

export default defineRule({
  title: 'PodDisruptionBudget must allow evictions',
  severity: 'high',
  preset: 'recommended',
  kinds: ['PodDisruptionBudget'],
  scope: 'workspace',
  fix: 'suggestion: set maxUnavailable: 1',
  options: {
    allowSingletons: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Workloads with one replica, as name or namespace/name, whose budget may block eviction.',
    },
  },
  messages: {
    never: '{budget} sets {key}: {value}, which blocks every eviction, so nodes with its pods cannot be drained',
    enough: '{budget} requires minAvailable: {value}, but {workloads} may run only {pods}, so node drains fail',
  },
  help: {
    never: 'Set maxUnavailable: 1 and remove minAvailable',
    enough: 'Set maxUnavailable: 1 instead of minAvailable, or run more replicas than minAvailable',
  },
  equivalents: [
    'kube-linter:pdb-max-unavailable',
    'kube-linter:pdb-min-available',
    'polaris:pdbDisruptionsIsZero',
    'polaris:pdbMinAvailableGreaterThanHPAMinReplicas',
    'popeye:901',
  ],
  sources: ['Kubernetes documentation, Specifying a Disruption Budget', 'EKS Best Practices Guide, Cluster Upgrades'],
  check(budget, { options, report, undetermined, workspace }) {
    const spec = digRecord(budget.object, 'spec');
    if (!spec) return;
    const { maxUnavailable, minAvailable, selector } = spec;
    const key =
      maxUnavailable === 0 || percentOf(maxUnavailable) === 0
        ? 'maxUnavailable'
        : (percentOf(minAvailable) ?? 0) >= 100
          ? 'minAvailable'
          : undefined;
    const unclear = (['maxUnavailable', 'minAvailable'] as const).find(
      (one) => unrendered(spec[one]) || patched(budget, 'spec', one),
    );
    // Most budgets allow an eviction, whatever they select.
    if (!key && !unclear && (minAvailable === undefined || minAvailable === null)) return;
    const bundle = workspace.bundle(budget);
    const chosen = isRecord(selector) ? selectorOf(selector) : undefined;
    if (chosen && !key && !unclear && typeof minAvailable === 'number') {
      // The first workloads of thousands run enough podsusually.
      const few = bundle.selected(chosen, budget.namespace, mostRelated);
      if (sumOf(few.map((one) => podsOf(one, workspace))) > minAvailable) return;
    }
    const { certain, matched, pods, sum, isKnown, isScalable } = selectedBy(budget, chosen, workspace);
    const allowed = (workload: Workload) => isListed(options.allowSingletons, workload);
    if (matched.length > 0 && matched.every((workload, i) => allowed(workload) && (pods[i] === 0 || pods[i] === 1)))
      return;

    const edits = [
      ...(minAvailable === undefined ? [] : [{ op: 'remove' as const, on: spec, key: 'minAvailable' }]),
      { op: 'set' as const, on: spec, key: 'maxUnavailable', value: 1 },
    ];
    // Kubernetes cannot apply maxUnavailable to pods without a scalable controller, so the budget would still block.
    const fix = isScalable ? { fix: { safe: false, edits } } : {};
    if (key) {
      // A budget that selects no workload blocks nothing; reliability/pdb-dangling reports it.
      if (matched.length === 0 && bundle.hasWorkload()) return;
      report({
        message: 'never',
        data: { budget: budget.title, key, value: String(spec[key]) },
        on: spec,
        key,
        related: matched.slice(0, mostRelated).map((workload) => workload.at),
        ...fix,
      });
      return;
    }
    if (certain.length === 0) return;
    if (unclear) {
      undetermined('the amount is an unrendered template, or something else changes it', {
        on: spec,
        key: unclear,
      });
      return;
    }
    // A drain does not evict DaemonSet pods.
    if (
      minAvailable === undefined ||
      minAvailable === null ||
      matched.every((workload) => workload.kind === 'DaemonSet')
    )
      return;
    const wanted = countOf(minAvailable, sum);
    if (wanted === undefined || wanted === 0) return;
    if (!isKnown) {
      const certainlyMore = typeof minAvailable === 'number' && wanted < sum;
      if (!certainlyMore)
        undetermined('the number of pods that it selects is not known', { on: spec, key: 'minAvailable' });
      return;
    }
    if (sum === 0 || wanted < sum) return;
    const first = matched[0]?.title ?? '';
    report({
      message: 'enough',
      data: {
        budget: budget.title,
        value: String(minAvailable),
        workloads: matched.length > 1 ? `${first} and ${matched.length - 1} more` : first,
        pods: sum === 1 ? '1 pod' : `${sum} pods`,
      },
      on: spec,
      key: 'minAvailable',
      related: matched.slice(0, mostRelated).map((workload) => workload.at),
      ...fix,
    });
  },
});
