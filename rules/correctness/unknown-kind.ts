import { defineRule, Resource } from '#rule';
import { knownApi } from '#rule/api';
import { editDistance, nearest } from '#rule/nearest';
import { customSchemaOf, isBuiltInGroup } from '#rule/schema';
import { isRecord, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Kinds that the API server takes at a path below another object, or as a list of others. */
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
  fix: 'suggestion: the nearest API version or kind',
  options: {
    strict: {
      type: 'boolean',
      default: false,
      description: 'Also report custom kinds whose definition is neither in the input nor known.',
    },
  },
  messages: {
    kind: '{title}: kind "{kind}" does not exist in {apiVersion} (did you mean "{near}"?), so the API server rejects it',
    group:
      '{title}: {apiVersion} has no kind "{kind}" (did you mean apiVersion "{near}"?), so the API server rejects it',
    unknown: '{title}: {apiVersion} has no kind "{kind}", so the API server rejects it',
    half: 'The document has {given} but lacks {lacking}, so kubectl rejects it',
    custom:
      '{title}: no definition of kind "{kind}" of {apiVersion} is in the input or known, so its fields cannot be checked',
  },
  help: {
    kind: 'Set kind: {near}',
    group: 'Set apiVersion: {near}',
    unknown: 'Correct apiVersion and kind; "kubectl api-resources" lists what a cluster has',
    half: 'Add {lacking}, e.g. apiVersion: apps/v1 and kind: Deployment',
    custom: 'Add the CustomResourceDefinition to the input, or turn off the option strict',
  },
  equivalents: ['monokle:K8S004', 'kube-linter:schema-validation'],
  sources: ['Kubernetes API reference'],
  check(subject, { options, workspace, report }) {
    if (!(subject instanceof Resource)) {
      const { root } = subject;
      if (!isRecord(root) || !isRecord(root['metadata']) || '$patch' in root || Array.isArray(root['items'])) return;
      const isGiven = (key: string): boolean => typeof root[key] === 'string' && root[key] !== '';
      if (isGiven('apiVersion') === isGiven('kind')) return;
      // A patch that names its target in the kustomization may leave out what it does not change.
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
    // Groups of custom resources have a dot. Some tools read files of theirs whose group has none.
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

/** Whether a group is a slip of the pen for another. */
const isNear = (group: string, right: string): boolean => {
  const distance = editDistance(group, right, 3);
  return distance > 0 && distance <= 2 && right.length > 3;
};
