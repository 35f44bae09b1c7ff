import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'Accelerated nodes should be tainted',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    open: 'Node group "{group}" has only accelerated instances ({instance}) and no taint, so pods that do not need the devices fill its nodes',
  },
  help: 'Add a taint such as nvidia.com/gpu=true:NoSchedule, or aws.amazon.com/neuron for Inferentia and Trainium',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, AI/ML > Compute > Use taints and tolerations',
    'EKS Best Practices Guide, Autoscaling > Karpenter',
  ],
  check({ instanceTypes, taints, managed, subject }, { instanceTypes: types, report }) {
    const { items, complete, why } = instanceTypes;
    // Taints of self-managed nodes are kubelet arguments.
    if (!managed || (items.length === 0 && complete)) return;
    const accelerated = items.reduce(
      (all, one) => all.and(types.ask(one, 'device', (device) => device !== '')),
      complete ? Answer.yes : Answer.unknown(why ?? 'there may be more instance types'),
    );
    const tainted = taints.has(({ effect }) => effect.is('NO_SCHEDULE').or(effect.is('NO_EXECUTE')));
    report({
      when: accelerated.and(tainted.not()),
      message: 'open',
      data: { group: subject.name, instance: items[0]?.value ?? '' },
      at: instanceTypes.at,
    });
  },
});
