import { defineRule } from '#rule';
import { nearest } from '#rule/nearest';
import { dig, digList, list, text } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Mount must refer to a volume of the pod',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['volumeMounts', 'volumeDevices'],
  scope: 'resource',
  fix: 'suggestion: use the closest volume name',
  messages: {
    near: 'Container "{container}" of {workload} mounts volume "{volume}", which does not exist (did you mean "{near}"?), so the API server rejects it',
    undefined:
      'Container "{container}" of {workload} mounts volume "{volume}", which does not exist, so the API server rejects it',
    path: '{field} of a mount of container "{container}" in {workload} {fault}, so the API server rejects it',
  },
  help: {
    near: 'Mount volume {near}',
    undefined: 'Add volume {volume} to the pod, or remove the mount',
    path: 'Use a path such as /data; subPath must be relative, without ".."',
  },
  equivalents: ['monokle:LNK001'],
  sources: ['Kubernetes API reference'],
  check(workload, { report, undetermined }) {
    if (workload.byShape) return; // its operator may add volumes
    const names = [
      ...list(workload.pod.volumes).map(({ name }) => text(name) ?? ''),
      ...digList(workload.object, 'spec', 'volumeClaimTemplates').map(
        (claim) => text(dig(claim, 'metadata', 'name')) ?? '',
      ),
    ];
    const known = new Set(names);
    const isOpen =
      unrendered(names) ||
      unrendered(workload.pod.volumes) ||
      workload.changes.some(({ path }) => path.at(-1) === 'volumes' || path.length === 0) ||
      patched(workload, 'spec', 'template', 'spec', 'volumes');
    for (const { object, name: container } of workload.containers) {
      for (const mount of [...list(object.volumeMounts), ...list(object.volumeDevices)]) {
        const { name } = mount;
        if (typeof name === 'string' && name !== '' && !known.has(name) && !unrendered(name)) {
          const data = { container, workload: workload.title, volume: name };
          const place = { on: mount, key: 'name' } as const;
          const near = nearest(name, names);
          if (isOpen) undetermined('the volumes of the pod are not known', place);
          else if (near === undefined) report({ message: 'undefined', data, ...place });
          else
            report({
              message: 'near',
              data: { ...data, near },
              ...place,
              fix: { safe: false, edits: [{ op: 'set', ...place, value: near }] },
            });
        }
        for (const field of ['subPath', 'subPathExpr', 'mountPath']) {
          const path = dig(mount, field);
          if (typeof path !== 'string' || path === '' || unrendered(path)) continue;
          const fault =
            field === 'mountPath'
              ? path.includes(':') && !workload.windows && !/^[A-Za-z]:/.test(path)
                ? 'has a colon'
                : undefined
              : path.startsWith('/')
                ? 'is absolute'
                : path.split('/').includes('..')
                  ? 'contains ".."'
                  : undefined;
          if (fault !== undefined)
            report({
              message: 'path',
              data: { field, container, workload: workload.title, fault },
              on: mount,
              key: field,
            });
        }
      }
    }
  },
});
