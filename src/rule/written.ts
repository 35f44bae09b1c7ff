/* What a file really says, where the value that a reader makes of it does not tell. */
import { originOf } from '#syntax/graft.ts';
import { span } from '#syntax/tree.ts';
import type { Resource } from '#model/resource.ts';

/** The text of a value as it is written, quotes included; undefined where it is written nowhere, in another format, or by something else. */
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
