import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';
import { doubtOf, patched } from '#rule/unknown';

const fields = ['minAvailable', 'maxUnavailable'] as const;

export default defineRule({
  title: 'PodDisruptionBudget should set exactly one limit',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['PodDisruptionBudget'],
  scope: 'resource',
  fix: 'suggestion: set maxUnavailable: 1',
  messages: {
    none: '{budget} sets neither minAvailable nor maxUnavailable, so it blocks every eviction and node drains fail',
    both: '{budget} sets both minAvailable and maxUnavailable, so the API server rejects it',
  },
  help: {
    none: 'Set maxUnavailable: 1',
    both: 'Keep maxUnavailable: 1 and remove minAvailable',
  },
  equivalents: ['kube-score:poddisruptionbudget-has-policy'],
  // No default applies: the controller then expects 0 pods and allows 0 disruptions.
  sources: [
    'Kubernetes documentation, Specifying a Disruption Budget',
    'Kubernetes source, pkg/controller/disruption/disruption.go (getExpectedPodCount, updatePdbStatus)',
  ],
  check(budget, { report, undetermined }) {
    const spec = digRecord(budget.object, 'spec');
    const given = fields.filter((field) => (spec?.[field] ?? undefined) !== undefined);
    if (given.length === 1) return;
    const place = spec ? { on: spec, key: 'minAvailable' } : { on: budget.object, key: 'spec' };
    const change = budget.changes.find((one) =>
      fields.some((field) => patched({ changes: [one], object: budget.object }, 'spec', field)),
    );
    const data = { budget: budget.title };
    if (change) undetermined(doubtOf(change), place);
    else if (given.length === 2)
      report({
        message: 'both',
        data,
        ...place,
        fix: {
          safe: false,
          edits: [
            { op: 'remove', on: place.on, key: 'minAvailable' },
            { op: 'set', on: place.on, key: 'maxUnavailable', value: 1 },
          ],
        },
      });
    else
      report({
        message: 'none',
        data,
        ...place,
        ...(spec
          ? { fix: { safe: false, edits: [{ op: 'set' as const, on: spec, key: 'maxUnavailable', value: 1 }] } }
          : {}),
      });
  },
});
