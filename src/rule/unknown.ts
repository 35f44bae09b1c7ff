import { dig } from '#model/dig.ts';
import { whyPlaceholder } from '#model/hidden.ts';
import { isRecord, table } from '#model/shape.ts';
import type { Resource, Workload } from '#model/resource.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { isMark } from './template.ts';

export { whyPlaceholder, whyTemplate } from '#model/hidden.ts';
export { doubtOf } from '#model/resource.ts';

/**
 * A mark that a template engine, Flux or envsubst replaces before the object is applied, or a whole string that
 * Chainsaw replaces: `($name)`.
 */
const mark = /\{\{|\{%|\$\{[A-Za-z_]|^\(\$[^()]*\)$/;
/** Substrings of these: a string without any of them has no mark. */
export const markSigns = ['${', '{{', '{%', '($'];
const hasMark = (text: string): boolean => (text.includes('{') || text.startsWith('(')) && mark.test(text);

/**
 * Whether a string, a key of a map, or anything inside it is an unrendered template, so that its value is not known.
 */
export function unrendered(value: unknown): boolean {
  if (typeof value === 'string') return hasMark(value);
  if (Array.isArray(value)) return value.some(unrendered);
  return isRecord(value) && Object.entries(value).some(([key, inner]) => hasMark(key) || unrendered(inner));
}

/**
 * Placeholders that people write, and that scripts, envsubst and other tools replace: `<name>`, `$NAME`, `$(name)`,
 * `__NAME__`, `REPLACEME`.
 */
const placeholder = /^[<$]|[$%][({]|^__.*__$|<[^<>]+>|REPLACE_?ME|PLACEHOLDER/;
/** Most strings have none of these, and need no pattern. */
const placeholderSigns = ['<', '$', '%', '__', 'REPLACE', 'PLACEHOLDER'];
/**
 * Whether a string, a key of a map, or anything inside it is replaced before the object is applied, by a template
 * engine or by hand.
 */
export const isPlaceholder = (value: unknown): boolean =>
  unrendered(value) ||
  (typeof value === 'string' && placeholderSigns.some((sign) => value.includes(sign)) && placeholder.test(value));

/**
 * Whether an error in a string proves nothing, because the string may be replaced before the object is applied. It is
 * then listed as not judged, unless the string is a mark that correctness/unrendered-template reports.
 */
export function isLeftOpen(
  value: unknown,
  place: { readonly on: object; readonly key: string | number },
  { undetermined }: { undetermined(why: string, at: typeof place): void },
): boolean {
  if (!isPlaceholder(value)) return false;
  if (typeof value !== 'string' || !isMark(value)) undetermined(whyPlaceholder, place);
  return true;
}

/**
 * Whether a kustomize patch changes a field of an object, something inside the field, or something around it. The
 * effect of a missing patch is unknown: a written value then still counts, and only absent values, or lists and maps
 * that may get more entries, are in doubt.
 */
export function patched(
  resource: Pick<Resource<never>, 'changes'> & { readonly object: object },
  ...path: readonly string[]
): boolean {
  const isWritten = (): boolean => {
    const value = dig(resource.object, ...path);
    return value !== undefined && value !== null && typeof value !== 'object';
  };
  return resource.changes.some(
    (change) =>
      change.path.every((step, i) => i >= path.length || step === path[i] || step === '-') &&
      !(change.absent === true && isWritten()),
  );
}

const labelPaths: Readonly<Record<string, readonly string[]>> = table({
  Pod: ['metadata', 'labels'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'],
});

/** Whether the labels of a workload's pods are unknown, because of an unrendered template or a patch. */
export function unclearPodLabels(workload: Workload): boolean {
  const metadata: unknown = workload.template.metadata;
  return (
    unrendered(isRecord(metadata) ? metadata['labels'] : metadata) ||
    patched(workload, ...(labelPaths[workload.kind] ?? ['spec', 'template', 'metadata', 'labels']))
  );
}

/** Whether any workload that a resource may select has unknown pod labels, so that a missing match proves nothing. */
export const unclearLabelsAround = (workspace: Workspace, resource: Parameters<Workspace['unit']>[0]): boolean =>
  workspace.unit(resource).someWorkload(unclearPodLabels);

const hasUnclearSelector = (one: AnyResource): boolean =>
  unrendered(dig(one.object, 'spec', 'selector')) || patched(one, 'spec', 'selector');

/** Whether any object of a kind that may select a workload has an unknown selector. */
export const unclearSelectorsAround = (
  workspace: Workspace,
  resource: Parameters<Workspace['unit']>[0],
  kind: string,
): boolean => workspace.unit(resource).some(kind, hasUnclearSelector);
