import { defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

export default defineRule({
  title: 'Kubelet settings should not weaken the node',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: remove the setting',
  messages: {
    weak: '{group} sets {setting} to {value}, so {consequence}',
  },
  help: 'Remove {setting}; the default of EKS AMIs is secure',
  equivalents: [
    'cis-eks-1.7:3.2.3',
    'cis-eks-1.7:3.2.5',
    'cis-eks-1.7:3.2.6',
    'cis-eks-1.7:3.2.7',
    'cis-eks-1.7:3.2.8',
    'cis-eks-1.7:3.2.9',
    'cis-eks-1.8:3.2.3',
    'cis-eks-1.8:3.2.5',
    'cis-eks-1.8:3.2.6',
    'cis-eks-1.8:3.2.7',
    'cis-eks-1.8:3.2.8',
    'cis-eks-1.8:3.2.9',
    'kubescape:C-0174',
    'kubescape:C-0176',
    'kubescape:C-0178',
    'kubescape:C-0180',
    'kubescape:C-0181',
    'kubescape:C-0183',
  ],
  sources: ['CIS Amazon EKS Benchmark, 3.2.3 and 3.2.5 to 3.2.9'],
  check(template, { report }) {
    const { kubelet } = template;
    for (const { setting, isWeak, consequence } of settings) {
      const fact = kubelet.setting(setting);
      const { value = '' } = fact;
      report({
        when: fact.where(isWeak),
        message: 'weak',
        data: { group: nodesTitle(template), setting, value: value === '' ? 'nothing' : value, consequence },
        at: fact.at,
        fix: { safe: false, edits: fact.clear() },
      });
    }
  },
});

const isFalse = (value: string): boolean => value === 'false';
const settings: readonly {
  readonly setting: string;
  readonly isWeak: (value: string) => boolean;
  readonly consequence: string;
}[] = [
  {
    setting: 'authentication.x509.clientCAFile',
    isWeak: (value) => value === '',
    consequence: 'the kubelet cannot check certificates of the API server',
  },
  {
    setting: 'streamingConnectionIdleTimeout',
    isWeak: (value) => /^0(?:h|m|s|h0m0s|m0s)?$/.test(value),
    consequence: 'idle exec and port-forward connections are never closed',
  },
  {
    setting: 'makeIPTablesUtilChains',
    isWeak: isFalse,
    consequence: 'iptables rules of the node may not fit its pods',
  },
  {
    setting: 'eventRecordQPS',
    isWeak: (value) => Number(value) === 0,
    consequence: 'the number of events is not limited, and a pod can flood the API server with them',
  },
  {
    setting: 'rotateCertificates',
    isWeak: isFalse,
    consequence: 'the certificate of the kubelet is not renewed before it ends',
  },
  {
    setting: 'serverTLSBootstrap',
    isWeak: isFalse,
    consequence: 'the kubelet serves a certificate that nobody can check',
  },
  {
    setting: 'featureGates.RotateKubeletServerCertificate',
    isWeak: isFalse,
    consequence: 'the serving certificate of the kubelet is not renewed before it ends',
  },
  {
    setting: 'allowedUnsafeSysctls',
    isWeak: (value) => value !== '',
    consequence: 'pods may change settings of the kernel that other pods depend on',
  },
];
