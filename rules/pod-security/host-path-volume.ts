import { defineRule } from '#rule';
import { hostPaths, isRuntimeSocket, isSensitiveMount, mountsReadOnly, sensitivePaths, strictPss } from '#rule/pod';

/** What host-path-sensitive reports with its default options. */
const sensitive = { paths: sensitivePaths, allowedNamespaces: ['kube-system'] };

export default defineRule({
  title: 'Pod should not use hostPath volumes',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPath'],
  scope: 'resource',
  options: {
    strictPss,
    allowedPrefixes: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Directories of the node that may be mounted, with everything below.',
    },
  },
  messages: {
    mounted:
      '{workload} mounts {path} from the node (volume "{volume}"), which the baseline Pod Security Standard forbids',
  },
  help: 'Use a PersistentVolumeClaim, ConfigMap, Secret or emptyDir instead of hostPath {path}',
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
    const lenient = !options.strictPss;
    if (lenient && workload.namespace === 'kube-system') return;
    const allowed = options.allowedPrefixes.map((prefix) => (prefix.endsWith('/') ? prefix : `${prefix}/`));
    for (const mount of hostPaths(workload)) {
      const { volume, path, on } = mount;
      if (isRuntimeSocket(path) || isSensitiveMount(workload, mount, sensitive)) continue;
      if (lenient && workload.kind === 'DaemonSet' && mountsReadOnly(workload, volume)) continue;
      if (allowed.some((prefix) => `${path}/`.startsWith(prefix))) continue;
      report({ message: 'mounted', data: { volume, workload: workload.title, path }, on, key: 'path' });
    }
  },
});
