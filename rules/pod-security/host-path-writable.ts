import { defineRule } from '#rule';
import { allowedNamespaces, hostPaths, isPluginPath, isSocket } from '#rule/pod';
import { list } from '#rule/shape';

export default defineRule({
  title: 'hostPath volume must be mounted read-only',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPath'],
  scope: 'resource',
  fix: 'suggestion: set readOnly to true',
  options: { allowedNamespaces },
  messages: {
    writable:
      'Container "{container}" of {workload} can write to {path} on the node (volume "{volume}"), so an attacker in it can modify the node',
  },
  help: 'Set readOnly: true on the volume mount, or use an emptyDir or a PersistentVolumeClaim',
  equivalents: [
    'kube-linter:writable-host-mount',
    'kubescape:C-0045',
    'hardeneks:disallow_host_path_or_make_it_read_only',
    'kics:Volume Mount With OS Directory Write Permissions',
  ],
  sources: ['EKS Best Practices Guide, Security', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, report }) {
    if (options.allowedNamespaces.includes(workload.namespace)) return;
    for (const mounted of hostPaths(workload)) {
      const { volume, path } = mounted;
      if (isSocket(mounted)) continue;
      if (workload.kind === 'DaemonSet' && isPluginPath(path)) continue;
      for (const container of workload.containers) {
        const mount = list(container.object.volumeMounts).find((one) => one.name === volume && one.readOnly !== true);
        if (!mount) continue;
        report({
          message: 'writable',
          data: { container: container.name, workload: workload.title, path, volume },
          on: mount,
          key: 'readOnly',
          fix: { safe: false, edits: [{ op: 'set', on: mount, key: 'readOnly', value: true }] },
        });
      }
    }
  },
});
