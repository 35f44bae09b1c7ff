import { defineRule } from '#rule';
import { settingOf } from '#rule/probe';
import { isReplicated } from '#rule/replicas';
import { digRecord, record } from '#rule/shape';

/** A probe with at least this period detects a container that fails soon after its start. */
const calmPeriod = 5;

export default defineRule({
  title: 'Deployment should set minReadySeconds',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set minReadySeconds: 10',
  messages: {
    missing: '{workload} does not set minReadySeconds, so a rollout continues before a new pod proves stable',
  },
  help: 'Set spec.minReadySeconds: 10',
  equivalents: ['eksup:K8S003'],
  sources: ['Kubernetes documentation, Deployments'],
  check(workload, { report }) {
    if (!isReplicated(workload) && workload.kind !== 'DaemonSet') return;
    const spec = digRecord(workload.object, 'spec');
    if (!spec || ![undefined, null, 0].includes(spec['minReadySeconds'] as null)) return;
    const isCalm = workload.longRunning.some(({ object }) => {
      const probe = record(object.readinessProbe);
      return probe !== undefined && settingOf(probe, 'periodSeconds') >= calmPeriod;
    });
    if (isCalm) return;
    report({
      message: 'missing',
      data: { workload: workload.title },
      on: spec,
      key: 'minReadySeconds',
      fix: { safe: false, edits: [{ op: 'set', on: spec, key: 'minReadySeconds', value: 10 }] },
    });
  },
});
