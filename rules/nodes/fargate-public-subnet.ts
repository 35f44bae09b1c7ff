import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'Fargate profile must use private subnets',
  severity: 'high',
  preset: 'recommended',
  kinds: ['fargateProfile'],
  asks: ['AWS::EC2::Subnet', 'AWS::EC2::RouteTable'],
  scope: 'model',
  messages: {
    open: 'Fargate profile "{profile}" uses a public subnet, so EKS rejects it',
  },
  help: 'Use private subnets with a route to a NAT gateway',
  equivalents: [],
  sources: ['Amazon EKS User Guide, AWS Fargate considerations'],
  check({ subnets, subject }, { report }) {
    const open = subnets.items.find(({ isPublic }) => isPublic.state === 'yes');
    report({
      when: subnets.items.reduce((any, { isPublic }) => any.or(isPublic), Answer.no),
      message: 'open',
      data: { profile: subject.name },
      at: (open ?? subnets).at,
    });
  },
});
