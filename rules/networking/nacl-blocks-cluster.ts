import { defineRule } from '#rule';
import { coversInternet, inside } from '#rule/cidr';
import { type AclEntry, type Ports, portWords, without } from '#rule/ports';

/**
 * The traffic between nodes, pods and the control plane, and the ports for return traffic (EKS User Guide, security
 * group requirements).
 */
const needed: readonly { readonly protocol: 'tcp' | 'udp'; readonly ports: readonly Ports[] }[] = [
  {
    protocol: 'tcp',
    ports: [
      [53, 53],
      [443, 443],
      [1025, 65535],
    ],
  },
  {
    protocol: 'udp',
    ports: [
      [53, 53],
      [1025, 65535],
    ],
  },
];
const numbers = { tcp: '6', udp: '17' } as const;

/** The ports that a network ACL does not allow within the VPC; or why that is unknown. */
function blocked(
  entries: readonly AclEntry[],
  { protocol, ports }: (typeof needed)[number],
  vpc: string | undefined,
): { readonly ports: readonly Ports[]; readonly why?: string } {
  let open = ports;
  const denied: Ports[] = [];
  for (const entry of entries) {
    const { protocol: given, cidr, from, to, action } = entry;
    const unknown = [given, cidr, from, to, action].find(({ state }) => state === 'unknown');
    if (unknown) return { ports: [], why: unknown.why ?? 'a network ACL rule is not known' };
    const isAll = given.value === '-1' || given.value === 'all';
    if (!isAll && given.value !== protocol && given.value !== numbers[protocol]) continue;
    const block = cidr.value ?? '';
    // IPv6 CIDR blocks do not apply to IPv4.
    if (block.includes(':')) continue;
    const covers = coversInternet(block) || (vpc !== undefined && inside(vpc, [block]));
    if (!covers && vpc === undefined)
      return { ports: [], why: 'the addresses of the VPC are not defined in these files' };
    // A part of the VPC, or another network.
    if (!covers) {
      if (inside(block, [vpc ?? ''])) return { ports: [], why: 'a network ACL rule covers only part of the VPC' };
      continue;
    }
    const range: Ports = isAll ? [0, 65535] : [from.value ?? 0, to.value ?? 65535];
    const before = open;
    open = without(open, range);
    if (action.value === 'deny') denied.push(...before.flatMap((one) => clip(one, range)));
  }
  return { ports: [...denied, ...open].sort(([a], [b]) => a - b) };
}
/** The intersection of two ranges. */
const clip = ([low, high]: Ports, [from, to]: Ports): Ports[] =>
  to < low || from > high ? [] : [[Math.max(low, from), Math.min(high, to)]];

export default defineRule({
  title: 'Network ACL should allow traffic of nodes and control plane',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['networkAcl'],
  scope: 'model',
  messages: {
    blocked: 'The network ACL of {user} does not allow {protocol} {ports} {direction}, so nodes lose contact',
  },
  help: 'Allow all traffic within the VPC CIDR, and ports 1024-65535 for return traffic',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Amazon EKS security group requirements',
    'EKS Best Practices Guide, Networking > Amazon VPC CNI',
  ],
  check({ users, entries, vpc, at }, { report, undetermined }) {
    const [user] = users;
    if (user === undefined) return;
    if (!entries.complete) {
      undetermined(entries.why ?? 'there may be more rules', { at: entries.at });
      return;
    }
    const unnumbered = entries.items.find(({ number, egress }) =>
      [number, egress].some(({ state }) => state === 'unknown'),
    );
    if (unnumbered) {
      undetermined(unnumbered.number.why ?? unnumbered.egress.why ?? 'a rule is not known', { at: unnumbered.at });
      return;
    }
    const sorted = [...entries].sort((a, b) => (a.number.value ?? 0) - (b.number.value ?? 0));
    const cidr = vpc.part?.cidr.value;
    for (const isEgress of [false, true])
      for (const traffic of needed) {
        const rules = sorted.filter(({ egress }) => egress.value === isEgress);
        const { ports, why } = blocked(rules, traffic, cidr);
        if (why !== undefined) undetermined(why, { at });
        else if (ports.length > 0)
          report({
            message: 'blocked',
            data: {
              user,
              protocol: traffic.protocol.toUpperCase(),
              ports: portWords(ports),
              direction: isEgress ? 'outbound' : 'inbound',
            },
            at,
          });
      }
  },
});
