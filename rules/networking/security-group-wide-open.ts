import { Answer, defineRule } from '#rule';
import { coversInternet } from '#rule/cidr';

/** Ports of nodes and control planes that need no access from outside. SSH and RDP are reported by another rule. */
const dangers: readonly (readonly [ports: string, risk: string, first: number, last: number])[] = [
  ['the kubelet on port 10250', 'an attacker can try to run commands in pods', 10250, 10250],
  ['the kubelet on port 10255', 'an attacker can list pods', 10255, 10255],
  ['etcd on port 2379', 'an attacker can try to read the cluster', 2379, 2380],
  ['node ports', 'every NodePort Service is public', 30000, 32767],
];

export default defineRule({
  title: 'Security group of a cluster must not be open to the internet',
  severity: 'high',
  preset: 'recommended',
  kinds: ['securityGroup'],
  scope: 'model',
  messages: {
    open: 'Security group "{group}" of {user} allows the whole internet to reach {ports}, so {risk}',
  },
  help: 'Limit the rule to the security groups or addresses that need access, e.g. 10.0.0.0/16',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Network security > Security groups',
    'Amazon EKS User Guide, Amazon EKS security group requirements',
  ],
  check({ ingress, users, subject }, { report }) {
    const [user] = users;
    if (user === undefined) return;
    for (const { protocol, from, to, cidrs, at } of ingress) {
      const world = cidrs.has((cidr) => cidr.where(coversInternet));
      if (world.state === 'no') continue;
      const [low, high] = [from.value, to.value];
      const all = protocol.where((one) => one === '-1' || one === 'all');
      const isTcp = protocol.where((one) => one === 'tcp' || one === '6');
      const [ports, risk] =
        dangers.find(([, , first, last]) => low !== undefined && high !== undefined && low <= last && high >= first) ??
        [];
      const covers =
        low === undefined || high === undefined
          ? Answer.unknown(from.why ?? to.why ?? 'the ports of a rule are not known')
          : Answer.of(ports !== undefined);
      report({
        when: world.and(all.or(isTcp.and(covers))),
        message: 'open',
        data: {
          group: subject.name,
          user,
          ports: all.state === 'yes' || ports === undefined ? 'all ports' : ports,
          risk: all.state === 'yes' || risk === undefined ? 'each node can be attacked directly' : risk,
        },
        at: cidrs.items.find(({ value }) => value !== undefined && coversInternet(value))?.at ?? at,
      });
    }
  },
});
