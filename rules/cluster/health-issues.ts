import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';
import { clause, hasStatus } from '#rule/health';

export default defineRule({
  title: 'Cluster must be healthy',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    issue: '{cluster} has the health issue {code}, so EKS may fail to update or repair it: {reason}',
    failed: '{cluster} has the status FAILED, so it does not work',
  },
  help: {
    issue: 'Fix the health.issues in the output of aws eks describe-cluster, e.g. enable the KMS key again',
    failed: 'Find the cause in CloudTrail, e.g. a missing role, and recreate the cluster',
  },
  equivalents: ['eksup:EKS002'],
  sources: [
    'eksup checks: EKS002',
    'Amazon EKS User Guide, View cluster health status',
    'Amazon EKS API Reference, ClusterIssue',
  ],
  check(cluster, { report }) {
    const { status, issues } = cluster.health;
    const title = clusterStart(cluster);
    for (const { code, message } of issues)
      report({
        message: 'issue',
        data: { cluster: title, code: code.value ?? 'Other', reason: clause(message) },
        at: code.at,
      });
    report({
      when: hasStatus(cluster.health, ['FAILED']),
      message: 'failed',
      data: { cluster: title },
      at: status.at,
    });
  },
});
