import { defineRule } from '#rule';
import { coversInternet } from '#rule/cidr';
import { allowsEverybody, directionsOf, isOpenSelector, type Direction } from '#rule/network-policy';
import { labelsOf } from '#rule/selector';
import { dig, digList, digRecord, text } from '#rule/shape';

const peersKey = { Ingress: 'from', Egress: 'to' } as const;

/** Whether an entry names an address block that is the whole internet, for all ports. */
function hasOpenBlock(entry: object, direction: Direction): boolean {
  const ports = dig(entry, 'ports');
  if (Array.isArray(ports) && ports.length > 0) return false;
  return digList(entry, peersKey[direction]).some((peer) => {
    const except = dig(peer, 'ipBlock', 'except');
    return coversInternet(text(dig(peer, 'ipBlock', 'cidr')) ?? '') && !(Array.isArray(except) && except.length > 0);
  });
}

export default defineRule({
  title: 'Network policy should not allow everything',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['NetworkPolicy'],
  needs: ['spec'],
  scope: 'resource',
  options: {
    egress: { type: 'boolean', default: false, description: 'Also judge egress.' },
    selected: {
      type: 'boolean',
      default: false,
      description: 'Also report policies that open some pods with a single entry.',
    },
    ingressGateways: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Labels of pods that may be open, as key=value.',
    },
  },
  messages: {
    open: '{policy} has an {direction} entry without peers or ports, so it allows all traffic of {pods}',
    beside: '{policy} has an {direction} entry without peers or ports, so its narrower entries have no effect',
    block: '{policy} allows {direction} for {cidr} on every port, so the whole internet and all pods match',
  },
  help: {
    open: 'Set the peers, e.g. podSelector: {matchLabels: {app: gateway}}, or the ports',
    beside: 'Remove the empty entry, or give it peers or ports',
    block: 'Set the ports, e.g. port: 443, or a narrower block',
  },
  equivalents: ['trivy:KSV-0038', 'popeye:1203'],
  sources: ['Kubernetes documentation, Network Policies'],
  check(policy, { options, report }) {
    const spec = digRecord(policy.object, 'spec');
    if (!spec) return;
    const labels = labelsOf(dig(spec, 'podSelector', 'matchLabels'));
    if (options.ingressGateways.some((one) => Object.entries(labels).some((pair) => pair.join('=') === one))) return;
    const everyPod = isOpenSelector(spec['podSelector']);
    for (const direction of directionsOf(spec)) {
      if (direction === 'Egress' && !options.egress) continue;
      const entries = digList(spec, direction.toLowerCase());
      for (const entry of entries) {
        const data = { policy: policy.title, direction: direction.toLowerCase() };
        if (allowsEverybody(entry, direction)) {
          const narrower = entries.some((other) => !allowsEverybody(other, direction));
          const pods = everyPod ? 'the whole namespace' : 'the selected pods';
          if (narrower) report({ message: 'beside', data, on: entry });
          else if (everyPod || options.selected) report({ message: 'open', data: { ...data, pods }, on: entry });
        } else if (hasOpenBlock(entry, direction)) {
          const cidr = digList(entry, peersKey[direction])
            .map((peer) => text(dig(peer, 'ipBlock', 'cidr')) ?? '')
            .find(coversInternet);
          report({ message: 'block', data: { ...data, cidr: cidr ?? '' }, on: entry, key: peersKey[direction] });
        }
      }
    }
  },
});
