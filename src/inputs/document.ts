import type { Field } from '#spelling/field.ts';
import { placeOf } from './kubernetes/objects.ts';
import { TextWithHoles } from './text-with-holes.ts';

/** A document that is written as a map, or as a text that functions may put together. */
export function documentOf(field: Field): Field {
  if (field.map || field.absent) return field;
  const text = new TextWithHoles();
  const { parts } = field;
  if (!parts.some((part) => typeof part === 'string')) return field;
  const whole = parts.map((part) => (typeof part === 'string' ? part : text.hole(part, '${value}'))).join('');
  const document = text.read(field.tree.source, whole, { at: placeOf(field) })?.[0];
  return document ?? (field.why === undefined ? field.doubted('it is not valid JSON') : field);
}
