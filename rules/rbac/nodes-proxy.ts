import { defineRule } from '#rule';
import { heldBy, ignoreNames, rights, wordsOf } from '#rule/rbac';

/**
 * What the kubelet serves under more specific permissions (Kubernetes documentation, Kubelet
 * authentication/authorization).
 */
const finer = ['nodes/metrics', 'nodes/stats'];

export default defineRule({
  title: 'Role must not grant access to nodes/proxy',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  fix: 'suggestion: replace nodes/proxy with nodes/metrics and nodes/stats',
  options: { ignoreNames },
  messages: {
    proxy: '{role} grants {verbs} on {resources}, so its holders can run commands in every pod through the kubelet',
  },
  help: 'Grant only what is needed, e.g. resources: [nodes/metrics, nodes/stats]',
  equivalents: [
    'trivy:KSV-0047',
    'kubescape:C-0279',
    'checkov:CKV2_K8S_2',
    'cis-eks-1.8:4.1.10',
    'prowler:rbac_minimize_node_proxy_subresource_access',
  ],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    for (const { grant, verbs } of heldBy(role, rights.nodesProxy, options.ignoreNames)) {
      const { entry } = grant;
      const written = entry.resources ?? [];
      const value = [
        ...written.filter((one) => one !== 'nodes/proxy'),
        ...finer.filter((one) => !written.includes(one)),
      ];
      report({
        message: 'proxy',
        data: wordsOf(role, { verbs, resources: grant.resources.filter((one) => one.endsWith('/proxy')) }),
        on: entry,
        key: 'resources',
        ...(written.includes('nodes/proxy')
          ? { fix: { safe: false, edits: [{ op: 'set' as const, on: entry, key: 'resources', value }] } }
          : {}),
      });
    }
  },
});
