import { defineRule } from '#rule';
import { broadGrants, isPodRole, roleTitle } from '#rule/iam';

export default defineRule({
  title: 'Pod IAM role must not have administrator permissions',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    broad: '{role}, which pods can assume, is granted {what}, so one compromised pod controls the AWS account',
  },
  help: 'Attach a policy that allows only the actions and resources that the application needs',
  equivalents: ['checkov:CKV_AWS_274', 'checkov:CKV_AWS_62'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Grant least privileged access to applications',
  ],
  check(role, { report }) {
    const pods = isPodRole(role);
    if (pods.state === 'no') return;
    for (const { what, at, when } of broadGrants(role, ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess']))
      report({ when: pods.and(when), message: 'broad', data: { role: roleTitle(role), what }, at });
  },
});
