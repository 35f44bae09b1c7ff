import { defineRule } from '#rule';
import { connectionsOf } from '#rule/pod-standards';
import { dig, text } from '#rule/shape';

export default defineRule({
  title: 'Probe or lifecycle handler should not set a host',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['host'],
  scope: 'resource',
  fix: 'suggestion: remove host',
  messages: {
    host: '{handler} of container "{container}" in {workload} sets host "{host}", so it does not test the pod; the baseline standard of 1.34+ rejects it',
  },
  help: 'Remove the field host; to set a virtual host, use a Host header in httpHeaders',
  equivalents: ['pss:hostProbesAndHostLifecycle'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    for (const container of workload.containers) {
      if (container.role === 'ephemeral') continue;
      for (const { handler, on } of connectionsOf(container)) {
        const host = text(dig(on, 'host')) ?? '';
        if (host === '') continue;
        report({
          message: 'host',
          data: { handler, container: container.name, workload: workload.title, host },
          on,
          key: 'host',
          fix: { safe: false, edits: [{ op: 'remove', on, key: 'host' }] },
        });
      }
    }
  },
});
