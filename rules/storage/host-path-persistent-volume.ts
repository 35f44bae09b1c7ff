import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'PersistentVolume must not use hostPath',
  severity: 'high',
  preset: 'strict',
  kinds: ['PersistentVolume'],
  needs: ['spec'],
  scope: 'resource',
  messages: {
    path: '{volume} uses hostPath, so its data is lost when the pod moves to another node',
    local: '{volume} is a local disk without nodeAffinity, so the API server rejects it',
  },
  help: {
    path: 'Use a CSI driver, e.g. ebs.csi.aws.com or efs.csi.aws.com, or local with nodeAffinity',
    local: 'Set spec.nodeAffinity to the node that has the disk',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Persistent Volumes'],
  check(volume, { report }) {
    const spec = digRecord(volume.object, 'spec');
    if (!spec) return;
    const data = { volume: volume.title };
    if (digRecord(spec, 'hostPath')) report({ message: 'path', data, on: spec, key: 'hostPath' });
    else if (digRecord(spec, 'local') && !digRecord(spec, 'nodeAffinity'))
      report({ message: 'local', data, on: spec, key: 'local' });
  },
});
