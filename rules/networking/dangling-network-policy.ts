import { defineRule } from '#rule';
import { foundElsewhere, selectsUnseenPods, whyPodsMade, whyPodsUnseen } from '#rule/absence';
import { selectorOf } from '#rule/selector';
import { digRecord } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Network policy should select a workload',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['NetworkPolicy'],
  scope: 'workspace',
  messages: {
    dangling: '{policy} selects labels that no pod in its namespace has, so it isolates nothing',
    elsewhere: '{policy} selects labels that only pods in namespace "{other}" have, so it isolates nothing',
  },
  help: {
    dangling: 'Set spec.podSelector.matchLabels to labels of the pod template, e.g. app: web',
    elsewhere: 'Set metadata.namespace: {other}',
  },
  equivalents: [
    'kube-linter:dangling-networkpolicy',
    'kube-score:networkpolicy-targets-pod',
    'kubescape:C-0299',
    'popeye:1200',
    'monokle:LNK001',
    'kics:Network Policy Is Not Targeting Any Pod',
  ],
  sources: ['Kubernetes documentation, Network Policies'],
  check(policy, { report, undetermined, workspace }) {
    const spec = digRecord(policy.object, 'spec');
    const raw = digRecord(spec, 'podSelector');
    if (!spec || !raw) return;
    const selector = selectorOf(raw);
    const unit = workspace.unit(policy);
    if (
      selector.requirements.length === 0 ||
      selectsUnseenPods(selector, policy.namespace) ||
      unit.selected(selector, policy.namespace, 1).length > 0
    )
      return;
    const bundle = workspace.bundle(policy);
    // A selector's omissions say nothing about the intended pods.
    const isNamed = selector.requirements.some(({ operator }) => operator === 'In');
    const other =
      isNamed && !bundle.mayHoldOtherPods()
        ? foundElsewhere(bundle.selected(selector, '*'), policy.namespace)
        : undefined;
    if (!other && !bundle.hasWorkload()) return;
    const place = { on: spec, key: 'podSelector' } as const;
    const why =
      unrendered(raw) || patched(policy, 'spec', 'podSelector')
        ? 'the labels that it selects are not known'
        : (whyPodsUnseen(workspace, policy) ?? whyPodsMade(workspace, policy));
    if (why !== undefined) undetermined(why, place);
    else if (other)
      report({
        message: 'elsewhere',
        data: { policy: policy.title, other: other.namespace },
        ...place,
        related: [other.at],
      });
    else report({ message: 'dangling', data: { policy: policy.title }, ...place });
  },
});
