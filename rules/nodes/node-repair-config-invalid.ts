import { defineRule } from '#rule';

const actions = ['Replace', 'Reboot', 'NoAction'];

export default defineRule({
  title: 'Node repair settings must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    both: 'Node group "{group}" sets both a count and a percentage of {what} nodes, so EKS rejects it',
    range: 'Node repair of node group "{group}" has {number} as {what}, so EKS rejects it',
    action: 'Node repair of node group "{group}" has the unknown action "{action}", so EKS rejects it',
    incomplete: 'An override of the node repair of node group "{group}" lacks its {what}, so EKS rejects it',
    off: 'Node group "{group}" has node repair settings but does not enable node repair, so no node is repaired',
  },
  help: {
    both: 'Keep either the count or the percentage',
    range: 'Use a percentage from 1 to 100, or a count of at least 1',
    action: 'Use Replace, Reboot or NoAction',
    incomplete: 'Set the condition, reason, wait time and action of each override',
    off: 'Set enabled to true',
  },
  equivalents: [],
  sources: ['Amazon EKS API Reference, NodeRepairConfig', 'Amazon EKS User Guide, Node auto repair'],
  check({ repair, subject }, { report }) {
    const group = subject.name;
    const pairs = [
      ['unhealthy', repair.unhealthyCount, repair.unhealthyPercentage],
      ['parallel', repair.parallelCount, repair.parallelPercentage],
    ] as const;
    for (const [what, count, percentage] of pairs) {
      const both = count.present.and(percentage.present);
      report({ when: both, message: 'both', data: { group, what }, at: percentage.at });
      for (const [fact, most] of [
        [count, Infinity],
        [percentage, 100],
      ] as const)
        report({
          when: fact.where((number) => number < 1 || number > most),
          message: 'range',
          data: { group, number: fact.value ?? '', what: most === 100 ? 'percentage' : 'count' },
          at: fact.at,
        });
    }
    for (const { condition, reason, waitMinutes, action } of repair.overrides) {
      const parts = [
        ['condition', condition],
        ['reason', reason],
        ['wait time', waitMinutes],
        ['action', action],
      ] as const;
      for (const [what, fact] of parts)
        report({ when: fact.present.not(), message: 'incomplete', data: { group, what }, at: fact.at });
      report({
        when: action.where((one) => !actions.includes(one)),
        message: 'action',
        data: { group, action: action.value ?? '' },
        at: action.at,
      });
    }
    const written = pairs.flatMap(([, ...facts]) => facts).filter((one) => one.written);
    const first = written.find(({ state }) => state === 'set') ?? written[0];
    const at = first?.at ?? (repair.overrides.items.length > 0 ? repair.overrides.at : undefined);
    const off = repair.enabled.is(false);
    if (at)
      report({ when: first ? first.present.and(off) : off, message: 'off', severity: 'low', data: { group }, at });
  },
});
