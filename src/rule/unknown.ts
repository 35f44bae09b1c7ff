import { isRecord } from '#model/shape.ts';
import type { Resource } from '#model/resource.ts';

/** A mark that a template engine, Flux or envsubst replaces before the object is applied. */
const mark = /\{\{|\{%|\$\{[A-Za-z_]/;

/** Whether a text, a key of a map, or anything inside it is a template that is not rendered: what it will hold is not known. */
export function unrendered(value: unknown): boolean {
  if (typeof value === 'string') return mark.test(value);
  if (Array.isArray(value)) return value.some(unrendered);
  return isRecord(value) && Object.entries(value).some(([key, inner]) => mark.test(key) || unrendered(inner));
}

/** Whether a kustomize patch changes a field of an object, something inside it, or what holds it. */
export function patched(resource: Pick<Resource<never>, 'changes'>, ...path: readonly string[]): boolean {
  return resource.changes.some((change) => change.path.every((step, i) => i >= path.length || step === path[i] || step === '-'));
}
