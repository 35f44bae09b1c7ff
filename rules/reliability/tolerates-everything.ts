import { defineRule } from '#rule';
import { list } from '#rule/shape';

/** Taints of an unresponsive node. By default a pod stays there for five minutes. */
const failing = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

export default defineRule({
  title: 'Workload should not tolerate every taint',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['tolerations'],
  scope: 'resource',
  messages: {
    everything: '{workload} tolerates every taint, so it also runs on reserved and failing nodes',
    failing: '{workload} tolerates {taint} without a time limit, so its pods are not moved off a failed node',
  },
  help: {
    everything: 'List only the taints that it should tolerate, e.g. key: dedicated, operator: Equal, value: web',
    failing: 'Set tolerationSeconds: 30 in the toleration, or remove the toleration',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Taints and Tolerations'],
  check(workload, { report }) {
    // A node agent runs on every node. Cluster components and pods of operators need their tolerations.
    if (workload.kind === 'DaemonSet' || workload.namespace === 'kube-system' || workload.byShape) return;
    const data = { workload: workload.title };
    for (const toleration of list(workload.pod.tolerations)) {
      const { key, operator, effect, tolerationSeconds } = toleration;
      if (operator === 'Exists' && (key ?? '') === '')
        report({ message: 'everything', data, on: toleration, key: 'operator' });
      else if (
        key !== undefined &&
        failing.has(key) &&
        ['NoExecute', ''].includes(effect ?? '') &&
        (tolerationSeconds ?? undefined) === undefined
      )
        report({ message: 'failing', data: { ...data, taint: key }, on: toleration, key: 'key' });
    }
  },
});
