import { defineRule } from '#rule';
import { faultsOf } from '#rule/health';

const bad = ['DEGRADED', 'CREATE_FAILED', 'UPDATE_FAILED', 'DELETE_FAILED'];

export default defineRule({
  title: 'Add-on must be healthy',
  severity: 'high',
  preset: 'recommended',
  kinds: ['addon'],
  scope: 'model',
  messages: {
    issue: 'Add-on "{addon}" has the health issue {code}, so the add-on may not work: {reason}',
    status: 'Add-on "{addon}" has the status {status}, so the add-on may not work',
  },
  help: {
    issue: 'Fix the health.issues in the output of aws eks describe-addon, e.g. add nodes for its pods',
    status: 'Retry the update, e.g. aws eks update-addon --resolve-conflicts PRESERVE',
  },
  equivalents: ['eksup:EKS004'],
  sources: ['eksup checks: EKS004', 'Amazon EKS API Reference, Addon and AddonIssue'],
  check({ subject, health }, { report }) {
    for (const { data, ...fault } of faultsOf(health, bad))
      report({ ...fault, data: { ...data, addon: subject.name } });
  },
});
