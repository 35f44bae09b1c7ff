import { Answer, defineRule } from '#rule';
import { settingOf } from '#rule/addon';

export default defineRule({
  title: 'Nodes with IPv6 or prefix delegation must use Nitro instances',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  asks: ['cluster', 'addon'],
  messages: {
    nitro:
      'Node group "{group}" allows {instance}, a non-Nitro type without support for {feature}, so its pods get no addresses',
  },
  help: 'Use Nitro instance types, e.g. m5, c5, r5 or newer',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Networking > Prefix Mode for Linux',
    'EKS Best Practices Guide, Networking > Running IPv6 EKS Clusters',
  ],
  check({ instanceTypes, cluster, subject }, { instanceTypes: types, report }) {
    const owner = cluster.part;
    if (!owner) return;
    const isOld = instanceTypes.has((one) => types.ask(one, 'nitro', (nitro) => !nitro));
    const old = instanceTypes.items.find((one) => types.find(one.value ?? '')?.nitro === false);
    const prefixes = settingOf(owner, 'vpc-cni', 'env', 'ENABLE_PREFIX_DELEGATION')?.is('true') ?? Answer.no;
    for (const [what, needed] of [
      ['IPv6', owner.network.ipFamily.is('ipv6')],
      ['prefix delegation', prefixes],
    ] as const)
      report({
        when: needed.and(isOld),
        message: 'nitro',
        data: { group: subject.name, instance: old?.value ?? '', feature: what },
        at: (old ?? instanceTypes).at,
      });
  },
});
