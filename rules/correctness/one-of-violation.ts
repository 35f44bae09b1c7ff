import { defineRule, Workload } from '#rule';
import { digRecord, isRecord, list, text, table } from '#rule/shape';

/** Handlers of probes and of lifecycle hooks (Kubernetes API reference, Probe and LifecycleHandler). */
const envFromSources = ['configMapRef', 'secretRef'];
const probeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const hookHandlers = ['exec', 'httpGet', 'tcpSocket', 'sleep'];
const envSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
/** Fields of a PersistentVolume that are not the volume itself. */
const notSources = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);
/** The field that goes with the type of a metric. */
const metricFields: Readonly<Record<string, string>> = table({
  Resource: 'resource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
  ContainerResource: 'containerResource',
});

const given = (on: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] =>
  keys.filter((key) => on[key] !== undefined && on[key] !== null);

export default defineRule({
  title: 'Mutually exclusive fields must not be combined',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolume', 'HorizontalPodAutoscaler'],
  scope: 'resource',
  messages: {
    several: '{what} of {title} sets {fields}, of which only one is allowed, so the API server rejects it',
    none: '{what} of {title} sets none of {fields}, so the API server rejects it',
    empty: 'Volume "{volume}" of {title} has no source, so it becomes an emptyDir by a deprecated default',
    metric: 'Metric {index} of {title} has type {type} but not the field "{field}", so the API server rejects it',
  },
  help: {
    several: 'Keep one of {fields}',
    none: 'Set one of {fields}',
    empty: 'Set a source, e.g. emptyDir: {}',
    metric: 'Set {field}, or change the type of the metric',
  },
  equivalents: ['kube-linter:schema-validation', 'monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, { report }) {
    const { title } = resource;
    const judge = (what: string, on: Record<string, unknown>, keys: readonly string[]): void => {
      const set = given(on, keys);
      if (set.length > 1)
        report({ message: 'several', data: { what, title, fields: set.join(' and ') }, on, key: set[1] ?? '' });
      else if (set.length === 0) report({ message: 'none', data: { what, title, fields: keys.join(', ') }, on });
    };
    if (!(resource instanceof Workload)) {
      const spec = digRecord(resource.object, 'spec');
      if (!spec) return;
      if (resource.known === 'PersistentVolume') {
        const sources = Object.keys(spec).filter((key) => !notSources.has(key) && isRecord(spec[key]));
        const [, second] = sources;
        if (second !== undefined)
          report({
            message: 'several',
            data: { what: 'The volume', title, fields: sources.join(' and ') },
            on: spec,
            key: second,
          });
        else if (sources.length === 0 && !Object.keys(spec).some((key) => !notSources.has(key)))
          report({
            message: 'none',
            data: { what: 'The volume', title, fields: 'csi, nfs, hostPath, local, ...' },
            on: spec,
          });
      } else {
        const metrics = spec['metrics'];
        for (const [index, metric] of (Array.isArray(metrics) ? metrics : []).entries()) {
          if (!isRecord(metric) || typeof metric['type'] !== 'string') continue;
          const { type } = metric;
          const field = metricFields[type];
          // Versions other than v2 and v2beta2 write the metric in other fields.
          if (field === undefined || !resource.version.startsWith('v2')) continue;
          const set = given(metric, Object.values(metricFields));
          if (!set.includes(field))
            report({ message: 'metric', data: { index, title, type, field }, on: metric, key: 'type' });
          else if (set.length > 1)
            report({
              message: 'several',
              data: { what: `Metric ${index}`, title, fields: set.join(' and ') },
              on: metric,
              key: set.find((key) => key !== field) ?? '',
            });
        }
      }
      return;
    }
    for (const volume of list(resource.pod.volumes)) {
      const sources = Object.keys(volume).filter((key) => key !== 'name' && key !== 'mountPath');
      const on = volume as unknown as Record<string, unknown>;
      const set = given(on, sources);
      if (set.length > 1)
        report({
          message: 'several',
          data: { what: `Volume "${text(volume.name) ?? ''}"`, title, fields: set.join(' and ') },
          on,
          key: set[1] ?? '',
        });
      else if (sources.length === 0 && !resource.byShape)
        report({
          message: 'empty',
          data: { volume: text(volume.name) ?? '', title },
          on,
          key: 'name',
          severity: 'low',
        });
    }
    for (const { object, name } of resource.containers) {
      const what = (part: string): string => `${part} of container "${name}"`;
      for (const source of list(object.envFrom))
        judge(what('envFrom entry'), source as unknown as Record<string, unknown>, envFromSources);
      for (const variable of list(object.env)) {
        const on = variable as unknown as Record<string, unknown>;
        const source = variable.valueFrom;
        if (!isRecord(source)) continue;
        if (typeof variable.value === 'string' && variable.value !== '')
          report({
            message: 'several',
            data: { what: what(`Variable "${text(variable.name) ?? ''}"`), title, fields: 'value and valueFrom' },
            on,
            key: 'valueFrom',
          });
        else judge(what(`valueFrom of variable "${text(variable.name) ?? ''}"`), source, envSources);
      }
      for (const probe of probes) {
        const on: unknown = object[probe];
        if (isRecord(on)) judge(what(probe), on, probeHandlers);
      }
      for (const hook of ['postStart', 'preStop'] as const) {
        const on = digRecord(object, 'lifecycle', hook);
        if (on) judge(what(hook), on, hookHandlers);
      }
    }
  },
});
