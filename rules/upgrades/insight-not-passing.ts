import { defineRule } from '#rule';
import { minorOf } from '#rule/cluster';

export default defineRule({
  title: 'EKS upgrade insights must pass',
  severity: 'high',
  preset: 'recommended',
  kinds: ['insight'],
  scope: 'model',
  messages: {
    upgrade:
      'EKS insight "{name}" for the upgrade to {version} is {status}, so the upgrade may break workloads: {reason}',
    rollback: 'EKS insight "{name}" for a rollback to {version} is {status}, so the rollback may fail: {reason}',
  },
  help: 'Follow the recommendation in the output of aws eks describe-insight, e.g. migrate to the new API version',
  equivalents: ['eksup:EKS009'],
  sources: ['Amazon EKS User Guide, Cluster insights'],
  check({ name, category, version, status, reason }, { report }) {
    const isRollback = category.value === 'ROLLBACK_READINESS';
    if (!isRollback && category.value !== 'UPGRADE_READINESS') return;
    const minor = minorOf(version.value ?? '');
    report({
      when: status.where((one) => one === 'WARNING' || one === 'ERROR'),
      message: isRollback ? 'rollback' : 'upgrade',
      data: {
        name: name.value ?? '',
        version: version.value ?? 'the next version',
        status: status.value ?? '',
        reason: (reason.value ?? 'no reason is given').replace(/\.$/, ''),
      },
      at: status.at,
      ...(isRollback || minor === undefined ? {} : { minor }),
      severity: isRollback ? 'low' : status.value === 'WARNING' ? 'medium' : 'high',
    });
  },
});
