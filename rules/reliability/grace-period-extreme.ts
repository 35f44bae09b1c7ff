import { defineRule, type Workload, type Workspace } from '#rule';
import { matches, selectorOf } from '#rule/selector';
import { digRecord } from '#rule/shape';

/**
 * Whether a SecurityGroupPolicy selects the pods of a workload: networking/sgp-zero-grace then reports a grace period
 * of 0.
 */
function hasPodSecurityGroups(workspace: Workspace, workload: Workload): boolean {
  const unit = workspace.unit(workload);
  return unit.all('SecurityGroupPolicy').some(({ object }) => {
    const byPod = digRecord(object, 'spec', 'podSelector');
    const byAccount = digRecord(object, 'spec', 'serviceAccountSelector');
    const accounts = byAccount ? unit.find('ServiceAccount', workload.serviceAccount) : [];
    return (
      (byPod !== undefined || byAccount !== undefined) &&
      (!byPod || matches(selectorOf(byPod), workload.podLabels)) &&
      (!byAccount || accounts.some(({ labels }) => matches(selectorOf(byAccount), labels)))
    );
  });
}

export default defineRule({
  title: 'Grace period should be neither zero nor hours',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    max: { type: 'integer', default: 3600, minimum: 1, description: 'Longest accepted grace period, in seconds.' },
  },
  messages: {
    zero: '{workload} sets terminationGracePeriodSeconds: 0, so its processes are killed without a stop signal',
    long: '{workload} has {seconds}s to stop, more than {max}s, so it delays node drains and updates',
  },
  help: {
    zero: 'Set terminationGracePeriodSeconds: 30, or remove it',
    long: 'Set terminationGracePeriodSeconds to the time that the process needs, at most {max}',
  },
  equivalents: ['eksup:K8S007'],
  sources: ['Kubernetes documentation, Pod Lifecycle'],
  check(workload, { judges, options, report, workspace }) {
    const seconds: unknown = workload.pod.terminationGracePeriodSeconds;
    const place = { on: workload.pod, key: 'terminationGracePeriodSeconds' };
    if (seconds === 0) {
      if (judges('networking/sgp-zero-grace') && hasPodSecurityGroups(workspace, workload)) return;
      report({ message: 'zero', data: { workload: workload.title }, ...place });
    } else if (typeof seconds === 'number' && seconds > options.max)
      report({ message: 'long', data: { workload: workload.title, seconds, max: options.max }, ...place });
  },
});
