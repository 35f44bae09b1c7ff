import { digList, digRecord } from '#model/dig.ts';
import { text } from '#model/shape.ts';

/** A webhook of a configuration, as a plain map. */
export type Webhook = Readonly<Record<string, unknown>>;

/** The webhooks of a ValidatingWebhookConfiguration or MutatingWebhookConfiguration. */
export const webhooksOf = ({ object }: { readonly object: object }): readonly Webhook[] => digList(object, 'webhooks');

/** The name of a webhook in messages: its own, otherwise that of its configuration. */
export const webhookName = (webhook: Webhook, configuration: { readonly name: string }): string =>
  text(webhook['name']) ?? configuration.name;

/** The Service that the API server calls, and the map that names it. */
export interface CalledService {
  readonly on: object;
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/**
 * Reads a reference to a Service: of a webhook, of the conversion of a CustomResourceDefinition, or of an APIService.
 */
function readReference(reference: Readonly<Record<string, unknown>> | undefined): readonly CalledService[] {
  const name = text(reference?.['name']);
  const namespace = text(reference?.['namespace']);
  const port = reference?.['port'] ?? 443;
  return reference && name !== undefined && namespace !== undefined && typeof port === 'number'
    ? [{ on: reference, name, namespace, port }]
    : [];
}

/** The Service of one webhook, unless it calls a URL. */
export const serviceOf = (webhook: Webhook): CalledService | undefined =>
  readReference(digRecord(webhook, 'clientConfig', 'service'))[0];

/** The Services that the API server calls because of an object. */
export function calledServices(resource: {
  readonly kindName: string;
  readonly object: object;
}): readonly CalledService[] {
  const { kindName, object } = resource;
  if (kindName === 'APIService') return readReference(digRecord(object, 'spec', 'service'));
  if (kindName === 'CustomResourceDefinition')
    return digRecord(object, 'spec', 'conversion')?.['strategy'] === 'Webhook'
      ? readReference(digRecord(object, 'spec', 'conversion', 'webhook', 'clientConfig', 'service'))
      : [];
  return webhooksOf(resource).flatMap((webhook) => serviceOf(webhook) ?? []);
}
