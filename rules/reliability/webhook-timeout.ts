import { defineRule } from '#rule';
import { webhookName, webhooksOf } from '#rule/webhook';

export default defineRule({
  title: 'Webhook timeout should be short',
  severity: 'low',
  preset: 'strict',
  kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  scope: 'resource',
  fix: 'suggestion: set timeoutSeconds: 5',
  options: {
    max: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 30,
      description: 'Longest accepted timeout, in seconds.',
    },
    requireSet: { type: 'boolean', default: false, description: 'Also report a webhook that sets no timeout.' },
  },
  messages: {
    long: 'Webhook "{webhook}" of {configuration} has a timeout of {seconds}s, more than {max}s, so requests hang if it does not respond',
    unset:
      'Webhook "{webhook}" of {configuration} does not set timeoutSeconds, so requests hang for 10s if it does not respond',
  },
  help: { long: 'Set timeoutSeconds: 5', unset: 'Set timeoutSeconds: 5' },
  equivalents: [],
  sources: ['Kubernetes documentation, Admission Webhook Good Practices'],
  check(configuration, { options, report }) {
    for (const webhook of webhooksOf(configuration)) {
      const seconds = webhook['timeoutSeconds'] ?? undefined;
      const data = { webhook: webhookName(webhook, configuration), configuration: configuration.title };
      const place = { on: webhook, key: 'timeoutSeconds' };
      const fix = {
        safe: false,
        edits: [{ op: 'set' as const, ...place, value: Math.min(5, options.max) }],
      };
      if (typeof seconds === 'number' && seconds > options.max)
        report({ message: 'long', data: { ...data, seconds, max: options.max }, ...place, fix });
      else if (seconds === undefined && options.requireSet) report({ message: 'unset', data, ...place, fix });
    }
  },
});
