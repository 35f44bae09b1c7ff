import { defineRule } from '#rule';
import { targetVersion } from '#rule/api';
import { nearest } from '#rule/nearest';
import { builtInMisfits, pathText, placeName } from '#rule/schema';

export default defineRule({
  title: 'Field must exist in the schema',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: rename to the closest field',
  options: {
    targetVersion,
  },
  messages: {
    near: '{title} has unknown field "{field}" at {place} (did you mean "{near}"?), so kubectl rejects it and other tools drop the field',
    misplaced:
      '{title} has field "{field}" at {place}, but it belongs in "{home}", so kubectl rejects it and other tools drop the field',
    unknown: '{title} has unknown field "{field}" at {place}, so kubectl rejects it and other tools drop the field',
  },
  help: {
    near: 'Rename the field to {near}',
    misplaced: 'Move the field to {home}, and check the indentation',
    unknown: 'Remove the field, or move it to where "kubectl explain" lists it, and check the indentation',
  },
  equivalents: ['kube-linter:schema-validation', 'monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, context) {
    const { report } = context;
    for (const misfit of builtInMisfits(resource, context)) {
      if (misfit.what !== 'unknown') continue;
      const { on, key, path, known, home } = misfit;
      const field = String(key);
      const place = placeName(path);
      const free = known.filter((name) => !Object.hasOwn(on, name));
      const near = nearest(field, free);
      const data = { title: resource.title, field, place };
      if (near !== undefined && (home === undefined || near.toLowerCase() === field.toLowerCase()))
        report({
          message: 'near',
          data: { ...data, near },
          on,
          key,
          fix: { safe: false, edits: [{ op: 'rename', on, key, value: near }] },
        });
      else if (home !== undefined)
        report({
          message: 'misplaced',
          data: { ...data, home: home.length === 0 ? 'the top level' : pathText(home) },
          on,
          key,
        });
      else report({ message: 'unknown', data, on, key });
    }
  },
});
