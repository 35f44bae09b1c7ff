import { defineRule, type Workload } from '#rule';
import { digRecord, list, record } from '#rule/shape';

const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'Rollout']);
const suspendable = new Set(['Job', 'CronJob']);
const pausable = new Set(['Deployment', 'Rollout']);

/** Old ReplicaSets of a Deployment, and the Jobs of a CronJob, are turned off by their controller. */
const hasController = ({ object }: Workload): boolean =>
  list(record(object.metadata)?.ownerReferences).some((owner) => owner.controller === true);

export default defineRule({
  title: 'Workload should not be disabled',
  severity: 'info',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  messages: {
    replicas: '{workload} sets replicas: 0, so it runs no pods',
    suspend: '{workload} sets suspend: true, so it starts no pods',
    paused: '{workload} sets paused: true, so changes to its pod template are not rolled out',
  },
  help: {
    replicas: 'Set spec.replicas: 2, or remove the object if it is no longer needed',
    suspend: 'Set spec.suspend: false, or remove the object if it is no longer needed',
    paused: 'Remove spec.paused',
  },
  equivalents: ['popeye:500', 'popeye:1500'],
  sources: ['Popeye code list'],
  check(workload, { report, workspace }) {
    const spec = digRecord(workload.object, 'spec');
    if (!spec || hasController(workload)) return;
    const data = { workload: workload.title };
    const unit = workspace.unit(workload);
    if (
      scalable.has(workload.kind) &&
      spec['replicas'] === 0 &&
      unit.scalersOf(workload).length === 0 &&
      !unit.rolloutOf(workload)
    )
      report({ message: 'replicas', data, when: unit.closed, on: spec, key: 'replicas' });
    // Kueue starts the Jobs of its queues when there is room (Kueue documentation, Run a Kubernetes Job).
    if (
      suspendable.has(workload.kind) &&
      spec['suspend'] === true &&
      workload.labels['kueue.x-k8s.io/queue-name'] === undefined
    )
      report({ message: 'suspend', data, on: spec, key: 'suspend' });
    if (pausable.has(workload.kind) && spec['paused'] === true)
      report({ message: 'paused', data, on: spec, key: 'paused' });
  },
});
