import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';
import { patched } from '#rule/unknown';

const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'Rollout']);

export default defineRule({
  title: 'Autoscaled workload should not set replicas',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['scaleTargetRef'],
  scope: 'workspace',
  // Not safe: after an apply that set the field, one without it resets the workload to 1 replica until the autoscaler
  // acts.
  fix: 'suggestion: remove spec.replicas',
  messages: {
    fixed: '{workload} sets replicas: {replicas} although {scaler} scales it, so every apply resets the scaling',
    off: '{workload} sets replicas: 0, which disables {scaler} until someone changes the number',
  },
  help: {
    fixed: 'Remove spec.replicas; for a running workload, first remove it with kubectl apply edit-last-applied',
    off: 'Set spec.replicas to the minimum of the autoscaler, apply, then remove the field',
  },
  equivalents: [
    'kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured',
    'kics:HPA Targeted Deployments With Configured Replica Count',
  ],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(workload, { report, undetermined, workspace }) {
    if (workload.live || !scalable.has(workload.kind)) return;
    const spec = digRecord(workload.object, 'spec');
    const replicas = spec?.['replicas'];
    if (!spec || (typeof replicas !== 'number' && typeof replicas !== 'string')) return;
    const scalers = workspace.bundle(workload).scalersOf(workload);
    const scaler = scalers.find((one) => !['kind', 'name'].some((key) => patched(one, 'spec', 'scaleTargetRef', key)));
    if (!scaler) {
      if (scalers[0]) undetermined(`the target of ${scalers[0].title} is patched`, { on: spec, key: 'replicas' });
      return;
    }
    const place = { on: spec, key: 'replicas', related: [scaler.at] };
    const data = { workload: workload.title, scaler: scaler.title };
    // Zero stops the workload, and removing the field would start it. KEDA starts it again automatically, an HPA does
    // not.
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
