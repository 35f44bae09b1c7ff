import { defineRule, type Workload } from '#rule';
import { parseImage } from '#rule/image';
import { leastReplicas } from '#rule/replicas';
import { digRecord } from '#rule/shape';
import { unclearPodLabels, unclearSelectorsAround } from '#rule/unknown';

/** Whether pods only reserve capacity for others: they exist to be evicted. */
const holdsRoom = (workload: Workload): boolean => {
  const images = workload.containers.map((container) => parseImage(container.image ?? '').repository);
  return (
    images.length > 0 && images.every((repository) => repository.slice(repository.lastIndexOf('/') + 1) === 'pause')
  );
};

/** Kinds with interchangeable pods. An Argo Rollout that refers to a Deployment has no pods of its own kind; the Deployment is judged. */
const replicated = new Set(['Deployment', 'StatefulSet', 'Rollout']);

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
    // networking/coredns-replicas judges CoreDNS.
    if (
      !replicated.has(workload.kind) ||
      digRecord(workload.object, 'spec', 'workloadRef') ||
      options.exempt.includes(workload.namespace) ||
      (workload.name === 'coredns' && ['kube-system', ''].includes(workload.namespace)) ||
      holdsRoom(workload)
    )
      return;
    const replicas = leastReplicas(workspace, workload);
    if (replicas === undefined || (replicas !== 'unknown' && !(replicas >= 2))) return;
    const unit = workspace.unit(workload);
    if (unit.hasBudgetFor(workload.podLabels)) return;

    const spec = digRecord(workload.object, 'spec');
    const place = spec ? { on: spec, key: 'replicas' } : { on: workload.object, key: 'spec' };
    const unclear =
      unclearSelectorsAround(workspace, workload, 'PodDisruptionBudget') ||
      (unclearPodLabels(workload) && unit.has('PodDisruptionBudget'));
    if (replicas === 'unknown') undetermined('its number of replicas is not known', place);
    else if (unclear)
      undetermined('the labels of its pods or the selector of a PodDisruptionBudget are not known', place);
    else report({ message: 'missing', data: { workload: workload.title, replicas }, when: unit.closed, ...place });
  },
});
