import { defineRule } from '#rule';
import { allowedNamespaces, hostPaths, isSensitiveMount, sensitivePaths } from '#rule/pod';

export default defineRule({
  title: 'Pod must not mount a sensitive directory of the node',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPath'],
  scope: 'resource',
  options: {
    paths: {
      type: 'array',
      items: { type: 'string' },
      default: sensitivePaths,
      description: 'Paths on the node to report; `/**` at the end includes everything below.',
    },
    allowedNamespaces,
  },
  messages: {
    sensitive:
      '{workload} mounts {path} from the node (volume "{volume}"), which exposes the node\'s credentials, settings or programs',
  },
  help: 'Use a ConfigMap, Secret or PersistentVolumeClaim instead of hostPath {path}',
  equivalents: [
    'kube-linter:sensitive-host-mounts',
    'kubescape:C-0020',
    'kubescape:C-0048',
    'kics:Workload Mounting With Sensitive OS Directory',
    'polaris:hostPathSet',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'EKS Best Practices Guide, Security'],
  check(workload, { options, report }) {
    for (const mount of hostPaths(workload)) {
      if (!isSensitiveMount(workload, mount, options)) continue;
      report({
        message: 'sensitive',
        data: { volume: mount.volume, workload: workload.title, path: mount.path },
        on: mount.on,
        key: 'path',
      });
    }
  },
});
