import { defineRule } from '#rule';
import { foundElsewhere, selectsUnseenPods, whyPodsMade, whyPodsUnseen } from '#rule/absence';
import { selectorOf } from '#rule/selector';
import { digRecord, isRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Maximum number of workloads that a finding names. */
const mostRelated = 20;

export default defineRule({
  title: 'PodDisruptionBudget should select a workload',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['PodDisruptionBudget'],
  scope: 'workspace',
  messages: {
    nothing: '{budget} has no selector, so it protects no pods',
    dangling: '{budget} selects labels that no pod in its namespace has, so it protects no pods',
    elsewhere: '{budget} selects pods that run only in namespace "{other}", so it protects no pods',
    everything:
      "{budget} selects all pods of its namespace, so {count} workloads share one budget and block each other's evictions",
  },
  help: {
    nothing: 'Set spec.selector.matchLabels to labels of the pod template, e.g. app: web',
    dangling: 'Set spec.selector.matchLabels to labels of the pod template, e.g. app: web',
    elsewhere: 'Set metadata.namespace: {other} on the PodDisruptionBudget',
    everything: 'Give each workload its own PodDisruptionBudget with spec.selector.matchLabels, e.g. app: web',
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
          related: workloads.slice(0, mostRelated).map((workload) => workload.at),
        });
      return;
    }
    const selector = selectorOf(raw);
    if (
      workspace.unit(budget).selected(selector, budget.namespace, 1).length > 0 ||
      selectsUnseenPods(selector, budget.namespace)
    )
      return;
    const other = bundle.mayHoldOtherPods()
      ? undefined
      : foundElsewhere(bundle.selected(selector, '*'), budget.namespace);
    if (!other && !bundle.hasWorkload()) return;
    const why = unrendered(raw) ? 'the labels that it selects are not known' : whyPodsUnseen(workspace, budget);
    if (why !== undefined) undetermined(why, place);
    else if (other)
      report({
        message: 'elsewhere',
        data: { budget: budget.title, other: other.namespace },
        ...place,
        related: [other.at],
      });
    else {
      const made = whyPodsMade(workspace, budget);
      if (made === undefined) report({ message: 'dangling', data: { budget: budget.title }, ...place });
      else undetermined(made, place);
    }
  },
});
