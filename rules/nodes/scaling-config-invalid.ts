import { Answer, defineRule, type Value } from '#rule';

/** Whether a size is above another; an unset size is above nothing. */
function exceeds(one: Value<number>, other: Value<number>): Answer {
  const { value: limit } = other;
  if (other.state === 'unknown')
    return one.present.state === 'no' ? Answer.no : Answer.unknown(other.why ?? 'a size is not known');
  return limit === undefined ? Answer.no : one.where((size) => size > limit);
}

export default defineRule({
  title: 'Node group sizes must be consistent',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    order: '{low} of node group "{group}" is {one}, above {high} of {other}, so its creation fails',
    negative: '{low} of node group "{group}" is {one}, so its creation fails',
    zero: 'The maximum size of node group "{group}" is 0, so its creation fails',
  },
  help: 'Use sizes with minSize <= desiredSize <= maxSize and a maxSize of at least 1',
  equivalents: [],
  sources: ['eksctl validation and schema: minSize, desiredCapacity, maxSize'],
  check({ scaling, subject, managed }, { report }) {
    const group = subject.name;
    const { min, desired, max } = scaling;
    for (const [low, one] of [
      ['The minimum size', min],
      ['The desired size', desired],
    ] as const)
      report({
        when: one.where((size) => size < 0),
        message: 'negative',
        data: { low, group, one: one.value ?? 0 },
        at: one.at,
      });
    // An Auto Scaling group may stay empty.
    if (managed) report({ when: max.is(0), message: 'zero', data: { group }, at: max.at });
    const pairs = [
      ['The minimum size', min, 'the desired size', desired],
      ['The desired size', desired, 'the maximum size', max],
      // Reported once, if there is no desired size between them.
      ...(desired.present.state === 'no' ? [['The minimum size', min, 'the maximum size', max] as const] : []),
    ] as const;
    for (const [low, one, high, other] of pairs)
      report({
        when: exceeds(one, other),
        message: 'order',
        data: { low, group, one: one.value ?? '', high, other: other.value ?? '' },
        at: one.written ? one.at : other.at,
      });
  },
});
