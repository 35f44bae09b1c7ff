import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';
import { faultsOf } from '#rule/health';

export default defineRule({
  title: 'Cluster must be healthy',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    issue: '{cluster} has the health issue {code}, so EKS may fail to update or repair it: {reason}',
    status: '{cluster} has the status {status}, so it does not work',
  },
  help: {
    issue: 'Fix the health.issues in the output of aws eks describe-cluster, e.g. enable the KMS key again',
    status: 'Find the cause in CloudTrail, e.g. a missing role, and recreate the cluster',
  },
  equivalents: ['eksup:EKS002'],
  sources: [
    'eksup checks: EKS002',
    'Amazon EKS User Guide, View cluster health status',
    'Amazon EKS API Reference, ClusterIssue',
  ],
  check(cluster, { report }) {
    const title = clusterStart(cluster);
    for (const { data, ...fault } of faultsOf(cluster.health, ['FAILED'], 'Other'))
      report({ ...fault, data: { ...data, cluster: title } });
  },
});
