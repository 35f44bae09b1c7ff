import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'Spot node group must have several instance types',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  options: {
    minTypes: {
      type: 'integer',
      minimum: 1,
      default: 4,
      description: 'Minimum number of instance types in a Spot node group.',
    },
  },
  messages: {
    few: 'Spot node group "{group}" has {count}, so it may lose all nodes at once when AWS reclaims the capacity',
  },
  help: 'List instance types of the same size from several families and generations, e.g. m6i.large, m6a.large, m7i.large and m5.large',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Autoscaling > Cluster Autoscaler > Spot Instances',
    'EKS Best Practices Guide, Cost > Cost Optimization - Compute',
  ],
  check({ capacityType, instanceTypes, subject }, { options, report }) {
    const count = new Set(instanceTypes.items.map(({ value }, index) => value ?? index)).size;
    const few = instanceTypes.complete
      ? Answer.of(count < options.minTypes)
      : count >= options.minTypes
        ? Answer.no
        : Answer.unknown(instanceTypes.why ?? 'the instance types are not known');
    report({
      when: capacityType.is('SPOT').and(few),
      message: 'few',
      data: { group: subject.name, count: count === 1 ? '1 instance type' : `${count} instance types` },
      at: instanceTypes.state === 'default' ? capacityType.at : instanceTypes.at,
    });
  },
});
