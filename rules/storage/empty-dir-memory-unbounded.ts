import { defineRule } from '#rule';
import { shortfallsOf } from '#rule/compute';
import { digRecord, list, record, text } from '#rule/shape';

/** Whether a volume is an emptyDir in memory without a size limit. */
function isUnbounded(volume: object): boolean {
  const on = digRecord(volume, 'emptyDir');
  return (
    /^(?:Memory$|HugePages)/.test(text(on?.['medium']) ?? '') &&
    (on?.['sizeLimit'] === undefined || on['sizeLimit'] === null)
  );
}

export default defineRule({
  title: 'Memory-backed emptyDir should have a size limit',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['medium'],
  scope: 'workspace',
  fix: 'suggestion: set sizeLimit to 128Mi',
  messages: {
    container:
      '{workload} has memory volume "{volume}" without a size limit, and container "{container}" has no memory limit, so it may exhaust the node',
    unused:
      '{workload} has memory volume "{volume}" without a size limit, and no container mounts it, so it only uses memory',
  },
  help: {
    container: 'Set emptyDir.sizeLimit, e.g. 128Mi, or a memory limit on the containers that mount the volume',
    unused: 'Set emptyDir.sizeLimit, e.g. 128Mi, or remove the volume',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Volumes'],
  check(workload, { report, workspace }) {
    const volumes = list(workload.pod.volumes).filter((volume) => isUnbounded(volume));
    if (volumes.length === 0) return;
    const options = { initContainers: true };
    const unlimited = new Set(
      shortfallsOf(workload, 'memory', 'limits', { workspace, options }).map(({ container }) => container),
    );
    for (const volume of volumes) {
      const on = record(volume.emptyDir);
      const medium = text(on?.medium) ?? '';
      if (!on) continue;
      const data = { workload: workload.title, volume: text(volume.name) ?? '' };
      const mounting = workload.containers.filter(({ object }) =>
        list(object.volumeMounts).some((mount) => mount.name === volume.name),
      );
      const container = mounting.find(
        (one) =>
          unlimited.has(one) &&
          // Huge pages have their own limits (Kubernetes documentation, Manage HugePages).
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
