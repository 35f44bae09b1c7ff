import { defineRule } from '#rule';

export default defineRule({
  title: 'Warm pool must be valid for its node group',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    image: 'Node group "{group}" has a warm pool and a custom AMI, so EKS rejects it',
    bottlerocket:
      'The warm pool of node group "{group}" {what}, which Bottlerocket does not support, so EKS rejects it',
    size: 'The warm pool of node group "{group}" has {number} as {what}, so EKS rejects it',
    below:
      'The warm pool of node group "{group}" prepares {number} instances, below the minimum size of the group, {min}',
  },
  help: {
    image: 'Use an EKS optimized AMI, or remove the warm pool',
    bottlerocket: 'Use the state STOPPED without instance reuse, or Amazon Linux 2023',
    size: 'Use a minimum of at least 0 and a capacity of at least -1',
    below: 'Raise maxGroupPreparedCapacity to the minimum size of the group, or remove it',
  },
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Warm pools for managed node groups',
    'Amazon EC2 Auto Scaling User Guide, Warm pools',
    'Amazon EKS API Reference, WarmPoolConfig',
  ],
  check({ warmPool, amiType, scaling, subject }, { report }) {
    if (!warmPool.enabled.sayable) return;
    const group = subject.name;
    const { enabled, minSize, maxPrepared, state, reuse } = warmPool;
    const on = enabled.is(true);
    report({ when: on.and(amiType.is('CUSTOM')), message: 'image', data: { group }, at: enabled.at });
    const isBottlerocket = amiType.where((type) => type.startsWith('BOTTLEROCKET_'));
    report({
      when: on.and(isBottlerocket).and(state.is('HIBERNATED')),
      message: 'bottlerocket',
      data: { group, what: 'hibernates instances' },
      at: state.at,
    });
    report({
      when: on.and(isBottlerocket).and(reuse.is(true)),
      message: 'bottlerocket',
      data: { group, what: 'reuses instances' },
      at: reuse.at,
    });
    for (const [what, fact, least] of [
      ['minimum size', minSize, 0],
      ['capacity', maxPrepared, -1],
    ] as const)
      report({
        when: on.and(fact.where((number) => number < least)),
        message: 'size',
        data: { group, what, number: fact.value ?? '' },
        at: fact.at,
      });
    const { value: min } = scaling.min;
    if (min !== undefined)
      report({
        when: on.and(maxPrepared.where((number) => number >= 0 && number < min)),
        message: 'below',
        data: { group, number: maxPrepared.value ?? '', min },
        at: maxPrepared.at,
      });
  },
});
