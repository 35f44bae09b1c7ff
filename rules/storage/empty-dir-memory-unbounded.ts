import { defineRule } from '#rule';
import { shortfallsOf } from '#rule/compute';
import { digRecord, list, record, text } from '#rule/shape';

export default defineRule({
  title: 'Memory-backed emptyDir should have a size limit',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: set sizeLimit to 128Mi',
  messages: {
    container:
      '{workload} has memory volume "{volume}" without a size limit, and container "{container}" has no memory limit, so it may exhaust the node',
    unused: '{workload} has memory volume "{volume}" without a size limit, and no container of it mounts the volume',
  },
  help: {
    container: 'Set emptyDir.sizeLimit, e.g. 128Mi, or a memory limit on the containers that mount the volume',
    unused: 'Set emptyDir.sizeLimit, e.g. 128Mi, or remove the volume',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Volumes'],
  check(workload, { report, workspace }) {
    for (const volume of list(workload.pod.volumes)) {
      const on = record(volume.emptyDir);
      const medium = text(on?.medium) ?? '';
      if (!on || !/^(?:Memory$|HugePages)/.test(medium) || (on.sizeLimit !== undefined && on.sizeLimit !== null))
        continue;
      const data = { workload: workload.title, volume: text(volume.name) ?? '' };
      const mounting = workload.containers.filter(({ object }) =>
        list(object.volumeMounts).some((mount) => mount.name === volume.name),
      );
      const unlimited = new Set(
        shortfallsOf(workload, 'memory', 'limits', { workspace, options: { initContainers: true } }).map(
          ({ container }) => container,
        ),
      );
      const container = mounting.find(
        (one) =>
          unlimited.has(one) &&
          // Huge pages have limits of their own (Kubernetes documentation, Manage HugePages).
          !(
            medium.startsWith('HugePages') &&
            Object.keys(digRecord(one.object, 'resources', 'limits') ?? {}).some((key) => key.startsWith('hugepages-'))
          ),
      );
      if (mounting.length > 0 && !container) continue;
      const rest = {
        on,
        key: 'sizeLimit',
        fix: { safe: false, edits: [{ op: 'set', on, key: 'sizeLimit', value: '128Mi' }] },
      } as const;
      if (container) report({ message: 'container', data: { ...data, container: container.name }, ...rest });
      else report({ message: 'unused', data, ...rest });
    }
  },
});
