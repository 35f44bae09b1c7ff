import { defineRule, type Workload } from '#rule';
import { isSparkTemplate } from '#rule/pod';
import { digRecord, list, record } from '#rule/shape';

/**
 * Objects that a controller or a tool recreates, or that are meant to run once around a deployment. Other owners only
 * delete them.
 */
function isKept({ object, annotations }: Workload): boolean {
  if (list(record(object.metadata)?.ownerReferences).some((owner) => owner.controller === true)) return true;
  return ['kubernetes.io/config.source', 'kubernetes.io/config.mirror', 'helm.sh/hook', 'argocd.argoproj.io/hook'].some(
    (key) => annotations[key] !== undefined,
  );
}

export default defineRule({
  title: 'Pod should be managed by a controller',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Pod', 'ReplicaSet', 'ReplicationController'],
  scope: 'resource',
  messages: {
    lost: '{title} has no controller, so it is not recreated when its node fails',
    once: '{title} runs once without a Job, so it is not retried when its node fails',
    frozen: '{title} is not managed by a Deployment, so template changes do not reach running pods',
  },
  help: {
    lost: 'Use a Deployment with replicas: 1 and this pod as its template',
    once: 'Use a Job with this pod as its template, e.g. with backoffLimit: 2',
    frozen: 'Use a Deployment (apps/v1) with the same selector and template',
  },
  equivalents: ['kubescape:C-0073', 'popeye:208', 'hardeneks:avoid_running_singleton_pods'],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { report }) {
    if (isKept(workload) || isSparkTemplate(workload)) return;
    const place = { on: workload.object, key: 'kind', data: { title: workload.title } } as const;
    if (workload.kind !== 'Pod') report({ message: 'frozen', ...place, severity: 'low' });
    else if (workload.pod.restartPolicy === 'Never' || workload.pod.restartPolicy === 'OnFailure') {
      if (!workload.live) report({ message: 'once', ...place, severity: 'low' });
      else if (!completed(workload)) report({ message: 'lost', ...place });
    } else report({ message: 'lost', ...place });
  },
});

/** Whether a task has already completed. */
const completed = ({ object }: Workload): boolean => {
  const phase = digRecord(object, 'status')?.['phase'];
  return phase === 'Succeeded' || phase === 'Failed';
};
