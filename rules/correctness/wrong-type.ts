import { defineRule } from '#rule';
import { targetVersion } from '#rule/api';
import { builtInMisfits, fieldName, isBuiltInGroup, isFreeText, isVariable, someOf } from '#rule/schema';
import { excessesOf } from '#rule/limits';
import { keyFault } from '#rule/names';
import { isRecord } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';
import { writtenScalar } from '#rule/written';

export default defineRule({
  title: 'Field value must match the schema',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: add or remove quotes, wrap the value in a list, or correct the case',
  options: {
    targetVersion,
  },
  messages: {
    type: 'Field "{field}" of {title} must be {wanted}, not {found}, so the API server rejects the object',
    choice: 'Field "{field}" of {title} must be one of {choices}, so the API server rejects the object',
    limit: 'Field "{field}" of {title} must be {wanted}, so the API server rejects the object',
  },
  help: {
    type: 'Write {wanted} as the value of {field}',
    choice: 'Set {field} to one of {choices}; values are case-sensitive',
    limit: 'Set {field} to a value that is {wanted}',
  },
  equivalents: ['kube-linter:schema-validation', 'monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, context) {
    const { report, judges, undetermined } = context;
    const { title } = resource;
    for (const { path, on, key, value, wanted, isBeside } of excessesOf(resource)) {
      // Of a custom resource, a finalizer needs no domain, only the form of a name: without a domain, the API server
      // warns (ValidateFinalizerName in apimachinery, generateWarningsFromObj in apiextensions-apiserver).
      const isName = path.startsWith('metadata.finalizers') && keyFault(String(value)) === undefined;
      if (isName && !isBuiltInGroup(context.workspace, resource.group)) continue;
      if (!isBeside && !isVariable(value) && !isLeftOpen(value, { on, key }, context))
        report({ message: 'limit', data: { field: path, title, wanted }, on, key });
    }
    for (const misfit of builtInMisfits(resource, context)) {
      const { on, key, path } = misfit;
      const value: unknown = (on as Record<string, unknown>)[key];
      const field = fieldName(path, key);
      const set = (wanted: unknown) =>
        ({ fix: { safe: false, edits: [{ op: 'set', on, key, value: wanted }] } }) as const;
      if (isVariable(value)) {
        undetermined('the value is an unreplaced variable: lint the rendered file', { on, key });
        continue;
      }
      if (misfit.what === 'type') {
        const { wanted, found } = misfit;
        // correctness/unquoted-scalar and correctness/invalid-secret-data report these.
        if (wanted === 'a string' && (typeof value === 'number' || typeof value === 'boolean') && isFreeText(misfit))
          continue;
        if (
          wanted === 'base64' &&
          (path.at(-1) === 'data' || path.at(-1) === 'binaryData') &&
          typeof value === 'string'
        )
          continue;
        const written = writtenScalar(resource, on, key);
        const better =
          wanted === 'a string' && written !== undefined && (typeof value === 'number' || typeof value === 'boolean')
            ? set(written)
            : wanted.startsWith('an integer') && typeof value === 'string' && /^-?\d{1,9}$/.test(value)
              ? set(Number(value))
              : wanted === 'a boolean' && (value === 'true' || value === 'false')
                ? set(value === 'true')
                : wanted === 'a list' && (isRecord(value) || typeof value === 'string') && typeof key === 'string'
                  ? set([value])
                  : {};
        report({ message: 'type', data: { field, title, wanted, found }, on, key, ...better });
      } else if (misfit.what === 'choice') {
        // correctness/invalid-port and correctness/restart-policy-invalid say more.
        if (key === 'protocol' && judges('correctness/invalid-port')) continue;
        if (key === 'restartPolicy' && resource.kind !== 'Pod' && judges('correctness/restart-policy-invalid'))
          continue;
        const { choices } = misfit;
        const near = choices.find((choice) => choice.toLowerCase() === String(value).toLowerCase());
        report({
          message: 'choice',
          data: { field, title, choices: someOf(choices) },
          on,
          key,
          ...(near === undefined ? {} : set(near)),
        });
      }
    }
  },
});
