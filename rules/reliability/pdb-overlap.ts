import { defineRule, type Neighbours, type Workload } from '#rule';
import { inOrder } from '#rule/conflict';
import { digRecord } from '#rule/shape';
import { unclearPodLabels, unrendered } from '#rule/unknown';

type Budget = ReturnType<Neighbours['budgetsFor']>[number];
interface Overlap {
  readonly first: Budget;
  readonly workload: Workload;
}

/**
 * For each budget that shares pods with an earlier budget: the earlier budget and a workload under both. Each list of
 * budgets is checked once, and no more workloads once all budgets of a namespace but the first are known to overlap.
 */
function overlapsOf(bundle: Neighbours): ReadonlyMap<object, Overlap> {
  const found = new Map<object, Overlap>();
  const clear = bundle
    .all('PodDisruptionBudget', '*')
    .filter((one) => !unrendered(digRecord(one.object, 'spec')?.['selector']))
    .sort(inOrder);
  if (clear.length < 2) return found;
  const rank = new Map<object, number>(clear.map((budget, i) => [budget, i]));
  const open = new Map<string, number>();
  for (const { namespace } of clear) open.set(namespace, (open.get(namespace) ?? 0) + 1);
  const seen = new Set<object>();
  for (const workload of bundle.workloads('*')) {
    if ((open.get(workload.namespace) ?? 0) < 2 || unclearPodLabels(workload)) continue;
    const budgets = bundle.budgetsFor(workload.podLabels, workload.namespace);
    if (budgets.length < 2 || seen.has(budgets)) continue;
    seen.add(budgets);
    const rankOf = (one: Budget): number => rank.get(one) ?? Infinity;
    const first = budgets.reduce((least, one) => (rankOf(one) < rankOf(least) ? one : least));
    for (const budget of budgets) {
      // An object of the same name is the same object written twice.
      if (budget === first || rankOf(budget) === Infinity || budget.name === first.name || found.has(budget)) continue;
      found.set(budget, { first, workload });
      open.set(budget.namespace, (open.get(budget.namespace) ?? 0) - 1);
    }
  }
  return found;
}

export default defineRule({
  title: 'Pod must be covered by only one PodDisruptionBudget',
  severity: 'high',
  preset: 'recommended',
  kinds: ['PodDisruptionBudget'],
  scope: 'workspace',
  messages: {
    overlap: '{budget} and {other} both select the pods of {workload}, so evicting these pods fails with an error',
  },
  help: 'Remove one of the budgets, or narrow spec.selector so that each pod is selected by one of them',
  equivalents: ['popeye:209'],
  sources: ['Kubernetes documentation, Specifying a Disruption Budget'],
  check(budget, { report, workspace }) {
    const overlap = workspace.bundle(budget).once(overlapsOf).get(budget);
    const spec = digRecord(budget.object, 'spec');
    if (!overlap || !spec) return;
    const { first, workload } = overlap;
    report({
      message: 'overlap',
      data: { budget: budget.title, workload: workload.title, other: first.title },
      on: spec,
      key: 'selector',
      related: [first.at, workload.at],
    });
  },
});
