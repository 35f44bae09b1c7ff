import { defineRule } from '#rule';
import { parseQuantity } from '#rule/compute';
import { digRecord } from '#rule/shape';

const compute = 'ephemeral-storage';

export default defineRule({
  title: 'Container should limit ephemeral storage',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    equal: { type: 'boolean', default: false, description: 'Also report a request that differs from the limit.' },
  },
  messages: {
    missing:
      'Container "{container}" of {workload} has no {parts} for ephemeral storage, so its logs and files can fill the node\'s disk',
    differs:
      'Container "{container}" of {workload} requests {request} ephemeral storage but may use {limit}, so the node\'s disk may fill up',
  },
  help: {
    missing: 'Set resources.requests and resources.limits for ephemeral-storage, e.g. 1Gi',
    differs: 'Set resources.requests.ephemeral-storage to the limit, {limit}',
  },
  equivalents: [
    'kube-score:container-ephemeral-storage-request-and-limit',
    'kube-score:container-ephemeral-storage-request-equals-limit',
  ],
  sources: ['kube-score check list'],
  check(workload, { options, report }) {
    for (const container of workload.longRunning) {
      const resources = digRecord(container.object, 'resources');
      const requests = digRecord(resources, 'requests');
      const [request, limit] = [
        requests?.[compute] ?? undefined,
        digRecord(resources, 'limits')?.[compute] ?? undefined,
      ];
      const data = { container: container.name, workload: workload.title };
      const [least, most] = [parseQuantity(request), parseQuantity(limit)];
      const parts = [...(request === undefined ? ['request'] : []), ...(limit === undefined ? ['limit'] : [])];
      if (parts.length > 0)
        report({
          message: 'missing',
          data: { ...data, parts: parts.join(' and ') },
          on: container.object,
          key: 'resources',
        });
      else if (options.equal && requests && least !== undefined && most !== undefined && least !== most)
        report({
          message: 'differs',
          data: { ...data, request: String(request), limit: String(limit) },
          on: requests,
          key: compute,
        });
    }
  },
});
