import { defineRule } from '#rule';
import { isPercentage, isQuantity, isWhole, likelyQuantity, parseQuantity, quantitiesOf } from '#rule/quantity';
import { isLeftOpen } from '#rule/unknown';

export default defineRule({
  title: 'Quantity must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: [
    'Workload',
    'PersistentVolumeClaim',
    'PersistentVolume',
    'LimitRange',
    'ResourceQuota',
    'HorizontalPodAutoscaler',
  ],
  scope: 'resource',
  fix: 'suggestion: correct the suffix, e.g. GB to G',
  messages: {
    grammar: '{field} of {title} is not a quantity, so the API server rejects it',
    near: '{field} of {title} is not a quantity (did you mean suffix "{suffix}"?), so the API server rejects it',
    negative: '{field} of {title} is negative, so the API server rejects it',
    fraction: '{field} of {title} must be a whole number, so the API server rejects it',
  },
  help: {
    grammar: 'Write a number and a suffix without a space, e.g. 500m, 64Mi or 1.5Gi',
    near: 'Write the number with the suffix {suffix}',
    negative: 'Write a number of 0 or more',
    fraction: 'Write a whole number, e.g. 1',
  },
  equivalents: ['kube-linter:schema-validation'],
  sources: ['Kubernetes documentation, Resource Management'],
  check(resource, context) {
    const { report } = context;
    const { title } = resource;
    for (const { on, key, resource: name, field } of quantitiesOf(resource)) {
      const value: unknown = (on as Record<string, unknown>)[key];
      if ((typeof value !== 'string' && typeof value !== 'number') || isLeftOpen(value, { on, key }, context)) continue;
      const data = { field, title };
      if (!isQuantity(value)) {
        // A percentage is reported by implausible-quantity.
        if (isPercentage(value)) continue;
        const better = likelyQuantity(String(value));
        if (better === undefined) report({ message: 'grammar', data, on, key });
        else
          report({
            message: 'near',
            data: { ...data, suffix: better.replace(/^[\d.]+/, '') },
            on,
            key,
            fix: { safe: false, edits: [{ op: 'set', on, key, value: better }] },
          });
        continue;
      }
      const amount = parseQuantity(value) ?? 0;
      if (amount < 0 && resource.known !== 'HorizontalPodAutoscaler' && resource.known !== 'LimitRange')
        report({ message: 'negative', data, on, key });
      else if (isWhole(name) && !Number.isInteger(amount)) report({ message: 'fraction', data, on, key });
    }
  },
});
