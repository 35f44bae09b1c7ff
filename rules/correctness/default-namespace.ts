import { defineRule, Resource } from '#rule';
import { isPlatformObject } from '#rule/absence';
import { isRecord } from '#rule/shape';

export default defineRule({
  title: 'Object should not be in the default namespace',
  severity: 'low',
  preset: 'strict',
  kinds: [
    'Workload',
    'Service',
    'ConfigMap',
    'Secret',
    'ServiceAccount',
    'Role',
    'RoleBinding',
    'Ingress',
    'PersistentVolumeClaim',
  ],
  reads: ['metadata'],
  scope: 'resource',
  options: {
    explicit: {
      type: 'boolean',
      default: false,
      description: 'Also report objects that have no namespace and get none from a kustomization.',
    },
  },
  messages: {
    named: '{title} is in namespace "default", so it shares policies and quotas with other applications',
    absent: '{title} has no namespace, so it is applied to the current namespace, usually "default"',
  },
  help: {
    named: 'Set metadata.namespace to the namespace of the application, e.g. shop',
    absent: 'Set metadata.namespace, e.g. shop, or set namespace in the kustomization',
  },
  equivalents: [
    'kube-linter:use-namespace',
    'checkov:CKV_K8S_21',
    'trivy:KSV-0110',
    'kubescape:C-0061',
    'kubescape:C-0212',
    'cis-eks-1.7:4.5.2',
    'cis-eks-1.7:4.5.1',
    'kics:Using Unrecommended Namespace',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7'],
  check(resource, { options, report }) {
    if (!(resource instanceof Resource)) return;
    const { kind, name, title } = resource;
    const metadata: unknown = resource.object.metadata;
    if (!resource.namespaced || !isRecord(metadata)) return;
    if (resource.namespace === 'default') {
      if (!isPlatformObject(kind, name, 'default'))
        report({ message: 'named', data: { title }, on: metadata, key: 'namespace' });
    } else if (options.explicit && resource.namespace === '' && !resource.live)
      report({ message: 'absent', data: { title }, on: metadata, key: 'namespace' });
  },
});
