import { defineRule, Workload } from '#rule';
import { dig, isRecord } from '#rule/shape';

export default defineRule({
  title: 'Restart policy must be valid for the kind',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'],
  scope: 'resource',
  fix: 'suggestion: set OnFailure for jobs, remove the field for other kinds',
  messages: {
    running: '{title} sets a restartPolicy other than Always, so the API server rejects it',
    job: '{title} needs restartPolicy OnFailure or Never, so the API server rejects it',
    failure: '{title} has a podFailurePolicy, which needs restartPolicy Never, so the API server rejects it',
  },
  help: {
    running: 'Remove restartPolicy; pods of this kind are always restarted',
    job: 'Set restartPolicy: OnFailure or Never in the pod template',
    failure: 'Set restartPolicy: Never in the pod template, or remove podFailurePolicy',
  },
  equivalents: ['kube-linter:restart-policy', 'kube-score:cronjob-restartpolicy'],
  sources: ['Kubernetes API reference'],
  check(workload, { report }) {
    if (!(workload instanceof Workload) || !isRecord(workload.template.spec) || workload.group.includes('kruise'))
      return;
    const { pod, title, kind } = workload;
    const policy: unknown = pod.restartPolicy;
    const place = { on: pod, key: 'restartPolicy' } as const;
    const set = (value: string) =>
      workload.live ? {} : ({ fix: { safe: false, edits: [{ op: 'set', ...place, value }] } } as const);
    if (kind !== 'Job' && kind !== 'CronJob') {
      if (policy !== undefined && policy !== null && policy !== 'Always' && policy !== '')
        report({
          message: 'running',
          data: { title },
          ...place,
          fix: { safe: false, edits: [{ op: 'remove', ...place }] },
        });
      return;
    }
    // A partial Job that a base completes has no containers that could run.
    if (!Array.isArray(pod.containers) || pod.containers.some((one) => !isRecord(one) || one.image === undefined))
      return;
    if (policy !== 'OnFailure' && policy !== 'Never')
      report({ message: 'job', data: { title }, ...place, ...set('OnFailure') });
    else if (policy !== 'Never') {
      const spec = kind === 'Job' ? dig(workload.object, 'spec') : dig(workload.object, 'spec', 'jobTemplate', 'spec');
      if (isRecord(dig(spec, 'podFailurePolicy')))
        report({ message: 'failure', data: { title }, ...place, ...set('Never') });
    }
  },
});
