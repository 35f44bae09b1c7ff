import { isNoJson } from '#model/hidden.ts';
import type { Field } from '#spelling/field.ts';
import { span } from '#syntax/tree.ts';
import { placeOf } from './kubernetes/objects.ts';
import { TextWithHoles } from './text-with-holes.ts';

/** A document that is written as a map, or as a string that functions may compose. */
export function documentOf(field: Field): Field {
  if (field.map || Array.isArray(field.value) || field.absent) return field;
  const text = new TextWithHoles();
  const { parts } = field;
  if (!parts.some((part) => typeof part === 'string')) return field;
  const block = blockOf(field);
  const whole = parts.map((part) => (typeof part === 'string' ? part : text.hole(part, '${value}'))).join('');
  const document = (
    block === undefined
      ? text.read(field.tree.source, whole, { at: placeOf(field) })
      : text.read(field.tree.source, block.text, { start: block.start })
  )?.[0];
  return document ?? (field.why === undefined ? field.doubted(isNoJson) : field);
}

/**
 * The lines of a YAML block scalar (`|`), which are a document as they are: its locations are theirs. Undefined for any
 * other string.
 */
function blockOf({ tree, on, key, value }: Field): { readonly text: string; readonly start: number } | undefined {
  const place = tree.language === 'yaml' && key !== undefined ? span(tree, on, key) : undefined;
  const written = place && tree.source.text.slice(place[2], place[3]);
  const header = written === undefined ? undefined : /^\|[-+]?[ \t]*\n/.exec(written)?.[0];
  if (!place || written === undefined || header === undefined) return undefined;
  const text = written.slice(header.length);
  const indent = /^\n*( *)/.exec(text)?.[1] ?? '';
  const lines = text.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trim()));
  // A string that a patch or a function created has no location.
  return lines.join('\n').trimEnd() === String(value).trimEnd()
    ? { text: firstDocument(text), start: place[2] + header.length }
    : undefined;
}

/** The first document of an indented text, whose markers are indented too. No position changes. */
function firstDocument(text: string): string {
  const [first, second] = text.matchAll(/^[ \t]*---(?=\s|$)/gm);
  const leads = first !== undefined && /^(?:\s*(?:#.*)?\n)*$/.test(text.slice(0, first.index));
  const end = leads ? second : first;
  const cut = end === undefined ? text : text.slice(0, end.index);
  return leads
    ? cut.slice(0, first.index) + ' '.repeat(first[0].length) + cut.slice(first.index + first[0].length)
    : cut;
}
