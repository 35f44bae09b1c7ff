import { defineRule } from '#rule';
import { allowedNamespaces } from '#rule/pod';
import { list, text } from '#rule/shape';

export default defineRule({
  title: 'Volume mount must not propagate back to the node',
  severity: 'high',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['mountPropagation'],
  scope: 'resource',
  fix: 'suggestion: remove mountPropagation',
  options: {
    allowedNamespaces: { ...allowedNamespaces, description: 'Namespaces whose DaemonSets are not checked.' },
  },
  messages: {
    bidirectional:
      'Container "{container}" of {workload} propagates mounts below {path} to the node, so it can change the node\'s file system',
  },
  help: 'Remove mountPropagation, or use HostToContainer to see node mounts',
  equivalents: ['monokle:KBP115'],
  sources: ['Kubernetes documentation, Volumes'],
  check(workload, { options, report }) {
    // CSI node plugins mount volumes for the kubelet.
    if (workload.kind === 'DaemonSet' && options.allowedNamespaces.includes(workload.namespace)) return;
    for (const container of workload.containers)
      for (const mount of list(container.object.volumeMounts))
        if (mount.mountPropagation === 'Bidirectional')
          report({
            message: 'bidirectional',
            data: { container: container.name, workload: workload.title, path: text(mount.mountPath) ?? '' },
            on: mount,
            key: 'mountPropagation',
            fix: { safe: false, edits: [{ op: 'remove', on: mount, key: 'mountPropagation' }] },
          });
  },
});
