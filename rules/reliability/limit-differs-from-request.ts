import { defineRule } from '#rule';
import { parseQuantity } from '#rule/compute';
import { digRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Memory request should equal the limit',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set the request to the limit',
  options: {
    resources: {
      type: 'array',
      items: { type: 'string' },
      default: ['memory'],
      description: 'Resources to compare, e.g. memory, cpu.',
    },
    ratio: { type: 'number', default: 1, minimum: 1, description: 'Maximum ratio of limit to request.' },
  },
  messages: {
    above:
      'Container "{container}" of {workload} requests {request} {compute} but may use {limit}, so the node may run out',
  },
  help: 'Set resources.requests.{compute} to the limit, {limit}',
  equivalents: [
    'kube-score:container-memory-requests-equal-limits',
    'kube-score:container-cpu-requests-equal-limits',
    'kube-score:container-resource-requests-equal-limits',
    "kics:Container Requests Not Equal To It's Limits",
  ],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { options, report, undetermined }) {
    for (const container of workload.longRunning) {
      const requests = digRecord(container.object, 'resources', 'requests');
      const limits = digRecord(container.object, 'resources', 'limits');
      if (!requests || !limits) continue;
      for (const compute of options.resources) {
        const [request, limit] = [requests[compute], limits[compute]];
        const place = { on: requests, key: compute };
        if (unrendered(request) || unrendered(limit)) {
          undetermined('the request or limit is an unrendered template', place);
          continue;
        }
        const [least, most] = [parseQuantity(request), parseQuantity(limit)];
        // A slightly larger ratio is a rounding error.
        if (least === undefined || most === undefined || most <= least * options.ratio * (1 + 1e-9)) continue;
        report({
          message: 'above',
          data: {
            container: container.name,
            workload: workload.title,
            compute,
            request: String(request),
            limit: String(limit),
          },
          ...place,
          fix: { safe: false, edits: [{ op: 'set', ...place, value: limit }] },
        });
      }
    }
  },
});
