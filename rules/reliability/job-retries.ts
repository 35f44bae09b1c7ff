import { defineRule } from '#rule';
import { jobSpecOf } from '#rule/job';

export default defineRule({
  title: 'Job should limit its retries and run time',
  severity: 'low',
  preset: 'strict',
  kinds: ['Job', 'CronJob'],
  scope: 'resource',
  options: {
    maxBackoff: { type: 'integer', default: 10, minimum: 0, description: 'Highest accepted backoffLimit.' },
  },
  messages: {
    unbounded: '{job} sets neither backoffLimit nor activeDeadlineSeconds, so a Job that hangs is never stopped',
    many: '{job} sets backoffLimit: {limit}, more than {max}, so a Job that cannot succeed keeps starting pods',
  },
  help: {
    unbounded: 'Set activeDeadlineSeconds to the longest time that the Job may take, e.g. 3600, and backoffLimit: 3',
    many: 'Set backoffLimit to at most {max}, e.g. 3',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Jobs and CronJobs'],
  check(job, { options, report }) {
    const spec = jobSpecOf(job);
    if (!spec) return;
    const limit = spec['backoffLimit'] ?? undefined;
    // Indexed Jobs may limit their retries for each index instead.
    const bounds = [limit, spec['backoffLimitPerIndex'] ?? undefined, spec['activeDeadlineSeconds'] ?? undefined];
    if (bounds.every((bound) => bound === undefined))
      report({ message: 'unbounded', data: { job: job.title }, on: spec, key: 'backoffLimit' });
    else if (typeof limit === 'number' && limit > options.maxBackoff)
      report({
        message: 'many',
        data: { job: job.title, limit, max: options.maxBackoff },
        on: spec,
        key: 'backoffLimit',
      });
  },
});
