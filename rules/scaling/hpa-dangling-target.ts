import { defineRule } from '#rule';
import { lookFor } from '#rule/absence';
import { groupOf } from '#rule/api';
import { digRecord, text, table } from '#rule/shape';

/** API versions of the built-in kinds that an autoscaler may name. */
const apiVersions: Readonly<Record<string, string>> = table({
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicationController: 'v1',
  Pod: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
});
const fixedSize = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod']);

/** Maximum number of objects that a finding names. */
const mostRelated = 20;

export default defineRule({
  title: 'Autoscaler target must exist and be scalable',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler', 'ScaledObject', 'VerticalPodAutoscaler'],
  scope: 'workspace',
  messages: {
    absent: '{scaler} targets {kind} "{name}", which does not exist in its namespace, so nothing is scaled',
    elsewhere: '{scaler} targets {kind} "{name}", which exists only in namespace "{other}", so nothing is scaled',
    group: '{scaler} targets {kind} "{name}" with apiVersion "{apiVersion}" instead of "{right}", so nothing is scaled',
    versionless: '{scaler} targets {kind} "{name}" without apiVersion "{right}", so nothing is scaled',
    fixed: '{scaler} targets {kind} "{name}", a kind that cannot be scaled, so it does nothing',
  },
  help: {
    absent: 'Correct the name of the target, or add the workload',
    elsewhere: 'Set metadata.namespace: {other} on the autoscaler',
    group: 'Set apiVersion: {right} in the target reference',
    versionless: 'Set apiVersion: {right} in the target reference',
    fixed: 'Target a Deployment or StatefulSet, or remove the autoscaler',
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
    // Other groups have kinds with the same names. A VerticalPodAutoscaler finds built-in kinds by kind only.
    const builtIn =
      Object.hasOwn(apiVersions, kind) &&
      (vertical || typeof apiVersion !== 'string' || !groupOf(apiVersion).includes('.'));
    if (!vertical && builtIn && fixedSize.has(kind)) {
      report({ message: 'fixed', data, on: target, key: 'kind' });
      return;
    }

    const found = workspace.unit(scaler).find(kind, name);
    if (typeof apiVersion === 'string' && !(vertical && builtIn)) {
      // An HPA looks for exactly this group, and a missing apiVersion is the core group.
      const right = builtIn ? apiVersions[kind] : found[0]?.apiVersion;
      const here = groupOf(apiVersion);
      if (right !== undefined && here !== groupOf(right) && !found.some((one) => one.group === here)) {
        const place = { on: target, key: 'apiVersion', related: found.slice(0, mostRelated).map((one) => one.at) };
        if (apiVersion === '') report({ message: 'versionless', data: { ...data, right }, ...place });
        else report({ message: 'group', data: { ...data, apiVersion, right }, ...place });
        return;
      }
    }
    if (!builtIn) return;
    const search = lookFor(workspace, scaler, { kind, name }, (bundle) => bundle.hasWorkload());
    const place = { on: target, key: 'name' };
    if (search.state === 'unclear') undetermined(search.why, place);
    else if (search.state === 'elsewhere')
      report({
        message: 'elsewhere',
        data: { ...data, other: search.object.namespace },
        ...place,
        related: [search.object.at],
      });
    else if (search.state === 'missing') report({ message: 'absent', data, ...place });
  },
});
