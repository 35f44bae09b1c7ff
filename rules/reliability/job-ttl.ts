import { defineRule } from '#rule';
import { jobSpecOf } from '#rule/job';
import { list, record } from '#rule/shape';

const field = 'ttlSecondsAfterFinished';
/** Hooks with such a policy are deleted by the tool that runs them. */
const deletePolicies = ['helm.sh/hook-delete-policy', 'argocd.argoproj.io/hook-delete-policy'];

export default defineRule({
  title: 'Finished Job should be cleaned up',
  severity: 'low',
  preset: 'strict',
  kinds: ['Job', 'CronJob'],
  scope: 'resource',
  fix: 'suggestion: set ttlSecondsAfterFinished: 86400',
  messages: {
    kept: '{job} does not set ttlSecondsAfterFinished, so it and its pods stay in the cluster after it ends',
    twice:
      '{job} sets ttlSecondsAfterFinished in addition to its history limits, so Jobs may be deleted before anyone sees them',
  },
  help: {
    kept: 'Set spec.ttlSecondsAfterFinished: 86400',
    twice:
      'Remove ttlSecondsAfterFinished from the jobTemplate; set successfulJobsHistoryLimit and failedJobsHistoryLimit instead',
  },
  equivalents: ['kube-linter:job-ttl-seconds-after-finished'],
  sources: ['Kubernetes documentation, Jobs and CronJobs'],
  check(job, { report }) {
    const spec = jobSpecOf(job);
    if (!spec) return;
    const isSet = (spec[field] ?? undefined) !== undefined;
    const data = { job: job.title };
    const place = { on: spec, key: field };
    if (job.kind === 'CronJob') {
      if (isSet)
        report({ message: 'twice', data, ...place, fix: { safe: false, edits: [{ op: 'remove', ...place }] } });
    } else if (
      !isSet &&
      list(record(job.object.metadata)?.ownerReferences).length === 0 &&
      deletePolicies.every((key) => job.annotations[key] === undefined)
    )
      report({
        message: 'kept',
        data,
        ...place,
        fix: { safe: false, edits: [{ op: 'set', ...place, value: 86_400 }] },
      });
  },
});
