import { defineRule } from '#rule';
import { enforceLabel, exemptNamespaces } from '#rule/pod-standards';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'Namespace should not enforce the privileged level',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Namespace'],
  needs: ['labels'],
  scope: 'resource',
  fix: 'suggestion: set the level baseline',
  options: { exempt: exemptNamespaces },
  messages: {
    privileged:
      '{namespace} enforces the level privileged, which allows every pod, including those that take over the node',
  },
  help: 'Set pod-security.kubernetes.io/enforce: baseline, and move node agents to a separate namespace',
  equivalents: [
    'kubescape:C-0193',
    'kubescape:C-0194',
    'kubescape:C-0195',
    'kubescape:C-0196',
    'kubescape:C-0202',
    'kubescape:C-0203',
    'kubescape:C-0204',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(namespace, { options, report }) {
    const labels = digRecord(namespace.object, 'metadata', 'labels');
    if (labels?.[enforceLabel] !== 'privileged' || options.exempt.includes(namespace.name)) return;
    report({
      message: 'privileged',
      data: { namespace: namespace.title },
      on: labels,
      key: enforceLabel,
      fix: { safe: false, edits: [{ op: 'set', on: labels, key: enforceLabel, value: 'baseline' }] },
    });
  },
});
