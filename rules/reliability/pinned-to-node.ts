import { defineRule, type Workload } from '#rule';
import { labelsOf } from '#rule/selector';
import { digList, list, record, texts } from '#rule/shape';

const hostname = 'kubernetes.io/hostname';

/** The nodes that a term allows by name; undefined if it does not restrict them. */
function nodesOf(term: object): readonly string[] | undefined {
  const requirements = ['matchExpressions', 'matchFields'].flatMap((key) => digList(term, key));
  const named = requirements.find(
    ({ key, operator }) => (key === hostname || key === 'metadata.name') && operator === 'In',
  );
  const values = named?.['values'];
  return Array.isArray(values) ? texts(values) : undefined;
}

/**
 * The one node that a required node affinity allows, and its location. Terms are alternatives, so all of them must name
 * it.
 */
function pinnedBy({ pod }: Workload): { readonly node: string; readonly on: object } | undefined {
  const required = record(record(record(pod.affinity)?.nodeAffinity)?.requiredDuringSchedulingIgnoredDuringExecution);
  const terms = list(required?.nodeSelectorTerms).map(nodesOf);
  const nodes = new Set(terms.flatMap((one) => one ?? []));
  const [node] = nodes;
  return required && terms.length > 0 && terms.every(Boolean) && nodes.size === 1 && node !== undefined
    ? { node, on: required }
    : undefined;
}

export default defineRule({
  title: 'Pod should not be pinned to one node',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['nodeName', 'kubernetes.io/hostname', 'nodeSelectorTerms'],
  scope: 'resource',
  messages: {
    pinned: '{workload} can only run on node "{node}", so it is down when that node is replaced',
  },
  help: 'Select nodes by a label that several of them have, e.g. nodeSelector: {node.kubernetes.io/instance-type: m7i.large}',
  equivalents: [],
  sources: ['Kubernetes documentation, Assigning Pods to Nodes'],
  check(workload, { report }) {
    const { pod } = workload;
    // The scheduler sets nodeName, the DaemonSet controller the affinity of its pods.
    if (workload.live || list(record(workload.object.metadata)?.ownerReferences).length > 0) return;
    const data = (node: string) => ({ workload: workload.title, node });
    const nodeName: unknown = pod.nodeName;
    if (typeof nodeName === 'string' && nodeName !== '')
      report({ message: 'pinned', data: data(nodeName), on: pod, key: 'nodeName' });
    const selector = record(pod.nodeSelector);
    const selected = labelsOf(selector)[hostname];
    if (selector && selected !== undefined)
      report({ message: 'pinned', data: data(selected), on: selector, key: hostname });
    const affinity = pinnedBy(workload);
    if (affinity) report({ message: 'pinned', data: data(affinity.node), on: affinity.on, key: 'nodeSelectorTerms' });
  },
});
