import { defineRule } from '#rule';
import { handlerOf, isProbed, settingOf } from '#rule/probe';
import { record } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Liveness and readiness probes should differ',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['livenessProbe'],
  scope: 'resource',
  messages: {
    same: 'Container "{container}" of {workload} has identical liveness and readiness probes, so overload restarts it instead of pausing its traffic',
  },
  help: 'Let the livenessProbe test only the process itself, or give it a higher failureThreshold, e.g. 6',
  equivalents: ['kube-score:pod-probes-identical'],
  sources: ['Kubernetes documentation, Configure Probes'],
  check(workload, { report, undetermined }) {
    if (!isProbed(workload)) return;
    for (const container of workload.longRunning) {
      const liveness = record(container.object.livenessProbe);
      const readiness = record(container.object.readinessProbe);
      if (!liveness || !readiness) continue;
      const place = { on: container.object, key: 'livenessProbe' };
      if (unrendered([liveness, readiness])) {
        undetermined('a probe has an unrendered template', place);
        continue;
      }
      const handler = handlerOf(liveness, container);
      if (handler === undefined || handler !== handlerOf(readiness, container)) continue;
      const [patience, wait] = [liveness, readiness].map(
        (probe) => settingOf(probe, 'failureThreshold') * settingOf(probe, 'periodSeconds'),
      );
      if ((patience ?? 0) > (wait ?? 0)) continue;
      report({
        message: 'same',
        data: { container: container.name, workload: workload.title },
        ...place,
        related: [workload.place(container.object, 'readinessProbe')],
      });
    }
  },
});
