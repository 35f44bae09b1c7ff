import { defineRule, Resource } from '#rule';
import { digRecord, isRecord, list, record } from '#rule/shape';

const annotation = 'eks.amazonaws.com/role-arn';

export default defineRule({
  title: 'Default service account must not have an IAM role',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount', 'ClusterConfig', 'podIdentity'],
  scope: 'model',
  messages: {
    default:
      'The default service account of {namespace} has an IAM role, so every pod without a service account gets its permissions',
  },
  help: 'Give the role to a dedicated service account, and set serviceAccountName in the pods that need it',
  equivalents: ['cis-eks-1.7:5.2.1', 'cis-eks-1.8:5.2.1', 'kubescape:C-0225'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Use dedicated service accounts',
    'CIS Amazon EKS Benchmark, 5.2.1',
  ],
  check(subject, { report }) {
    const named = (namespace: unknown): string =>
      typeof namespace === 'string' && namespace !== '' ? `namespace "${namespace}"` : 'the namespace';
    if (!(subject instanceof Resource)) {
      const { serviceAccount, namespace } = subject;
      report({
        when: serviceAccount.is('default'),
        message: 'default',
        data: { namespace: named(namespace.value) },
        at: serviceAccount.at,
      });
      return;
    }
    if (subject.kind === 'ServiceAccount') {
      const annotations = record(record(subject.object.metadata)?.annotations);
      if (subject.name === 'default' && annotations && annotations[annotation] !== undefined)
        report({ message: 'default', data: { namespace: named(subject.namespace) }, on: annotations, key: annotation });
      return;
    }
    const accounts = digRecord(subject.object, 'iam')?.['serviceAccounts'];
    for (const account of list<Record<string, unknown>>(Array.isArray(accounts) ? accounts : [])) {
      const metadata = isRecord(account) ? digRecord(account, 'metadata') : undefined;
      if (metadata?.['name'] === 'default')
        report({
          message: 'default',
          data: { namespace: named(metadata['namespace'] ?? 'default') },
          on: metadata,
          key: 'name',
        });
    }
  },
});
