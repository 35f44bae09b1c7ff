import { defineRule } from '#rule';
import { enforceLabel, exemptNamespaces, labelPrefix, modes } from '#rule/pod-standards';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'Namespace should enforce or warn at the restricted level',
  severity: 'low',
  preset: 'strict',
  kinds: ['Namespace'],
  scope: 'resource',
  fix: 'suggestion: add the labels warn and audit with the level restricted',
  options: { exempt: exemptNamespaces },
  messages: {
    baseline:
      '{namespace} enforces baseline but does not warn at restricted, so pods that could run as root go unnoticed',
  },
  help: 'Set pod-security.kubernetes.io/warn: restricted, and audit as well',
  equivalents: ['kubescape:C-0197', 'kubescape:C-0198', 'kubescape:C-0200', 'kubescape:C-0201'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(namespace, { options, report }) {
    const labels = digRecord(namespace.object, 'metadata', 'labels');
    if (labels?.[enforceLabel] !== 'baseline' || options.exempt.includes(namespace.name)) return;
    if (modes.some((mode) => labels[labelPrefix + mode] === 'restricted')) return;
    report({
      message: 'baseline',
      data: { namespace: namespace.title },
      on: labels,
      key: enforceLabel,
      fix: {
        safe: false,
        edits: ['warn', 'audit'].map((mode) => ({
          op: 'set',
          on: labels,
          key: labelPrefix + mode,
          value: 'restricted',
        })),
      },
    });
  },
});
