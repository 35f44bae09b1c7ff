import { coversInternet, defineRule, dig } from '#rule';

/** Where the inputs keep the SSH settings of a node group. */
const settings = ['ssh', 'RemoteAccess', 'remote_access'];

export default defineRule({
  title: 'SSH to nodes is open to the internet',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  fix: 'suggestion: drop the SSH key; SSM Session Manager needs no port',
  messages: {
    key: 'Node group "{group}" has SSH on and names no source security groups, so port 22 of its nodes is open to {cidr}',
    group:
      'A security group of node group "{group}" lets {cidr} reach port 22 or 3389 of its nodes, so anyone can try to log in',
  },
  equivalents: ['checkov:CKV_AWS_100', 'kics:EKS node group remote access disabled'],
  sources: ['EKS Best Practices Guide, Security > Protecting the infrastructure > Minimize access to worker nodes'],
  check(nodegroup, { report }) {
    const { openCidrs } = nodegroup.remoteAccess;
    const open = openCidrs.items.find(({ value }) => value !== undefined && coversInternet(value));
    const key = settings.find((one) => typeof dig(nodegroup.object, one) === 'object');
    const byKey = open?.state === 'default';
    report({
      when: openCidrs.has((cidr) => cidr.where(coversInternet)),
      message: byKey ? 'key' : 'group',
      data: { group: nodegroup.subject.name, cidr: open?.value ?? '' },
      at: (open ?? openCidrs).at,
      ...(byKey && key !== undefined && nodegroup.object
        ? { fix: { safe: false, edits: [{ op: 'remove' as const, on: nodegroup.object, key }] } }
        : {}),
    });
  },
});
