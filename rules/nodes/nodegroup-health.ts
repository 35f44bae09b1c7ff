import { defineRule } from '#rule';
import { faultsOf } from '#rule/health';

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
    for (const { data, ...fault } of faultsOf(health, bad))
      report({ ...fault, data: { ...data, group: subject.name } });
  },
});
