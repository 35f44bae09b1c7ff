import { Answer, defineRule, type Workspace } from '#rule';
import { broadGrants, groupOf, type IamRole } from '#rule/iam';
import { dig } from '#rule/shape';

const policies = [
  'AdministratorAccess',
  'PowerUserAccess',
  'IAMFullAccess',
  'AmazonEC2FullAccess',
  'AmazonS3FullAccess',
];

/** What runs nodes with a role: node groups, and the node classes of Karpenter and Auto Mode that name it. */
function nodesOf(role: IamRole, workspace: Workspace): ReturnType<typeof groupOf> {
  const group = groupOf(role);
  if (group) return group;
  const { value } = role.name;
  const classes = ['EC2NodeClass', 'NodeClass'].flatMap((kind) => workspace.all(kind));
  const found = classes.find((one) => value !== undefined && dig(one.object, 'spec', 'role') === value);
  return found && { title: found.title, is: Answer.yes };
}

export default defineRule({
  title: 'Node role must not have administrator permissions',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['iamRole'],
  scope: 'workspace',
  options: {
    allow: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of managed policies that node roles may have.',
    },
  },
  messages: {
    broad: 'The role of {nodes} is granted {what}, so every pod that can reach IMDS gets these permissions',
  },
  help: 'Give the permissions to the pods that need them, with EKS Pod Identity or IRSA',
  equivalents: ['checkov:CKV_AWS_274', 'cis-eks-1.7:5.1.3', 'cis-eks-1.8:5.1.3', 'kubescape:C-0223'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management',
    'EKS Best Practices Guide, Security > Protecting the infrastructure',
  ],
  check(role, { options, report, workspace }) {
    const nodes = nodesOf(role, workspace);
    if (!nodes) return;
    const names = policies.filter((name) => !options.allow.includes(name));
    for (const { what, at, when } of broadGrants(role, names))
      report({ when: when.and(nodes.is), message: 'broad', data: { nodes: nodes.title, what }, at });
  },
});
