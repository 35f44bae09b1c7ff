import { defineRule, digRecord, patched } from '#rule';

export default defineRule({
  title: 'Workload under an HPA should not fix replicas',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'],
  scope: 'workspace',
  // Not safe: where the last apply set the field, taking it out resets it to 1 until the autoscaler acts.
  fix: 'suggestion: remove spec.replicas',
  messages: { fixed: '{workload} fixes {replicas} replicas while {scaler} scales it, so each deployment undoes what the autoscaler did' },
  equivalents: ['kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured', 'kics:HPA Targeted Deployments With Configured Replica Count'],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(workload, { report, workspace }) {
    if (workload.live) return;
    const spec = digRecord(workload.object, 'spec');
    const replicas = spec?.['replicas'];
    if (!spec || (typeof replicas !== 'number' && typeof replicas !== 'string')) return;
    const scaler = workspace.bundle(workload).scalersOf(workload).find((one) => !patched(one, 'spec', 'scaleTargetRef'));
    if (!scaler) return;
    report({
      message: 'fixed', data: { workload: workload.title, replicas, scaler: scaler.title }, on: spec, key: 'replicas', related: [scaler.at],
      // Zero parks the workload: taking it out would start it.
      ...(replicas === 0 ? {} : { fix: { safe: false, edits: [{ op: 'remove' as const, on: spec, key: 'replicas' }] } }),
    });
  },
});
