import { defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

export default defineRule({
  title: 'Kubelet must reject anonymous requests',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: remove the setting',
  messages: {
    open: '{group} sets {setting} to {value}, so {consequence}',
  },
  help: 'Remove {setting}; the defaults of EKS AMIs are secure',
  equivalents: [
    'cis-eks-1.7:3.2.1',
    'cis-eks-1.7:3.2.2',
    'cis-eks-1.7:3.2.4',
    'cis-eks-1.8:3.2.1',
    'cis-eks-1.8:3.2.2',
    'cis-eks-1.8:3.2.4',
    'kubescape:C-0172',
    'kubescape:C-0173',
    'kubescape:C-0175',
  ],
  sources: ['CIS Amazon EKS Benchmark, 3.2.1, 3.2.2, 3.2.4'],
  check(template, { report }) {
    const { kubelet } = template;
    for (const { setting, isOpen, consequence } of settings) {
      const fact = kubelet.setting(setting);
      report({
        when: fact.where(isOpen),
        message: 'open',
        data: { group: nodesTitle(template), setting, value: fact.value ?? '', consequence },
        at: fact.at,
        fix: { safe: false, edits: fact.clear() },
      });
    }
  },
});

const settings: readonly {
  readonly setting: string;
  readonly isOpen: (value: string) => boolean;
  readonly consequence: string;
}[] = [
  {
    setting: 'authentication.anonymous.enabled',
    isOpen: (value) => value === 'true',
    consequence: 'anyone who can reach the kubelet gets access without credentials',
  },
  {
    setting: 'authentication.webhook.enabled',
    isOpen: (value) => value === 'false',
    consequence: 'the kubelet does not authenticate requests with the API server',
  },
  {
    setting: 'authorization.mode',
    isOpen: (value) => value === 'AlwaysAllow',
    consequence: 'anyone with access can run commands in all pods',
  },
  {
    setting: 'readOnlyPort',
    isOpen: (value) => Number(value) > 0,
    consequence: 'anyone can list its pods without credentials',
  },
];
