import { defineRule } from '#rule';
import { isReplicated } from '#rule/replicas';
import { antiAffinityTerms, meetsOwnPods, ownLabels, spreadConstraints, takesLabels } from '#rule/spread';
import { changedElsewhere } from '#rule/origin';
import { isRecord, record } from '#rule/shape';
import { unclearPodLabels, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Topology spread constraint must match its own pods',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['topologySpreadConstraints', 'podAntiAffinity'],
  scope: 'resource',
  fix: "suggestion: use the labels of the workload's selector",
  messages: {
    absent: '{workload} has a spread constraint without labelSelector, so it matches no pods and does not spread them',
    all: '{workload} has a spread constraint with an empty labelSelector, so it counts all pods of the namespace',
    other: '{workload} has a spread constraint for labels that its pods lack, so it does not spread them',
    key: '{workload} has a spread constraint with an empty topologyKey, so the API server rejects it',
    termAbsent: '{workload} has a pod anti-affinity term without labelSelector, so it has no effect',
    termAll:
      '{workload} has a pod anti-affinity term with an empty labelSelector, so it repels all pods in the namespace',
  },
  help: {
    absent: 'Set labelSelector.matchLabels to labels of the pod template, e.g. app: web',
    all: 'Set labelSelector.matchLabels to labels of the pod template, e.g. app: web',
    other: 'Set labelSelector.matchLabels to labels of the pod template, e.g. app: web',
    key: 'Set topologyKey: topology.kubernetes.io/zone or kubernetes.io/hostname',
    termAbsent: 'Set labelSelector.matchLabels to labels of the pod template, e.g. app: web',
    termAll: 'Set labelSelector.matchLabels to labels of the pod template, e.g. app: web',
  },
  equivalents: ['kube-linter:no-anti-affinity', 'kube-score:pod-topology-spread-constraints'],
  sources: ['Kubernetes documentation, Pod Topology Spread Constraints'],
  check(workload, { report, undetermined }) {
    if (!isReplicated(workload) && workload.kind !== 'ReplicaSet') return;
    const labels = ownLabels(workload);
    const data = { workload: workload.title };
    const fixOf = (on: object) =>
      // The labels after a kustomization are not those next to the selector.
      Object.keys(labels).length === 0 || workload.object !== workload.written
        ? {}
        : {
            fix: {
              safe: false,
              edits: [{ op: 'set' as const, on, key: 'labelSelector', value: { matchLabels: { ...labels } } }],
            },
          };
    for (const constraint of spreadConstraints(workload)) {
      const { on } = constraint;
      if ((constraint.topologyKey ?? '') === '') report({ message: 'key', data, on, key: 'topologyKey' });
      const meets = meetsOwnPods(constraint, workload);
      if (meets === 'own' || (meets !== 'other' && takesLabels(constraint))) continue;
      const place = { on, key: 'labelSelector' };
      if (unrendered(constraint.labelSelector)) undetermined('the selector is an unrendered template', place);
      else if (meets !== 'other') report({ message: meets, data, ...place, ...fixOf(on) });
      else if (unclearPodLabels(workload)) undetermined('the labels of its pods are not known', place);
      else {
        // If a patch changed the labels, the error is there.
        const carried = record(record(workload.template.metadata)?.labels);
        const selector = constraint.labelSelector;
        const wanted =
          isRecord(selector) && isRecord(selector['matchLabels']) ? Object.keys(selector['matchLabels']) : [];
        const changed = carried && changedElsewhere(workload, carried, wanted);
        if (changed) report({ message: 'other', data, at: changed, related: [workload.place(on, 'labelSelector')] });
        else report({ message: 'other', data, ...place, ...fixOf(on) });
      }
    }
    for (const term of antiAffinityTerms(workload)) {
      const meets = meetsOwnPods(term, workload);
      const place = { on: term.on, key: 'labelSelector' };
      if (typeof term.labelSelector === 'string') undetermined('the selector is an unrendered template', place);
      else if (meets === 'absent') report({ message: 'termAbsent', data, ...place, ...fixOf(term.on) });
      else if (meets === 'all' && !takesLabels(term)) report({ message: 'termAll', data, ...place, ...fixOf(term.on) });
    }
  },
});
