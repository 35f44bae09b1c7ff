import { defineRule } from '#rule';
import { isDeployment, replicasPlace } from '#rule/replicas';

export default defineRule({
  title: 'Replicated Deployment should have an HPA',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'workspace',
  messages: {
    missing: '{workload} has no autoscaler, so its number of pods does not follow the load',
  },
  help: 'Add a HorizontalPodAutoscaler (autoscaling/v2) or a KEDA ScaledObject that targets it, e.g. with minReplicas: 2',
  equivalents: ['hardeneks:check_horizontal_pod_autoscaling_exists'],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { report, workspace }) {
    if (!isDeployment(workload)) return;
    const unit = workspace.unit(workload);
    const rollout = unit.rolloutOf(workload);
    if ([workload, ...(rollout ? [rollout] : [])].some((one) => unit.scalersOf(one).length > 0)) return;
    report({ message: 'missing', data: { workload: workload.title }, when: unit.closed, ...replicasPlace(workload) });
  },
});
