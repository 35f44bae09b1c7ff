import { defineRule } from '#rule';
import { isListed, mountsOneNodeClaim, singletons } from '#rule/replicas';
import { servicesOf } from '#rule/service';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'Deployment behind a Service should use rolling updates',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Deployment', 'DaemonSet'],
  scope: 'workspace',
  fix: 'suggestion: set the type to RollingUpdate',
  options: { singletons },
  messages: {
    recreate: '{workload} serves {service} with strategy Recreate, so each update interrupts it',
    manual: '{workload} serves {service} with update strategy OnDelete, so updates reach only pods deleted by hand',
  },
  help: {
    recreate: 'Set spec.strategy.type: RollingUpdate; list a workload that must run only once in the option singletons',
    manual: 'Set spec.updateStrategy.type: RollingUpdate',
  },
  equivalents: ['kube-linter:no-rolling-update-strategy', 'kube-score:deployment-strategy', 'kubescape:C-0305'],
  sources: ['kube-score check list'],
  check(workload, { options, report, workspace }) {
    const isDaemon = workload.kind === 'DaemonSet';
    const strategy = digRecord(workload.object, 'spec', isDaemon ? 'updateStrategy' : 'strategy');
    if (!strategy || strategy['type'] !== (isDaemon ? 'OnDelete' : 'Recreate')) return;
    if (isListed(options.singletons, workload) || mountsOneNodeClaim(workspace, workload)) return;
    const [service] = servicesOf(workspace, workload);
    if (!service) return;
    report({
      message: isDaemon ? 'manual' : 'recreate',
      data: { workload: workload.title, service: service.title },
      on: strategy,
      key: 'type',
      related: [service.at],
      fix: { safe: false, edits: [{ op: 'set', on: strategy, key: 'type', value: 'RollingUpdate' }] },
    });
  },
});
