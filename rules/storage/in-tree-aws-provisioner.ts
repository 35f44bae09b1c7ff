import { defineRule, Workload } from '#rule';
import { isPlatformObject } from '#rule/absence';
import { isRecord, list } from '#rule/shape';

const field = 'awsElasticBlockStore';

export default defineRule({
  title: 'EBS volumes should use the EBS CSI driver',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['StorageClass', 'PersistentVolume', 'Workload'],
  needs: ['awsElasticBlockStore', 'provisioner'],
  scope: 'resource',
  messages: {
    provisioner:
      '{title} uses the legacy provisioner {provisioner}, which needs the EBS CSI driver and supports neither gp3 nor Auto Mode',
    volume:
      '{title} defines an EBS volume in the legacy field {field}, which needs the EBS CSI driver and fails in Auto Mode',
  },
  help: {
    provisioner:
      'Create a StorageClass with provisioner: ebs.csi.aws.com and parameters.type: gp3, and use it for new claims',
    volume: 'Use a PersistentVolume with csi.driver: ebs.csi.aws.com and csi.volumeHandle: vol-0123456789abcdef0',
  },
  equivalents: [],
  sources: ['Amazon EKS User Guide, Amazon EBS CSI migration FAQ', 'EKS Best Practices Guide, Upgrades'],
  check(resource, { report }) {
    const { object, title } = resource;
    if (resource instanceof Workload) {
      for (const volume of list(resource.pod.volumes))
        if (isRecord(volume[field])) report({ message: 'volume', data: { title, field }, on: volume, key: field });
    } else if (resource.kind === 'PersistentVolume') {
      const spec = 'spec' in object && isRecord(object.spec) ? object.spec : undefined;
      if (spec && isRecord(spec[field])) report({ message: 'volume', data: { title, field }, on: spec, key: field });
    } else if ('provisioner' in object && object.provisioner === 'kubernetes.io/aws-ebs') {
      // EKS itself creates this class.
      if (resource.live && isPlatformObject('StorageClass', resource.name, '')) return;
      report({
        message: 'provisioner',
        data: { title, provisioner: object.provisioner },
        on: object,
        key: 'provisioner',
      });
    }
  },
});
