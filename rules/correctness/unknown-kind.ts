import { defineRule, Resource } from '#rule';
import { knownApi } from '#rule/api';
import { editDistance, nearest } from '#rule/nearest';
import { customSchemaOf, isBuiltInGroup } from '#rule/schema';
import { isRecord, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Kinds that the API server accepts at a path below another object, or as a list of others. */
const partial = new Set([
  'List',
  'Status',
  'Scale',
  'Eviction',
  'Binding',
  'TokenRequest',
  'DeleteOptions',
  'WatchEvent',
]);
const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/')));
/** Stable versions before beta and alpha ones. */
const rank = (apiVersion: string): number => (/alpha/.test(apiVersion) ? 2 : /beta/.test(apiVersion) ? 1 : 0);

export default defineRule({
  title: 'API version and kind must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource', 'document'],
  scope: 'workspace',
  fix: 'suggestion: use the closest API version or kind',
  options: {
    strict: {
      type: 'boolean',
      default: false,
      description: 'Also report custom kinds that are neither defined in the input nor known to ekslint.',
    },
  },
  messages: {
    kind: '{title}: kind "{kind}" does not exist in {apiVersion} (did you mean "{near}"?), so the API server rejects it',
    group:
      '{title}: {apiVersion} has no kind "{kind}" (did you mean apiVersion "{near}"?), so the API server rejects it',
    unknown: '{title}: {apiVersion} has no kind "{kind}", so the API server rejects it',
    list: '{title} has no list "items", so kubectl treats it as an object, and the API server has no kind "{kind}"',
    items: '"items" of {title} is not a list, so kubectl rejects the document',
    item: 'Item {item} of {title} is not an object, so kubectl rejects the document',
    empty: '{title} has an empty list "items", so kubectl treats it as a list and applies nothing',
    half: 'The document has {given} but lacks {lacking}, so kubectl rejects it',
    custom:
      '{title}: no definition of kind "{kind}" of {apiVersion} is in the input or known, so its fields cannot be checked',
  },
  help: {
    kind: 'Set kind: {near}',
    group: 'Set apiVersion: {near}',
    unknown: 'Correct apiVersion and kind; "kubectl api-resources" lists what a cluster has',
    list: 'Write the objects as a list under "items", or as separate documents',
    items: 'Write the objects as a list: - apiVersion: v1',
    item: 'Write each item as an object, with apiVersion and kind',
    empty: 'Remove the field "items"',
    half: 'Add {lacking}, e.g. apiVersion: apps/v1 and kind: Deployment',
    custom: 'Add the CustomResourceDefinition to the input, or turn off the option strict',
  },
  equivalents: ['monokle:K8S004', 'kube-linter:schema-validation'],
  sources: ['Kubernetes API reference'],
  check(subject, { options, workspace, report }) {
    if (!(subject instanceof Resource)) {
      const { root } = subject;
      const fault = isRecord(root) ? faultOfItems(root) : undefined;
      if (fault) {
        const { title, item, on, key } = fault;
        if (item !== undefined) report({ message: 'item', data: { title, item }, on, key });
        else report({ message: fault.empty ? 'empty' : 'items', data: { title }, on, key });
      }
      if (!isRecord(root) || !isRecord(root['metadata']) || '$patch' in root || Array.isArray(root['items'])) return;
      const isGiven = (key: string): boolean => typeof root[key] === 'string' && root[key] !== '';
      if (isGiven('apiVersion') === isGiven('kind')) return;
      // A patch that names its target in the kustomization may omit what it does not change.
      const folder = subject.source.path.slice(0, subject.source.path.lastIndexOf('/') + 1);
      if (
        workspace.files.some(
          ({ source }) =>
            /^kustomization\.ya?ml$/i.test(source.path.slice(folder.length)) && source.path.startsWith(folder),
        )
      )
        return;
      const [given, lacking] = isGiven('kind') ? ['kind', 'apiVersion'] : ['apiVersion', 'kind'];
      report({ message: 'half', data: { given, lacking }, on: root, key: given });
      return;
    }
    const { apiVersion, kind, group, object, title, typed } = subject;
    const isList = kind === 'List' && apiVersion === 'v1';
    if (isList && object.items === undefined && !typed) {
      report({ message: 'list', data: { title, kind }, on: object, key: 'kind' });
      return;
    }
    if (typed || !isRecord(object.metadata) || partial.has(kind) || unrendered(apiVersion) || unrendered(kind)) return;
    const { builtIn } = workspace.schemas;
    const kindsOf = (one: string): readonly string[] =>
      Object.keys((Object.hasOwn(builtIn, one) && builtIn[one]) || {});
    if (kindsOf(apiVersion).includes(kind) || knownApi(apiVersion, kind) || workspace.definitions.has(group, kind))
      return;

    const versionsWith = Object.keys(builtIn)
      .filter((one) => kindsOf(one).includes(kind))
      .sort((a, b) => rank(a) - rank(b));
    const right = versionsWith.find((one) => groupOf(one) === group) ?? versionsWith[0];
    const isServed = isBuiltInGroup(workspace, group) || group === 'extensions';
    // Groups of custom resources have a dot. Some tools read files whose group has none.
    const isMisspelled = right !== undefined && !isServed && (group === 'core' || isNear(group, groupOf(right)));
    if (!isServed && !isMisspelled) {
      if (options.strict && !customSchemaOf(subject, workspace))
        report({ message: 'custom', data: { title, kind, apiVersion }, on: object, key: 'kind' });
      return;
    }
    const set = (key: 'apiVersion' | 'kind', value: string) =>
      ({ on: object, key: 'kind', fix: { safe: false, edits: [{ op: 'set', on: object, key, value }] } }) as const;
    const near = isServed ? nearest(kind, kindsOf(apiVersion)) : undefined;
    if (right !== undefined && near?.toLowerCase() !== kind.toLowerCase())
      report({ message: 'group', data: { title, kind, apiVersion, near: right }, ...set('apiVersion', right) });
    else if (near !== undefined)
      report({ message: 'kind', data: { title, kind, apiVersion, near }, ...set('kind', near) });
    else
      report({
        message: 'unknown',
        data: { title, kind, apiVersion },
        on: object,
        key: text(object['kind']) === undefined ? 'apiVersion' : 'kind',
      });
  },
});

/**
 * How kubectl treats `items`: a document that has it is a list, whatever its kind (apimachinery,
 * UnstructuredJSONScheme).
 */
function faultOfItems(root: Record<string, unknown>) {
  const { apiVersion, kind, items, metadata } = root;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || items === undefined || unrendered(items))
    return undefined;
  if (/^(?:eksctl\.io|kustomize\.config\.k8s\.io)\//.test(apiVersion)) return undefined;
  const name = isRecord(metadata) ? text(metadata['name']) : undefined;
  const title = name === undefined ? kind : `${kind} "${name}"`;
  const at = { title, item: undefined, on: root, key: 'items', empty: false } as const;
  if (items === null || (Array.isArray(items) && items.length === 0))
    return kind.endsWith('List') || name === undefined ? undefined : { ...at, empty: true };
  if (!Array.isArray(items)) return at;
  const item = items.findIndex((one) => !isRecord(one));
  return item < 0 ? undefined : { ...at, item, on: items, key: item };
}

/** Whether a group is a typo of another. */
const isNear = (group: string, right: string): boolean => {
  const distance = editDistance(group, right, 3);
  return distance > 0 && distance <= 2 && right.length > 3;
};
