import { defineRule } from '#rule';

export default defineRule({
  title: 'Ephemeral containers should not be in manifests',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['ephemeralContainers'],
  scope: 'resource',
  fix: 'safe: remove the ephemeral containers',
  messages: {
    ephemeral:
      '{title} lists ephemeral containers, which can only be added to running pods, so the API server rejects it',
  },
  help: 'Remove ephemeralContainers; use "kubectl debug" to add one to a running pod',
  equivalents: [],
  sources: ['Kubernetes documentation, Ephemeral Containers'],
  check(workload, { report }) {
    const { pod, title, live, byShape } = workload;
    if (live || byShape || !Array.isArray(pod.ephemeralContainers) || pod.ephemeralContainers.length === 0) return;
    const place = { on: pod, key: 'ephemeralContainers' } as const;
    report({
      message: 'ephemeral',
      data: { title },
      ...place,
      fix: { safe: true, edits: [{ op: 'remove', ...place }] },
    });
  },
});
