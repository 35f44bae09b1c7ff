import { defineRule, type Workload, type Workspace } from '#rule';
import { claimsOf } from '#rule/claim';
import {
  countReplicas,
  holdsRoom,
  isCoreDns,
  isDeployment,
  isListed,
  leastReplicas,
  mountsOneNodeClaim,
  replicasPlace,
  singletons,
} from '#rule/replicas';
import { isServed } from '#rule/service';
import { dig } from '#rule/shape';

/** The AWS Load Balancer Controller: while its pod moves, changes wait, but load balancers keep serving. */
const isLoadBalancerController = ({ name, labels }: Workload): boolean =>
  name === 'aws-load-balancer-controller' || labels['app.kubernetes.io/name'] === 'aws-load-balancer-controller';

/**
 * Whether an update stops the pod before it starts the next, and no volume shows that the pods could share their data.
 */
const isSingleton = (workspace: Workspace, workload: Workload): boolean =>
  dig(workload.object, 'spec', 'strategy', 'type') === 'Recreate' &&
  (claimsOf(workload).length === 0 || mountsOneNodeClaim(workspace, workload));

export default defineRule({
  title: 'Deployment should run more than one replica',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: set spec.replicas to the minimum',
  options: {
    min: { type: 'integer', default: 2, minimum: 1, description: 'Minimum number of replicas.' },
    statefulSets: { type: 'boolean', default: false, description: 'Also check StatefulSets.' },
    singletons,
  },
  messages: {
    single: '{workload} {runs}, so it is unavailable when its node is drained or fails',
    idle: '{workload} {runs}, so its work stops while its pod moves to another node',
    few: '{workload} {runs}, fewer than the required {min}, so too few remain when a node fails',
  },
  help: {
    single:
      'Set spec.replicas: 2, or minReplicas of the autoscaler; list a workload that must run only once in the option singletons',
    idle: 'Set spec.replicas: 2 if the program elects a leader; list a workload that must run only once in the option singletons',
    few: 'Set spec.replicas: {min}, or minReplicas of the autoscaler; list exceptions in the option singletons',
  },
  equivalents: [
    'kube-linter:minimum-three-replicas',
    'kube-score:deployment-replicas',
    'polaris:deploymentMissingReplicas',
    'hardeneks:run_multiple_replicas',
    'popeye:1109',
    'eksup:K8S002',
  ],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { options, report, undetermined, workspace }) {
    if (!isDeployment(workload) && !(options.statefulSets && workload.kind === 'StatefulSet')) return;
    if (isCoreDns(workload) || isLoadBalancerController(workload) || isListed(options.singletons, workload)) return;
    const isWritten = (dig(workload.object, 'spec', 'replicas') ?? undefined) !== undefined;
    const unit = workspace.unit(workload);
    const scaler = unit.scalersOf(workload)[0];
    // scaling/hpa-min-replicas reports the minimum of an autoscaler that is the only cause.
    if (scaler && !isWritten) return;
    // Pods that only reserve capacity serve no requests; Recreate means that two pods must not run at the same time, as
    // with one volume.
    if (holdsRoom(workload) || isSingleton(workspace, workload)) return;
    const replicas = leastReplicas(workspace, workload);
    const place = replicasPlace(workload);
    if (replicas === 'unknown') undetermined('its number of replicas is not known', place);
    else if (replicas !== undefined && replicas > 0 && replicas < options.min) {
      const isClaimed = claimsOf(workload).length > 0;
      const isFixable = !scaler && !isClaimed && place.key === 'replicas';
      const count = countReplicas(replicas);
      const runs = scaler && workload.replicas !== replicas ? `may be scaled down to ${count}` : `runs ${count}`;
      const data = { workload: workload.title, runs };
      const rest = {
        ...place,
        when: unit.closed,
        related: scaler ? [scaler.at] : [],
        ...(isFixable ? { fix: { safe: false, edits: [{ op: 'set' as const, ...place, value: options.min }] } } : {}),
      };
      // If no Service sends requests to it, no client waits for an answer: its work is only delayed.
      const severity = isServed(workspace, workload) ? 'medium' : 'low';
      if (replicas > 1) report({ message: 'few', data: { ...data, min: options.min }, severity, ...rest });
      else report({ message: severity === 'medium' ? 'single' : 'idle', data, severity, ...rest });
    }
  },
});
