import { defineRule, Workload } from '#rule';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'Selector should not contain labels that change',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  scope: 'resource',
  options: {
    keys: {
      type: 'array',
      items: { type: 'string' },
      default: [
        'version',
        'app.kubernetes.io/version',
        'helm.sh/chart',
        'chart',
        'pod-template-hash',
        'date',
        'commit',
      ],
      description: 'Labels whose values change with each release.',
    },
  },
  messages: {
    unstable:
      '{workload} selects pods by label "{label}", which changes with each release, but selectors are immutable',
  },
  help: 'Remove {label} from spec.selector.matchLabels, and keep it in the labels of the pod template',
  equivalents: [],
  sources: ['Kubernetes documentation, Deployments'],
  check(workload, { options, report }) {
    if (!(workload instanceof Workload) || workload.live) return;
    const labels = digRecord(workload.object, 'spec', 'selector', 'matchLabels');
    for (const label of Object.keys(labels ?? {}))
      if (labels && options.keys.includes(label))
        report({ message: 'unstable', data: { workload: workload.title, label }, on: labels, key: label });
  },
});
