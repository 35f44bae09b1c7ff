import { defineRule } from '#rule';
import { parseQuantity } from '#rule/compute';
import { digRecord } from '#rule/shape';

const bounds = ['requests', 'limits'] as const;

/** Reads `requests.cpu=10m..4`. Without `requests.` or `limits.` it applies to both; an empty side is open. */
function readRange(entry: string) {
  const [name = '', range = ''] = entry.split('=', 2);
  const [bound, compute] = name.includes('.') ? name.split('.', 2) : [undefined, name];
  const middle = range.indexOf('..');
  const [from, to] = [range.slice(0, Math.max(0, middle)), range.slice(middle + 2)];
  return middle < 0 || compute === undefined
    ? []
    : [{ bound, compute, range, least: parseQuantity(from) ?? -Infinity, most: parseQuantity(to) ?? Infinity }];
}

export default defineRule({
  title: 'Requests and limits should be within the agreed range',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  needs: ['requests', 'limits'],
  scope: 'resource',
  options: {
    range: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^((requests|limits)\\.)?(cpu|memory)=[0-9]*(\\.[0-9]+)?[a-zA-Z]*\\.\\.[0-9]*(\\.[0-9]+)?[a-zA-Z]*$',
      },
      default: [],
      description:
        'Ranges, e.g. cpu=10m..4, requests.memory=16Mi..8Gi or limits.memory=..16Gi. Without requests or limits, a range applies to both.',
    },
  },
  messages: {
    outside:
      'Container "{container}" of {workload} sets {bound}.{compute} to {value}, which is outside the agreed range {range}',
  },
  help: 'Set resources.{bound}.{compute} to a value within {range}',
  equivalents: ['kubescape:C-0004', 'kubescape:C-0050'],
  sources: ['Kubescape control library'],
  check(workload, { options, report }) {
    const ranges = options.range.flatMap(readRange);
    if (ranges.length === 0) return;
    for (const container of workload.containers) {
      for (const bound of bounds) {
        const amounts = digRecord(container.object, 'resources', bound);
        if (!amounts) continue;
        for (const compute of ['cpu', 'memory']) {
          const amount = parseQuantity(amounts[compute]);
          const broken =
            amount === undefined
              ? undefined
              : ranges.find(
                  (range) =>
                    range.compute === compute &&
                    (range.bound ?? bound) === bound &&
                    (amount < range.least || amount > range.most),
                );
          if (!broken) continue;
          const data = {
            container: container.name,
            workload: workload.title,
            bound,
            compute,
            value: String(amounts[compute]),
            range: broken.range,
          };
          report({ message: 'outside', data, on: amounts, key: compute });
        }
      }
    }
  },
});
