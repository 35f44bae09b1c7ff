import { defineRule } from '#rule';
import { isRecord, list } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Fields of a pod that a variable may take (Kubernetes documentation, Downward API). */
const podFields =
  /^(?:metadata\.(?:name|namespace|uid|labels\['[^']+'\]|annotations\['[^']+'\])|spec\.(?:nodeName|serviceAccountName)|status\.(?:hostIPs?|podIPs?))$/;
const resources = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)$/;
/**
 * Since this version any printable ASCII character except "=" is allowed (gate RelaxedEnvironmentVariableValidation).
 */
const relaxed = 32;
const strictName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const relaxedName = /^[ -<>-~]+$/;
/** Variables that the kubelet sets for the Services of the namespace. */
const ofServices = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\w+)?)$/;

export default defineRule({
  title: 'Environment variable should be valid',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['env', 'envFrom'],
  scope: 'resource',
  messages: {
    name: 'A variable of container "{container}" in {workload} {fault}, so the API server rejects it',
    later:
      'Variable "{name}" of container "{container}" in {workload} uses $({used}), which is defined later, so it is not replaced',
    undefined:
      'Variable "{name}" of container "{container}" in {workload} uses $({used}), which is not defined, so it is not replaced',
    field:
      'Variable "{name}" of container "{container}" in {workload} refers to an unsupported field, so the API server rejects it',
    prefix: 'The envFrom prefix of container "{container}" in {workload} is invalid, so the API server rejects it',
  },
  help: {
    name: 'Use letters, digits and "_", e.g. LOG_LEVEL',
    later: 'Move {used} above {name}',
    undefined: 'Define {used} above {name}, or write $$({used}) for the literal text',
    field:
      'Use a field such as metadata.name, spec.nodeName or status.podIP; for resources, use e.g. limits.cpu or requests.memory',
    prefix: 'Use letters, digits and "_", e.g. APP_',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Define Dependent Environment Variables'],
  check(workload, { target, report }) {
    const pattern = target.lowest < relaxed ? strictName : relaxedName;
    for (const { object, name: container } of workload.containers) {
      const of = { container, workload: workload.title };
      const variables = list(object.env as { name?: unknown; value?: unknown; valueFrom?: unknown }[] | undefined);
      const names = variables.map(({ name }) => (typeof name === 'string' ? name : ''));
      const sources = list(object.envFrom);
      for (const source of sources) {
        const { prefix } = source;
        if (typeof prefix === 'string' && prefix !== '' && !unrendered(prefix) && !pattern.test(prefix))
          report({ message: 'prefix', data: of, on: source, key: 'prefix', severity: 'high' });
      }
      const seen = new Set<string>();
      for (const variable of variables) {
        const { name, value, valueFrom } = variable;
        if (typeof name === 'string' && !unrendered(name)) {
          if (name !== '' && !pattern.test(name)) {
            const fault = name.includes('=')
              ? 'has "=" in its name'
              : 'has a name with characters that are not allowed';
            report({ message: 'name', data: { ...of, fault }, on: variable, key: 'name', severity: 'high' });
          }
          if (typeof value === 'string') {
            for (const used of referencesIn(value)) {
              const data = { ...of, name, used };
              if (seen.has(used)) continue;
              if (used !== name && names.includes(used)) report({ message: 'later', data, on: variable, key: 'value' });
              else if (
                used !== name &&
                /^[A-Z][A-Z0-9_]*$/.test(used) &&
                sources.length === 0 &&
                !ofServices.test(used) &&
                !workload.byShape
              )
                report({ message: 'undefined', data, on: variable, key: 'value', severity: 'low' });
            }
          }
          seen.add(name);
          judgeSource(name, valueFrom);
        }
      }

      function judgeSource(name: string, valueFrom: unknown): void {
        if (!isRecord(valueFrom)) return;
        const { fieldRef, resourceFieldRef } = valueFrom;
        const judge = (on: unknown, key: string, allowed: RegExp): void => {
          if (!isRecord(on)) return;
          const path = on[key];
          if (typeof path === 'string' && path !== '' && !unrendered(path) && !allowed.test(path))
            report({ message: 'field', data: { ...of, name }, on, key, severity: 'high' });
        };
        judge(fieldRef, 'fieldPath', podFields);
        judge(resourceFieldRef, 'resource', resources);
      }
    }
  },
});

/** Names in `$(NAME)` of a value, without those that are escaped by a second `$`. */
const referencesIn = (value: string): string[] =>
  [...value.matchAll(/(\$+)\(([-._A-Za-z][-._A-Za-z0-9]*)\)/g)].flatMap(([, marks = '', name = '']) =>
    marks.length % 2 === 1 ? [name] : [],
  );
