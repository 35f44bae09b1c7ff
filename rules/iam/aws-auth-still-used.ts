import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

export default defineRule({
  title: 'Cluster should support access entries, not only aws-auth',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: set API_AND_CONFIG_MAP, which cannot be undone',
  messages: {
    only: '{cluster} controls access only through ConfigMap aws-auth, so one wrong edit locks out nodes and people',
  },
  help: 'Set the authentication mode to API_AND_CONFIG_MAP, move the mappings to access entries, then set API',
  equivalents: ['cis-eks-1.7:4.1.7', 'cis-eks-1.8:4.1.7', 'kubescape:C-0285'],
  sources: [
    'EKS Best Practices Guide, Security > Cluster Access Manager',
    'CIS Amazon EKS Benchmark, 4.1.7',
    'terraform-aws-eks: authentication_mode',
  ],
  check(cluster, { report }) {
    const { authenticationMode, outpost, network } = cluster;
    report({
      // Local clusters on Outposts may support no other mode, and EKS rejects it for hybrid nodes.
      when: authenticationMode.is('CONFIG_MAP').and(outpost.is(false)).and(network.remoteNodes.empty),
      message: 'only',
      data: { cluster: clusterStart(cluster) },
      at: authenticationMode.at,
      fix: { safe: false, edits: authenticationMode.write('API_AND_CONFIG_MAP') },
    });
  },
});
