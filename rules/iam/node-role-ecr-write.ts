import { Answer, defineRule } from '#rule';
import { awsPolicyName, grantsOf, groupOf } from '#rule/iam';

const policies = ['AmazonEC2ContainerRegistryFullAccess', 'AmazonEC2ContainerRegistryPowerUser'];
const actions = ['ecr:PutImage', 'ecr:BatchDeleteImage', 'ecr:InitiateLayerUpload'];

export default defineRule({
  title: 'Nodes must have only read access to ECR',
  severity: 'high',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'model',
  messages: {
    policy: 'The role of {nodes} has {policy}, so a compromised node can replace images in the registry',
    action: 'The role of {nodes} may use {action}, so a compromised node can replace images in the registry',
  },
  help: 'Attach AmazonEC2ContainerRegistryPullOnly instead, and push images from CI',
  equivalents: ['cis-eks-1.7:5.1.3', 'cis-eks-1.8:5.1.3', 'kubescape:C-0223'],
  sources: [
    'CIS Amazon EKS Benchmark, 5.1.3',
    'EKS Best Practices Guide, Security > Image security > Create IAM policies for ECR repositories',
  ],
  check(role, { report, judges }) {
    const group = groupOf(role);
    if (!group) return;
    const nodes = group.title;
    for (const { arn, document, attached } of role.managed) {
      if (document.part) continue;
      const policy = awsPolicyName(arn);
      const when =
        policy === undefined
          ? Answer.unknown(arn.why ?? 'an attached policy is not known')
          : Answer.of(policies.includes(policy), arn.assuming);
      report({
        when: when.and(attached).and(group.is),
        message: 'policy',
        data: { nodes, policy: policy ?? '' },
        at: arn.at,
      });
    }
    for (const { what, at, when, all } of grantsOf(role, actions))
      // All actions are those of an administrator, which is reported once.
      if (!all || !judges('iam/node-role-admin-policy'))
        report({ when: when.and(group.is), message: 'action', data: { nodes, action: what }, at });
  },
});
