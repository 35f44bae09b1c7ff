import { defineRule, type Resource } from '#rule';
import { groupOf } from '#rule/api';
import { scaleTarget } from '#rule/autoscaling';
import { earlierRival } from '#rule/conflict';
import { dig, digRecord, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

type Scaler = Pick<Resource<object>, 'kind' | 'name' | 'object'>;

/**
 * The name of the HPA that KEDA creates, or takes over, for a ScaledObject (KEDA documentation, ScaledObject
 * specification).
 */
const madeBy = (scaledObject: Scaler): string =>
  text(dig(scaledObject.object, 'spec', 'advanced', 'horizontalPodAutoscalerConfig', 'name')) ??
  `keda-hpa-${scaledObject.name}`;

/** Whether two autoscalers are the same: a ScaledObject and its HPA. */
function areOne(one: Scaler, other: Scaler): boolean {
  const [keda, hpa] = one.kind === 'ScaledObject' ? [one, other] : [other, one];
  return keda.kind === 'ScaledObject' && hpa.kind !== 'ScaledObject' && madeBy(keda) === hpa.name;
}

export default defineRule({
  title: 'Workload must have only one horizontal autoscaler',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler', 'ScaledObject'],
  scope: 'workspace',
  messages: {
    second: '{scaler} scales {kind} "{name}", and so does {other}, so each undoes the other\'s changes',
  },
  help: 'Remove one of the autoscalers and move its metrics to the other',
  equivalents: [],
  sources: ['Kubernetes documentation, Horizontal Pod Autoscaling'],
  check(scaler, { report, workspace }) {
    const { kind, name, apiVersion } = scaleTarget(scaler);
    const reference = digRecord(scaler.object, 'spec', 'scaleTargetRef');
    const spec = digRecord(scaler.object, 'spec');
    if (!spec || !reference || name === '' || typeof apiVersion !== 'string' || unrendered([kind, name, apiVersion]))
      return;
    const target = { kindName: kind, names: [name], group: groupOf(apiVersion), namespace: scaler.namespace };
    const other = earlierRival(
      scaler,
      workspace.bundle(scaler).scalersOf(target),
      (one) => !areOne(one, scaler) && !unrendered(one.name),
    );
    if (!other) return;
    report({
      message: 'second',
      data: { scaler: scaler.title, kind, name, other: other.title },
      on: spec,
      key: 'scaleTargetRef',
      related: [other.at],
    });
  },
});
