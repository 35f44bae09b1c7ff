import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

/** A hash as kustomize appends it to the names of generated objects, or a version. */
const versioned = /-(?:[bcdfghkmt2456789]{10}|v\d{1,6})$/;

export default defineRule({
  title: 'Versioned ConfigMap or Secret should be immutable',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['ConfigMap', 'Secret'],
  reads: ['metadata', 'immutable'],
  scope: 'resource',
  fix: 'suggestion: set immutable to true',
  messages: {
    mutable:
      '{title} has a version in its name but is not immutable, so an edit can make running pods and new pods differ',
  },
  help: 'Set immutable: true',
  equivalents: [],
  sources: ['Kubernetes documentation, Immutable Secrets'],
  check(resource, { report }) {
    const object = digRecord(resource.object);
    if (!object || !versioned.test(resource.name) || object['immutable'] === true) return;
    report({
      message: 'mutable',
      data: { title: resource.title },
      on: object,
      key: 'immutable',
      fix: { safe: false, edits: [{ op: 'set', on: object, key: 'immutable', value: true }] },
    });
  },
});
