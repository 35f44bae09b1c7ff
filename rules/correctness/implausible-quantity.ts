import { defineRule } from '#rule';
import { isPercentage, parseQuantity, quantitiesOf } from '#rule/quantity';

const mebibyte = 2 ** 20;
/** Names such as `memory` and `requests.memory`. */
const lastWord = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const bytes: ReadonlySet<string> = new Set(['memory', 'storage', 'ephemeral-storage']);
const isBytes = (name: string): boolean => bytes.has(lastWord(name));
const isCpu = (name: string): boolean => lastWord(name) === 'cpu';

export default defineRule({
  title: 'Quantity must be plausible',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolumeClaim'],
  scope: 'resource',
  fix: 'suggestion: m to Mi for bytes, cores to millicores for CPU',
  options: {
    maxCpu: {
      type: 'integer',
      default: 192,
      minimum: 1,
      description: 'Maximum number of cores that a container may request.',
    },
  },
  messages: {
    millibytes: '{field} of {title} is in thousandths of a byte (suffix "m"), so {effect}',
    small: '{field} of {title} is below 1 MiB, so {effect}',
    cores: '{field} of {title} is more than {max} cores, so no node can run the pod',
    percent: '{field} of {title} is a percentage, so the API server rejects it',
  },
  help: {
    millibytes: 'Write Mi for mebibytes, e.g. 64Mi',
    small: 'Write the unit, e.g. 64Mi or 1Gi',
    cores: 'Use the suffix m for millicores, e.g. 500m',
    percent: 'Write an absolute amount, e.g. 500m or 64Mi',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Resource Management'],
  check(resource, { options, report }) {
    const { title } = resource;
    for (const { on, key, resource: name, field } of quantitiesOf(resource)) {
      const value: unknown = (on as Record<string, unknown>)[key];
      const data = { field, title };
      if (isPercentage(value)) {
        report({ message: 'percent', data, on, key });
        continue;
      }
      const amount = parseQuantity(value);
      if (amount === undefined || amount <= 0) continue;
      const set = (better: string) =>
        ({ fix: { safe: false, edits: [{ op: 'set', on, key, value: better }] } }) as const;
      if (isBytes(name)) {
        const effect = name.endsWith('memory')
          ? 'the container cannot start or is killed immediately'
          : 'it is too small for any data';
        if (typeof value === 'string' && value.endsWith('m') && /^\d+m$/.test(value))
          report({ message: 'millibytes', data: { ...data, effect }, on, key, ...set(`${value}`.replace('m', 'Mi')) });
        else if (amount < mebibyte) report({ message: 'small', data: { ...data, effect }, on, key });
      } else if (isCpu(name) && amount > options.maxCpu)
        report({
          message: 'cores',
          data: { ...data, max: options.maxCpu },
          on,
          key,
          ...(Number.isInteger(amount) && /^\d+$/.test(String(value)) ? set(`${value as string}m`) : {}),
        });
    }
  },
});
