/* The original text of a value, if the parsed value is not enough. */
import { originOf } from '#syntax/graft.ts';
import { resolvePlain } from '#syntax/scalar.ts';
import { span } from '#syntax/tree.ts';
import type { Resource } from '#model/resource.ts';

/**
 * The text of a value as written, including quotes; undefined if it has no text, or is in another format or from
 * elsewhere.
 */
export function writtenText(
  resource: Resource<never> | Resource<object>,
  on: object,
  key: string | number,
): string | undefined {
  const origin = originOf(resource.tree, on, key);
  if (origin.key === undefined || origin.tree.language !== 'yaml') return undefined;
  const place = span(origin.tree, origin.on, origin.key);
  return place && origin.tree.source.text.slice(place[2], place[3]);
}

/** The same of a number or boolean that is written as such; undefined for an alias, which is the text of another value. */
export function writtenScalar(
  resource: Resource<never> | Resource<object>,
  on: object,
  key: string | number,
): string | undefined {
  const written = writtenText(resource, on, key);
  return written !== undefined && resolvePlain(written) === (on as Record<string, unknown>)[key] ? written : undefined;
}
