import { defineRule } from '#rule';
import { actionTitle, allowsEveryone } from '#rule/iam';

/** Keys that restrict the caller or the origin: a condition on one of them makes up for the principal `*`. */
const limits =
  /^aws:(?:PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|PrincipalArn|SourceAccount|SourceArn|SourceOrgID|SourceVpc|SourceVpce|SourceIp)$/i;

export default defineRule({
  title: 'ECR repository policy must not allow everyone',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['repository'],
  scope: 'model',
  messages: {
    everyone:
      'The policy of repository "{repository}" allows everyone, so any AWS account can use {action} on its images',
  },
  help: 'List the accounts or roles in Principal, or add a condition on aws:PrincipalOrgID',
  equivalents: [
    'checkov:CKV_AWS_32',
    'trivy:AWS-0032',
    'prowler:ecr_repositories_not_publicly_accessible',
    'cis-eks-1.7:5.1.2',
    'cis-eks-1.8:5.1.2',
    'kubescape:C-0222',
  ],
  sources: [
    'CIS Amazon EKS Benchmark, 5.1.2',
    'EKS Best Practices Guide, Security > Image security > Create IAM policies for ECR repositories',
  ],
  check({ policies, subject }, { report, undetermined }) {
    for (const { statements } of policies) {
      for (const statement of statements)
        report({
          when: allowsEveryone(statement, limits),
          message: 'everyone',
          data: { repository: subject.name, action: actionTitle(statement) },
          at: statement.at,
        });
      if (!statements.complete) undetermined(statements.why ?? 'the policy is not known', { at: statements.at });
    }
  },
});
