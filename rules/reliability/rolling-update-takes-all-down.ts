import { defineRule, type Workload } from '#rule';
import { isDeployment, isReplicated, leastReplicas } from '#rule/replicas';
import { digRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

type Settings = Readonly<Record<string, unknown>>;

/** The update settings of a workload, and the defaults of those that are not set. */
function updateOf({ kind, object }: Workload): {
  readonly rolling: Settings | undefined;
  readonly type: unknown;
  readonly defaults: Settings;
} {
  const ofDeployments = { maxUnavailable: '25%', maxSurge: '25%' };
  // Argo Rollouts documentation, Rollout specification: a canary has the defaults of a Deployment.
  if (kind === 'Rollout')
    return {
      rolling: digRecord(object, 'spec', 'strategy', 'canary'),
      type: 'RollingUpdate',
      defaults: ofDeployments,
    };
  const isDeployed = kind === 'Deployment';
  const strategy = digRecord(object, 'spec', isDeployed ? 'strategy' : 'updateStrategy');
  return {
    rolling: digRecord(strategy, 'rollingUpdate'),
    type: strategy?.['type'] ?? 'RollingUpdate',
    defaults: isDeployed ? ofDeployments : { maxUnavailable: 1, maxSurge: 0 },
  };
}

/** A percentage, as a number. */
const percentOf = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,6}%$/.test(value) ? Number.parseInt(value, 10) : undefined;
const isZero = (value: unknown): boolean => value === 0 || percentOf(value) === 0;

/**
 * The gate MaxUnavailableStatefulSet is on since this version. It was on in 1.35 too, until a bug turned it off again in
 * 1.35.4 (https://github.com/kubernetes/kubernetes/pull/137904, https://github.com/kubernetes/kubernetes/pull/139466).
 */
const honoredByStatefulSets = 37;

export default defineRule({
  title: 'Rolling update must keep pods running',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['rollingUpdate', 'canary'],
  scope: 'workspace',
  fix: 'suggestion: set maxUnavailable: 25%',
  messages: {
    all: '{workload} allows maxUnavailable: {value}, so an update may stop all its pods at once',
    enough:
      '{workload} allows maxUnavailable: {value} with {replicas} replicas and no surge, so an update stops all of them at once',
    stuck: '{workload} sets maxUnavailable: 0 without a surge, so the API server rejects it',
  },
  help: {
    all: 'Set maxUnavailable: 25%, or 1',
    enough: 'Set maxUnavailable: 25%, or maxSurge: 1',
    stuck: 'Set maxUnavailable: 1, or maxSurge: 1',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Deployments'],
  check(workload, { report, target, undetermined, workspace }) {
    const { kind } = workload;
    if (!isReplicated(workload) && kind !== 'DaemonSet') return;
    const { rolling, type, defaults } = updateOf(workload);
    if (!rolling || type !== 'RollingUpdate') return;
    if (kind === 'StatefulSet' && target.highest < honoredByStatefulSets) return;
    const maxUnavailable = rolling['maxUnavailable'] ?? defaults['maxUnavailable'];
    const maxSurge = rolling['maxSurge'] ?? defaults['maxSurge'];
    const place = { on: rolling, key: 'maxUnavailable' };
    const title = workload.title;
    const fix = { safe: false, edits: [{ op: 'set' as const, ...place, value: '25%' }] };
    if (unrendered(maxUnavailable) || unrendered(maxSurge)) {
      undetermined('the amount is an unrendered template', place);
      return;
    }
    if (isZero(maxUnavailable) && isZero(maxSurge)) {
      report({
        message: 'stuck',
        data: { workload: title },
        ...place,
        fix:
          kind === 'StatefulSet' || kind === 'DaemonSet' ? { ...fix, edits: [{ op: 'set', ...place, value: 1 }] } : fix,
      });
      return;
    }
    const percent = percentOf(maxUnavailable);
    const isAll = percent !== undefined && percent >= 100;
    if (kind === 'DaemonSet') {
      if (isAll) report({ message: 'all', data: { workload: title, value: String(maxUnavailable) }, ...place, fix });
      return;
    }
    if (!isAll && !isZero(maxSurge) && isDeployment(workload)) return;
    if (!isAll && rolling['maxUnavailable'] === undefined) return;
    const replicas = leastReplicas(workspace, workload);
    if (replicas === undefined || (typeof replicas === 'number' && replicas < 2)) return;
    if (isAll) {
      report({ message: 'all', data: { workload: title, value: String(maxUnavailable) }, ...place, fix });
      return;
    }
    if (replicas === 'unknown') {
      if (percent === undefined) undetermined('its number of replicas is not known', place);
      return;
    }
    // A Deployment rounds down, a StatefulSet up (Kubernetes API reference, DeploymentSpec and StatefulSetSpec).
    const round = kind === 'StatefulSet' ? Math.ceil : Math.floor;
    const allowed = percent === undefined ? maxUnavailable : round((percent * replicas) / 100);
    if (typeof allowed === 'number' && allowed >= replicas)
      report({
        message: 'enough',
        data: { workload: title, value: String(maxUnavailable), replicas },
        ...place,
        fix: kind === 'StatefulSet' ? { ...fix, edits: [{ op: 'set', ...place, value: 1 }] } : fix,
      });
  },
});
