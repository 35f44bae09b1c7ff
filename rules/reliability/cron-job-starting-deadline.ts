import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

/**
 * The controller looks at CronJobs every 10 seconds, so a shorter deadline may miss a run (Kubernetes documentation,
 * CronJob, Starting deadline).
 */
const least = 10;

export default defineRule({
  title: 'CronJob should set a starting deadline',
  severity: 'low',
  preset: 'strict',
  kinds: ['CronJob'],
  scope: 'resource',
  fix: 'suggestion: set startingDeadlineSeconds: 300',
  messages: {
    missing: '{job} does not set startingDeadlineSeconds, so a missed run may start at any later time',
    short: '{job} sets startingDeadlineSeconds: {seconds}, less than 10, so it may never start',
  },
  help: 'Set spec.startingDeadlineSeconds: 300',
  equivalents: ['kube-score:cronjob-has-deadline', 'kics:CronJob Deadline Not Configured'],
  sources: ['Kubernetes documentation, Jobs and CronJobs'],
  check(job, { report }) {
    const spec = digRecord(job.object, 'spec');
    if (!spec) return;
    const seconds = spec['startingDeadlineSeconds'] ?? undefined;
    const place = { on: spec, key: 'startingDeadlineSeconds' };
    const fix = { safe: false, edits: [{ op: 'set' as const, ...place, value: 300 }] };
    if (seconds === undefined) report({ message: 'missing', data: { job: job.title }, ...place, fix });
    else if (typeof seconds === 'number' && seconds < least)
      report({ message: 'short', data: { job: job.title, seconds }, ...place, fix });
  },
});
