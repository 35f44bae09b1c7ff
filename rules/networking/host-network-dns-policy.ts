import { defineRule, type PodContainer } from '#rule';
import { list, text, texts } from '#rule/shape';

/** A name of a Service: web.shop.svc, web.shop.svc.cluster.local. */
const clusterName =
  /(?<![\w.-])[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.svc(?:\.[a-z0-9.-]+)?(?![\w-])/i;
/** Names that a pod puts into its own certificate are not resolved. */
const ownName = /dns-?names?|certificate|\bsans?\b|tls-?host/i;

/** A cluster-internal address in the settings of a container; undefined if there is none. */
function addressOf({ object }: PodContainer): string | undefined {
  const values = [
    ...texts(object.command),
    ...texts(object.args),
    ...list(object.env).map(({ name, value }) => `${text(name) ?? ''}=${text(value) ?? ''}`),
  ];
  return values
    .filter((value) => !ownName.test(value))
    .map((value) => clusterName.exec(value)?.[0])
    .find(Boolean);
}

export default defineRule({
  title: 'Pod on the host network should use cluster DNS',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostNetwork'],
  scope: 'resource',
  fix: 'suggestion: set ClusterFirstWithHostNet',
  messages: {
    unresolved:
      '{workload} uses the host network and node DNS, so it cannot resolve {address}, which container "{container}" needs',
  },
  help: 'Set dnsPolicy: ClusterFirstWithHostNet',
  equivalents: [],
  sources: ['Kubernetes documentation, DNS for Services and Pods'],
  check(workload, { report }) {
    const { pod } = workload;
    const policy: unknown = pod.dnsPolicy;
    if (pod.hostNetwork !== true || (policy !== undefined && policy !== null && policy !== 'ClusterFirst')) return;
    for (const container of workload.containers) {
      const address = addressOf(container);
      if (address === undefined) continue;
      report({
        message: 'unresolved',
        data: { workload: workload.title, address: address.slice(0, 100), container: container.name },
        on: pod,
        key: 'dnsPolicy',
        fix: { safe: false, edits: [{ op: 'set', on: pod, key: 'dnsPolicy', value: 'ClusterFirstWithHostNet' }] },
      });
      return;
    }
  },
});
