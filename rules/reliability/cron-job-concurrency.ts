import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'CronJob should not allow overlapping runs',
  severity: 'low',
  preset: 'strict',
  kinds: ['CronJob'],
  scope: 'resource',
  fix: 'suggestion: set concurrencyPolicy: Forbid',
  messages: {
    allowed: '{job} allows concurrent runs, so a slow run overlaps the next and both work on the same data',
  },
  help: 'Set spec.concurrencyPolicy: Forbid, or Replace to stop the late run',
  equivalents: [],
  sources: ['Kubernetes documentation, Jobs and CronJobs'],
  check(job, { report }) {
    const spec = digRecord(job.object, 'spec');
    if (!spec) return;
    const policy = spec['concurrencyPolicy'] ?? '';
    if (policy !== '' && policy !== 'Allow' && !unrendered(policy)) return;
    const place = { on: spec, key: 'concurrencyPolicy' };
    report({
      message: 'allowed',
      data: { job: job.title },
      ...place,
      fix: { safe: false, edits: [{ op: 'set', ...place, value: 'Forbid' }] },
    });
  },
});
