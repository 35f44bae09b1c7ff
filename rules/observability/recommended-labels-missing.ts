import { defineRule, Workload } from '#rule';
import { labelsOf } from '#rule/selector';
import { digList, digRecord, text } from '#rule/shape';

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
const nameLabel = 'app.kubernetes.io/name';

export default defineRule({
  title: 'Object should have the common labels',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload', 'Service'],
  scope: 'resource',
  fix: 'suggestion: set app.kubernetes.io/name from metadata.name',
  options: {
    labels: {
      type: 'array',
      items: { type: 'string' },
      default: [nameLabel],
      description: 'Required labels.',
    },
    template: { type: 'boolean', default: true, description: 'Also check pod templates.' },
  },
  messages: {
    object: '{subject} lacks {labels}, so it is missing from dashboards and reports that use labels',
    template: 'The pod template of {subject} lacks {labels}, so its pods are missing from dashboards that use labels',
  },
  help: {
    object: 'Set metadata.labels, e.g. app.kubernetes.io/name: web',
    template: 'Set spec.template.metadata.labels, e.g. app.kubernetes.io/name: web',
  },
  equivalents: ['kubescape:C-0077', 'monokle:MTD-recommended-labels'],
  sources: ['Kubernetes documentation, Recommended Labels'],
  check(subject, { options, report }) {
    const metadata = digRecord(subject.object, 'metadata');
    const owners = metadata?.['ownerReferences'];
    if (digList(owners).length > 0 || (subject.live && systemNamespaces.has(subject.namespace))) return;
    const name = text(metadata?.['name']);
    const look = (message: 'object' | 'template', holder: object) => {
      const own = digRecord(holder, 'metadata');
      const labels = digRecord(own, 'labels');
      const present = labelsOf(labels);
      const missing = options.labels.filter((label) => present[label] === undefined);
      const [first] = missing;
      if (first === undefined) return;
      const [on, key] = labels ? [labels, first] : own ? [own, 'labels'] : [holder, 'metadata'];
      const value = labels ? name : own ? { [nameLabel]: name } : { labels: { [nameLabel]: name } };
      // The location is that of the first missing label; the fix writes only the name.
      const fixed =
        missing.includes(nameLabel) && name !== undefined && /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(name)
          ? { fix: { safe: false, edits: [{ op: 'set' as const, on, key: labels ? nameLabel : key, value }] } }
          : {};
      report({
        message,
        data: {
          subject: subject.title,
          labels: `${missing.length === 1 ? 'label' : 'labels'} ${missing.join(', ')}`,
        },
        on,
        key,
        ...fixed,
      });
    };
    look('object', subject.object);
    if (options.template && subject instanceof Workload && subject.kind !== 'Pod') look('template', subject.template);
  },
});
