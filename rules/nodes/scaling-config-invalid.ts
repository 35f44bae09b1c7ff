import { defineRule } from '#rule';

export default defineRule({
  title: 'Sizes of a node group must fit together',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    order: '{low} of node group "{group}" is {one}, above {high} of {other}, so its creation fails',
    negative: '{low} of node group "{group}" is {one}, so its creation fails',
    zero: 'The maximum size of node group "{group}" is 0, so its creation fails',
  },
  help: 'Write sizes with minSize <= desiredSize <= maxSize and a maxSize of at least 1',
  equivalents: [],
  sources: ['eksctl validation and schema: minSize, desiredCapacity, maxSize'],
  check({ scaling, subject, managed }, { report }) {
    const group = subject.name;
    const sizes = [
      ['The minimum size', 'the minimum size', scaling.min],
      ['The desired size', 'the desired size', scaling.desired],
      ['The maximum size', 'the maximum size', scaling.max],
    ] as const;
    for (const [low, , one] of sizes)
      report({
        when: one.where((size) => size < 0),
        message: 'negative',
        data: { low, group, one: one.value ?? 0 },
        at: one.at,
      });
    // An Auto Scaling group may be empty for good.
    if (managed) report({ when: scaling.max.is(0), message: 'zero', data: { group }, at: scaling.max.at });
    for (const [index, [low, , one]] of sizes.entries())
      for (const [, high, other] of sizes.slice(index + 1)) {
        const [a, b] = [one.value, other.value];
        // The desired size is said once, where it does not fit to its neighbors.
        const isNeighbor =
          index + 1 === sizes.findIndex(([, , size]) => size === other) || scaling.desired.value === undefined;
        if (a !== undefined && b !== undefined && isNeighbor && a > b && !(managed && b === 0 && other === scaling.max))
          report({
            when: one.where((size) => size > b),
            message: 'order',
            data: { low, group, one: a, high, other: b },
            at: one.written ? one.at : other.at,
          });
        else if (one.state === 'unknown' && isNeighbor && one.written && b !== undefined)
          report({
            when: one.where((size) => size > b),
            message: 'order',
            data: { low, group, one: '', high, other: b },
            at: one.at,
          });
      }
  },
});
