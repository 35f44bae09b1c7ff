import { defineRule, Workload } from '#rule';
import { inTreeDrivers } from '#rule/volume';
import { digRecord, list } from '#rule/shape';

export default defineRule({
  title: 'In-tree volume driver should not be used',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolume'],
  needs: [...inTreeDrivers.keys()],
  scope: 'resource',
  messages: {
    removed:
      '{title} uses the in-tree volume driver {driver}, removed in Kubernetes 1.{removed}, so the volume cannot be mounted',
    deprecated:
      "{title} uses the in-tree volume driver {driver}, which does not work on EKS without the vendor's CSI driver",
  },
  help: 'Use a PersistentVolumeClaim whose StorageClass uses a CSI driver, e.g. ebs.csi.aws.com',
  equivalents: ['trivy:KSV-0028'],
  sources: ['Kubernetes documentation, Volumes'],
  check(resource, { report, target }) {
    const look = (holder: object): void => {
      for (const [driver, removed] of inTreeDrivers) {
        if (!digRecord(holder, driver)) continue;
        const place = { on: holder, key: driver };
        const data = { title: resource.title, driver };
        if (removed !== undefined && target.highest >= removed)
          report({ message: 'removed', data: { ...data, removed }, severity: 'high', ...place });
        else report({ message: 'deprecated', data, ...place });
      }
    };
    if (resource instanceof Workload) for (const volume of list(resource.pod.volumes)) look(volume);
    else {
      const spec = digRecord(resource.object, 'spec');
      if (spec) look(spec);
    }
  },
});
