import { defineRule, hostPaths, isRuntimeSocket, isSensitiveMount, sensitivePaths } from '#rule';

/** What host-path-sensitive names with its default options. */
const sensitive = { paths: sensitivePaths, allowedNamespaces: ['kube-system'] };

export default defineRule({
  title: 'Pod should not use hostPath volumes',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    allowedPrefixes: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Folders of the node that may be mounted, with all that lies below.',
    },
  },
  messages: {
    mounted:
      'Volume "{volume}" of {workload} is {path} of the node, which ties the pod to that node and lets a break-in out of the container',
  },
  equivalents: [
    'polaris:hostPathSet',
    'trivy:KSV-0023',
    'kubescape:C-0048',
    'kubescape:C-0203',
    'hardeneks:disallow_host_path_or_make_it_read_only',
    'prowler:core_minimize_hostpath_volume_mounts',
    'monokle:PSS105',
    'kics:Non Kube System Pod With Host Mount',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, report }) {
    const allowed = options.allowedPrefixes.map((prefix) => (prefix.endsWith('/') ? prefix : `${prefix}/`));
    for (const mount of hostPaths(workload)) {
      const { volume, path, on } = mount;
      if (isRuntimeSocket(path) || isSensitiveMount(workload, mount, sensitive)) continue;
      if (allowed.some((prefix) => `${path}/`.startsWith(prefix))) continue;
      report({ message: 'mounted', data: { volume, workload: workload.title, path }, on, key: 'path' });
    }
  },
});
