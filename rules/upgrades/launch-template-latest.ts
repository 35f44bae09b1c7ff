import { defineRule } from '#rule';

export default defineRule({
  title: 'Node group should pin its launch template version',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    latest:
      'Node group "{group}" uses version {version} of its launch template, so new versions roll out at unexpected times or not at all',
  },
  help: 'Use a number, or a reference to the template: latest_version in Terraform, LatestVersionNumber in CloudFormation',
  equivalents: [],
  sources: ['eksup checks: EKS006', 'terraform-aws-eks: launch_template_version'],
  check({ templateVersion, subject }, { report }) {
    report({
      when: templateVersion.is('$Latest').or(templateVersion.is('$Default')),
      message: 'latest',
      data: { group: subject.name, version: templateVersion.value ?? '' },
      at: templateVersion.at,
    });
  },
});
