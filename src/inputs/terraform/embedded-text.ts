import type { Field } from '#spelling/field.ts';
import { Expression, parseTemplate } from '#syntax/hcl.ts';
import { span } from '#syntax/tree.ts';
import { placeOf } from '../kubernetes/objects.ts';
import { TextWithHoles } from '../text-with-holes.ts';
import { holesOf } from './template-holes.ts';

/* YAML and JSON inside Terraform strings. */

/** An expression in the form that is treated as an unrendered template everywhere. */
export const markOf = (text: string): string => `\${${/^[A-Za-z_]/.test(text) ? text : 'an expression'}}`;

/** The text before an unquoted YAML value, and before the first line of a block scalar. */
const isPlain = /(?:^|[:\-\n])\s*$/;
const isBlock = /[|>][-+\d]*[ \t]*\n\s*$/;

/**
 * The documents of a string: locations are those of a heredoc if it is one, otherwise that of the whole. `follow`: what
 * a hole refers to.
 */
export function documentsOf(
  field: Field,
  follow = (hole: Field): Field => hole,
): readonly (readonly [Field, TextWithHoles])[] | undefined {
  const { tree, on, key, raw } = field.source;
  const text = new TextWithHoles();
  const place = key === undefined ? undefined : span(tree, on, key);
  const written = place && tree.language === 'hcl' ? tree.source.text.slice(place[2], place[3]) : '';
  const opening = /^<<-?[^\n]*\n/.exec(written)?.[0];
  let documents: Field[] | undefined;
  if (place && opening !== undefined) {
    const body = written.slice(opening.length).replace(/[^\n]*$/, '');
    const holes = holesOf(body);
    if (!holes)
      return typeof field.value === 'string'
        ? text.read(field.tree.source, field.value, { at: placeOf(field) })?.map((document) => [document, text])
        : undefined;
    let masked = '';
    let from = 0;
    for (const [start, end] of holes) {
      const expression = body
        .slice(start + 2, end - 1)
        .replace(/^~|~$/g, '')
        .trim();
      const hole = field.source.within([parseTemplate(`\${${expression}}`) ?? new Expression(expression)], 0);
      masked += body.slice(from, start);
      masked += text.hole(follow(hole), markOf(expression), end - start, isPlain.test(masked) && !isBlock.test(masked));
      from = end;
    }
    documents = text.read(tree.source, masked + body.slice(from), { start: place[2] + opening.length });
  } else if (typeof field.value === 'string') {
    documents = text.read(field.tree.source, field.value, { at: placeOf(field) });
  } else if (typeof raw === 'string') return undefined;
  return documents?.map((document) => [document, text]);
}
