import { defineRule, record, text } from '#rule';

export default defineRule({
  title: 'Probe or lifecycle handler must not name a host',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: remove host',
  messages: {
    host: 'The {handler} of container "{container}" in {workload} names the host "{host}", so the kubelet asks there and not at the pod; namespaces at level baseline refuse the pod from 1.34',
  },
  equivalents: ['pss:hostProbesAndHostLifecycle'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    for (const container of workload.containers) {
      if (container.role === 'ephemeral') continue;
      const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container.object;
      const handlers = {
        livenessProbe,
        readinessProbe,
        startupProbe,
        'postStart hook': record(lifecycle)?.postStart,
        'preStop hook': record(lifecycle)?.preStop,
      };
      for (const [handler, value] of Object.entries(handlers)) {
        for (const on of [record(record(value)?.httpGet), record(record(value)?.tcpSocket)]) {
          const host = text(on?.host) ?? '';
          if (!on || host === '') continue;
          report({
            message: 'host',
            data: { handler, container: container.name, workload: workload.title, host },
            on,
            key: 'host',
            fix: { safe: false, edits: [{ op: 'remove', on, key: 'host' }] },
          });
        }
      }
    }
  },
});
