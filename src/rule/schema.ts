/* The schema of an object's kind, and the differences between the object and its schema. */
import { type Misfit, type Path, pathText, type Schema } from '#model/schema.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { dig } from '#model/dig.ts';
import { isEncrypted, isEncryptedValue } from '#model/sops.ts';
import { isServedBy, targetOf } from './api.ts';
import type { Target } from './define.ts';
import { unrendered } from './unknown.ts';

export { type Misfit, pathText } from '#model/schema.ts';

/** Groups that the API server serves itself. */
export const isBuiltInGroup = (workspace: Workspace, group: string): boolean => builtInGroups(workspace).has(group);
const groups = new WeakMap<Workspace, ReadonlySet<string>>();
function builtInGroups(workspace: Workspace): ReadonlySet<string> {
  let found = groups.get(workspace);
  if (!found) {
    const versions = Object.keys(workspace.schemas.builtIn);
    found = new Set(versions.map((one) => one.slice(0, Math.max(0, one.lastIndexOf('/')))));
    groups.set(workspace, found);
  }
  return found;
}

/** What is known about the kind of a custom resource. */
export interface CustomSchema {
  /** The schemas of its version, of which an object must match one; empty if there is none. */
  readonly schemas: readonly Schema[];
  /** The file of the definition, or the project that publishes it. */
  readonly by: string;
  /** The versions of the kind that are served, if the version of the object is not among them. */
  readonly served: readonly string[] | undefined;
  /**
   * Whether the cluster may have a newer definition: the one here belongs to another part of the repository, and its
   * project serves the version.
   */
  readonly isOutdated: boolean;
}

const testFolder = /^(?:test-?data|tests?|e2e|fixtures|mocks?)$/;

/**
 * Whether a definition applies to the objects of a file. A definition among test data is a copy that is only for the
 * tests next to it; a folder of definitions belongs to its parent folder.
 */
function isForFile(definition: string, file: string): boolean {
  const folders = definition.split('/').slice(0, -1);
  if (!folders.some((name) => testFolder.test(name))) return true;
  if (/^crds?$/.test(folders.at(-1) ?? '')) folders.pop();
  return file.startsWith(`${folders.join('/')}/`);
}

/**
 * Whether a file is in the parent folder of a definition's folder: a repository of examples has definitions from many
 * years.
 */
const isBeside = (definition: string, file: string): boolean =>
  file.startsWith(
    definition
      .split('/')
      .slice(0, -2)
      .map((name) => `${name}/`)
      .join(''),
  );

/**
 * The schema of a custom resource: that of a definition in the input, otherwise the published definition; undefined if
 * there is neither.
 */
export function customSchemaOf(
  { group, kind, version, tree }: AnyResource,
  workspace: Workspace,
): CustomSchema | undefined {
  const defined = workspace.definitions.of(group, kind).filter((one) => isForFile(one.file, tree.source.id));
  const [first] = defined;
  if (first) {
    const served = defined.flatMap(({ versions }) =>
      [...versions].flatMap(([name, one]) => (one.served ? [name] : [])),
    );
    return {
      schemas: defined.flatMap(({ versions }) => versions.get(version)?.schema ?? []),
      by: first.file,
      served: served.includes(version) ? undefined : [...new Set(served)],
      isOutdated:
        !defined.some((one) => isBeside(one.file, tree.source.id)) &&
        workspace.schemas.ofPublished(group, kind).has(version),
    };
  }
  const published = workspace.schemas.ofPublished(group, kind);
  const schema = published.get(version);
  return (
    schema && { schemas: [schema], by: workspace.schemas.publisherOf(group), served: undefined, isOutdated: false }
  );
}

const compared = new WeakMap<object, readonly Misfit[]>();

/**
 * The differences between an object and its schema. Template marks, the past state in a status, and what decryption
 * replaces are skipped.
 */
function misfitsBy(resource: AnyResource, workspace: Workspace, schemas: readonly Schema[]): readonly Misfit[] {
  const known = compared.get(resource.object);
  if (known) return known;
  const encrypted = isEncrypted(resource.object);
  const all = schemas.map((schema) =>
    workspace.schemas.compare(resource.object, schema).filter(({ what, path, on, key }) => {
      if (unrendered(String(key))) return false;
      if (encrypted && ((path.length === 0 && key === 'sops') || isEncryptedValue(dig(on, String(key))))) return false;
      if (path[0] !== 'status') return true;
      return what === 'unknown' || (what === 'type' && !schema.custom && typeof dig(on, String(key)) !== 'string');
    }),
  );
  const fewest = all.reduce((best, next) => (next.length < best.length ? next : best), all[0] ?? []);
  compared.set(resource.object, fewest);
  return fewest;
}

/**
 * The differences between an object of a built-in kind and its schema; none for other kinds, and those that the target
 * does not serve.
 */
export function builtInMisfits(
  resource: AnyResource,
  {
    workspace,
    options,
    target,
  }: { readonly workspace: Workspace; readonly target: Target; readonly options: { readonly targetVersion: string } },
): readonly Misfit[] {
  // Attributes of Terraform resources are validated by their provider.
  if (resource.typed || !isServedBy(resource.apiVersion, resource.kind, targetOf(options.targetVersion, target)))
    return [];
  const schema = workspace.schemas.ofBuiltIn(resource.apiVersion, resource.kind);
  return schema ? misfitsBy(resource, workspace, [schema]) : [];
}
/** The differences between a custom resource and its definition. */
export const customMisfits = (
  resource: AnyResource,
  workspace: Workspace,
  { schemas }: CustomSchema,
): readonly Misfit[] => (resource.typed ? [] : misfitsBy(resource, workspace, schemas));

/** `"spec.containers[0]"`, for messages. */
export const placeName = (path: Path): string => (path.length === 0 ? 'the top level' : `"${pathText(path)}"`);
/** The full path of a field. */
export const fieldName = (path: Path, key: string | number): string => pathText([...path, key]);

/** Words of a message, cut if there are many. */
export const someOf = (words: readonly string[], most = 8): string =>
  words.length > most ? `${words.slice(0, most).join(', ')}, ...` : words.join(', ');

/** Fields whose values are free text, which correctness/unquoted-scalar judges. */
const textMaps = new Set(['labels', 'annotations', 'nodeSelector', 'matchLabels', 'data', 'stringData']);
const textLists = new Set(['args', 'command']);
export function isFreeText({ path, key }: Pick<Misfit, 'path' | 'key'>): boolean {
  const last = path.at(-1);
  if (typeof last === 'string') return textMaps.has(last) || textLists.has(last);
  return key === 'value' && path.at(-2) === 'env';
}

/**
 * Whether a string is only a variable of a shell or of envsubst, so that the value is not known: `$RANGES`; or a
 * placeholder, which correctness/unrendered-template reports.
 */
export const isVariable = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})|<[^<>]{1,100}>|REPLACE_?ME)$/.test(value);
