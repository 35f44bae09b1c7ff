import { defineRule } from '#rule';

export default defineRule({
  title: 'Grace period should be neither zero nor excessive',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    max: { type: 'integer', default: 3600, minimum: 1, description: 'Longest accepted grace period, in seconds.' },
  },
  messages: {
    zero: '{workload} sets terminationGracePeriodSeconds: 0, so its processes are killed without a stop signal',
    long: '{workload} has a grace period of {seconds}s, more than {max}s, so it delays node drains and updates',
  },
  help: {
    zero: 'Set terminationGracePeriodSeconds: 30, or remove it',
    long: 'Set terminationGracePeriodSeconds to the time that the process needs, at most {max}',
  },
  equivalents: ['eksup:K8S007'],
  sources: ['Kubernetes documentation, Pod Lifecycle'],
  check(workload, { options, report }) {
    const seconds: unknown = workload.pod.terminationGracePeriodSeconds;
    const place = { on: workload.pod, key: 'terminationGracePeriodSeconds' };
    if (seconds === 0) {
      report({ message: 'zero', data: { workload: workload.title }, ...place });
    } else if (typeof seconds === 'number' && seconds > options.max)
      report({ message: 'long', data: { workload: workload.title, seconds, max: options.max }, ...place });
  },
});
