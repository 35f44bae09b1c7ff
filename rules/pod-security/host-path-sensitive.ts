import { defineRule, hostPaths, isSensitiveMount, sensitivePaths } from '#rule';

export default defineRule({
  title: 'Pod must not mount a sensitive host directory',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    paths: {
      type: 'array',
      items: { type: 'string' },
      default: sensitivePaths,
      description: 'Paths of the node that count; `/**` at the end takes in what lies below.',
    },
    allowedNamespaces: {
      type: 'array',
      items: { type: 'string' },
      default: ['kube-system'],
      description: 'Namespaces whose pods are left out.',
    },
  },
  messages: {
    sensitive:
      'Volume "{volume}" of {workload} is {path} of the node, so a break-in reaches the files that run the node or the credentials on it',
  },
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
