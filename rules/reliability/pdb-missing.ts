import {
  defineRule,
  digRecord,
  leastReplicas,
  parseImage,
  unclearPodLabels,
  unclearSelectorsAround,
  type Workload,
} from '#rule';

/** Pods that hold room for others: they are there to be evicted. */
const holdsRoom = (workload: Workload): boolean => {
  const images = workload.containers.map((container) => parseImage(container.image ?? '').repository);
  return (
    images.length > 0 && images.every((repository) => repository.slice(repository.lastIndexOf('/') + 1) === 'pause')
  );
};

export default defineRule({
  title: 'Replicated workload should have a disruption budget',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet'],
  scope: 'workspace',
  options: {
    exempt: { type: 'array', items: { type: 'string' }, default: [], description: 'Namespaces that are left out.' },
  },
  messages: {
    missing:
      '{workload} keeps {replicas} replicas and no PodDisruptionBudget, so node upgrades may evict all of them at once',
  },
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
      options.exempt.includes(workload.namespace) ||
      (workload.name === 'coredns' && ['kube-system', ''].includes(workload.namespace)) ||
      holdsRoom(workload)
    )
      return;
    const replicas = leastReplicas(workspace, workload);
    if (replicas === undefined || (replicas !== 'unknown' && !(replicas >= 2))) return;
    const unit = workspace.unit(workload);
    if (unit.budgetsFor(workload.podLabels).length > 0) return;

    const spec = digRecord(workload.object, 'spec');
    const place = spec ? { on: spec, key: 'replicas' } : { on: workload.object, key: 'spec' };
    const unclear =
      unclearSelectorsAround(workspace, workload, 'PodDisruptionBudget') ||
      (unclearPodLabels(workload) && unit.all('PodDisruptionBudget').length > 0);
    if (replicas === 'unknown') undetermined('how many replicas it keeps is not known', place);
    else if (unclear)
      undetermined('the labels of its pods or the selector of a PodDisruptionBudget are not known', place);
    else report({ message: 'missing', data: { workload: workload.title, replicas }, when: unit.closed, ...place });
  },
});
