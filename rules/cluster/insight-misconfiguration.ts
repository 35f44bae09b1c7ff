import { defineRule } from '#rule';

export default defineRule({
  title: 'EKS configuration insights should pass',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['insight'],
  scope: 'model',
  messages: {
    warning: 'EKS insight "{name}" is {status}, so part of the cluster is misconfigured: {reason}',
  },
  help: 'Follow the recommendation in the output of aws eks describe-insight, e.g. open port 10250 to hybrid nodes',
  equivalents: ['eksup:EKS010'],
  sources: ['Amazon EKS User Guide, Cluster insights'],
  check({ name, category, status, reason }, { report }) {
    if (category.value !== 'MISCONFIGURATION') return;
    report({
      when: status.where((one) => one === 'WARNING' || one === 'ERROR'),
      message: 'warning',
      data: {
        name: name.value ?? '',
        status: status.value ?? '',
        reason: (reason.value ?? 'no reason is given').replace(/\.$/, ''),
      },
      at: status.at,
    });
  },
});
