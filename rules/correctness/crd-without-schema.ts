import { defineRule } from '#rule';
import { definitionVersion, schemaFaults } from '#rule/definition';

export default defineRule({
  title: 'CustomResourceDefinition must have a structural schema',
  severity: 'high',
  preset: 'recommended',
  kinds: ['CustomResourceDefinition'],
  scope: 'resource',
  messages: {
    absent: 'Version "{about}" of {title} has no schema, so the API server rejects the definition',
    root: 'The schema of version "{about}" of {title} lacks type object at its root, so the API server rejects the definition',
    untyped: 'Field "{about}" in the schema of {title} has no type, so the API server rejects the definition',
    typed: 'A condition on "{about}" in the schema of {title} sets a type, so the API server rejects the definition',
    open: 'Version "{about}" of {title} keeps unknown fields and lists none, so the API server validates nothing',
  },
  help: {
    absent: 'Add schema.openAPIV3Schema with type: object',
    root: 'Set type: object at the root of openAPIV3Schema',
    untyped: 'Set the type, or x-kubernetes-preserve-unknown-fields: true',
    typed: 'Move the type out of allOf, anyOf, oneOf or not',
    open: 'List the fields of spec under properties',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, CustomResourceDefinitions'],
  check({ object, apiVersion, title }, { report }) {
    if (apiVersion !== definitionVersion) return;
    for (const { what, on, key, about } of schemaFaults(object)) {
      const place = { data: { title, about }, on, key };
      switch (what) {
        case 'absent':
        case 'root':
        case 'untyped':
        case 'typed':
          report({ message: what, ...place });
          break;
        case 'open':
          report({ message: what, ...place, severity: 'low' });
          break;
      }
    }
  },
});
