import type { Field } from '#spelling/field.ts';
import { Expression, parseTemplate } from '#syntax/hcl.ts';
import { span } from '#syntax/tree.ts';
import { placeOf } from '../kubernetes/objects.ts';
import { TextWithHoles } from '../text-with-holes.ts';
import { holesOf } from './template-holes.ts';

/* YAML and JSON inside of Terraform's texts. */

/** An expression in the form that everything here takes for a template which is not rendered. */
export const markOf = (text: string): string => `\${${/^[A-Za-z_]/.test(text) ? text : 'an expression'}}`;

/** What stands before a value of YAML without quotes, and before the first line of a block of text. */
const isPlain = /(?:^|[:\-\n])\s*$/;
const isBlock = /[|>][-+\d]*[ \t]*\n\s*$/;

/** The documents of a text: places are those of a heredoc where it is one, else that of the whole. `follow`: what a hole leads to. */
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
