import { defineRule } from '#rule';
import { coversInternet } from '#rule/cidr';

export default defineRule({
  title: 'SSH or RDP to nodes must not be open to the internet',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  fix: 'suggestion: remove the SSH key; SSM Session Manager needs no open port',
  messages: {
    key: 'Node group "{group}" enables remote access without source security groups, so port {port} is open to {cidr}',
    group: 'A security group of node group "{group}" opens port {port} to {cidr}, so anyone can try to log in',
  },
  help: {
    key: 'Remove the SSH key and use SSM Session Manager, or set the source security groups to those of your bastion host',
    group: 'Remove the rule for port {port}, or limit it to the CIDR of your network, e.g. 10.0.0.0/8',
  },
  equivalents: ['checkov:CKV_AWS_100', 'kics:EKS node group remote access disabled'],
  sources: ['EKS Best Practices Guide, Security > Protecting the infrastructure > Minimize access to worker nodes'],
  check(nodegroup, { report }) {
    const { openings, enabled } = nodegroup.remoteAccess;
    const open = openings.items.find(({ cidr }) => cidr.value !== undefined && coversInternet(cidr.value));
    const byKey = open?.cidr.state === 'default';
    report({
      when: openings.has(({ cidr }) => cidr.where(coversInternet)),
      message: byKey ? 'key' : 'group',
      data: { group: nodegroup.subject.name, cidr: open?.cidr.value ?? '', port: open?.port ?? '' },
      at: (open?.cidr ?? openings).at,
      ...(byKey ? { fix: { safe: false, edits: enabled.clear() } } : {}),
    });
  },
});
