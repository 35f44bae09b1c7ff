import { defineRule } from '#rule';
import { heldBy, ignoreNames, isIgnored, wordsOf } from '#rule/rbac';

const creation = [{ groups: [''], resources: ['persistentvolumes'], verbs: ['create'] }];

export default defineRule({
  title: 'Role must not create PersistentVolumes',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: {
    ignoreNames,
    provisioners: {
      type: 'array',
      items: { type: 'string' },
      patterns: true,
      default: ['provisioner', 'csi'],
      description: 'Patterns for names of storage driver roles, which create volumes by design.',
    },
  },
  messages: {
    create:
      '{role} grants {verbs} on {resources}, so its holders can mount any path of a node through a hostPath volume',
  },
  help: 'Remove create on persistentvolumes, and let users create a PersistentVolumeClaim with a StorageClass',
  equivalents: ['kubescape:C-0278', 'cis-eks-1.8:4.1.9', 'prowler:rbac_minimize_pv_creation_access'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (isIgnored(role, options.provisioners)) return;
    for (const held of heldBy(role, creation, options.ignoreNames))
      report({ message: 'create', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
