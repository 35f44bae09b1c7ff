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
    consequence: 'the kubelet cannot verify client certificates',
  },
  {
    setting: 'streamingConnectionIdleTimeout',
    isWeak: (value) => /^0(?:h|m|s|h0m0s|m0s)?$/.test(value),
    consequence: 'idle exec and port-forward connections are never closed',
  },
  {
    setting: 'makeIPTablesUtilChains',
    isWeak: isFalse,
    consequence: "the node's iptables rules may break pod networking",
  },
  {
    setting: 'eventRecordQPS',
    isWeak: (value) => Number(value) === 0,
    consequence: 'a pod can flood the API server with events',
  },
  {
    setting: 'rotateCertificates',
    isWeak: isFalse,
    consequence: "the kubelet's client certificate is not rotated before it expires",
  },
  {
    setting: 'serverTLSBootstrap',
    isWeak: isFalse,
    consequence: 'the kubelet uses a self-signed serving certificate',
  },
  {
    setting: 'featureGates.RotateKubeletServerCertificate',
    isWeak: isFalse,
    consequence: "the kubelet's serving certificate is not rotated before it expires",
  },
  {
    setting: 'allowedUnsafeSysctls',
    isWeak: (value) => value !== '',
    consequence: 'pods can change kernel settings that other pods depend on',
  },
];
