import { defineRule, digRecord, patched } from '#rule';

export default defineRule({
  title: 'Workload under an HPA should not fix replicas',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'],
  scope: 'workspace',
  // Not safe: where the last apply set the field, taking it out resets it to 1 until the autoscaler acts.
  fix: 'suggestion: remove spec.replicas',
  messages: {
    fixed:
      '{workload} fixes {replicas} replicas while {scaler} scales it, so each deployment undoes what the autoscaler did',
    off: '{workload} fixes 0 replicas, which switches {scaler} off: nothing is scaled until somebody sets another number',
  },
  equivalents: [
    'kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured',
    'kics:HPA Targeted Deployments With Configured Replica Count',
  ],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(workload, { report, workspace }) {
    if (workload.live) return;
    const spec = digRecord(workload.object, 'spec');
    const replicas = spec?.['replicas'];
    if (!spec || (typeof replicas !== 'number' && typeof replicas !== 'string')) return;
    const scaler = workspace
      .bundle(workload)
      .scalersOf(workload)
      .find((one) => !patched(one, 'spec', 'scaleTargetRef'));
    if (!scaler) return;
    const place = { on: spec, key: 'replicas', related: [scaler.at] };
    const data = { workload: workload.title, scaler: scaler.title };
    // Zero parks the workload: taking it out would start it. KEDA starts it again by itself, an HPA does not.
    if (replicas !== 0)
      report({
        message: 'fixed',
        data: { ...data, replicas },
        ...place,
        fix: { safe: false, edits: [{ op: 'remove', on: spec, key: 'replicas' }] },
      });
    else if (scaler.kind === 'ScaledObject') report({ message: 'fixed', data: { ...data, replicas }, ...place });
    else report({ message: 'off', data, ...place });
  },
});
