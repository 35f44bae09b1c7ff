import { defineRule } from '#rule';
import { digList, digRecord, isRecord, texts } from '#rule/shape';

const directions = [
  ['Ingress', 'ingress', 'from'],
  ['Egress', 'egress', 'to'],
] as const;

/** Whether rules allow everything, as a direction does that policyTypes lacks: without effect, and without harm. */
const allowsAll = (rules: unknown, peers: string): boolean =>
  Array.isArray(rules) &&
  rules.some((one) => isRecord(one) && digList(one, peers).length === 0 && digList(one, 'ports').length === 0);
const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export default defineRule({
  title: 'Network policy must be effective',
  severity: 'high',
  preset: 'recommended',
  kinds: ['NetworkPolicy'],
  scope: 'resource',
  fix: 'suggestion: add the direction to policyTypes',
  messages: {
    direction: '{policy} lists {key} rules, but policyTypes lacks {direction}, so they have no effect',
    mixed: '{policy} has a peer with both ipBlock and a selector, so the API server rejects it',
    empty: '{policy} has a peer without any field, so the API server rejects it',
    endPort: '{policy} sets endPort {end}, but port is {port}, so the API server rejects it',
  },
  help: {
    direction: 'Add {direction} to policyTypes, or remove {key}',
    mixed: 'Split the peer into two entries: one with ipBlock, one with the selector',
    empty: 'Remove the peer, or set what it matches, e.g. podSelector: {}',
    endPort: 'Set port to a number no higher than endPort',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Network Policies'],
  check(policy, { report }) {
    const spec = digRecord(policy.object, 'spec');
    if (!spec) return;
    const name = { policy: policy.title };
    const types: unknown = spec['policyTypes'];
    for (const [direction, key, peers] of directions) {
      if (
        Array.isArray(types) &&
        types.length > 0 &&
        isSet(spec[key]) &&
        !texts(types).includes(direction) &&
        !allowsAll(spec[key], peers)
      )
        report({
          message: 'direction',
          data: { ...name, direction, key },
          on: spec,
          key,
          fix: { safe: false, edits: [{ op: 'set', on: types, key: types.length, value: direction }] },
        });
      for (const entry of digList(spec, key)) {
        for (const peer of digList(entry, peers)) {
          if (Object.keys(peer).length === 0) report({ message: 'empty', data: name, on: peer });
          else if (isRecord(peer['ipBlock']) && (isSet(peer['podSelector']) || isSet(peer['namespaceSelector'])))
            report({ message: 'mixed', data: name, on: peer, key: 'ipBlock' });
        }
        for (const one of digList(entry, 'ports')) {
          const { port, endPort: end } = one;
          if (typeof end !== 'number' || (typeof port === 'number' && port <= end)) continue;
          const said = typeof port === 'number' || typeof port === 'string' ? port : 'missing';
          report({ message: 'endPort', data: { ...name, end, port: said }, on: one, key: 'endPort' });
        }
      }
    }
  },
});
