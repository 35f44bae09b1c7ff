import { defineRule, isRecord, list, Workload } from '#rule';

const field = 'awsElasticBlockStore';

export default defineRule({
  title: 'In-tree EBS volumes and provisioners',
  severity: 'high',
  preset: 'recommended',
  kinds: ['StorageClass', 'PersistentVolume', 'Workload'],
  scope: 'resource',
  messages: {
    provisioner:
      '{title} has the in-tree provisioner {provisioner}: without the EBS CSI driver no volume comes, and gp3 and Auto Mode need a class of the driver',
    volume:
      '{title} has an EBS volume in the in-tree field {field}: it attaches only where the EBS CSI driver is installed, and never on Auto Mode',
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
      report({
        message: 'provisioner',
        data: { title, provisioner: object.provisioner },
        on: object,
        key: 'provisioner',
      });
    }
  },
});
