import { defineRule } from '#rule';
import { settingOf } from '#rule/addon';
import { addressedPods, recommendedPods } from '#rule/instance-types';

export default defineRule({
  title: 'Node should not allow more pods than it can handle',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  asks: ['cluster', 'addon'],
  messages: {
    recommended:
      'Node group "{group}" allows up to {number} pods, above the {limit} recommended for {instance}, so the kubelet may become slow',
    addresses:
      'Node group "{group}" allows up to {number} pods, but {instance} has IP addresses for only {limit}, so the rest cannot start',
  },
  help: 'Lower the maximum number of pods to {limit}, or enable prefix delegation',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Networking > Amazon VPC CNI (pod formula)',
    'EKS Best Practices Guide, Networking > Prefix Mode for Linux',
  ],
  check({ template, instanceTypes, cluster, subject }, { instanceTypes: types, report }) {
    const { maxPods } = template;
    if (!maxPods.sayable || maxPods.present.state === 'no') return;
    const owner = cluster.part;
    // If the settings of the CNI are not in the files, something else may set them.
    const setting = (name: string) => owner && settingOf(owner, 'vpc-cni', 'env', name);
    const prefixes = setting('ENABLE_PREFIX_DELEGATION');
    const custom = setting('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG');
    const counts =
      owner !== undefined &&
      prefixes?.is('true').state === 'no' &&
      owner.network.ipFamily.is('ipv6').state === 'no' &&
      custom?.state !== 'unknown';
    for (const one of instanceTypes) {
      const { value = '' } = one;
      const type = types.find(value);
      const cap = type && recommendedPods(type);
      if (!type || cap === undefined) {
        // Few enough for any instance type.
        const many = maxPods.where((pods) => pods > 110);
        report({
          when: many.and(types.ask(one, 'vcpus', () => false)),
          message: 'recommended',
          data: { group: subject.name, number: maxPods.value ?? '', limit: '', instance: value },
          at: maxPods.at,
        });
        continue;
      }
      const addressed = counts ? (addressedPods(type, custom?.value === 'true') ?? cap) : cap;
      const limit = Math.min(cap, addressed);
      const tooMany = maxPods.where((pods) => pods > limit);
      report({
        when: tooMany,
        message: addressed < cap ? 'addresses' : 'recommended',
        data: { group: subject.name, number: maxPods.value ?? '', limit, instance: value },
        at: maxPods.at,
      });
      if (tooMany.state !== 'no') return;
    }
  },
});
