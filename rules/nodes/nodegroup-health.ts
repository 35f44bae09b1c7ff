import { defineRule } from '#rule';
import { clause, hasStatus } from '#rule/health';

const bad = ['DEGRADED', 'CREATE_FAILED', 'DELETE_FAILED'];

export default defineRule({
  title: 'Node group must be healthy',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    issue: 'Node group "{group}" has the health issue {code}, so EKS may not replace or upgrade its nodes: {reason}',
    status: 'Node group "{group}" has the status {status}, so EKS may not replace or upgrade its nodes',
  },
  help: {
    issue:
      'Fix the health.issues in the output of aws eks describe-nodegroup, e.g. restore the instance profile of the nodes',
    status: 'Fix the error in the output of aws eks describe-nodegroup, or recreate the node group',
  },
  equivalents: ['eksup:EKS003'],
  sources: [
    'eksup checks: EKS003',
    'Amazon EKS User Guide, Troubleshoot problems with Amazon EKS clusters and nodes',
    'Amazon EKS API Reference, Issue',
  ],
  check({ subject, health }, { report }) {
    const { status, issues } = health;
    for (const { code, message } of issues)
      report({
        message: 'issue',
        data: { group: subject.name, code: code.value ?? 'Unknown', reason: clause(message) },
        at: code.at,
      });
    report({
      when: hasStatus(health, bad),
      message: 'status',
      data: { group: subject.name, status: status.value ?? '' },
      at: status.at,
    });
  },
});
