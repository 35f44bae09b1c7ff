import { defineRule } from '#rule';
import { exempt, namespaceAt } from '#rule/namespace';
import { digRecord } from '#rule/shape';

/** Other names for what a quota counts (Kubernetes documentation, Resource Quotas, Compute Resource Quota). */
const aliases: Readonly<Record<string, string>> = { 'requests.cpu': 'cpu', 'requests.memory': 'memory' };

export default defineRule({
  title: 'Namespace should have a ResourceQuota',
  severity: 'low',
  preset: 'strict',
  kinds: ['Namespace', 'ResourceQuota'],
  scope: 'workspace',
  options: {
    required: {
      type: 'array',
      items: { type: 'string' },
      default: ['requests.cpu', 'requests.memory'],
      description: 'Resources that the quota of a namespace must limit.',
    },
    exempt,
  },
  messages: {
    missing: '{namespace} has no ResourceQuota for {resources}, so its workloads can use all capacity of the cluster',
  },
  help: 'Add a ResourceQuota to the namespace with spec.hard, e.g. requests.cpu: 10, requests.memory: 20Gi',
  equivalents: [
    'trivy:KSV-0040',
    'hardeneks:ensure_namespace_quotas_exist',
    'kics:Pod or Container Without ResourceQuota',
  ],
  sources: ['EKS Best Practices Guide, Multi-tenancy'],
  check(subject, { options, report, workspace }) {
    const judged = namespaceAt(workspace, subject, 'ResourceQuota');
    if (!judged || options.exempt.includes(judged.name)) return;
    const unit = workspace.unit(subject);
    const limited = new Set(
      unit
        .all('ResourceQuota', judged.name)
        .flatMap(({ object }) => Object.keys(digRecord(object, 'spec', 'hard') ?? {})),
    );
    const missing = options.required.filter((one) => !limited.has(one) && !limited.has(aliases[one] ?? one));
    const isMissing = limited.size === 0 || missing.length > 0;
    if (isMissing)
      report({
        message: 'missing',
        data: { namespace: judged.title, resources: missing.join(', ') },
        when: unit.closed,
        ...judged.place,
      });
  },
});
