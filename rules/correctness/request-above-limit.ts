import { defineRule } from '#rule';
import { isWhole, parseQuantity } from '#rule/quantity';
import { digRecord, isRecord, list } from '#rule/shape';

export default defineRule({
  title: 'Request must not exceed the limit',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['requests', 'resizePolicy'],
  scope: 'resource',
  fix: 'suggestion: raise the limit to the request',
  messages: {
    above: '{what} of {title} requests more {resource} than its limit, so the API server rejects it',
    unequal: '{what} of {title} requests less {resource} than its limit, so it is rejected: the two must be equal',
    unlimited: '{what} of {title} requests {resource} without a limit, so the API server rejects it',
    policy: 'resizePolicy of {what} of {title} names {resource}, which cannot be resized, so the API server rejects it',
  },
  help: {
    above: 'Raise limits.{resource} to the request or above, or lower the request',
    unequal: 'Set requests.{resource} and limits.{resource} to the same value',
    unlimited: 'Set limits.{resource} to the same value',
    policy: 'Use cpu or memory as resourceName',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Resource Management'],
  check(workload, { report }) {
    const { title } = workload;
    const judge = (resources: unknown, what: string): void => {
      const requests = digRecord(resources, 'requests');
      const limits = digRecord(resources, 'limits');
      for (const [resource, value] of Object.entries(requests ?? {})) {
        const request = parseQuantity(value);
        if (request === undefined || !requests) continue;
        const data = { what, title, resource };
        const place = { on: requests, key: resource } as const;
        const limit = parseQuantity(limits?.[resource]);
        if (limit === undefined) {
          const isAbsent = limits?.[resource] === undefined || limits[resource] === null;
          if (isWhole(resource) && isAbsent && request > 0) report({ message: 'unlimited', data, ...place });
        } else if (request > limit)
          report({
            message: 'above',
            data,
            ...place,
            ...(limits ? { fix: { safe: false, edits: [{ op: 'set', on: limits, key: resource, value }] } } : {}),
          });
        else if (request < limit && isWhole(resource)) report({ message: 'unequal', data, ...place });
      }
    };
    for (const { object, name } of workload.containers) {
      const what = `Container "${name}"`;
      judge(object.resources, what);
      for (const policy of list(object.resizePolicy)) {
        const resource: unknown = policy.resourceName;
        if (typeof resource === 'string' && resource !== 'cpu' && resource !== 'memory')
          report({
            message: 'policy',
            data: { what: `container "${name}"`, title, resource },
            on: policy,
            key: 'resourceName',
          });
      }
    }
    if (isRecord(workload.pod.resources)) judge(workload.pod.resources, 'The pod');
  },
});
