import { defineRule } from '#rule';
import { nearest } from '#rule/nearest';
import { customMisfits, customSchemaOf, fieldName, isBuiltInGroup, placeName, isVariable, someOf } from '#rule/schema';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Custom resource must match its definition',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: rename to the closest field',
  messages: {
    near: '{title} has unknown field "{field}" at {place} (did you mean "{near}"?), so kubectl rejects it and other tools drop the field',
    unknown:
      '{title} has field "{field}" at {place}, which its definition ({by}) lacks, so kubectl rejects it and other tools drop the field',
    missing: '{title} lacks the field "{field}", which its definition ({by}) requires, so the API server rejects it',
    type: 'Field "{field}" of {title} must be {wanted}, not {found}, so the API server rejects the object',
    choice: 'Field "{field}" of {title} must be one of {choices}, so the API server rejects the object',
    repeated: '{title} has two entries with the same {by} in "{field}", so the API server rejects it',
    version:
      '{title} uses version {version}, but its definition ({by}) serves only {served}, so the API server rejects it',
  },
  help: {
    near: 'Rename the field to {near}',
    unknown: 'Remove or move the field, or add it to the definition',
    missing: 'Add {field}; "kubectl explain" describes it',
    type: 'Write {wanted} as the value of {field}',
    choice: 'Set {field} to one of {choices}; values are case-sensitive',
    repeated: 'Keep one of the entries of {field}',
    version: 'Use a served version: {served}; or update the definition',
  },
  equivalents: ['monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, { workspace, report, judges, undetermined }) {
    const { title, object, group, version } = resource;
    if (group === '' || isBuiltInGroup(workspace, group)) return;
    const known = customSchemaOf(resource, workspace);
    if (!known) return;
    const { by } = known;
    if (known.served && known.served.length > 0) {
      if (unrendered(version)) return;
      if (known.isOutdated) {
        undetermined(`the cluster may have a newer definition than ${by}`, { on: object, key: 'apiVersion' });
        return;
      }
      report({
        message: 'version',
        data: { title, version, served: known.served.join(', '), by },
        on: object,
        key: 'apiVersion',
      });
      return;
    }
    for (const misfit of customMisfits(resource, workspace, known)) {
      const { on, key, path } = misfit;
      const field = fieldName(path, key);
      const value: unknown = (on as Record<string, unknown>)[key];
      // correctness/unquoted-scalar reports labels and annotations.
      if (path[0] === 'metadata' && misfit.what === 'type' && judges('correctness/unquoted-scalar')) continue;
      switch (misfit.what) {
        case 'unknown': {
          const near = nearest(
            String(key),
            misfit.known.filter((name) => !Object.hasOwn(on, name)),
          );
          const data = { title, field: String(key), place: placeName(path), by };
          if (near === undefined) report({ message: 'unknown', data, on, key });
          else
            report({
              message: 'near',
              data: { ...data, near },
              on,
              key,
              fix: { safe: false, edits: [{ op: 'rename', on, key, value: near }] },
            });
          break;
        }
        case 'missing':
          report({ message: 'missing', data: { title, field, by }, on, key });
          break;
        case 'type':
          if (isVariable(value))
            undetermined('the value is an unreplaced variable: lint the rendered file', { on, key });
          else report({ message: 'type', data: { field, title, wanted: misfit.wanted, found: misfit.found }, on, key });
          break;
        case 'choice':
          report({ message: 'choice', data: { field, title, choices: someOf(misfit.choices) }, on, key });
          break;
        case 'repeated':
          report({
            message: 'repeated',
            data: {
              title,
              field: fieldName(path.slice(0, -1), path.at(-1) ?? ''),
              by: misfit.by.join(' and ') || 'value',
            },
            on,
            key,
          });
          break;
      }
    }
  },
});
