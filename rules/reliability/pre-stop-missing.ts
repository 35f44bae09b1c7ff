import { defineRule } from '#rule';
import { isReplicated } from '#rule/replicas';
import { servicesOf } from '#rule/service';
import { record } from '#rule/shape';

export default defineRule({
  title: 'Pod behind a Service should wait before it stops',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: add lifecycle.preStop.sleep of 10 seconds',
  messages: {
    missing: '{workload} serves {service} without a preStop hook, so requests may still arrive while its pods stop',
  },
  help: 'Add lifecycle.preStop.sleep.seconds: 10 to the serving container',
  equivalents: [],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { report, target, workspace }) {
    if (!isReplicated(workload)) return;
    const containers = workload.containers.filter(({ role }) => role === 'container');
    if (containers.some(({ object }) => (record(object.lifecycle)?.preStop ?? undefined) !== undefined)) return;
    const [service] = servicesOf(workspace, workload);
    const first = containers[0]?.object;
    if (!service || !first) return;
    const lifecycle = record(first.lifecycle);
    const preStop = { sleep: { seconds: 10 } };
    report({
      message: 'missing',
      data: { workload: workload.title, service: service.title },
      on: first,
      key: 'lifecycle',
      related: [service.at],
      // Kubernetes supports the sleep action since 1.30 (KEP-3960). With several containers it is unclear which of them
      // serves.
      ...(target.lowest >= 30 && containers.length === 1
        ? {
            fix: {
              safe: false,
              edits: [
                lifecycle
                  ? { op: 'set' as const, on: lifecycle, key: 'preStop', value: preStop }
                  : { op: 'set' as const, on: first, key: 'lifecycle', value: { preStop } },
              ],
            },
          }
        : {}),
    });
  },
});
