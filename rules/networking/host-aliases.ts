import { defineRule } from '#rule';

export default defineRule({
  title: 'Pod should not set hostAliases',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  needs: ['hostAliases'],
  scope: 'resource',
  messages: {
    aliases: '{workload} sets hostAliases, so its pods resolve these names to fixed addresses and ignore DNS',
  },
  help: 'Remove hostAliases, and add the names to DNS, e.g. Route 53',
  equivalents: ['trivy:KSV-0007'],
  sources: ['trivy check library'],
  check(workload, { report }) {
    const aliases: unknown = workload.pod.hostAliases;
    if (Array.isArray(aliases) && aliases.length > 0)
      report({ message: 'aliases', data: { workload: workload.title }, on: workload.pod, key: 'hostAliases' });
  },
});
