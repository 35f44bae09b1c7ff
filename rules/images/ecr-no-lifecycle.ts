import { defineRule } from '#rule';

export default defineRule({
  title: 'ECR repository should have a lifecycle policy',
  severity: 'low',
  preset: 'strict',
  kinds: ['repository'],
  scope: 'model',
  messages: {
    none: 'Repository "{name}" has no lifecycle policy, so unused images are kept forever and cost money',
  },
  help: 'Add a lifecycle policy that expires untagged images and keeps the newest of the others',
  equivalents: ['prowler:ecr_repositories_lifecycle_policy_enabled', 'securityhub:ECR.3'],
  sources: ['EKS Best Practices Guide, Security > Image security > Implement lifecycle policies for ECR'],
  check({ lifecycle, subject, at }, { report }) {
    report({ when: lifecycle.not(), message: 'none', data: { name: subject.name }, at });
  },
});
