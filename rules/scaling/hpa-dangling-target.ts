import { defineRule, digRecord, groupOf, text, whyObjectUnseen } from '#rule';

/** Groups of the kinds of Kubernetes itself that an autoscaler may name. */
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  ReplicaSet: 'apps',
  DaemonSet: 'apps',
  ReplicationController: '',
  Pod: '',
  Job: 'batch',
  CronJob: 'batch',
};
const fixedSize = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod']);

export default defineRule({
  title: 'HPA target must exist and be scalable',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler', 'ScaledObject', 'VerticalPodAutoscaler'],
  scope: 'workspace',
  messages: {
    absent: '{scaler} targets {kind} "{name}", which the namespace does not have, so nothing is scaled',
    group:
      '{scaler} targets {kind} "{name}" with apiVersion "{apiVersion}" instead of group "{group}", so it finds nothing and nothing is scaled',
    fixed: '{scaler} targets {kind} "{name}", a kind without replicas to change, so nothing is scaled',
  },
  equivalents: [
    'kube-linter:dangling-horizontalpodautoscaler',
    'kube-score:horizontalpodautoscaler-has-target',
    'kubescape:C-0300',
    'popeye:600',
    'popeye:601',
    'monokle:LNK001',
    'kics:HPA Targets Invalid Object',
  ],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(scaler, { report, undetermined, workspace }) {
    const vertical = scaler.kind === 'VerticalPodAutoscaler';
    const keda = scaler.kind === 'ScaledObject';
    const target = digRecord(scaler.object, 'spec', vertical ? 'targetRef' : 'scaleTargetRef');
    const name = text(target?.['name']);
    const kind = text(target?.['kind']) ?? (keda ? 'Deployment' : undefined);
    if (!target || name === undefined || kind === undefined) return;
    const data = { scaler: scaler.title, kind, name };
    const apiVersion = target['apiVersion'] ?? (keda ? 'apps/v1' : '');
    // Other groups have kinds of the same names. A VerticalPodAutoscaler finds those of Kubernetes itself by kind alone.
    const builtIn =
      Object.hasOwn(groups, kind) && (vertical || typeof apiVersion !== 'string' || !groupOf(apiVersion).includes('.'));
    if (!vertical && builtIn && fixedSize.has(kind)) {
      report({ message: 'fixed', data, on: target, key: 'kind' });
      return;
    }

    const unit = workspace.unit(scaler);
    const found = unit.find(kind, name);
    if (typeof apiVersion === 'string' && !(vertical && builtIn)) {
      const group = builtIn ? groups[kind] : found[0]?.group;
      const here = groupOf(apiVersion);
      const right = group === undefined || here === group || found.some((one) => one.group === here);
      if (group !== undefined && !right) {
        report({
          message: 'group',
          data: { ...data, apiVersion, group },
          on: target,
          key: 'apiVersion',
          related: found.map((one) => one.at),
        });
        return;
      }
    }
    if (found.length > 0 || !builtIn || !workspace.bundle(scaler).hasWorkload()) return;
    const why = whyObjectUnseen(unit, kind, name, scaler.namespace);
    if (why !== undefined) undetermined(why, { on: target, key: 'name' });
    else report({ message: 'absent', data, on: target, key: 'name' });
  },
});
