import { defineRule } from '#rule';
import { holdsRoom, isCoreDns, isReplicated, leastReplicas, replicasPlace } from '#rule/replicas';
import { unclearPodLabels, unclearSelectorsAround } from '#rule/unknown';

export default defineRule({
  title: 'Replicated workload should have a PodDisruptionBudget',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    exempt: { type: 'array', items: { type: 'string' }, default: [], description: 'Namespaces to skip.' },
  },
  messages: {
    missing:
      '{workload} runs {replicas} replicas without a PodDisruptionBudget, so a node drain may evict all of them at once',
  },
  help: 'Add a PodDisruptionBudget with maxUnavailable: 1 that selects the labels of the pod template',
  equivalents: [
    'kube-score:deployment-has-poddisruptionbudget',
    'kube-score:statefulset-has-poddisruptionbudget',
    'polaris:missingPodDisruptionBudget',
    'popeye:206',
    'kics:Deployment Without PodDisruptionBudget',
    'kics:StatefulSet Without PodDisruptionBudget',
    'eksup:K8S004',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Specifying a Disruption Budget'],
  check(workload, { options, report, undetermined, workspace }) {
    if (
      !isReplicated(workload) ||
      options.exempt.includes(workload.namespace) ||
      isCoreDns(workload) ||
      holdsRoom(workload)
    )
      return;
    const replicas = leastReplicas(workspace, workload);
    if (replicas === undefined || (replicas !== 'unknown' && !(replicas >= 2))) return;
    const unit = workspace.unit(workload);
    if (unit.hasBudgetFor(workload.podLabels)) return;

    const place = replicasPlace(workload);
    const unclear =
      unclearSelectorsAround(workspace, workload, 'PodDisruptionBudget') ||
      (unclearPodLabels(workload) && unit.has('PodDisruptionBudget'));
    if (replicas === 'unknown') undetermined('its number of replicas is not known', place);
    else if (unclear)
      undetermined('the labels of its pods or the selector of a PodDisruptionBudget are not known', place);
    else report({ message: 'missing', data: { workload: workload.title, replicas }, when: unit.closed, ...place });
  },
});
