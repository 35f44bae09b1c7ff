import { defineRule } from '#rule';
import { consistencyFaults, definitionVersion } from '#rule/definition';

export default defineRule({
  title: 'CustomResourceDefinition must be consistent',
  severity: 'high',
  preset: 'recommended',
  kinds: ['CustomResourceDefinition'],
  scope: 'resource',
  messages: {
    name: '{title} must be named "{about}" after its plural and group, so the API server rejects it',
    storage: '{title} has {about} versions with storage: true instead of 1, so the API server rejects it',
    unserved: '{title} serves no version, so its objects cannot be read or created',
    stored: '{title} stores objects in version "{about}", which it does not serve, so they cannot be migrated',
    webhook: '{title} uses webhook conversion but names no webhook, so the API server rejects it',
    unapproved:
      '{title} uses the protected group "{about}" without the api-approved annotation, so the API server rejects it',
  },
  help: {
    name: 'Set metadata.name: {about}',
    storage: 'Set storage: true on exactly one version',
    unserved: 'Set served: true on a version',
    stored: 'Serve version {about} until all stored objects are migrated',
    webhook: 'Add spec.conversion.webhook.clientConfig, or set strategy: None',
    unapproved:
      'Use a group under your own domain, e.g. shop.example.com; api-approved.kubernetes.io is for approved APIs',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, CustomResourceDefinitions'],
  check({ object, apiVersion, title }, { report }) {
    if (apiVersion !== definitionVersion) return;
    for (const { what, on, key, about } of consistencyFaults(object)) {
      const place = { data: { title, about }, on, key };
      switch (what) {
        case 'name':
        case 'storage':
        case 'unserved':
        case 'stored':
        case 'webhook':
        case 'unapproved':
          report({ message: what, ...place });
          break;
      }
    }
  },
});
