import { defineRule } from '#rule';
import { dig, isRecord, list, text } from '#rule/shape';
import { isBuiltInGroup } from '#rule/schema';

export default defineRule({
  title: 'Namespace should match the scope of the kind',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'safe: remove the namespace',
  messages: {
    scope:
      '{title} sets a namespace, but its kind is cluster-scoped, so the field is ignored or the object is rejected',
    subject: '{title} gives a namespace to {kind} "{name}", which is not namespaced, so the field is ignored',
  },
  help: {
    scope: 'Remove metadata.namespace',
    subject: 'Remove the namespace of the subject, or set kind: ServiceAccount',
  },
  equivalents: [],
  sources: ['Kubernetes API reference'],
  check(resource, { workspace, report }) {
    const { object, title, group } = resource;
    const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
    const metadata: unknown = object.metadata;
    if (
      isRecord(metadata) &&
      isBuiltInGroup(workspace, group) &&
      !resource.namespaced &&
      isGiven(metadata['namespace'])
    ) {
      const place = { on: metadata, key: 'namespace' } as const;
      report({ message: 'scope', data: { title }, ...place, fix: { safe: true, edits: [{ op: 'remove', ...place }] } });
    }
    if (resource.known !== 'RoleBinding' && resource.known !== 'ClusterRoleBinding') return;
    const subjects = dig(object, 'subjects');
    for (const subject of list(
      Array.isArray(subjects) ? (subjects as { kind?: unknown; name?: unknown; namespace?: unknown }[]) : [],
    )) {
      const { kind, name, namespace } = subject;
      if ((kind !== 'User' && kind !== 'Group') || !isGiven(namespace)) continue;
      const place = { on: subject, key: 'namespace' } as const;
      report({
        message: 'subject',
        data: { title, kind, name: text(name) ?? '' },
        ...place,
        fix: { safe: true, edits: [{ op: 'remove', ...place }] },
      });
    }
  },
});
