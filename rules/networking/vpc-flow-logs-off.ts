import { defineRule } from '#rule';

export default defineRule({
  title: 'Cluster VPC should have flow logs',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['vpc'],
  asks: ['flowLog'],
  scope: 'model',
  messages: {
    none: 'The VPC of {user} has no flow logs, so connections of its pods and nodes cannot be traced',
    accepted: 'The flow logs of the VPC of {user} omit rejected traffic, so scans and blocked connections go unnoticed',
  },
  help: 'Add a flow log for the VPC with the traffic type ALL',
  equivalents: ['hardeneks:check_vpc_flow_logs', 'checkov:CKV2_AWS_11', 'securityhub:EC2.6', 'trivy:AWS-0178'],
  sources: [
    'HardenEKS: check_vpc_flow_logs',
    'EKS Best Practices Guide, Security > Network security > Log network traffic metadata',
  ],
  check({ flowLogs, users, at }, { report }) {
    const [user] = users;
    if (user === undefined) return;
    // Files that define a VPC usually define its flow logs too.
    if (flowLogs.items.length === 0) {
      report({ message: 'none', data: { user }, at });
      return;
    }
    const accepted = flowLogs.items.map(({ trafficType }) => trafficType.is('ACCEPT'));
    report({
      when: accepted.reduce((all, one) => all.and(one)),
      message: 'accepted',
      data: { user },
      at: (flowLogs.items[0]?.trafficType ?? flowLogs).at,
    });
  },
});
