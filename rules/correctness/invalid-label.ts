import { defineRule, Workload } from '#rule';
import { keyFault, valueFault } from '#rule/names';
import { isBuiltInGroup } from '#rule/schema';
import { digList, isRecord } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';

/** No real schema is deeper. */
const deepest = 60;
const largestAnnotations = 256 * 1024;
/** Where the API server expects a label selector or labels; other maps with these names belong to other tools. */
const selectorKeys = new Set(['matchLabels', 'nodeSelector']);
/** Kinds whose selector is a map of labels. */
const selectsByMap = new Set<string>(['Service', 'ReplicationController']);

/** Parts of the names of kinds whose selectors are about other objects' labels, or no selectors. */
const namesOfOthers = ['Admission', 'Webhook', 'Flow', 'ResourceQuota'];

export default defineRule({
  title: 'Label and annotation must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  messages: {
    key: 'Key "{key}" at "{field}" of {title} {fault}, so the API server rejects the object',
    value: 'The value of label "{key}" at "{field}" of {title} {fault}, so the API server rejects the object',
    size: 'The annotations of {title} are larger than 256 KiB, so the API server rejects the object',
    operator: 'The expression about "{key}" at "{field}" of {title} {fault}, so the API server rejects the object',
  },
  help: {
    key: 'Write the key as [prefix/]name, e.g. example.com/team',
    value: 'Write a value of letters, digits, "-", "_" and "."; put longer text in an annotation',
    size: 'Move the content to a ConfigMap, or to a file that is mounted',
    operator: 'Give values to In and NotIn, and none to Exists and DoesNotExist',
  },
  equivalents: ['kube-score:label-values', 'kics:Metadata Label Is Invalid'],
  sources: ['Kubernetes documentation, Labels and Selectors'],
  check(resource, context) {
    const { workspace, report } = context;
    const { object, title } = resource;
    if (resource.live) return;
    const seen = new Set<object>();
    const judgeKey = (on: object, key: string, name: string, field: string): boolean => {
      const fault = keyFault(name);
      if (fault === undefined || isLeftOpen(name, { on, key }, context)) return false;
      report({ message: 'key', data: { key: name, field, title, fault }, on, key });
      return true;
    };
    const judgeMap = (on: unknown, field: string, kind: 'labels' | 'annotations'): void => {
      if (!isRecord(on) || seen.has(on)) return;
      seen.add(on);
      let size = 0;
      for (const [key, value] of Object.entries(on)) {
        // Keys of annotations may have uppercase letters in the prefix.
        judgeKey(on, key, kind === 'annotations' ? key.toLowerCase() : key, field);
        if (typeof value !== 'string') continue;
        size += Buffer.byteLength(key) + Buffer.byteLength(value);
        const fault = kind === 'labels' ? valueFault(value) : undefined;
        if (fault !== undefined && !isLeftOpen(value, { on, key }, context))
          report({ message: 'value', data: { key, field, title, fault }, on, key });
      }
      if (kind === 'annotations' && size > largestAnnotations) report({ message: 'size', data: { title }, on });
    };
    const judgeExpressions = (expressions: unknown, field: string): void => {
      for (const one of digList(expressions)) {
        const { key, operator, values } = one as Record<string, unknown>;
        if (typeof key !== 'string') continue;
        if (judgeKey(one, 'key', key, field)) continue;
        const count = Array.isArray(values) ? values.length : 0;
        const fault =
          operator === 'In' || operator === 'NotIn'
            ? count === 0
              ? `has operator ${operator} without values`
              : undefined
            : operator === 'Exists' || operator === 'DoesNotExist'
              ? count > 0
                ? `has operator ${operator} with values`
                : undefined
              : operator === 'Gt' || operator === 'Lt'
                ? count === 1
                  ? undefined
                  : `has operator ${operator} without exactly one value`
                : undefined;
        if (fault !== undefined) {
          // Values that only the deployment sets are not known.
          const place = { on: one, key: 'values' in one ? 'values' : 'operator' };
          report({ message: 'operator', data: { key, field, title, fault }, ...place });
          continue;
        }
        for (const value of Array.isArray(values) ? values : []) {
          const wrong = typeof value === 'string' ? valueFault(value) : undefined;
          if (wrong === undefined || !Array.isArray(values)) continue;
          const place = { on: values, key: values.indexOf(value) };
          if (!isLeftOpen(value, place, context))
            report({ message: 'value', data: { key, field, title, fault: wrong }, ...place });
        }
      }
    };
    const visit = (node: unknown, path: string, depth: number): void => {
      if (typeof node !== 'object' || node === null || depth > deepest) return;
      if (Array.isArray(node)) {
        for (const [index, item] of node.entries()) visit(item, `${path}[${index}]`, depth + 1);
        return;
      }
      for (const [key, value] of Object.entries(node)) {
        const field = path === '' ? key : `${path}.${key}`;
        if (key === 'metadata' && isRecord(value)) {
          judgeMap(value['labels'], `${field}.labels`, 'labels');
          judgeMap(value['annotations'], `${field}.annotations`, 'annotations');
        } else if (
          selectorKeys.has(key) ||
          (key === 'selector' && path === 'spec' && selectsByMap.has(resource.known ?? ''))
        )
          judgeMap(value, field, 'labels');
        else if (key === 'matchExpressions') judgeExpressions(value, field);
        else if (
          key === 'topologyKey' &&
          !path.includes('topologySpreadConstraints') &&
          typeof value === 'string' &&
          value !== ''
        )
          judgeKey(node, key, value, field);
        else visit(value, field, depth + 1);
      }
    };
    const isBuiltIn = isBuiltInGroup(workspace, resource.group);
    const isContent =
      resource.known === 'ConfigMap' || resource.known === 'Secret' || resource.known === 'CustomResourceDefinition';
    if (isBuiltIn && !isContent && !namesOfOthers.some((word) => resource.kind.includes(word))) visit(object, '', 0);
    else {
      visit({ metadata: object.metadata }, '', 0);
      if (resource instanceof Workload) visit(resource.template, 'template', 0);
    }
  },
});
