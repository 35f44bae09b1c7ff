import { defineRule } from '#rule';
import { dig, list, record, text } from '#rule/shape';

export default defineRule({
  title: 'emptyDir should have a size limit',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['emptyDir'],
  scope: 'resource',
  fix: 'suggestion: set sizeLimit to 1Gi',
  messages: {
    unbounded:
      '{workload} has the emptyDir "{volume}" without a size limit, so it can fill the node\'s disk and cause evictions of other pods',
  },
  help: 'Set emptyDir.sizeLimit, e.g. 1Gi, or limits.ephemeral-storage on the containers',
  equivalents: [],
  sources: ['Kubernetes documentation, Configuration good practices'],
  check(workload, { report }) {
    const limited = workload.containers.some((container) => {
      const limit = dig(container.object, 'resources', 'limits', 'ephemeral-storage');
      return limit !== undefined && limit !== null;
    });
    if (limited) return;
    for (const volume of list(workload.pod.volumes)) {
      const written: unknown = volume.emptyDir;
      const own = record(volume.emptyDir);
      // `emptyDir:` without a value is an emptyDir too.
      if (!own && written !== null) continue;
      if (/^(?:Memory$|HugePages)/.test(text(own?.medium) ?? '') || (own?.sizeLimit ?? undefined) !== undefined)
        continue;
      const edit = own
        ? ({ op: 'set', on: own, key: 'sizeLimit', value: '1Gi' } as const)
        : ({ op: 'set', on: volume, key: 'emptyDir', value: { sizeLimit: '1Gi' } } as const);
      report({
        message: 'unbounded',
        data: { workload: workload.title, volume: text(volume.name) ?? '' },
        on: edit.on,
        key: edit.key,
        fix: { safe: false, edits: [edit] },
      });
    }
  },
});
