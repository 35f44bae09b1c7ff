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
      'Node group "{group}" allows {instance}, a non-Nitro type without support for IPv6, so its pods get no addresses',
    prefixes:
      'Node group "{group}" allows {instance}, a non-Nitro type without support for prefix delegation, so such nodes run fewer pods',
  },
  help: 'Use Nitro instance types, e.g. m5, c5, r5 or newer',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Networking > Prefix Mode for Linux',
    'EKS Best Practices Guide, Networking > Running IPv6 EKS Clusters',
    'amazon-vpc-cni-k8s, pkg/ipamd/ipamd.go',
  ],
  check({ instanceTypes, cluster, subject }, { instanceTypes: types, report }) {
    const owner = cluster.part;
    if (!owner) return;
    const isOld = instanceTypes.has((one) => types.ask(one, 'nitro', (nitro) => !nitro));
    const old = instanceTypes.items.find((one) => types.find(one.value ?? '')?.nitro === false);
    const prefixes = settingOf(owner, 'vpc-cni', 'env', 'ENABLE_PREFIX_DELEGATION')?.is('true') ?? Answer.no;
    const data = { group: subject.name, instance: old?.value ?? '' };
    const { at } = old ?? instanceTypes;
    const isIpv6 = owner.network.ipFamily.is('ipv6');
    report({ when: isIpv6.and(isOld), message: 'nitro', data, at });
    // With IPv4, the CNI then assigns single addresses (amazon-vpc-cni-k8s, pkg/ipamd/ipamd.go, isConfigValid).
    report({ when: prefixes.and(isIpv6.not()).and(isOld), message: 'prefixes', severity: 'medium', data, at });
  },
});
