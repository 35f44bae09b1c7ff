import { defineRule } from '#rule';

export default defineRule({
  title: 'Argo CD capability should be reachable only from the VPC',
  severity: 'medium',
  preset: 'strict',
  kinds: ['capability'],
  scope: 'model',
  messages: {
    open: 'Capability "{name}" has no VPC endpoint, so its Argo CD server is reachable from the internet',
  },
  help: 'Set configuration.argoCd.networkAccess.vpceIds, e.g. [vpce-0123456789abcdef0]',
  equivalents: [],
  sources: ['Amazon EKS API Reference, ArgoCdNetworkAccessConfigRequest', 'Amazon EKS User Guide, Argo CD capability'],
  check({ type, argoCd, subject, at }, { report }) {
    const { vpcEndpoints } = argoCd;
    report({
      when: type.is('ARGOCD').and(vpcEndpoints.empty),
      message: 'open',
      data: { name: subject.name },
      at: vpcEndpoints.state === 'set' ? vpcEndpoints.at : at,
    });
  },
});
