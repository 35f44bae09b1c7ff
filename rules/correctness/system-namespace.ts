import { defineRule, Resource } from '#rule';
import { isPlatformObject } from '#rule/absence';

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Add-ons of EKS and controllers that their documentation installs into kube-system. */
const addons = [
  'aws-*',
  'amazon-*',
  'cluster-autoscaler*',
  'cluster-proportional-autoscaler*',
  'coredns*',
  'ebs-*',
  'efs-*',
  'eks-*',
  'external-dns*',
  'fsx-*',
  'karpenter*',
  'kube-*',
  'metrics-server*',
  'node-local-dns*',
  'nvidia-device-plugin*',
  's3-csi-*',
  'secrets-store-*',
  'csi-secrets-store*',
  'snapshot-*',
  'vpc-*',
] as const;

export default defineRule({
  title: 'Application workload should not run in a system namespace',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload', 'Service', 'ConfigMap', 'Secret'],
  reads: ['metadata'],
  scope: 'resource',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: addons,
      description: 'Names of workloads allowed in system namespaces; "*" matches any text.',
    },
  },
  messages: {
    system:
      '{title} is in the system namespace "{namespace}", so it gets the permissions and policy exemptions of cluster components',
  },
  help: 'Move it to its own namespace, or add its name to the option allowed',
  equivalents: ['trivy:KSV-0037', 'kubescape:C-0209'],
  sources: ['EKS Best Practices Guide, Security'],
  check(resource, { options, report }) {
    if (!(resource instanceof Resource)) return;
    const { namespace, name, kind, title } = resource;
    if (!systemNamespaces.has(namespace) || isPlatformObject(kind, name, namespace)) return;
    if (options.allowed.some((pattern) => matches(pattern, name))) return;
    const { metadata } = resource.object;
    report({ message: 'system', data: { title, namespace }, on: metadata ?? resource.object, key: 'namespace' });
  },
});

/** Whether a name matches a pattern with stars. */
const matches = (pattern: string, name: string): boolean => {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const tail = rest.pop() ?? '';
  let at = head.length;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  return rest.every((part) => {
    const found = name.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
};
