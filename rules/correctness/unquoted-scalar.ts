import { defineRule, Workload } from '#rule';
import { isRecord } from '#rule/shape';
import { writtenScalar } from '#rule/written';

/** Maps whose values are strings, anywhere in a Kubernetes object. */
const textMaps = new Set(['nodeSelector', 'matchLabels']);
const metadataMaps = new Set(['labels', 'annotations']);
const textLists = new Set(['args', 'command']);
/** No real object is deeper. */
const deepest = 60;

/** The actual type of a value that should be a string. */
const typeOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? 'a number' : typeof value === 'boolean' ? 'a boolean' : undefined;

export default defineRule({
  title: 'String value must be quoted',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'resource',
  fix: 'safe: quote the text as it is written',
  messages: {
    unquoted: '"{field}" of {title} is read as {type}, not a string, so the API server rejects the object',
  },
  help: 'Quote the value of {field}, e.g. "true" or "1.10"',
  equivalents: ['kube-linter:schema-validation', 'monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, { report }) {
    const { object, title, known, typed } = resource;
    if (typed) return;
    const seen = new Set<unknown>();
    const judge = (on: object, key: string | number, field: string): void => {
      const value: unknown = (on as Record<string, unknown>)[key];
      const type = typeOf(value);
      if (type === undefined) return;
      const written = writtenScalar(resource, on, key);
      report({
        message: 'unquoted',
        data: { title, field, type },
        on,
        key,
        ...(written === undefined ? {} : { fix: { safe: true, edits: [{ op: 'set', on, key, value: written }] } }),
      });
    };
    const judgeMap = (on: unknown, field: string): void => {
      if (isRecord(on) && !seen.has(on)) {
        seen.add(on);
        for (const key of Object.keys(on)) judge(on, key, `${field}.${key}`);
      }
    };
    const visit = (node: unknown, path: string, depth: number): void => {
      if (typeof node !== 'object' || node === null || depth > deepest || seen.has(node)) return;
      if (Array.isArray(node)) {
        seen.add(node);
        for (const [index, item] of node.entries()) visit(item, `${path}[${index}]`, depth + 1);
        return;
      }
      for (const [key, value] of Object.entries(node)) {
        const field = path === '' ? key : `${path}.${key}`;
        if (textMaps.has(key) || (metadataMaps.has(key) && (path === 'metadata' || path.endsWith('.metadata'))))
          judgeMap(value, field);
        else if (textLists.has(key) && Array.isArray(value)) {
          if (seen.has(value)) continue;
          seen.add(value);
          for (const index of value.keys()) judge(value, index, `${field}[${index}]`);
        } else if (key === 'env' && Array.isArray(value)) {
          if (seen.has(value)) continue;
          seen.add(value);
          for (const [index, item] of value.entries())
            if (isRecord(item)) judge(item, 'value', `${field}[${index}].value`);
        } else visit(value, field, depth + 1);
      }
    };
    if (known === 'ConfigMap' || known === 'Secret') {
      visit({ metadata: object.metadata }, '', 0);
      const key = known === 'ConfigMap' ? 'data' : 'stringData';
      judgeMap(object[key], key);
    } else if (known === 'CustomResourceDefinition' || isCustom(resource.group)) {
      // Other string fields of a custom resource are known from its definition.
      visit({ metadata: object.metadata }, '', 0);
      if (resource instanceof Workload) visit(resource.template, 'template', 0);
    } else visit(object, '', 0);
  },
});

/** Whether a group may belong to custom resources. */
const isCustom = (group: string): boolean => group.includes('.') && !group.endsWith('.k8s.io');
