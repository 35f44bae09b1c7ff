import { defineRule } from '#rule';
import { hasProbe, isProbed, probesOf, settingOf } from '#rule/probe';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Probe timing should be plausible',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['livenessProbe', 'readinessProbe', 'startupProbe'],
  scope: 'resource',
  options: {
    maxInitialDelay: {
      type: 'integer',
      default: 60,
      minimum: 0,
      description: 'Longest accepted initial delay of a liveness probe without a startup probe, in seconds.',
    },
  },
  messages: {
    timeout:
      '{handler} of container "{container}" in {workload} may take longer ({timeout}s) than its period ({period}s), so results come late',
    delay:
      'Liveness probe of container "{container}" in {workload} waits {delay}s at each start, so a container that hangs early is restarted late',
    once: 'Liveness probe of container "{container}" in {workload} restarts it after a single failure, so one slow response causes a restart',
    success:
      '{handler} of container "{container}" in {workload} sets successThreshold: {value}, so the API server rejects it',
    grace:
      'Readiness probe of container "{container}" in {workload} sets terminationGracePeriodSeconds, so the API server rejects it',
  },
  help: {
    timeout: 'Set timeoutSeconds to at most periodSeconds, e.g. timeoutSeconds: 5, periodSeconds: 10',
    delay:
      'Add a startupProbe that waits for the start, e.g. failureThreshold: 30, periodSeconds: 10, and remove initialDelaySeconds',
    once: 'Set failureThreshold: 3',
    success: 'Remove successThreshold',
    grace: 'Remove terminationGracePeriodSeconds from the readiness probe',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Configure Probes'],
  check(workload, { options, report, undetermined }) {
    if (!isProbed(workload)) return;
    for (const container of workload.longRunning) {
      const data = { container: container.name, workload: workload.title };
      for (const { key, name: handler, probe } of probesOf(container)) {
        if (unrendered(probe)) {
          undetermined(`${handler} of container "${container.name}" has an unrendered template`, {
            on: container.object,
            key,
          });
          continue;
        }
        const [timeout, period] = [settingOf(probe, 'timeoutSeconds'), settingOf(probe, 'periodSeconds')];
        if (timeout > period)
          report({ message: 'timeout', data: { ...data, handler, timeout, period }, on: probe, key: 'timeoutSeconds' });
        const success = settingOf(probe, 'successThreshold');
        if (key !== 'readinessProbe' && success !== 1)
          report({
            message: 'success',
            data: { ...data, handler, value: success },
            on: probe,
            key: 'successThreshold',
          });
        if (key === 'readinessProbe' && (probe.terminationGracePeriodSeconds ?? undefined) !== undefined)
          report({ message: 'grace', data, on: probe, key: 'terminationGracePeriodSeconds' });
        if (key !== 'livenessProbe') continue;
        const delay = settingOf(probe, 'initialDelaySeconds');
        if (delay > options.maxInitialDelay && !hasProbe(container, 'startupProbe'))
          report({ message: 'delay', data: { ...data, delay }, on: probe, key: 'initialDelaySeconds' });
        if (settingOf(probe, 'failureThreshold') === 1)
          report({ message: 'once', data, on: probe, key: 'failureThreshold' });
      }
    }
  },
});
