import { defineRule, digRecord, list, record, type Workload } from '#rule';

/** Objects that a controller or a tool recreates, or that are meant to run once around a deployment. */
function isKept({ object, annotations }: Workload): boolean {
  if (list(record(object.metadata)?.ownerReferences).length > 0) return true;
  return ['kubernetes.io/config.source', 'kubernetes.io/config.mirror', 'helm.sh/hook', 'argocd.argoproj.io/hook'].some(
    (key) => annotations[key] !== undefined,
  );
}

export default defineRule({
  title: 'Pod must be managed by a controller',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Pod', 'ReplicaSet', 'ReplicationController'],
  scope: 'resource',
  messages: {
    lost: '{title} has no controller, so nothing starts it again when its node goes away',
    once: '{title} has no controller and runs once, so nothing repeats it when its node goes away; a Job would',
    frozen: '{title} is managed by hand, so a change of its template reaches no running pod; a Deployment rolls it out',
  },
  equivalents: ['kubescape:C-0073', 'popeye:208', 'hardeneks:avoid_running_singleton_pods'],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { report }) {
    if (isKept(workload)) return;
    const place = { on: workload.object, key: 'kind', data: { title: workload.title } } as const;
    if (workload.kind !== 'Pod') report({ message: 'frozen', ...place, severity: 'low' });
    else if (workload.pod.restartPolicy === 'Never' || workload.pod.restartPolicy === 'OnFailure') {
      if (!workload.live) report({ message: 'once', ...place, severity: 'low' });
      else if (!completed(workload)) report({ message: 'lost', ...place });
    } else report({ message: 'lost', ...place });
  },
});

/** A task that has run to its end asks for nothing. */
const completed = ({ object }: Workload): boolean => {
  const phase = digRecord(object, 'status')?.['phase'];
  return phase === 'Succeeded' || phase === 'Failed';
};
