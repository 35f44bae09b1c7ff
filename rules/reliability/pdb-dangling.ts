import { defineRule, digRecord, isRecord, selectorOf, selectsOperatorPods, unrendered, whyPodsUnseen } from '#rule';

export default defineRule({
  title: 'Disruption budget must select a workload',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['PodDisruptionBudget'],
  scope: 'workspace',
  messages: {
    nothing: '{budget} has no selector, so it protects no pod',
    dangling: 'No pod template of the namespace carries the labels that {budget} selects, so it protects no pod',
    everything:
      '{budget} selects every pod of the namespace, {count} workloads with one budget, so a drain of one waits for all',
  },
  equivalents: ['popeye:900', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, Specifying a Disruption Budget'],
  check(budget, { report, undetermined, workspace }) {
    const spec = digRecord(budget.object, 'spec');
    const raw = spec?.['selector'];
    const place = spec ? { on: spec, key: 'selector' } : { on: budget.object, key: 'spec' };
    if (raw === undefined || raw === null) {
      report({ message: 'nothing', data: { budget: budget.title }, ...place });
      return;
    }
    if (!isRecord(raw)) return;
    const bundle = workspace.bundle(budget);
    const expressions = raw['matchExpressions'];
    if (
      Object.keys(digRecord(raw, 'matchLabels') ?? {}).length === 0 &&
      !(Array.isArray(expressions) && expressions.length > 0)
    ) {
      const workloads = bundle.workloads();
      if (workloads.length > 1)
        report({
          message: 'everything',
          data: { budget: budget.title, count: workloads.length },
          ...place,
          related: workloads.map((workload) => workload.at),
        });
      return;
    }
    const selector = selectorOf(raw);
    if (workspace.unit(budget).selected(selector).length > 0 || selectsOperatorPods(selector) || !bundle.hasWorkload())
      return;
    const why = unrendered(raw) ? 'the labels that it selects are not known' : whyPodsUnseen(workspace, budget);
    if (why !== undefined) undetermined(why, place);
    else report({ message: 'dangling', data: { budget: budget.title }, ...place });
  },
});
