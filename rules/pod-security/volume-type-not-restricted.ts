import { defineRule } from '#rule';
import { digRecord, list, text } from '#rule/shape';

/** The types that the restricted level does not allow and that no other rule reports. */
const types = ['nfs', 'iscsi', 'fc'] as const;

export default defineRule({
  title: 'Pod should use only volume types that the restricted standard allows',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['volumes'],
  scope: 'resource',
  messages: {
    type: '{workload} mounts {type} directly (volume "{volume}"), so anyone who can create pods can mount any share that nodes can reach',
  },
  help: 'Create a PersistentVolume for the {type} volume, and use it through a PersistentVolumeClaim',
  equivalents: ['trivy:KSV-0028', 'trivy:KSV-0121', 'monokle:PSS201'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    for (const volume of list(workload.pod.volumes))
      for (const type of types)
        if (digRecord(volume, type))
          report({
            message: 'type',
            data: { workload: workload.title, type, volume: text(volume.name) ?? '' },
            on: volume,
            key: type,
          });
  },
});
