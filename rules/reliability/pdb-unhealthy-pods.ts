import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

const field = 'unhealthyPodEvictionPolicy';

export default defineRule({
  title: 'PodDisruptionBudget should allow eviction of unhealthy pods',
  severity: 'low',
  preset: 'strict',
  kinds: ['PodDisruptionBudget'],
  scope: 'resource',
  fix: 'safe: set unhealthyPodEvictionPolicy: AlwaysAllow',
  options: {
    acceptExplicit: { type: 'boolean', default: false, description: 'Accept any explicit value.' },
  },
  messages: {
    kept: '{budget} does not set unhealthyPodEvictionPolicy: AlwaysAllow, so pods that never become ready can block a node drain',
  },
  help: 'Set spec.unhealthyPodEvictionPolicy: AlwaysAllow',
  equivalents: ['kube-linter:pdb-unhealthy-pod-eviction-policy'],
  sources: ['Kubernetes documentation, Specifying a Disruption Budget'],
  check(budget, { options, report, target }) {
    // The field has an effect since 1.27 (Kubernetes documentation, Specifying a Disruption Budget).
    if (target.lowest < 27) return;
    const spec = digRecord(budget.object, 'spec');
    const written = spec?.[field] ?? undefined;
    if (written === 'AlwaysAllow' || (options.acceptExplicit && written !== undefined && written !== '')) return;
    const data = { budget: budget.title };
    if (spec)
      report({
        message: 'kept',
        data,
        on: spec,
        key: field,
        fix: { safe: true, edits: [{ op: 'set', on: spec, key: field, value: 'AlwaysAllow' }] },
      });
    else report({ message: 'kept', data, on: budget.object, key: 'spec' });
  },
});
